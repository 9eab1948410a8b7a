import { arrayMember, isObject, member } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { karmadaKinds } from './karmadaKinds.ts';
import type { Schema } from './types.ts';

/** A field that only one of two schemas has; with `values`, a field of which only one has these values. */
export interface FieldDifference {
  /** Such as `spec.placement.clusterAffinities[].overflowAffinities`; what it holds is not told apart. */
  readonly path: string;
  readonly values?: readonly string[];
}

/** How the policies that an API server has differ from the modelled ones, by kind; a kind without a difference is absent. */
export interface ServedDifferences {
  /** The server does not have it: it refuses it or leaves it out. */
  readonly lacking: ReadonlyMap<string, readonly FieldDifference[]>;
  /** Only the server has it, or has it with another type. */
  readonly unknown: ReadonlyMap<string, readonly FieldDifference[]>;
}

interface Found {
  readonly lacking: FieldDifference[];
  readonly unknown: FieldDifference[];
}

const policyKinds = karmadaKinds.filter(({ apiVersion }) =>
  apiVersion.startsWith('policy.karmada.io/'),
);

/** Compares what an API server says of policies, an OpenAPI schema a kind, with the tables. Other kinds do not count. */
export function schemaDifferences(served: ReadonlyMap<string, JsonObject>): ServedDifferences {
  const lacking = new Map<string, readonly FieldDifference[]>();
  const unknown = new Map<string, readonly FieldDifference[]>();
  for (const { kind, schema } of policyKinds) {
    const spec = member(member(served.get(kind), 'properties'), 'spec');
    const table = schema.properties?.['spec'];
    if (!table || !isObject(member(spec, 'properties'))) continue;
    const found: Found = { lacking: [], unknown: [] };
    compare(table, spec, 'spec', found);
    if (found.lacking.length > 0) lacking.set(kind, found.lacking);
    if (found.unknown.length > 0) unknown.set(kind, found.unknown);
  }
  return { lacking, unknown };
}

/** Goes no deeper than the table, which ends, whatever the server says. */
function compare(table: Schema, served: JsonValue | undefined, path: string, found: Found): void {
  if (!isObject(served) || isOpen(table, served)) return;
  const type = member(served, 'type');
  if (type !== undefined && type !== table.type) {
    found.unknown.push({ path });
    return;
  }
  compareChoices(table, served, path, found);
  if (table.properties) compareProperties(table.properties, served, path, found);
  if (table.items) compare(table.items, member(served, 'items'), `${path}[]`, found);
  if (table.additionalProperties) {
    compare(table.additionalProperties, member(served, 'additionalProperties'), `${path}{}`, found);
  }
}

/** Whether one of the two takes anything, or refers to what is told elsewhere. */
function isOpen(table: Schema, served: JsonObject): boolean {
  const refers = ['$ref', 'allOf', 'anyOf', 'oneOf'].some((key) => Object.hasOwn(served, key));
  const takesAll = member(served, 'x-kubernetes-preserve-unknown-fields') === true;
  return table.type === undefined || table.preserveUnknownFields === true || takesAll || refers;
}

function compareProperties(
  properties: NonNullable<Schema['properties']>,
  served: JsonObject,
  path: string,
  found: Found,
): void {
  const theirs = member(served, 'properties') ?? {};
  if (!isObject(theirs)) return;
  for (const [name, schema] of Object.entries(properties)) {
    const at = `${path}.${name}`;
    if (Object.hasOwn(theirs, name)) compare(schema, theirs[name], at, found);
    else found.lacking.push({ path: at });
  }
  for (const name of Object.keys(theirs)) {
    if (!Object.hasOwn(properties, name)) found.unknown.push({ path: `${path}.${name}` });
  }
}

/** Where only one of the two lists its values, the other takes any. */
function compareChoices(table: Schema, served: JsonObject, path: string, found: Found): void {
  const isText = (value: JsonValue): value is string => typeof value === 'string';
  const [ours, theirs] = [
    table.enum?.filter(isText) ?? [],
    arrayMember(served, 'enum').filter(isText),
  ];
  if (ours.length === 0 || theirs.length === 0) return;
  const gone = ours.filter((value) => !theirs.includes(value));
  const added = theirs.filter((value) => !ours.includes(value));
  if (gone.length > 0) found.lacking.push({ path, values: gone });
  if (added.length > 0) found.unknown.push({ path, values: added });
}
