import type { JsonValue, Schema } from '../../engine/index.ts';
import { printKey, printYaml } from '../../yaml/index.ts';
import type { Frame } from './frame.ts';

/** A text as a snippet that inserts it as it is. */
export function snippetLiteral(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}

interface Stops {
  next: number;
}

const deepest = 4;

/**
 * A key with the beginning of its value as a snippet: required fields below it, a dash for a list, the default in
 * place. `asks` says that values will be proposed, so that none is put there.
 */
export function entrySnippet(
  key: string,
  schema: Schema | undefined,
  frame: Frame,
  asks: boolean,
): string {
  const written = snippetLiteral(printKey(key));
  if (frame.isInFlow) return `${written}: ${flowStart(schema)}`;
  if (schema === undefined) return `${written}: $0`;
  if (isScalar(schema) && (asks || schema.default === undefined)) return `${written}: $0`;
  return `${written}:${valueSnippet(schema, frame, frame.indent, { next: 1 }, 0)}`;
}

/** Whether a value of this table is neither mapping nor list. */
export function isScalar({ type, preserveUnknownFields, intOrString }: Schema): boolean {
  if (intOrString) return true;
  return type === undefined
    ? preserveUnknownFields !== true
    : type !== 'object' && type !== 'array';
}

function flowStart(schema: Schema | undefined): string {
  if (schema?.type === 'object') return '{$0}';
  return schema?.type === 'array' ? '[$0]' : '$0';
}

/** What follows a colon, its blank or line break included. */
function valueSnippet(
  schema: Schema,
  frame: Frame,
  indent: string,
  stops: Stops,
  depth: number,
): string {
  const { style } = frame;
  if (schema.type === 'array') {
    const inner = indent + style.listStep;
    const { items } = schema;
    const body = items ? itemBody(items, frame, `${inner}  `, stops, depth + 1) : stop(stops);
    return `\n${inner}- ${body}`;
  }
  if (isScalar(schema)) return ` ${placeholder(schema, stops)}`;
  const inner = indent + style.step;
  return `\n${inner}${fieldsSnippet(schema, frame, inner, stops, depth + 1)}`;
}

function itemBody(
  schema: Schema,
  frame: Frame,
  indent: string,
  stops: Stops,
  depth: number,
): string {
  if (schema.type === 'object') return fieldsSnippet(schema, frame, indent, stops, depth);
  return isScalar(schema) ? placeholder(schema, stops) : stop(stops);
}

/** The required fields of a mapping, one a line; a place to type when none is. */
function fieldsSnippet(
  { properties = {}, required = [] }: Schema,
  frame: Frame,
  indent: string,
  stops: Stops,
  depth: number,
): string {
  const names = Object.keys(properties).filter((name) => required.includes(name));
  if (names.length === 0 || depth > deepest) return stop(stops);
  return names
    .map((name) => {
      const schema = properties[name];
      const value = schema ? valueSnippet(schema, frame, indent, stops, depth) : ` ${stop(stops)}`;
      return `${snippetLiteral(name)}:${value}`;
    })
    .join(`\n${indent}`);
}

function stop(stops: Stops): string {
  return `$${stops.next++}`;
}

function placeholder(schema: Schema, stops: Stops): string {
  const choices = schema.enum?.map(choiceText);
  if (choices && choices.length > 1) return `\${${stops.next++}|${choices.join(',')}|}`;
  const given = schema.default ?? schema.enum?.[0];
  if (given !== undefined && typeof given !== 'object') {
    return `\${${stops.next++}:${snippetLiteral(printYaml(given).trimEnd())}}`;
  }
  return schema.type === 'boolean' ? `\${${stops.next++}|true,false|}` : stop(stops);
}

function choiceText(value: JsonValue): string {
  return snippetLiteral(printYaml(value).trimEnd()).replaceAll(/[,|]/g, '\\$&');
}
