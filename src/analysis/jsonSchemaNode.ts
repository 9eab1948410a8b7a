import { arrayMember, isArray, isObject, member, setOwn, stringMember } from '../engine/index.ts';
import type { JsonObject, JsonValue, Schema } from '../engine/index.ts';
import { pointerSteps, valueBelow } from './pointer.ts';

const mostReferences = 20;
const deepest = 3;

/** The part of a JSON schema that speaks of the value below some steps, as one of our tables. */
export function jsonSchemaAt(root: JsonValue, steps: readonly string[]): Schema | undefined {
  let at = resolved(root, root);
  for (const step of steps) {
    const properties = member(at, 'properties');
    const next = /^(?:\d+|-)$/.test(step) && member(at, 'items');
    at = resolved(root, member(properties, step) ?? (next || member(at, 'additionalProperties')));
    if (at === undefined) return undefined;
  }
  return at && toSchema(root, at, 0);
}

/** A schema behind its local `$ref`, with the members of `allOf` laid over each other. */
function resolved(root: JsonValue, schema: JsonValue | undefined): JsonObject | undefined {
  let at = schema;
  for (let i = 0; i < mostReferences; i++) {
    if (!isObject(at)) return undefined;
    const reference = stringMember(at, '$ref');
    if (!reference.startsWith('#')) break;
    at = valueBelow(root, pointerSteps(reference.slice(1)));
  }
  if (!isObject(at)) return undefined;
  const parts = arrayMember(at, 'allOf').filter(isObject);
  const plain = parts.filter((part) => stringMember(part, '$ref') === '').slice(0, mostReferences);
  if (plain.length === 0) return at;
  const properties: Record<string, JsonValue> = {};
  for (const part of [...plain, at]) {
    const own = member(part, 'properties');
    if (isObject(own))
      for (const [key, value] of Object.entries(own)) setOwn(properties, key, value);
  }
  return { ...at, properties };
}

const types = ['object', 'array', 'string', 'integer', 'number', 'boolean'] as const;

function toSchema(root: JsonValue, node: JsonObject, depth: number): Schema {
  const given = member(node, 'type');
  const type = isArray(given) ? given.find((name) => name !== 'null') : given;
  const named = types.find((name) => name === type);
  const description = stringMember(node, 'description') || stringMember(node, 'title');
  const values = arrayMember(node, 'enum');
  const required = arrayMember(node, 'required').filter((name) => typeof name === 'string');
  const fallback = member(node, 'default');
  return {
    ...(named ? { type: named } : { preserveUnknownFields: true }),
    ...(description === '' ? {} : { description }),
    ...(values.length > 0 ? { enum: values } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(member(node, 'deprecated') === true ? { deprecated: true } : {}),
    ...(depth < deepest ? children(root, node, depth) : {}),
  };
}

function children(root: JsonValue, node: JsonObject, depth: number): Partial<Schema> {
  const own = member(node, 'properties');
  const items = resolved(root, member(node, 'items'));
  const entries = isObject(own) ? Object.entries(own) : [];
  const properties = Object.fromEntries(
    entries.flatMap(([key, value]) => {
      const child = resolved(root, value);
      return child ? [[key, toSchema(root, child, depth + 1)] as const] : [];
    }),
  );
  return {
    ...(entries.length > 0 ? { properties } : {}),
    ...(items ? { items: toSchema(root, items, depth + 1) } : {}),
  };
}
