import { isObject, stringMember } from '../../engine/index.ts';
import type { JsonObject, Schema } from '../../engine/index.ts';
import { valueAt } from '../cursor.ts';
import { fieldDocumentation, typeText } from '../fieldText.ts';
import { isScalarValue } from './candidate.ts';
import type { Candidate, Request, Scalar } from './candidate.ts';
import type { Slot } from './slot.ts';
import { isScalar } from './snippetText.ts';
import { keySource, valueSource } from './sources.ts';
import { writableTypes } from './writableTypes.ts';

/** Pairs of which the API server or the webhooks accept one only. */
const alternatives: readonly (readonly [string, string])[] = [
  ['chart', 'chartRef'],
  ['clusterAffinity', 'clusterAffinities'],
  ['spreadByField', 'spreadByLabel'],
  ['json', 'yaml'],
];

/** Keys that can be added to the mapping of a slot, or take the place of the one that the cursor is on. */
export function keyCandidates(request: Request, slot: Slot): readonly Candidate[] {
  const present = valueAt(request.object, slot.path);
  const taken = new Set(isObject(present) ? Object.keys(present) : []);
  if (slot.own !== undefined) taken.delete(slot.own);
  const isOpen = (name: string): boolean =>
    !taken.has(name) &&
    !alternatives.some((pair) => pair.includes(name) && pair.some((other) => taken.has(other)));
  const found = keySource(request.object, slot.path)?.({ ...request, path: slot.path }) ?? [];
  return [
    ...fieldCandidates(request, slot).filter(({ value }) => isOpen(String(value))),
    ...found
      .filter(({ value }) => typeof value === 'string' && !taken.has(value))
      .map((key): Candidate => ({ ...key, schema: text, asksAgain: true })),
  ];
}

const text: Schema = { type: 'string' };

function fieldCandidates(request: Request, { path, schema }: Slot): readonly Candidate[] {
  const { properties = {}, required = [] } = schema ?? {};
  const isCluster = stringMember(request.object, 'kind') === 'Cluster';
  return Object.entries(properties)
    .filter(([name, field]) => !isServerSet(name, field, path.length, isCluster))
    .map(([name, field]) => {
      const isRequired = required.includes(name);
      return {
        value: name,
        kind: 'field',
        detail: typeText(field),
        documentation: fieldDocumentation(field, isRequired),
        rank: field.deprecated ? 2 : isRequired ? 0 : 1,
        schema: field,
        ...(asks(request.object, [...path, name], field) && { asksAgain: true }),
        ...(field.deprecated && { isDeprecated: true }),
      };
    });
}

function isServerSet(name: string, field: Schema, depth: number, isCluster: boolean): boolean {
  if (depth === 0 && name === 'status') return !isCluster;
  return field.description === 'Set by the API server.';
}

/** Whether something will be proposed as the value of a field, or inside it. */
function asks(object: JsonObject, path: Slot['path'], schema: Schema): boolean {
  if (!isScalar(schema)) return true;
  return (
    schema.enum !== undefined ||
    schema.type === 'boolean' ||
    valueSource(object, path) !== undefined
  );
}

/** Values that fit at a slot. */
export function valueCandidates(request: Request, slot: Slot): readonly Candidate[] {
  const { object } = request;
  const source = valueSource(object, slot.path);
  const found = source?.({ ...request, path: slot.path }) ?? [];
  const { schema } = slot;
  const own = schema && isScalar(schema) ? schemaValues(schema) : [];
  const names = new Set(found.map(({ value }) => value));
  const rest = own.filter(({ value }) => !names.has(value));
  return [...found, ...rest, ...typeCandidates(request, slot)];
}

function schemaValues(schema: Schema): readonly Candidate[] {
  const documentation = fieldDocumentation(schema, false);
  const values: readonly Scalar[] =
    schema.enum?.filter(isScalarValue) ?? (schema.type === 'boolean' ? [true, false] : []);
  const { default: fallback } = schema;
  const isNew =
    fallback !== undefined &&
    isScalarValue(fallback) &&
    fallback !== '' &&
    !values.includes(fallback);
  const all = isNew ? [fallback, ...values] : values;
  return all.map((value) => ({
    value,
    kind: 'value',
    documentation,
    ...(value === fallback && { detail: 'default' }),
  }));
}

/** `apiVersion` and `kind` of the object itself. */
function typeCandidates(request: Request, { path }: Slot): readonly Candidate[] {
  const [field] = path;
  if (path.length !== 1 || (field !== 'apiVersion' && field !== 'kind')) return [];
  return knownTypes(request, field);
}

function knownTypes({ snapshot, object }: Request, field: 'apiVersion' | 'kind') {
  const other = field === 'kind' ? 'apiVersion' : 'kind';
  const given = stringMember(object, other);
  const seen = new Set<string>();
  return writableTypes(snapshot.circumstances).flatMap((type): Candidate[] => {
    const value = type[field];
    const fits = given === '' || type[other] === given;
    if (seen.has(value) || (field === 'apiVersion' && !fits)) return [];
    seen.add(value);
    const sibling = field === 'kind' ? { siblings: { apiVersion: type.apiVersion } } : {};
    const detail = field === 'kind' ? { detail: type.apiVersion } : {};
    const documentation = field === 'kind' ? { documentation: type.description } : {};
    return [{ value, kind: 'object', rank: fits ? 0 : 1, ...sibling, ...detail, ...documentation }];
  });
}
