import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkPush,
  prepareDispatch,
  preparePush,
  prepareUndo,
  resumePush,
  runPush,
} from '../../../src/push/index.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../support/fakePushApi.ts';
import { toSource } from '../../support/pushReview.ts';

const object = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'apps' },
  data: { a: '1' },
});

/** A push of two objects that stops before the second one, to a control plane whose identity may not be known. */
async function stopped(uid: string | undefined) {
  const api = fakePushApi();
  const identify = (id: string) =>
    api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid: id } });
  if (uid !== undefined) identify(uid);
  const ports = {
    ...{ api, clock: instantClock() },
    ...{ model: emptyPushModel(), journals: memoryJournals() },
  };
  const review = await preparePush(ports, {
    sources: [object('a'), object('b')].map(toSource),
    ...{ title: 'test', context: 'test', server: 'https://test' },
  });
  api.fault = (_when, write) => {
    if (write.endsWith('/b')) throw new Error('The window is closed.');
  };
  const journal = await runPush(ports, review, { id: 'push' });
  api.fault = undefined;
  assert.equal(journal.state, 'stopped');
  return { api, ports, journal, identify };
}

describe('another control plane at the address of one that was pushed to', () => {
  it('is neither pushed on to nor taken anything back from', async () => {
    const { api, ports, journal, identify } = await stopped('first');
    api.objects.clear();
    identify('second');
    const kept = ports.journals.texts.get('push');
    const sentence = /^Another control plane answers at https:\/\/test/;
    for (const again of [await resumePush(ports, journal, {}), await checkPush(ports, journal)]) {
      assert.match(again.problem ?? '', sentence);
      assert.deepEqual(again.states, journal.states);
    }
    await assert.rejects(prepareUndo(ports, journal), { message: sentence });
    assert.deepEqual(api.writes, ['apply ConfigMap/apps/a']);
    assert.equal(ports.journals.texts.get('push'), kept);
  });

  it('is told from the same one', async () => {
    const { ports, journal } = await stopped('first');
    const done = await resumePush(ports, journal, {});
    assert.equal(done.state, 'done');
    assert.deepEqual(
      (await prepareUndo(ports, done)).changes.map(({ type }) => type),
      ['delete', 'delete'],
    );
  });

  it('is not looked for where it cannot be told', async () => {
    const { ports, journal, identify } = await stopped(undefined);
    identify('second');
    assert.equal((await resumePush(ports, journal, {})).state, 'done');
  });

  for (const action of ['hold', 'resume'] as const) {
    it(`gets neither a ${action} of dispatch that stopped elsewhere nor its undo`, async () => {
      const api = fakePushApi();
      const identify = (uid: string) =>
        api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } });
      identify('first');
      const reference = {
        apiVersion: 'policy.karmada.io/v1alpha1',
        ...{ kind: 'PropagationPolicy', namespace: 'apps', name: 'spread' },
      };
      const { apiVersion, kind, ...metadata } = reference;
      const held = action === 'resume' ? { suspension: { dispatching: true } } : {};
      const managedFields = [
        { manager: 'vscode-karmada-flux-hold', fieldsV1: { 'f:spec': { 'f:suspension': {} } } },
      ];
      const made = { apiVersion, kind, metadata: { ...metadata, managedFields }, spec: held };
      api.put(made);
      const ports = {
        ...{ api, clock: instantClock() },
        ...{ model: emptyPushModel(), journals: memoryJournals() },
      };
      const review = await prepareDispatch(ports, {
        ...{ action, policies: [reference], clusters: 'all', templates: [] },
        ...{ context: 'test', server: 'https://test' },
      });
      assert.equal(review.plane, 'first');
      api.fault = () => {
        throw new Error('The window is closed.');
      };
      const journal = await runPush(ports, review, { id: 'dispatch' });
      api.fault = undefined;
      assert.equal(journal.state, 'stopped');
      identify('second');
      const sentence = /^Another control plane answers at https:\/\/test/;
      assert.match((await resumePush(ports, journal, {})).problem ?? '', sentence);
      await assert.rejects(prepareUndo(ports, journal), { message: sentence });
      assert.deepEqual(api.writes, []);
    });
  }
});
