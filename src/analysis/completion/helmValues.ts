import { isArray, isObject } from '../../engine/index.ts';
import type { JsonObject, JsonValue, Schema } from '../../engine/index.ts';
import { locate } from '../../yaml/index.ts';
import { chartOf } from '../charts.ts';
import type { LocalChart } from '../charts.ts';
import { jsonSchemaAt } from '../jsonSchemaNode.ts';
import { escapeMarkdown } from '../markdown.ts';
import { valueBelow } from '../pointer.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * What the chart of a release says about its values below some steps: its `values.schema.json`, and the defaults of
 * its `values.yaml` with the comments above them. `undefined` when the chart is not in the workspace.
 */
export function chartSchemaOf(
  snapshot: Snapshot,
  release: JsonObject,
  steps: readonly string[],
): Schema | undefined {
  const chart = chartOf(snapshot, release);
  if (!chart) return undefined;
  const declared =
    chart.schema === undefined ? undefined : withSafeTexts(jsonSchemaAt(chart.schema, steps));
  const value = chart.values === undefined ? undefined : valueBelow(chart.values, steps);
  if (value === undefined) return declared;
  return merged(defaultSchema(chart, steps, value), declared);
}

function merged(defaults: Schema, declared: Schema | undefined): Schema {
  if (!declared) return defaults;
  const own = defaults.properties ?? {};
  const others = declared.properties ?? {};
  const names = new Set([...Object.keys(own), ...Object.keys(others)]);
  const properties = Object.fromEntries(
    [...names].map((name) => {
      const mine = Object.hasOwn(own, name) ? own[name] : undefined;
      const theirs = Object.hasOwn(others, name) ? others[name] : undefined;
      return [name, { ...mine, ...theirs, ...defaultOf(mine) }] as const;
    }),
  );
  const { preserveUnknownFields: _, ...rest } = declared;
  const base =
    declared.type === undefined ? { ...defaults, ...rest } : { ...defaults, ...declared };
  return { ...base, ...defaultOf(defaults), ...(names.size > 0 ? { properties } : {}) };
}

/** What the chart falls back on is in `values.yaml`; a default in the schema is only a remark. */
function defaultOf(schema: Schema | undefined): Pick<Schema, 'default'> {
  return schema?.default === undefined ? {} : { default: schema.default };
}

function defaultSchema(chart: LocalChart, steps: readonly string[], value: JsonValue): Schema {
  const description = commentAbove(chart, steps);
  const base = { ...shape(value), ...(description === '' ? {} : { description }) };
  if (!isObject(value)) return base;
  const properties = Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const text = commentAbove(chart, [...steps, key]);
      return [key, { ...shape(child), ...(text === '' ? {} : { description: text }) }] as const;
    }),
  );
  return { ...base, properties };
}

function shape(value: JsonValue): Schema {
  if (isArray(value)) return { type: 'array' };
  if (isObject(value)) return { type: 'object' };
  switch (typeof value) {
    case 'string':
      return { type: 'string', default: value };
    case 'boolean':
      return { type: 'boolean', default: value };
    case 'number':
    case 'bigint':
      return { type: Number.isInteger(Number(value)) ? 'integer' : 'number', default: value };
    default:
      return {};
  }
}

const mostLines = 6;

/** The comment lines right above a key of `values.yaml`, as Markdown; `# -- ` of helm-docs is taken off. */
function commentAbove({ valuesFile }: LocalChart, steps: readonly string[]): string {
  const document = valuesFile?.source.documents[0];
  const place = document && locate(document, steps);
  if (!valuesFile || place?.key === undefined) return '';
  const { text } = valuesFile.source;
  const lines: string[] = [];
  let end = text.lastIndexOf('\n', place.key[0] - 1);
  while (end > 0 && lines.length < mostLines) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const comment = /^[ \t]*#[ \t]?(?:--[ \t])?(.*?)\r?$/.exec(text.slice(start, end));
    if (!comment) break;
    lines.unshift(comment[1] ?? '');
    end = start - 1;
  }
  return escapeMarkdown(lines.join(' ').trim());
}

/** Descriptions of a chart are the text of others: they are shown as they are. */
function withSafeTexts(schema: Schema | undefined, depth = 0): Schema | undefined {
  if (!schema || depth > 4) return schema;
  const { description, properties, items } = schema;
  const safe = Object.entries(properties ?? {}).map(
    ([key, child]) => [key, withSafeTexts(child, depth + 1) ?? child] as const,
  );
  const safeItems = withSafeTexts(items, depth + 1);
  return {
    ...schema,
    ...(description === undefined ? {} : { description: escapeMarkdown(description) }),
    ...(properties ? { properties: Object.fromEntries(safe) } : {}),
    ...(safeItems ? { items: safeItems } : {}),
  };
}
