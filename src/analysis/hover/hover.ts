import type { Position } from '../../base/position.ts';
import { clusterFacts, deepEqual, references, stringMember } from '../../engine/index.ts';
import type { Schema } from '../../engine/index.ts';
import { clusterDocumentation } from '../clusterDocumentation.ts';
import { clusterName } from '../fleet.ts';
import { chartSchemaOf } from '../completion/helmValues.ts';
import { cursorAt, valueAt } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { fieldDocumentation, typeText } from '../fieldText.ts';
import { itemAt } from '../itemAt.ts';
import { codeSpan } from '../markdown.ts';
import { toRange } from '../place.ts';
import { rootSchema, schemaAt, tableOf } from '../schemaAt.ts';
import type { Item, Snapshot, Template } from '../snapshot.ts';
import { findTemplate } from '../templateIndex.ts';
import { affinityFacts } from './affinityFacts.ts';
import { overrideFacts } from './overrideFacts.ts';
import { selectorFacts } from './selectorFacts.ts';
import { referenceFacts, templateFacts } from './templateFacts.ts';
import type { Hover } from './types.ts';

/** What is to be said about the key or value at a position: what it decides here, then what the field is. */
export function hoverOf(snapshot: Snapshot, uri: string, position: Position): Hover | undefined {
  const file = snapshot.files.find((known) => known.uri === uri);
  const cursor = file && cursorAt(file, position);
  if (!cursor || cursor.document.ignored) return undefined;
  const { part, range } = cursor;
  const isThere = (part === 'key' || part === 'value') && range[0] < range[1];
  if (!isThere) return undefined;
  const facts = factsAt(snapshot, cursor);
  const field = part === 'key' || facts.length === 0 ? fieldText(snapshot, cursor) : undefined;
  const contents = [...facts, ...(field === undefined ? [] : [field])];
  return contents.length > 0 ? { range: toRange(cursor.file, ...range), contents } : undefined;
}

function factsAt(snapshot: Snapshot, cursor: Cursor): readonly string[] {
  const { object, path, part } = cursor;
  const item = itemAt(snapshot, cursor);
  const isOwnName = path.length === 2 && path[0] === 'metadata' && path[1] === 'name';
  if (stringMember(object, 'apiVersion').startsWith('policy.karmada.io/')) {
    const isName = ['clusterNames', 'exclude'].includes(String(path.at(-2))) && part === 'value';
    if (isName) return clusterFactsOf(snapshot, valueAt(object, path));
    if (isOwnName) {
      const all = { ...cursor, path: ['spec', 'resourceSelectors'] };
      return selectorFacts(snapshot, all, item);
    }
    return [
      ...selectorFacts(snapshot, cursor, item),
      ...overrideFacts(snapshot, cursor, item),
      ...affinityFacts(snapshot, cursor),
    ];
  }
  if (item?.role === 'cluster') return isOwnName ? clusterFactsOf(snapshot, item.name) : [];
  const isKind = path.length === 1 && path[0] === 'kind' && part === 'value';
  const template = item && (isOwnName || isKind) ? snapshot.templates.get(item.key) : undefined;
  if (template && template.item === item) return templateFacts(snapshot, template);
  const referred = item && path.at(-1) === 'name' ? referredBy(snapshot, cursor, item) : undefined;
  return referred ? referenceFacts(snapshot, referred) : [];
}

/** The object whose name a reference of Flux holds at the cursor. */
function referredBy(snapshot: Snapshot, { path }: Cursor, item: Item): Template | undefined {
  if (!item.stored) return undefined;
  const reference = references(item.stored).find((found) =>
    deepEqual([...found.path], path.slice(0, -1)),
  );
  return reference && findTemplate(snapshot, reference);
}

function clusterFactsOf({ fleet }: Snapshot, name: unknown): readonly string[] {
  const cluster = fleet.clusters.find((known) => clusterName(known) === name);
  if (cluster === undefined) return [];
  if (fleet.origin !== 'assumed') return [clusterDocumentation(clusterFacts(cluster))];
  return [`**Cluster** ${codeSpan(clusterName(cluster))}\n\nOnly its name is known.`];
}

/** The field itself: its name and type, then what its table, or the chart, says. */
function fieldText(snapshot: Snapshot, cursor: Cursor): string | undefined {
  const { object, path } = cursor;
  const name = path.at(-1);
  const table = tableOf(object, snapshot.flux.version);
  if (table === undefined || typeof name !== 'string') return undefined;
  const found = schemaAt(rootSchema(table), path) ?? chartField(snapshot, cursor);
  if (found === undefined) return undefined;
  const { schema, isRequired } = found;
  const text = fieldDocumentation(schema, isRequired);
  const own = path.length === 1 && name === 'kind' ? `\n\n${table.description}` : '';
  return `**${codeSpan(name)}** · ${typeText(schema)}${text === '' ? '' : `\n\n${text}`}${own}`;
}

function chartField(
  snapshot: Snapshot,
  { object, path }: Cursor,
): { readonly schema: Schema; readonly isRequired: boolean } | undefined {
  if (path[0] !== 'spec' || path[1] !== 'values') return undefined;
  const schema = chartSchemaOf(snapshot, object, path.slice(2).map(String));
  return schema && { schema, isRequired: false };
}
