import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fieldsLackingIn,
  findSchema,
  karmadaReleaseOf,
  schemaDifferences,
} from '../../../../src/engine/index.ts';
import type { FieldDifference, JsonObject, Schema } from '../../../../src/engine/index.ts';

const kinds = [
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
];

/** A table as an API server writes it. */
function written(schema: Schema): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}

/** The schemas of a release, which are the tables without what it lacks. */
function schemasOf(version: string): Map<string, JsonObject> {
  const lacking = fieldsLackingIn(version);
  return new Map(
    kinds.map((kind) => {
      const table = findSchema('policy.karmada.io/v1alpha1', kind);
      assert.ok(table);
      const schema = written(table.schema);
      for (const difference of lacking.get(kind) ?? []) take(schema, difference);
      return [kind, schema];
    }),
  );
}

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  enum?: string[];
}

function take(schema: JsonObject, { path, values }: FieldDifference): void {
  const steps = path.split('.');
  const name = steps.pop() ?? '';
  let node = schema as Node;
  for (const step of steps) {
    const next = node.properties?.[step.replace('[]', '')];
    node = (step.endsWith('[]') ? next?.items : next) ?? {};
  }
  const field = node.properties?.[name];
  assert.ok(field, path);
  if (values) field.enum = (field.enum ?? []).filter((value) => !values.includes(value));
  else delete node.properties?.[name];
}

/** What discovery tells beside the policies. */
const kindsOf = (minor: number): Set<string> =>
  new Set([
    ...(minor >= 9 ? ['remedy.karmada.io/Remedy'] : []),
    ...(minor >= 10 ? ['apps.karmada.io/WorkloadRebalancer'] : []),
    ...(minor >= 14 ? ['policy.karmada.io/ClusterTaintPolicy'] : []),
  ]);

test('every release since 1.11 is told by what it lacks', () => {
  const minors = Array.from({ length: 9 }, (_, i) => i + 11);
  const told = minors.map((minor) => karmadaReleaseOf(schemasOf(`1.${minor}`), kindsOf(minor)));
  assert.deepEqual(told, [
    '1.11',
    '1.12',
    '1.13',
    '1.14',
    '1.15 to 1.16',
    '1.15 to 1.16',
    '1.17',
    '1.18',
    '1.19 or newer',
  ]);
});

test('older releases take any purge mode', () => {
  const told = [3, 5, 8, 9, 10].map((minor) => {
    const schemas = schemasOf(`1.${minor}`);
    for (const schema of schemas.values()) {
      const { failover } = (schema as Node).properties?.['spec']?.properties ?? {};
      delete failover?.properties?.['application']?.properties?.['purgeMode']?.enum;
    }
    return karmadaReleaseOf(schemas, kindsOf(minor));
  });
  assert.deepEqual(told, ['1.3 or older', '1.5', '1.7 to 1.8', '1.9', '1.10']);
});

test('releases whose policies are the same are told by other kinds, if these are there', () => {
  assert.equal(karmadaReleaseOf(schemasOf('1.13'), kindsOf(0)), '1.13 to 1.14');
  assert.equal(karmadaReleaseOf(schemasOf('1.18'), kindsOf(0)), '1.18');
});

test('a part of the kinds is enough to say what they say', () => {
  const [propagation, , override] = schemasOf('1.17');
  assert.equal(karmadaReleaseOf(new Map(propagation && [propagation]), kindsOf(17)), '1.17');
  assert.equal(karmadaReleaseOf(new Map(override && [override]), kindsOf(17)), '1.14 or newer');
  assert.equal(karmadaReleaseOf(new Map(), kindsOf(17)), '');
});

test('schemas of no release are told as none, with what differs', () => {
  const schemas = schemasOf('1.18');
  const path = 'spec.suspension';
  for (const schema of schemas.values()) {
    const { properties } = (schema as Node).properties?.['spec'] ?? {};
    delete properties?.['suspension'];
  }
  assert.equal(karmadaReleaseOf(schemas, kindsOf(18)), '');
  const { lacking, unknown } = schemaDifferences(schemas);
  assert.deepEqual([...lacking.keys()], ['PropagationPolicy', 'ClusterPropagationPolicy']);
  assert.deepEqual(lacking.get('PropagationPolicy'), [{ path }]);
  assert.equal(unknown.size, 0);
});

test('nothing differs from the tables themselves, and what a release lacks is found', () => {
  for (const version of ['1.18', '1.17', '1.14', '1.12', '1.8', '1.3']) {
    const { lacking, unknown } = schemaDifferences(schemasOf(version));
    assert.equal(unknown.size, 0);
    const sorted = (list: readonly FieldDifference[] = []): readonly string[] =>
      list.map((each) => JSON.stringify(each)).sort();
    for (const kind of kinds) {
      assert.deepEqual(sorted(lacking.get(kind)), sorted(fieldsLackingIn(version).get(kind)));
    }
  }
});

test('fields, types and choices that only the server has are unknown', () => {
  const schemas = schemasOf('1.18');
  const spec = (schemas.get('PropagationPolicy') as Node).properties?.['spec']?.properties ?? {};
  Object.assign(spec, { newer: { type: 'object', properties: { deep: {} } } });
  Object.assign(spec, { priority: { type: 'string' } });
  spec['preemption']?.enum?.push('Sometimes');
  assert.deepEqual(
    new Set(schemaDifferences(schemas).unknown.get('PropagationPolicy')),
    new Set([
      { path: 'spec.newer' },
      { path: 'spec.priority' },
      { path: 'spec.preemption', values: ['Sometimes'] },
    ]),
  );
});

test('what is no schema says nothing', () => {
  const odd: JsonObject[] = [
    {},
    { properties: null },
    { properties: { spec: { properties: [] } } },
    { properties: { spec: { $ref: '#/x', properties: {} } } },
  ];
  for (const schema of odd) {
    assert.deepEqual(schemaDifferences(new Map([['PropagationPolicy', schema]])), {
      lacking: new Map(),
      unknown: new Map(),
    });
  }
  for (const version of ['', 'latest', '2.0', 'v']) assert.equal(fieldsLackingIn(version).size, 0);
  assert.equal(fieldsLackingIn('1.15 to 1.16'), fieldsLackingIn('v1.15.2'));
});
