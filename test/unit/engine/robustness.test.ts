import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { admit, override, preview, validate } from '../../../src/door.ts';
import type { JsonObject } from '../../../src/door.ts';
import { generateScenario } from '../../support/scenario.ts';

const scenario = fc.integer({ min: 0 }).map((seed) => ({ seed, objects: generateScenario(seed) }));

test('no control plane makes the engine throw or change its input', () => {
  fc.assert(
    fc.property(scenario, ({ objects }) => {
      const before = structuredClone(objects);
      preview(objects);
      override(objects);
      for (const object of objects) {
        admit(object);
        validate(object);
      }
      assert.deepStrictEqual(objects, before);
    }),
    { numRuns: 400 },
  );
});

test('every chosen cluster is in exactly one variant', () => {
  fc.assert(
    fc.property(scenario, ({ objects }) => {
      for (const { clusters = [], variants } of preview(objects)) {
        assert.deepEqual(
          variants.flatMap((variant) => [...variant.clusters]).sort(),
          [...clusters].sort(),
        );
      }
    }),
    { numRuns: 400 },
  );
});

test('no JSON at all makes the engine throw', () => {
  const values = fc.array(fc.object({ withBigInt: true, withNullPrototype: true, maxDepth: 4 }));
  fc.assert(
    fc.property(values, (objects) => {
      preview(objects as JsonObject[]);
      override(objects as JsonObject[]);
      for (const object of objects as JsonObject[]) {
        admit(object);
        validate(object);
      }
    }),
    { numRuns: 300 },
  );
});

test('an object that was changed in place between two calls is read anew', () => {
  const [cluster, template, policy, override] = [
    { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'm1' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'n' }, data: {} },
    {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: { name: 'p', namespace: 'n' },
      spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap' }], placement: {} },
    },
    {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'ClusterOverridePolicy',
      metadata: { name: 'o' },
      spec: { overrideRules: [{ overriders: { plaintext: [] as JsonObject[] } }] },
    },
  ];
  const served = { groupVersion: 'v1', resources: [{ kind: 'ConfigMap', name: 'configmaps' }] };
  Object.assign(cluster, { status: { apiEnablements: [served] } });
  const objects = [cluster, template, policy, override] as JsonObject[];
  assert.deepEqual(preview(objects)[0]?.variants[0]?.manifest?.['data'], {});
  const item = { path: '/data/a', operator: 'add', value: 'b' };
  (
    override as typeof override & {
      spec: { overrideRules: { overriders: { plaintext: unknown[] } }[] };
    }
  ).spec.overrideRules[0]?.overriders.plaintext.push(item);
  assert.deepEqual(preview(objects)[0]?.variants[0]?.manifest?.['data'], { a: 'b' });
});

test('answers about what nests too deep, has no name or is no list at all', () => {
  let data: JsonObject = {};
  for (let i = 0; i < 100_000; i++) data = { a: data };
  const deep = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data };
  for (const answer of [preview, override]) {
    assert.deepEqual(answer([deep, { kind: 'ConfigMap' }, {}]), []);
    assert.deepEqual(answer(null as unknown as JsonObject[]), []);
  }
});
