import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cluster, open, overridePolicy, propagation, release } from '../../../support/documents.ts';

const documents = {
  'fleet.yaml': cluster('member1') + cluster('member2'),
  'policy.yaml': propagation,
  'release.yaml': release,
};

function hints(override: string, clusterName = 'member1', more: { [uri: string]: string } = {}) {
  const workspace = open({ ...documents, 'override.yaml': override, ...more });
  return workspace
    .inlayHints('release.yaml', clusterName)
    .map(({ position, label }) => `${position.line}:${position.character} ${label}`);
}

describe('inlay hints', () => {
  const replicas = overridePolicy('member1', '/spec/values/replicaCount', '2', 'replace');

  it('show the result behind a value that changes, on the cluster in focus only', () => {
    assert.deepEqual(hints(replicas), ['12:19 → 2']);
    assert.deepEqual(hints(replicas, 'member2'), []);
    assert.deepEqual(hints(replicas, ''), []);
  });

  it('say who does it', () => {
    const workspace = open({ ...documents, 'override.yaml': replicas });
    const [hint] = workspace.inlayHints('release.yaml', 'member1');
    assert.equal(
      hint?.tooltip,
      'Changed for member1 by OverridePolicy apps/change, rule 1, plaintext 1.',
    );
  });

  it('show what is added behind the key that holds it, and what is removed', () => {
    const added = overridePolicy('member1', '/spec/values/image', '{ tag: "1" }');
    assert.deepEqual(hints(added), ['11:9 + image: {tag: "1"}']);
    const removed = overridePolicy('member1', '/spec/values/replicaCount', '0', 'remove');
    assert.deepEqual(hints(removed), ['12:19 → removed']);
  });

  it('say at the name that the cluster gets nothing', () => {
    assert.deepEqual(hints(replicas, 'member7'), ['3:15 not on member7']);
    const failing = overridePolicy('member1', '/spec/none/x', '1', 'replace');
    assert.deepEqual(hints(failing), ['3:15 fails on member1']);
  });

  it('show nothing of what nobody propagates', () => {
    assert.deepEqual(hints(replicas, 'member1', { 'policy.yaml': 'a: 1' }), []);
  });

  it('never show what a Secret holds', () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: apps\nstringData:\n  a: one\n';
    const shown = hints(overridePolicy('member1', '/stringData/a', 'two', 'replace'), 'member1', {
      'release.yaml': secret,
    });
    assert.deepEqual(shown, ['6:8 → ***']);
  });
});
