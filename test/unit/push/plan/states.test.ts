import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { startFrom } from '../../../../src/push/plan/states.ts';
import type { PushGround, WorkState } from '../../../../src/push/index.ts';
import { groundOf, planeOf, propagation, release } from './ground.ts';

const key = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web';

/** A lazy policy's release on clusters whose Works hold what they did before it was changed. */
function lazyGround(clusters: readonly string[], held: (index: number) => JsonObject): PushGround {
  const lazy = propagation('lazy', ['web'], clusters, { activationPreference: 'Lazy' });
  const ground = groundOf(planeOf([release('web'), lazy], clusters));
  const states = clusters.map((name, index): [string, WorkState] => [
    name,
    {
      name: 'web',
      manifest: held(index),
      isHeld: false,
      preservesOnDeletion: false,
      isApplied: true,
    },
  ]);
  return { ...ground, works: new Map([[key, new Map(states)]]) };
}

function groupsIn({ live, works }: PushGround): readonly (readonly string[])[] {
  const { first } = startFrom(live, works, {});
  return (first.deliveries.get(key)?.variants ?? []).map(({ clusters }) => clusters);
}

const named = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

test('clusters whose Works hold the same are one group, however many groups there are', () => {
  for (const kinds of [1, 3, 8, 9, 20]) {
    const clusters = named(41);
    const groups = groupsIn(
      lazyGround(clusters, (index) => ({
        ...release('web', { kind: index % kinds }),
        metadata: {
          ...{ name: 'web', namespace: 'apps' },
          annotations: { 'work.karmada.io/namespace': `karmada-es-m${index}` },
        },
      })),
    );
    assert.deepEqual(
      groups,
      Array.from({ length: kinds }, (_, kind) =>
        clusters.filter((_name, index) => index % kinds === kind),
      ),
      `${kinds} kinds`,
    );
  }
});

test('a Work is not compared with those of all other clusters', () => {
  const readsOf = (count: number): number => {
    let reads = 0;
    const held = (index: number): JsonObject => {
      const { spec, ...rest } = release('web', { index });
      const manifest: JsonObject = { ...rest };
      Object.defineProperty(manifest, 'spec', {
        enumerable: true,
        get: () => {
          reads++;
          return spec;
        },
      });
      return manifest;
    };
    const ground = lazyGround(named(count), held);
    reads = 0;
    assert.equal(groupsIn(ground).length, count);
    return reads;
  };
  const [few, many] = [readsOf(100), readsOf(200)];
  assert.ok(many <= 2.2 * few, `${few} reads, then ${many}`);
});
