import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObject, member, stringMember, type JsonObject } from '../../../../src/engine/index.ts';
import { KubeError } from '../../../../src/live/index.ts';
import { setCordoned } from '../../../../src/vscode/acting/cordonCluster.ts';

const conflict = new KubeError('conflict', 'the object has been modified', { status: 409 });
const taint = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' };

/** A server with one cluster that somebody else writes to `busy` times, each right after it was read. */
function server(busy: number, taints: readonly JsonObject[] = []) {
  let version = 1;
  let writes = 0;
  let spec: JsonObject = { taints };
  return {
    get: async () => {
      const object = { metadata: { name: 'member1', resourceVersion: String(version) }, spec };
      if (writes++ < busy) {
        version += 1;
        spec = { taints: [...(spec['taints'] as readonly JsonObject[]), { key: `t${writes}` }] };
      }
      return object;
    },
    patch: async (_reference: unknown, patch: JsonObject) => {
      const metadata = member(patch, 'metadata');
      if (stringMember(metadata, 'resourceVersion') !== String(version)) throw conflict;
      const changed = member(patch, 'spec');
      assert.ok(isObject(changed));
      spec = changed;
      return {};
    },
    taints: () => spec['taints'],
  };
}

test('Tries again when the cluster was written to, and loses nothing', async () => {
  const busy = server(3);
  assert.equal(await setCordoned(busy, 'member1', 'cordoned'), true);
  assert.deepEqual(busy.taints(), [{ key: 't1' }, { key: 't2' }, { key: 't3' }, taint]);
});

test('Gives up on a cluster that changes all the time', async () => {
  await assert.rejects(setCordoned(server(100), 'member1', 'cordoned'), { reason: 'conflict' });
});

test('Says when there is nothing to change', async () => {
  assert.equal(await setCordoned(server(0, [taint]), 'member1', 'cordoned'), false);
  assert.equal(await setCordoned(server(0), 'member1', 'schedulable'), false);
});

test('Other failures are not tried again', async () => {
  let reads = 0;
  const forbidding = {
    get: async () => {
      reads += 1;
      return { metadata: {}, spec: {} };
    },
    patch: () => Promise.reject(new KubeError('forbidden', 'no')),
  };
  await assert.rejects(setCordoned(forbidding, 'member1', 'cordoned'), { reason: 'forbidden' });
  assert.equal(reads, 1);
});
