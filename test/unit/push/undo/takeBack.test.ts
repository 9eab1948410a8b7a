import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/engine/index.ts';
import { restoredOwners } from '../../../../src/push/undo/restoredOwners.ts';
import { takeBack } from '../../../../src/push/undo/takeBack.ts';

type Leaves = ReadonlyMap<string, JsonValue>;

/** Names of leaves; the second and third letters are mappings in mappings. */
const names = ['a', 'b', '__proto__', 'c.a', 'c.b', 'd.a.a', 'd.a.b', 'd.constructor'];
const values = fc.constantFrom<JsonValue>(1, 'x', [1], [1, 2], null);
const leaves: fc.Arbitrary<Leaves> = fc
  .array(fc.tuple(fc.constantFrom(...names), values))
  .map((entries) => new Map(entries));
/** For some of the leaves another value, or that it goes. */
const edits = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.option(values, { nil: undefined })))
  .map((entries) => new Map(entries));

function edited(held: Leaves, changes: ReadonlyMap<string, JsonValue | undefined>): Leaves {
  const result = new Map(held);
  for (const [name, value] of changes) {
    if (value === undefined) result.delete(name);
    else result.set(name, value);
  }
  return result;
}

function toObject(held: Leaves): JsonObject {
  const spec = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of held) {
    const path = name.split('.');
    let at = spec;
    for (const key of path.slice(0, -1)) {
      at = (at[key] ??= Object.create(null) as JsonObject) as Record<string, JsonValue>;
    }
    at[path.at(-1) ?? ''] = value;
  }
  return { kind: 'Thing', spec: JSON.parse(JSON.stringify(spec)) as JsonObject };
}

function toLeaves(value: JsonValue | undefined, path = ''): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, child]) => [
      ...toLeaves(child, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

function leavesOf(object: JsonObject): ReadonlyMap<string, string> {
  return toLeaves(object['spec']);
}

describe('takeBack', () => {
  it('puts back what the push changed, leaves what others changed, and refuses where both did', () => {
    let [free, refused] = [0, 0];
    fc.assert(
      fc.property(leaves, edits, edits, (held, ours, theirs) => {
        const pushed = edited(held, ours);
        const now = edited(pushed, theirs);
        const states = { before: toObject(held), pushed: toObject(pushed), now: toObject(now) };
        const copy = structuredClone(states);
        const answer = takeBack(states);
        assert.deepEqual(states, copy, 'the input was changed');
        const [a, b, c] = [states.before, states.pushed, states.now].map(leavesOf);
        const both = names.filter(
          (name) =>
            a?.get(name) !== b?.get(name) &&
            b?.get(name) !== c?.get(name) &&
            c?.get(name) !== a?.get(name),
        );
        if ('conflicts' in answer) {
          refused += 1;
          // A mapping that somebody took away or made as a whole is named itself.
          const fields = answer.conflicts.map(({ path }) => path.slice(1).join('.'));
          for (const name of both) {
            assert.ok(
              fields.some((field) => field === name || name.startsWith(`${field}.`)),
              `${name} is not named by ${fields.join(', ')}`,
            );
          }
          for (const field of fields) {
            const below = names.filter((name) => name === field || name.startsWith(`${field}.`));
            const isOurs = below.some((name) => a?.get(name) !== b?.get(name));
            const isTheirs = below.some((name) => b?.get(name) !== c?.get(name));
            assert.ok(isOurs && isTheirs, `${field} was not changed twice`);
          }
          return;
        }
        free += 1;
        assert.deepEqual(both, []);
        const result = leavesOf(answer.content);
        for (const name of names) {
          const isOurs = a?.get(name) !== b?.get(name);
          assert.equal(result.get(name), isOurs ? a?.get(name) : c?.get(name), name);
        }
      }),
      { numRuns: 2000 },
    );
    assert.ok(free > 200 && refused > 200, `${free} free, ${refused} refused`);
  });

  const listOf = (...items: JsonValue[]): JsonObject => ({ list: items });
  const taken = (before: JsonObject, pushed: JsonObject, now: JsonObject): unknown => {
    const answer = takeBack({ before, pushed, now });
    return 'content' in answer ? answer.content : answer.conflicts.map(({ field }) => field);
  };

  it('takes items of lists as wholes, and lists of another length as well', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    assert.ok(a && b && c && d);
    assert.deepEqual(taken(listOf(a, b), listOf(c, b), listOf(c, d)), listOf(a, d));
    assert.deepEqual(taken(listOf(a, b), listOf(c, b), listOf(b, c)), ['list[0]']);
    assert.deepEqual(taken(listOf(a), listOf(b), listOf(b, c)), ['list']);
    assert.deepEqual(taken(listOf(a), listOf(a, b), listOf(a, b, c)), ['list']);
    assert.deepEqual(taken(listOf(a), listOf(a, b), listOf(a, b)), listOf(a));
    assert.deepEqual(taken(listOf(a), listOf(a), listOf(b, c)), listOf(b, c));
    assert.deepEqual(taken(listOf(a), listOf(b), listOf(a)), listOf(a), 'taken back already');
  });

  it('refuses where a mapping that the push made or changed is no mapping any more', () => {
    assert.deepEqual(taken({ x: { a: 1 } }, { x: { a: 2 } }, {}), ['x']);
    assert.deepEqual(taken({ x: { a: 1 } }, {}, { x: { b: 1 } }), ['x']);
    assert.deepEqual(taken({}, { x: { a: 1 } }, { x: 'text' }), ['x']);
    assert.deepEqual(taken({ x: 'text' }, { x: { a: 1 } }, { x: { a: 1, b: 1 } }), ['x']);
    assert.deepEqual(taken({}, { x: { a: 1 } }, { x: { a: 1, b: 1 } }), { x: { b: 1 } });
  });
});

describe('restoredOwners', () => {
  const owner = (manager: string, fields: JsonObject): JsonValue => ({
    manager,
    operation: 'Apply',
    apiVersion: 'v1',
    fieldsV1: fields,
  });
  const object = (...managedFields: JsonValue[]): JsonObject => ({ metadata: { managedFields } });

  it('takes from us what the push gave us, also when others own more or less since', () => {
    const kubectl = owner('kubectl', { 'f:data': { 'f:a': {}, 'f:b': {} } });
    const before = object(kubectl);
    const pushed = object(
      owner('kubectl', { 'f:data': { 'f:b': {} } }),
      owner('us', { 'f:data': { 'f:a': {}, 'f:c': {}, 'f:d': {} } }),
    );
    const now = object(
      owner('kubectl', { 'f:data': { 'f:b': {}, 'f:e': {} } }),
      owner('us', { 'f:data': { 'f:a': {}, 'f:c': {} } }),
      owner('helm', { 'f:data': { 'f:d': {} } }),
    );
    assert.deepEqual(restoredOwners({ before, pushed, now }), [
      owner('kubectl', { 'f:data': { 'f:b': {}, 'f:e': {}, 'f:a': {} } }),
      owner('helm', { 'f:data': { 'f:d': {} } }),
    ]);
    assert.deepEqual(restoredOwners({ before, pushed, now: pushed }), [kubectl]);
  });
});
