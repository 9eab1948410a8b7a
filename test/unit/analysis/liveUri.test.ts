import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromLiveQuery, toLiveUri, type LiveObjectName } from '../../../src/analysis/index.ts';

const decoded = (object: LiveObjectName) =>
  fromLiveQuery(decodeURIComponent(new URL(toLiveUri(object)).search.slice(1)));

test('the URI of a live object leads back to it', () => {
  const part = fc.string({ unit: 'grapheme-composite' });
  const any = fc.record({
    context: part,
    apiVersion: part,
    kind: part,
    namespace: part,
    name: part,
  });
  fc.assert(fc.property(any, (object) => assert.deepEqual(decoded(object), { ...object })));
  fc.assert(
    fc.property(any, part, (object, cluster) => {
      const named = cluster === '' ? { ...object } : { ...object, cluster };
      assert.deepEqual(decoded(named), named);
    }),
  );
});

test('a member and the control plane have documents of their own', () => {
  const object = { context: 'c', apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'apps' };
  assert.notEqual(toLiveUri(object), toLiveUri({ ...object, cluster: 'member1' }));
  assert.equal(decoded({ ...object, name: '\ud800' })?.name, '\ud800');
});

test('what is none of ours is not taken for an object', () => {
  for (const query of ['', '{}', '[]', '["a","b","c","d","e"]', '["a","b","c","d","e",1]', '[']) {
    assert.equal(fromLiveQuery(query), undefined, query);
  }
});
