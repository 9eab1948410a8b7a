import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { releaseIdentity, shortenReleaseName } from '../../../src/engine/releaseIdentity.ts';
import { sha256 } from '../../../src/engine/sha256.ts';
import type { JsonObject } from '../../../src/engine/types.ts';

function release(spec: JsonObject): JsonObject {
  return { metadata: { name: 'web', namespace: 'team' }, spec };
}

test('names a release after its object', () => {
  assert.deepEqual(releaseIdentity(release({})), {
    releaseName: 'web',
    fullName: 'web',
    targetNamespace: 'team',
    storageNamespace: 'team',
  });
});

test('puts the target namespace before the name, but not before a given name', () => {
  const composed = releaseIdentity(release({ targetNamespace: 'apps' }));
  assert.equal(composed.releaseName, 'apps-web');
  assert.equal(composed.targetNamespace, 'apps');
  assert.equal(composed.storageNamespace, 'team');
  const given = releaseIdentity(release({ targetNamespace: 'apps', releaseName: 'shop' }));
  assert.equal(given.releaseName, 'shop');
});

test('finds the generated HelmChart beside its source', () => {
  const here = release({ chart: { spec: { sourceRef: { kind: 'HelmRepository', name: 'r' } } } });
  assert.deepEqual(releaseIdentity(here).helmChart, { namespace: 'team', name: 'team-web' });
  const there = release({
    chart: { spec: { sourceRef: { name: 'r', namespace: 'flux-system' } } },
  });
  assert.deepEqual(releaseIdentity(there).helmChart, {
    namespace: 'flux-system',
    name: 'team-web',
  });
});

test('shortens names that are too long for Helm, as helm-controller does', () => {
  assert.equal(
    shortenReleaseName('release-name-with-very-long-name-which-is-longer-than-53-characters'),
    'release-name-with-very-long-name-which-i-788ca0d0d7b0',
  );
  assert.equal(shortenReleaseName('a'.repeat(53)), 'a'.repeat(53));
  assert.equal(shortenReleaseName('a'.repeat(54)).length, 53);
});

test('takes anything for an object', () => {
  for (const object of [{}, { spec: [] }, { metadata: null, spec: { releaseName: 3 } }]) {
    assert.equal(releaseIdentity(object).releaseName, '');
  }
});

test('computes SHA-256', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      assert.equal(sha256(text), createHash('sha256').update(text, 'utf8').digest('hex'));
    }),
  );
});
