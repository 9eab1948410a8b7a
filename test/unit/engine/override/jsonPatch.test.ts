import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applyJsonPatch, type PatchOperation } from '../../../../src/engine/override/jsonPatch.ts';
import type { JsonValue } from '../../../../src/engine/types.ts';

const document = { a: { b: 1, n: null }, l: [1, [2], { x: 'y' }], s: 'text' };

function add(path: string, value: JsonValue = null): PatchOperation {
  return { op: 'add', path, value };
}
function replace(path: string, value: JsonValue = null): PatchOperation {
  return { op: 'replace', path, value };
}
function remove(path: string): PatchOperation {
  return { op: 'remove', path, value: null };
}

test('changes a document', () => {
  const cases: readonly (readonly [PatchOperation, JsonValue])[] = [
    [add('/a/c', 2), { ...document, a: { b: 1, n: null, c: 2 } }],
    [add('/a/b'), { ...document, a: { b: null, n: null } }],
    [add('x/new', 1), { ...document, new: 1 }],
    [add('/', 1), { ...document, '': 1 }],
    [add('/a/', 1), { ...document, a: { b: 1, n: null, '': 1 } }],
    [add('/l/-', 9), { ...document, l: [1, [2], { x: 'y' }, 9] }],
    [add('/l/-1', 9), { ...document, l: [1, [2], { x: 'y' }, 9] }],
    [add('/l/-4', 9), { ...document, l: [9, 1, [2], { x: 'y' }] }],
    [add('/l/+1', 9), { ...document, l: [1, 9, [2], { x: 'y' }] }],
    [add('/l/03', 9), { ...document, l: [1, [2], { x: 'y' }, 9] }],
    [add('/a/x~1y~0~01', 1), { ...document, a: { b: 1, n: null, 'x/y~~1': 1 } }],
    [add('/a/x~2', 1), { ...document, a: { b: 1, n: null, 'x~2': 1 } }],
    [replace('/a/n', 3), { ...document, a: { b: 1, n: 3 } }],
    [replace('/', 3), { ...document, '': 3 }],
    [replace('/l/-1/x', 3), { ...document, l: [1, [2], { x: 3 }] }],
    [replace('', [1]), [1]],
    [replace('', null), null],
    [remove('/l/-3'), { ...document, l: [[2], { x: 'y' }] }],
    [add('//a', 1), document],
    [remove('//a'), document],
    [
      add('/__proto__', 1),
      JSON.parse('{"a":{"b":1,"n":null},"l":[1,[2],{"x":"y"}],"s":"text","__proto__":1}'),
    ],
  ];
  for (const [operation, value] of cases) {
    const result = applyJsonPatch(document, [operation]);
    assert.deepEqual(result, { value }, JSON.stringify(operation));
  }
});

test('fails in the words of the library', () => {
  const missing = 'missing value';
  const cases: readonly (readonly [PatchOperation, string])[] = [
    [add('x'), `add operation does not apply: doc is missing path: "x": ${missing}`],
    [add('/no/x'), `add operation does not apply: doc is missing path: "/no/x": ${missing}`],
    [add('/s/x'), `add operation does not apply: doc is missing path: "/s/x": ${missing}`],
    [add('/a/n/x'), `add operation does not apply: doc is missing path: "/a/n/x": ${missing}`],
    [add('/a//x'), `add operation does not apply: doc is missing path: "/a//x": ${missing}`],
    [add('///x'), `add operation does not apply: doc is missing path: "///x": ${missing}`],
    [add('/l/-/x'), `add operation does not apply: doc is missing path: "/l/-/x": ${missing}`],
    [replace('/no/x'), `replace operation does not apply: doc is missing path: /no/x: ${missing}`],
    [replace('/no'), `replace operation does not apply: doc is missing key: /no: ${missing}`],
    [replace('/l/3'), `replace operation does not apply: doc is missing key: /l/3: ${missing}`],
    [replace('/l/-'), `replace operation does not apply: doc is missing key: /l/-: ${missing}`],
    [replace('/l/'), `error in remove for path: '/l/': strconv.Atoi: parsing "": invalid syntax`],
    [remove('/no/x'), `remove operation does not apply: doc is missing path: "/no/x": ${missing}`],
    [
      remove('/x~1y'),
      `error in remove for path: '/x~1y': unable to remove nonexistent key: x/y: ${missing}`,
    ],
    [remove(''), `error in remove for path: '': unable to remove nonexistent key: : ${missing}`],
    [remove('/l/-'), `error in remove for path: '/l/-': strconv.Atoi: parsing "-": invalid syntax`],
    [
      remove('/l/3'),
      `error in remove for path: '/l/3': Unable to access invalid index: 3: invalid index referenced`,
    ],
    [
      add('/l/4'),
      `error in add for path: '/l/4': Unable to access invalid index: 4: invalid index referenced`,
    ],
    [
      add('/l/-5'),
      `error in add for path: '/l/-5': Unable to access invalid index: -5: invalid index referenced`,
    ],
    [
      add('/l/x'),
      `error in add for path: '/l/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
    ],
    [
      add('/l/99999999999999999999'),
      `error in add for path: '/l/99999999999999999999': value was not a proper array index: '99999999999999999999': ` +
        'strconv.Atoi: parsing "99999999999999999999": value out of range',
    ],
    [replace('', 1), 'replace operation value must be object or array: %!w(<nil>)'],
    [
      add('', true),
      'json: cannot unmarshal bool into Go value of type map[string]*jsonpatch.lazyNode',
    ],
    [
      add(''),
      'json: error calling MarshalJSON for type *jsonpatch.partialDoc: invalid value, expected object',
    ],
  ];
  for (const [operation, error] of cases) {
    const result = applyJsonPatch(document, [operation]);
    assert.deepEqual(result, { error }, JSON.stringify(operation));
  }
});

test('keeps the copy behind an empty first segment for the whole patch', () => {
  assert.deepEqual(applyJsonPatch(document, [add('//new', 1), remove('//new')]), {
    value: document,
  });
  const error =
    "error in remove for path: '//a': unable to remove nonexistent key: a: missing value";
  assert.deepEqual(applyJsonPatch(document, [remove('//a'), remove('//a')]), { error });
});

test('shares what it does not touch and leaves the document as it was', () => {
  const before = structuredClone(document);
  const result = applyJsonPatch(document, [add('/a/c', 1), add('/a/d', 2)]);
  assert.ok('value' in result);
  assert.deepEqual(document, before);
  assert.equal((result.value as typeof document).l, document.l);
});

type Plain = JsonValue | Plain[] | { [key: string]: Plain };

/** A patch by plain mutation of a clone, for paths without the library's oddities; undefined when it fails. */
function naivePatch(value: JsonValue, operations: readonly PatchOperation[]): unknown {
  const root: Plain = structuredClone(value);
  for (const { op, path, value: given } of operations) {
    const steps = path
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    let at: Plain | undefined = root;
    for (const step of steps) {
      if (Array.isArray(at)) at = at[Number(step)];
      else if (at !== null && typeof at === 'object') {
        at = Object.hasOwn(at, step) ? (at as Record<string, Plain>)[step] : undefined;
      } else return undefined;
    }
    if (at === null || typeof at !== 'object') return undefined;
    const done = Array.isArray(at)
      ? editList(at, op, last, structuredClone(given))
      : editObject(at as Record<string, Plain>, op, last, structuredClone(given));
    if (!done) return undefined;
  }
  return root;
}

function editList(list: Plain[], op: string, last: string, value: Plain): boolean {
  const index = last === '-' && op === 'add' ? list.length : /^\d+$/.test(last) ? Number(last) : -1;
  if (index < 0 || index > list.length || (op !== 'add' && index === list.length)) return false;
  if (op === 'add') list.splice(index, 0, value);
  else if (op === 'replace') list[index] = value;
  else list.splice(index, 1);
  return true;
}

function editObject(
  object: Record<string, Plain>,
  op: string,
  last: string,
  value: Plain,
): boolean {
  if (op !== 'add' && !Object.hasOwn(object, last)) return false;
  const property = { value, enumerable: true, configurable: true, writable: true };
  if (op === 'remove') delete object[last];
  else Object.defineProperty(object, last, property);
  return true;
}

const keys = fc.constantFrom('a', 'b', '0', '1', 'x/y', '~', 'constructor', '__proto__');
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 1, 'text'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value as fc.Arbitrary<JsonValue>;
const operations = fc.array(
  fc.record({
    op: fc.constantFrom('add', 'remove', 'replace'),
    path: fc
      .array(fc.oneof(keys, fc.constantFrom('0', '1', '2', '-')), { minLength: 1, maxLength: 2 })
      .map((steps) =>
        steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      ),
    value: values,
  }),
  { minLength: 1, maxLength: 3 },
);

test('agrees with a patch by plain mutation', () => {
  let agreed = 0;
  fc.assert(
    fc.property(
      fc.dictionary(keys, values, { minKeys: 2, maxKeys: 6, noNullPrototype: true }),
      operations,
      (value, patch) => {
        const expected = naivePatch(value, patch);
        const result = applyJsonPatch(value, patch);
        if (expected === undefined) assert.ok('error' in result);
        else {
          agreed++;
          assert.deepEqual(result, { value: expected });
        }
      },
    ),
    { numRuns: 4000, seed: 1 },
  );
  assert.ok(agreed > 300, `only ${agreed} patches went through`);
});
