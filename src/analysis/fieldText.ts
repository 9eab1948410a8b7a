import type { JsonValue, Schema } from '../engine/index.ts';
import { printFlow } from '../yaml/index.ts';
import { codeSpan } from './markdown.ts';

const mostAllowed = 20;

/** The type of a field in a few words. */
export function typeText(schema: Schema): string {
  return typeWords(schema)[0];
}

/** For one and for several. */
function typeWords({ type, items, additionalProperties, intOrString }: Schema): [string, string] {
  if (intOrString) return ['number or text', 'numbers or texts'];
  switch (type) {
    case undefined:
      return ['any value', 'any values'];
    case 'array': {
      const of = items ? ` of ${typeWords(items)[1]}` : '';
      return [`list${of}`, `lists${of}`];
    }
    case 'object': {
      const to = additionalProperties ? ` to ${typeWords(additionalProperties)[1]}` : '';
      return [`mapping${to}`, `mappings${to}`];
    }
    case 'string':
      return ['text', 'texts'];
    case 'integer':
      return ['whole number', 'whole numbers'];
    case 'number':
      return ['number', 'numbers'];
    default:
      return ['true or false', 'true or false'];
  }
}

const known = { required: new WeakMap<Schema, string>(), other: new WeakMap<Schema, string>() };

/** What is to be known about a field, as Markdown: description, default, bounds, allowed values, since when. */
export function fieldDocumentation(schema: Schema, isRequired: boolean): string {
  const texts = isRequired ? known.required : known.other;
  let text = texts.get(schema);
  if (text === undefined) texts.set(schema, (text = documentationOf(schema, isRequired)));
  return text;
}

function documentationOf(schema: Schema, isRequired: boolean): string {
  const facts = [
    ...(isRequired ? ['Required.'] : []),
    ...(schema.deprecated ? ['Deprecated.'] : []),
    ...(schema.default === undefined ? [] : [`Default: ${valueSpan(schema.default)}.`]),
    ...allowed(schema),
    ...bounds(schema),
    ...(schema.since === undefined ? [] : [`Since Flux ${schema.since}.`]),
    ...(schema.until === undefined ? [] : [`Gone in Flux ${schema.until}.`]),
  ];
  return [schema.description ?? '', facts.join(' ')].filter((part) => part !== '').join('\n\n');
}

function allowed(schema: Schema): readonly string[] {
  const values = schema.enum ?? [];
  if (values.length === 0) return [];
  const shown = values.slice(0, mostAllowed).map(valueSpan).join(', ');
  return [`Allowed: ${shown}${values.length > mostAllowed ? ' and others' : ''}.`];
}

function bounds({ minimum, maximum, minLength, maxLength, minItems, maxItems, pattern }: Schema) {
  return [
    ...range(minimum, maximum, ''),
    ...range(minLength, maxLength, ' character'),
    ...range(minItems, maxItems, ' item'),
    ...(pattern === undefined || pattern.length > 80 ? [] : [`Pattern: ${codeSpan(pattern)}.`]),
  ];
}

function range(least: number | undefined, most: number | undefined, unit: string): string[] {
  const counted = (n: number): string => `${n}${unit}${unit !== '' && n !== 1 ? 's' : ''}`;
  if (least !== undefined && most !== undefined) return [`From ${least} to ${counted(most)}.`];
  if (least !== undefined) return [`At least ${counted(least)}.`];
  return most === undefined ? [] : [`At most ${counted(most)}.`];
}

function valueSpan(value: JsonValue): string {
  return codeSpan(printFlow(value));
}
