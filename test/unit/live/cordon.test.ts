import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/engine/index.ts';
import { cordonPatch, isCordoned } from '../../../src/live/index.ts';

const taint = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' };
const other = { key: 'cluster.karmada.io/not-ready', effect: 'NoSchedule' };
const sameKey = { key: taint.key, effect: 'NoExecute' };

const cluster = (...taints: readonly JsonObject[]): JsonObject => ({
  metadata: { name: 'member1', resourceVersion: '42' },
  spec: { syncMode: 'Push', ...(taints.length > 0 ? { taints } : {}) },
});

test('Cordons with the taint of karmadactl, beside other taints and only against the version read', () => {
  const metadata = { resourceVersion: '42' };
  assert.deepEqual(cordonPatch(cluster(), 'cordoned'), { metadata, spec: { taints: [taint] } });
  assert.deepEqual(cordonPatch(cluster(other, sameKey), 'cordoned'), {
    metadata,
    spec: { taints: [other, sameKey, taint] },
  });
  assert.deepEqual(cordonPatch(cluster(taint, other), 'schedulable'), {
    metadata,
    spec: { taints: [other] },
  });
});

test('Changes nothing when it is so already', () => {
  assert.equal(cordonPatch(cluster({ ...taint, value: 'x' }, other), 'cordoned'), undefined);
  assert.equal(cordonPatch(cluster(other, sameKey), 'schedulable'), undefined);
});

test('Tells a cordoned cluster by key and effect', () => {
  assert.equal(isCordoned([other, taint]), true);
  assert.equal(isCordoned([other, sameKey]), false);
});

test('Survives clusters of any shape', () => {
  for (const odd of [{}, { spec: 7 }, { spec: { taints: [null, 3, 'x'] } }]) {
    assert.ok(cordonPatch(odd, 'cordoned'));
    assert.equal(cordonPatch(odd, 'schedulable'), undefined);
  }
});
