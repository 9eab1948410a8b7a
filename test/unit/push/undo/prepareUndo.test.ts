import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memberAt, withMember } from '../../../../src/engine/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { contentOf } from '../../../../src/push/run/objectContent.ts';
import { runPush } from '../../../../src/push/run/runPush.ts';
import { prepareUndo } from '../../../../src/push/undo/prepareUndo.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../../support/fakePushApi.ts';
import { changeTo, reviewOf } from '../../../support/pushReviews.ts';

function configMap(name: string, data: JsonObject, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', ...metadata },
    data,
  };
}

function scene() {
  const api = fakePushApi();
  const journals = memoryJournals();
  return { api, ports: { api, journals, clock: instantClock(), model: emptyPushModel() } };
}

function held(api: ReturnType<typeof fakePushApi>, name: string): JsonObject {
  return api.objects.get(`ConfigMap/default/${name}`) ?? assert.fail(`no ${name}`);
}

/** The same with one Secret whose values have owners, as a real server notes them, and which pushes write by titles. */
function secretScene() {
  const { api, ports } = scene();
  const secret = (data: JsonObject): JsonObject => ({ ...configMap('s', data), kind: 'Secret' });
  let time = 0;
  const owned = (object: JsonObject, manager: string, data: JsonObject): JsonObject => {
    time += 1;
    const fields = Object.keys(data).map((key) => [`f:${key}`, {}] as const);
    const entry = {
      ...{ manager, operation: 'Apply', apiVersion: 'v1', time: `2026-11-23T05:00:0${time}Z` },
      fieldsV1: { 'f:data': Object.fromEntries(fields) },
    };
    const metadata = object['metadata'] as JsonObject;
    return api.put({ ...object, metadata: { ...metadata, managedFields: [entry] } });
  };
  const { apply } = api;
  api.apply = async (reference, body, options) => {
    const answer = await apply(reference, body, options);
    if (options.dryRun === true) return answer;
    const data = answer.object['data'] as JsonObject;
    return { ...answer, object: owned(answer.object, 'vscode-karmada-flux', data) };
  };
  const held = () => api.objects.get('Secret/default/s');
  return {
    ...{ api, ports },
    push: async (title: string, data: JsonObject) => {
      const review = { ...reviewOf([changeTo(secret(data), held())]), title };
      const journal = await runPush(ports, review, { id: title });
      assert.equal(journal.state, 'done', title);
      return journal;
    },
    writtenBy: (manager: string, data: JsonObject) =>
      owned({ ...(held() ?? assert.fail('no Secret')), data }, manager, data),
  };
}

describe('prepareUndo', () => {
  it('refuses, field by field, where somebody else changed what was pushed', async () => {
    const { api, ports } = scene();
    const before = api.put(configMap('a', { mine: 'old', theirs: 'old' }));
    const change = changeTo(configMap('a', { mine: 'new', theirs: 'old' }), before);
    const journal = await runPush(ports, reviewOf([change]), { id: 'push' });
    api.put(withMember(held(api, 'a'), 'data', { mine: 'newer', theirs: 'old', more: '1' }));
    const undo = await prepareUndo(ports, journal);
    const [question] = undo.questions;
    assert.equal(question?.code, 'drifted');
    assert.equal(question.severity, 'blocked');
    assert.deepEqual(question.drift, [
      { field: 'data.mine', path: ['data', 'mine'], before: 'old', pushed: 'new', now: 'newer' },
    ]);
    const writes = api.writes.length;
    const refused = await runPush(ports, undo, { id: 'undo' });
    assert.equal(refused.problem, question.message);
    assert.equal(api.writes.length, writes, 'a blocked review was run');
  });

  it('leaves what somebody else changed beside what was pushed, and says so', async () => {
    const { api, ports } = scene();
    const before = api.put(configMap('a', { mine: 'old', theirs: 'old' }));
    const change = changeTo(configMap('a', { mine: 'new', theirs: 'old', added: '1' }), before);
    const journal = await runPush(ports, reviewOf([change]), { id: 'push' });
    const data = { mine: 'new', theirs: 'changed', added: '1', more: '1' };
    api.put(withMember(held(api, 'a'), 'data', data));
    const undo = await prepareUndo(ports, journal);
    assert.deepEqual(
      undo.questions.map(({ severity, message }) => `${severity}: ${message}`),
      [
        'warning: ConfigMap default/a was changed by someone else since the push beside what was pushed: data.theirs, data.more. That stays.',
      ],
    );
    const undone = await runPush(ports, undo, { id: 'undo' });
    assert.equal(undone.state, 'done');
    assert.deepEqual(held(api, 'a')['data'], { mine: 'old', theirs: 'changed', more: '1' });
    const redo = await prepareUndo(ports, undone);
    assert.equal((await runPush(ports, redo, { id: 'redo' })).state, 'done');
    assert.deepEqual(held(api, 'a')['data'], data);
  });

  it('refuses to delete what it created when somebody else has changed it', async () => {
    const { api, ports } = scene();
    const journal = await runPush(ports, reviewOf([changeTo(configMap('a', { key: 'new' }))]), {
      id: 'push',
    });
    api.put(withMember(held(api, 'a'), 'data', { key: 'new', more: '1' }));
    const undo = await prepareUndo(ports, journal);
    assert.deepEqual(undo.questions[0]?.drift, [
      { field: 'data.more', path: ['data', 'more'], now: '1' },
    ]);
    assert.deepEqual(undo.changes, []);
  });

  it('refuses to delete a Secret that it created and whose values somebody else has changed', async () => {
    const { api, ports } = scene();
    const secret = (value: string): JsonObject => ({
      ...configMap('s', { password: value }),
      kind: 'Secret',
    });
    const journal = await runPush(ports, reviewOf([changeTo(secret('YQ=='))]), { id: 'push' });
    assert.equal(journal.state, 'done');
    const untouched = await prepareUndo(ports, journal);
    assert.deepEqual(
      untouched.changes.map(({ type }) => type),
      ['delete'],
    );
    const pushed = api.objects.get('Secret/default/s') ?? assert.fail('no Secret');
    const theirs = {
      manager: 'helm',
      operation: 'Update',
      time: '2026-11-23T05:00:00Z',
      fieldsV1: { 'f:data': { 'f:password': {} } },
    };
    api.put({
      ...secret('Yg=='),
      metadata: { ...(pushed['metadata'] as JsonObject), managedFields: [theirs] },
    });
    const undo = await prepareUndo(ports, journal);
    assert.deepEqual(
      undo.questions.map(({ severity, code }) => `${severity} ${code}`),
      ['blocked drifted'],
    );
    assert.deepEqual(undo.changes, []);
  });

  it('deletes a Secret that it created and whose values later pushes have changed, and asks', async () => {
    const { api, ports, push } = secretScene();
    const created = await push('first.yaml', { password: 'YQ==' });
    const later = await push('second.yaml', { password: 'Yg==', more: 'Yg==' });
    const nothing = await prepareUndo(ports, later);
    assert.deepEqual(nothing.changes, []);
    await push('third.yaml', { password: 'Yw==', more: 'Yg==' });
    const undo = await prepareUndo(ports, created);
    assert.deepEqual(
      undo.questions.map(({ severity, message }) => `${severity}: ${message}`),
      [
        'confirm: Secret default/s has values of second.yaml, third.yaml, and is deleted with them.',
        'confirm: Deleting Secret default/s cannot be undone: values of Secrets are not kept.',
      ],
    );
    assert.deepEqual(
      undo.changes.map(({ type, reference }) => `${type} ${reference.kind}`),
      ['delete Secret'],
    );
    assert.equal((await runPush(ports, undo, { id: 'undo' })).state, 'done');
    assert.equal(api.objects.has('Secret/default/s'), false);
  });

  it('refuses to delete a Secret where somebody else wrote a value before or after a later push', async () => {
    for (const order of ['before', 'after', 'unknown']) {
      const { ports, push, writtenBy } = secretScene();
      const created = await push('first.yaml', { password: 'YQ==', user: 'YQ==' });
      if (order === 'before') writtenBy('helm', { password: 'Yg==', user: 'YQ==' });
      if (order !== 'unknown') await push('second.yaml', { password: 'Yw==', user: 'YQ==' });
      if (order === 'after') writtenBy('helm', { password: 'ZA==', user: 'YQ==' });
      // Our own name, and no journal: another machine.
      if (order === 'unknown') writtenBy('vscode-karmada-flux', { password: 'Yg==' });
      const undo = await prepareUndo(ports, created);
      const [question] = undo.questions;
      assert.equal(question?.severity, 'blocked', order);
      assert.match(
        question.message,
        /^Secret default\/s was changed since the push: data\.password.*Delete it by itself if it is to go\.$/,
      );
      assert.deepEqual(question.drift?.[0], {
        ...{ field: 'data.password', path: ['data', 'password'] },
        ...{ pushed: '***', now: '***' },
      });
      assert.deepEqual(undo.changes, []);
    }
  });

  it('refuses to delete a Secret where somebody else changed something beside its values', async () => {
    const { api, ports, push } = secretScene();
    const created = await push('first.yaml', { password: 'YQ==' });
    await push('second.yaml', { password: 'Yg==' });
    const now = api.objects.get('Secret/default/s') ?? assert.fail('no Secret');
    api.put({
      ...now,
      metadata: { ...(now['metadata'] as JsonObject), labels: { app: 'theirs' } },
    });
    const undo = await prepareUndo(ports, created);
    assert.deepEqual(undo.questions[0]?.drift, [
      {
        ...{ field: 'metadata.labels', path: ['metadata', 'labels'] },
        now: { app: 'theirs' },
      },
    ]);
    assert.deepEqual(undo.changes, []);
  });

  it('leaves what Karmada noted since, and its status', async () => {
    const { api, ports } = scene();
    const before = api.put(configMap('a', { key: 'old' }, { labels: { app: 'x' } }));
    const journal = await runPush(
      ports,
      reviewOf([changeTo(configMap('a', { key: 'new' }), before)]),
      { id: 'push' },
    );
    const id = 'propagationpolicy.karmada.io/permanent-id';
    const metadata = {
      ...(held(api, 'a')['metadata'] as JsonObject),
      labels: { app: 'x', [id]: '123' },
      finalizers: ['karmada.io/some-controller'],
    };
    api.put({ ...held(api, 'a'), metadata, status: { seen: true } });
    const undo = await prepareUndo(ports, journal);
    assert.deepEqual(undo.questions, []);
    const undone = await runPush(ports, undo, { id: 'undo' });
    assert.equal(undone.state, 'done');
    assert.deepEqual(contentOf(held(api, 'a')), contentOf(before));
    assert.deepEqual(memberAt(held(api, 'a'), 'metadata', 'labels'), { app: 'x', [id]: '123' });
    assert.deepEqual(held(api, 'a')['status'], { seen: true });
    assert.deepEqual(memberAt(held(api, 'a'), 'metadata', 'finalizers'), [
      'karmada.io/some-controller',
    ]);
  });

  it('says that the values of a Secret stay as they were pushed, and puts the rest back', async () => {
    const { api, ports } = scene();
    const secret = (value: string, labels: JsonObject): JsonObject => ({
      ...configMap('s', { password: value }, { labels }),
      kind: 'Secret',
    });
    const before = api.put(secret('b2xk', { app: 'old' }));
    const review = reviewOf([
      changeTo(secret('bmV3', { app: 'new' }), { ...before, data: { password: null } }),
      changeTo(configMap('a', { key: 'new' })),
    ]);
    const journal = await runPush(ports, review, { id: 'push' });
    const kept = ports.journals.texts.get('push') ?? '';
    assert.ok(!kept.includes('b2xk') && !kept.includes('bmV3'), 'a value is in the journal');
    const undo = await prepareUndo(ports, journal);
    assert.deepEqual(
      undo.questions.map(({ code, severity }) => [code, severity]),
      [['secret-not-undoable', 'confirm']],
    );
    assert.deepEqual(
      undo.changes.map(({ type, reference }) => [type, reference.kind]),
      [
        ['delete', 'ConfigMap'],
        ['change', 'Secret'],
      ],
    );
    const undone = await runPush(ports, undo, { id: 'undo' });
    assert.equal(undone.state, 'done');
    const now = api.objects.get('Secret/default/s');
    assert.deepEqual(now?.['data'], { password: 'bmV3' });
    assert.deepEqual(memberAt(now, 'metadata', 'labels'), { app: 'old' });
    const texts = JSON.stringify([undo, ports.journals.texts.get('undo')]);
    assert.ok(!texts.includes('bmV3'), 'a value is in the review or the journal');
  });

  it('leaves alone what somebody deleted and created again', async () => {
    const { api, ports } = scene();
    const journal = await runPush(ports, reviewOf([changeTo(configMap('a', { key: 'new' }))]), {
      id: 'push',
    });
    api.objects.delete('ConfigMap/default/a');
    api.put(configMap('a', { key: 'new' }, { uid: 'another' }));
    const undo = await prepareUndo(ports, journal);
    assert.equal(undo.questions[0]?.code, 'drifted');
    assert.deepEqual(undo.changes, []);
  });

  it('asks before it deletes what somebody else has come to write as well', async () => {
    const { api, ports } = scene();
    const change = changeTo(configMap('a', { key: 'new' }));
    const journal = await runPush(ports, reviewOf([change]), { id: 'push' });
    const writtenBy = (...managers: readonly string[]) => {
      const metadata = held(api, 'a')['metadata'] as JsonObject;
      const managedFields = managers.map((manager) => ({ manager, operation: 'Apply' }));
      api.put({ ...held(api, 'a'), metadata: { ...metadata, managedFields } });
    };
    writtenBy('vscode-karmada-flux', 'kustomize-controller', 'karmada-controller-manager');
    const undo = await prepareUndo(ports, journal);
    assert.deepEqual(
      undo.questions.map(({ severity, message }) => `${severity}: ${message}`),
      [
        'confirm: ConfigMap default/a is written by kustomize-controller as well since the push, and is deleted all the same.',
      ],
    );
    assert.deepEqual(
      undo.changes.map(({ type }) => type),
      ['delete'],
    );
    writtenBy('vscode-karmada-flux', 'karmada-controller-manager');
    assert.deepEqual((await prepareUndo(ports, journal)).questions, []);
  });

  it('puts nothing back into what is being deleted', async () => {
    const { api, ports } = scene();
    const before = api.put(configMap('a', { key: 'old' }));
    const change = changeTo(configMap('a', { key: 'new' }), before);
    const journal = await runPush(ports, reviewOf([change]), { id: 'push' });
    const deletionTimestamp = '2026-11-23T05:00:00Z';
    const metadata = { ...(held(api, 'a')['metadata'] as JsonObject), deletionTimestamp };
    api.put({ ...held(api, 'a'), metadata });
    const undo = await prepareUndo(ports, journal);
    assert.match(undo.questions[0]?.message ?? '', /^ConfigMap default\/a is being deleted\./);
    assert.deepEqual(undo.changes, []);
  });
});
