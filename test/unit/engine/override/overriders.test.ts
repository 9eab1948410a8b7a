import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applySteps, compileOverriders } from '../../../../src/engine/override/overriders.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/types.ts';

function apply(object: JsonObject, overriders: JsonValue): JsonObject | string {
  const result = applySteps(object, compileOverriders(overriders));
  return 'error' in result ? result.error : result.value;
}

function workload(kind: string, containers: JsonValue): JsonObject {
  const podSpec = { containers };
  const spec = kind === 'Pod' ? podSpec : { template: { spec: podSpec } };
  return { apiVersion: 'v1', kind, metadata: { name: 'w' }, spec };
}

const tag = { component: 'Tag', operator: 'replace', value: '2' };

test('edits the image of every container of a workload', () => {
  for (const kind of ['Pod', 'Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job']) {
    const before = workload(kind, [
      { name: 'a', image: 'x:1' },
      { name: 'b', image: 'y' },
    ]);
    const after = workload(kind, [
      { name: 'a', image: 'x:2' },
      { name: 'b', image: 'y:2' },
    ]);
    assert.deepEqual(apply(before, { imageOverrider: [tag] }), after);
  }
  const release = { kind: 'HelmRelease', spec: { containers: [{ image: 'x:1' }] } };
  assert.equal(apply(release, { imageOverrider: [tag] }), release);
});

test('reads an image where a predicate points', () => {
  const object = { kind: 'K', spec: { image: 'a:1', list: [{ image: 'b:1' }], n: 1, a: [1] } };
  const at = (path: string) => apply(object, { imageOverrider: [{ ...tag, predicate: { path } }] });
  assert.deepEqual(at('/spec/image'), { ...object, spec: { ...object.spec, image: 'a:2' } });
  assert.deepEqual(at('/spec/list/00/image'), {
    ...object,
    spec: { ...object.spec, list: [{ image: 'b:2' }] },
  });
  const obtain = (path: string) =>
    `failed to obtain imageValue with predicate path(${path}), error: `;
  assert.equal(at('/spec/no'), `${obtain('/spec/no')}failed to convert path(no) to string`);
  assert.equal(at('/spec/n'), `${obtain('/spec/n')}failed to convert path(n) to string`);
  assert.equal(at('/'), `${obtain('/')}failed to convert path() to string`);
  assert.equal(
    at('/spec/list/x/image'),
    `${obtain('/spec/list/x/image')}path(x) of rawObj's is not number`,
  );
  assert.equal(
    at('/no/x'),
    `${obtain('/no/x')}path(no) of rawObj's type is not map[string]interface{} and []interface{}`,
  );
  assert.equal(at('spec/image'), 'imagePath should be start with / character');
  assert.equal(
    at('/spec/image/'),
    'replace operation does not apply: doc is missing path: /spec/image/: missing value',
  );
  assert.match(at('/spec/list/9/image') as string, /^panic: /);
  assert.match(at('/spec/a/0/image') as string, /^panic: /);
});

test('says what does not fit the type of a workload', () => {
  const cases: readonly (readonly [JsonValue, string])[] = [
    ['x', 'cannot restore slice from string'],
    [[1], 'cannot restore struct from: int64'],
    [[{ image: true }], 'unrecognized type: string'],
    [[{ image: 1 }], 'cannot convert int64 to string'],
    [[{ ports: [{ containerPort: 1.5 }] }], 'cannot convert float64 to int32'],
    [[{ imagePullPolicy: 1 }], 'cannot convert int64 to v1.PullPolicy'],
    [[{ resources: { limits: 1 } }], 'cannot restore map from int64'],
    [[{ resources: { limits: { cpu: '1kk' } } }], "unable to parse quantity's suffix"],
    [[{ image: 'x', unknown: 1, command: null }], ''],
  ];
  for (const [containers, expected] of cases) {
    const result = apply(workload('Deployment', containers), { imageOverrider: [tag] });
    const error = `failed to convert Deployment from unstructured object: ${expected}`;
    if (expected === '') assert.equal(typeof result, 'object');
    else assert.equal(result, error);
  }
});

test('changes commands and arguments of the named container', () => {
  const container = { name: 'a', args: ['x', 1] };
  const object = workload('Pod', [container, { name: 'b', args: null }]);
  const edit = (containerName: string, operator: string, value: JsonValue) =>
    apply(object, { argsOverrider: [{ containerName, operator, value }] });
  const withArgs = (a: JsonValue, b: JsonValue) =>
    workload('Pod', [
      { name: 'a', args: a },
      { name: 'b', args: b },
    ]);
  assert.deepEqual(edit('a', 'add', ['y']), withArgs(['x', '%!s(int64=1)', 'y'], null));
  assert.deepEqual(edit('a', 'remove', ['x']), withArgs(['%!s(int64=1)'], null));
  assert.deepEqual(edit('b', 'add', ['y']), withArgs(['x', 1], ['y']));
  assert.deepEqual(edit('b', 'remove', ['y']), withArgs(['x', 1], []));
  assert.equal(edit('c', 'add', ['y']), object);
  assert.equal(
    apply(workload('Job', { a: 1 }), {
      commandOverrider: [{ containerName: 'a', operator: 'add' }],
    }),
    'failed to retrieves path(spec/template/spec/containers) from rawObj, error: .spec.template.spec.containers ' +
      'accessor error: map[a:1] is of the type map[string]interface {}, expected []interface{}',
  );
});

test('sets labels and annotations, and skips keys that are not there', () => {
  const object = { kind: 'K', metadata: { labels: { a: '1' } } };
  const labels = (operator: string, value: JsonValue) => {
    const result = apply(object, { labelsOverrider: [{ operator, value }] });
    return typeof result === 'string' ? result : (result['metadata'] as JsonObject)['labels'];
  };
  assert.deepEqual(labels('add', { a: '2', 'x/b': '3' }), { a: '2', 'x/b': '3' });
  assert.deepEqual(labels('replace', { a: '2', b: '3' }), { a: '2' });
  assert.deepEqual(labels('remove', { a: '', b: '' }), {});
  const item = { operator: 'add', value: { b: '1' } };
  const bare = { kind: 'K' };
  assert.deepEqual(apply(bare, { annotationsOverrider: [item] }), {
    kind: 'K',
    metadata: { annotations: { b: '1' } },
  });
  assert.deepEqual(apply({ kind: 'K', metadata: null }, { labelsOverrider: [item] }), {
    kind: 'K',
    metadata: null,
  });
  assert.deepEqual(
    apply({ kind: 'K', metadata: { labels: { a: 1 } } }, { labelsOverrider: [item] }),
    {
      kind: 'K',
      metadata: { labels: { b: '1' } },
    },
  );
});

test('patches documents inside strings', () => {
  const object = {
    kind: 'K',
    data: { json: '{"b":1.0,"a":"<"}', yaml: 'b: 017\na: yes # x\n', n: null },
  };
  const edit = (field: string, mode: string, operation: JsonValue) => {
    const fieldOverrider = [{ fieldPath: `/data/${field}`, [mode]: [operation] }];
    const result = apply(object, { fieldOverrider });
    return typeof result === 'string' ? `! ${result}` : (result['data'] as JsonObject)[field];
  };
  const addC = { subPath: '/c', operator: 'add', value: [1] };
  assert.equal(edit('json', 'json', addC), '{"b":1.0,"a":"\\u003c","c":[1]}');
  assert.equal(edit('yaml', 'yaml', addC), 'a: true\nb: 15\nc:\n- 1\n');
  assert.equal(edit('no', 'yaml', addC), '! object has no key "no": JSON pointer error');
  assert.equal(edit('n/x', 'yaml', addC), '! nil value has no field "x": JSON pointer error');
  assert.equal(edit('json/x', 'yaml', addC), '! invalid token reference "x": JSON pointer error');
  assert.equal(
    edit('n', 'yaml', addC),
    "! Get object's value by overrider's path(/data/n) is not string",
  );
  assert.equal(edit('json', 'none', addC), '');
});

test('shows the document that lost its kind', () => {
  const object = { metadata: { name: 'x<' }, kind: 'K', apiVersion: 'v1' };
  const plaintext = (path: string, operator: string, value: JsonValue) => [
    { path, operator, value },
  ];
  assert.equal(
    apply(object, {
      plaintext: [...plaintext('/0', 'add', { z: 1, a: 1 }), ...plaintext('/kind', 'remove', null)],
    }),
    `Object 'Kind' is missing in '{"apiVersion":"v1","metadata":{"name":"x\\u003c"},"0":{"a":1,"z":1}}'`,
  );
  assert.match(
    apply(object, { plaintext: plaintext('/apiVersion', 'replace', 'a/b/c') }) as string,
    /^Object 'Kind' is missing/,
  );
  assert.equal(
    apply(object, { plaintext: plaintext('', 'replace', [1]) }),
    'json: cannot unmarshal array into Go value of type map[string]interface {}',
  );
});

test('takes any overriders without throwing and changes no input', () => {
  const object = workload('Deployment', [{ name: 'a', image: 'x:1', args: ['x'] }]);
  const words = fc.constantFrom<JsonValue>(
    'add',
    'remove',
    'replace',
    '/spec',
    '/kind',
    '',
    '/metadata/labels/a',
    'Tag',
    'a',
    null,
    1,
    { a: 'b' },
  );
  const item = fc.dictionary(
    fc.constantFrom(
      'path',
      'operator',
      'value',
      'component',
      'predicate',
      'containerName',
      'fieldPath',
      'json',
      'yaml',
      'subPath',
    ),
    fc.oneof(words, fc.jsonValue() as fc.Arbitrary<JsonValue>),
    { noNullPrototype: true },
  );
  const overriders = fc.dictionary(
    fc.constantFrom(
      'plaintext',
      'imageOverrider',
      'commandOverrider',
      'argsOverrider',
      'labelsOverrider',
      'annotationsOverrider',
      'fieldOverrider',
    ),
    fc.oneof(fc.array(item, { maxLength: 3 }), fc.jsonValue() as fc.Arbitrary<JsonValue>),
    { noNullPrototype: true },
  );
  const before = structuredClone(object);
  fc.assert(
    fc.property(overriders, (value) => {
      const given = structuredClone(value);
      apply(object, value);
      assert.deepEqual(object, before);
      assert.deepEqual(value, given);
    }),
    { numRuns: 2000 },
  );
});
