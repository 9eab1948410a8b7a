import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { prepareUndo, preparePush, runPush } from '../../../../src/push/index.ts';
import type { Journal } from '../../../../src/push/index.ts';
import { newestToUndo, passedText } from '../../../../src/vscode/push/newestToUndo.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../../support/fakePushApi.ts';
import { toSource } from '../../../support/pushReview.ts';

const object = (kind: string, value: string) => ({
  apiVersion: 'v1',
  ...{ kind, metadata: { name: 'web', namespace: 'apps' } },
  data: { a: value },
});

/** A control plane with a Secret of ours, and what pushes to it by titles and takes that back. */
function pushing() {
  const api = fakePushApi();
  api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } });
  const fieldsV1 = { 'f:data': { 'f:a': {} } };
  const owner = { manager: 'vscode-karmada-flux', operation: 'Apply', apiVersion: 'v1', fieldsV1 };
  const secret = object('Secret', 'MQ==');
  api.put({ ...secret, metadata: { ...secret.metadata, managedFields: [owner] } });
  // The server in memory keeps no fields of owners.
  const { apply } = api;
  api.apply = async (reference, body, options) => {
    const answer = await apply(reference, body, options);
    if (reference.kind !== 'Secret') return answer;
    const metadata = { ...(answer.object['metadata'] as JsonObject), managedFields: [owner] };
    const owned = { ...answer.object, metadata };
    api.objects.set('Secret/apps/web', owned);
    return { ...answer, object: owned };
  };
  const ports = {
    ...{ api, clock: instantClock() },
    ...{ model: emptyPushModel(), journals: memoryJournals() },
  };
  const push = async (title: string, kind: string, value: string): Promise<Journal> => {
    const sources = [toSource(object(kind, value))];
    const about = { title, context: 'test', server: 'https://test' };
    const review = await preparePush(ports, { sources, ...about });
    const journal = await runPush(ports, review, { id: title });
    assert.equal(journal.state, 'done', title);
    return journal;
  };
  return { push, undo: (journal: Journal) => prepareUndo(ports, journal) };
}

test('A push of values of a Secret alone does not hide those before it', async () => {
  const { push, undo } = pushing();
  const config = await push('config.yaml', 'ConfigMap', '1');
  const values = await push('values.yaml', 'Secret', 'Mg==');
  const again = await push('again.yaml', 'Secret', 'Mw==');
  const { review, passed, isCutShort } = await newestToUndo([again, values, config], undo);
  assert.equal(review?.undoes, 'config.yaml');
  assert.equal(isCutShort, false);
  assert.equal(
    passedText(passed),
    'Nothing is left to undo of again.yaml, values.yaml. Secret apps/web keeps the values that were pushed: values of Secrets are not kept.',
  );
});

test('A push is passed over only where nothing stands in the way of its undo', async () => {
  const { push, undo } = pushing();
  const first = await push('first.yaml', 'ConfigMap', '1');
  const second = await push('second.yaml', 'ConfigMap', '2');
  await push('third.yaml', 'ConfigMap', '3');
  const { review, passed } = await newestToUndo([second, first], undo);
  assert.equal(review?.undoes, 'second.yaml');
  assert.deepEqual(
    [review?.questions.map(({ code }) => code), review?.steps, passed],
    [['drifted'], [], []],
  );
});

test('A look for a push to undo ends where a review is not made, or where all are passed over', async () => {
  const { push, undo } = pushing();
  const config = await push('config.yaml', 'ConfigMap', '1');
  const values = await push('values.yaml', 'Secret', 'Mg==');
  const cut = await newestToUndo([values, config], (journal) =>
    journal === values ? undo(journal) : Promise.resolve(undefined),
  );
  assert.deepEqual([cut.review, cut.passed.length, cut.isCutShort], [undefined, 1, true]);
  const all = await newestToUndo([values], undo);
  assert.deepEqual([all.review, all.passed.length, all.isCutShort], [undefined, 1, false]);
  assert.equal(passedText([]), '');
});
