import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { KubeError } from '../../../../src/live/index.ts';
import { readJournal } from '../../../../src/push/journal.ts';
import { accountOf } from '../../../../src/push/run/accountOf.ts';
import { checkPush, resumePush, runPush } from '../../../../src/push/run/runPush.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../../support/fakePushApi.ts';
import { changeTo, reviewOf, withSteps } from '../../../support/pushReviews.ts';

function object(kind: string, name: string, value: string): JsonObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'default' }, data: { value } };
}

function scene() {
  const api = fakePushApi();
  return {
    api,
    ports: { api, journals: memoryJournals(), clock: instantClock(), model: emptyPushModel() },
  };
}

function refuseOnce(api: ReturnType<typeof fakePushApi>, write: string): void {
  api.fault = (when, at) => {
    if (when !== 'before' || at !== write) return;
    api.fault = undefined;
    throw new KubeError('forbidden', 'The server forbids it.', { status: 403 });
  };
}

describe('resumePush', () => {
  it('takes a Secret from its document again, and only if the rest of it is as reviewed', async () => {
    const { api, ports } = scene();
    const change = changeTo(object('Secret', 's', 'c2VjcmV0'));
    refuseOnce(api, 'apply Secret/default/s');
    const stopped = await runPush(ports, reviewOf([change]), { id: 'push' });
    assert.equal(stopped.state, 'stopped');
    const kept = readJournal(ports.journals.texts.get('push') ?? '') ?? assert.fail();

    const without = await resumePush(ports, kept, {});
    assert.equal(without.state, 'stopped');
    assert.match(accountOf(without)[0]?.detail ?? '', /values of Secret default\/s are not kept/);

    const source = change.source ?? assert.fail();
    const other = { ...source, object: { ...source.object, type: 'Opaque' } };
    assert.equal((await resumePush(ports, kept, { sources: [other] })).state, 'stopped');
    assert.deepEqual(api.writes, []);

    const done = await resumePush(ports, kept, { sources: [source] });
    assert.equal(done.state, 'done');
    assert.deepEqual(api.objects.get('Secret/default/s')?.['data'], { value: 'c2VjcmV0' });
  });

  it('says what somebody changed since it was done, and leaves it', async () => {
    const { api, ports } = scene();
    const changes = [
      changeTo(object('ConfigMap', 'a', 'new')),
      changeTo(object('ConfigMap', 'b', 'new')),
    ];
    refuseOnce(api, 'apply ConfigMap/default/b');
    const stopped = await runPush(ports, reviewOf(changes), { id: 'push' });
    const held = api.objects.get('ConfigMap/default/a') ?? assert.fail();
    api.put({ ...held, data: { value: 'of somebody else' } });
    const done = await resumePush(ports, stopped, {});
    assert.equal(done.state, 'done');
    assert.match(accountOf(done)[0]?.detail ?? '', /was changed by someone else since/);
    assert.deepEqual(api.objects.get('ConfigMap/default/a')?.['data'], {
      value: 'of somebody else',
    });
  });

  it('runs in one window at a time, and goes on from where the other one got', async () => {
    const { api, ports } = scene();
    refuseOnce(api, 'apply ConfigMap/default/a');
    const review = reviewOf([changeTo(object('ConfigMap', 'a', 'new'))]);
    const stopped = await runPush(ports, review, { id: 'push' });
    await ports.journals.claim('push');
    const refused = await resumePush(ports, stopped, {});
    assert.match(refused.problem ?? '', /Another window/);
    await ports.journals.unclaim('push');
    await resumePush(ports, stopped, {});
    const again = await resumePush(ports, stopped, {});
    assert.equal(again.state, 'done');
    assert.deepEqual(api.writes, ['apply ConfigMap/default/a']);
  });

  it('writes nothing more, to the server or to its journal, when another window has taken it', async () => {
    for (const lostAfter of ['apply ConfigMap/default/a', undefined]) {
      const { api, ports } = scene();
      const review = reviewOf([
        changeTo(object('ConfigMap', 'a', 'new')),
        changeTo(object('ConfigMap', 'b', 'new')),
      ]);
      const kept: (string | undefined)[] = [];
      const { journals } = ports;
      journals.holds = async (id) => {
        const isOurs = lostAfter !== undefined && !api.writes.includes(lostAfter);
        if (!isOurs) kept.push(await journals.read(id));
        return isOurs;
      };
      const stopped = await runPush(ports, review, { id: 'push' });
      assert.equal(stopped.state, 'stopped');
      assert.match(stopped.problem ?? '', /Another window has taken this push/);
      assert.deepEqual(api.writes, lostAfter === undefined ? [] : [lostAfter]);
      const done = lostAfter === undefined ? 'waiting' : 'done';
      assert.deepEqual(
        stopped.states.map(({ type }) => type),
        [done, 'waiting'],
      );
      assert.equal(await journals.read('push'), kept[0]);
    }
  });

  it('lets two pushes of one object at once write it once', async () => {
    const { api, ports } = scene();
    const before = api.put(object('ConfigMap', 'a', 'old'));
    const review = (value: string) => reviewOf([changeTo(object('ConfigMap', 'a', value), before)]);
    const both = await Promise.all([
      runPush(ports, review('one'), { id: 'one' }),
      runPush(ports, review('two'), { id: 'two' }),
    ]);
    assert.deepEqual(both.map(({ state }) => state).sort(), ['done', 'stopped']);
    const refused = both.find(({ state }) => state === 'stopped');
    assert.deepEqual(
      refused?.states.map((state) => state.type === 'failed' && state.isOutdated),
      [true],
    );
  });

  it('writes nothing more when its journal cannot be kept', async () => {
    const { api, ports } = scene();
    let writes = 0;
    const { append } = ports.journals;
    ports.journals.append = (id, text) => {
      writes += 1;
      return writes > 2 ? Promise.reject(new Error('The disk is full.')) : append(id, text);
    };
    const changes = ['a', 'b', 'c'].map((name) => changeTo(object('ConfigMap', name, 'new')));
    const stopped = await runPush(ports, reviewOf(changes), { id: 'push' });
    assert.match(stopped.problem ?? '', /The disk is full/);
    assert.deepEqual(api.writes, ['apply ConfigMap/default/a']);
    ports.journals.append = append;
    const checked = await checkPush(
      ports,
      readJournal(ports.journals.texts.get('push') ?? '') ?? assert.fail(),
    );
    assert.deepEqual(
      checked.states.map(({ type }) => type),
      ['done', 'waiting', 'waiting'],
    );
  });
});

describe('a step that waits', () => {
  const works = [
    {
      template: 'v1/ConfigMap/default/a',
      clusters: ['member1'],
      manifest: object('ConfigMap', 'a', 'new'),
    },
  ];
  const review = withSteps([{ type: 'settle', id: 'settle', works, reason: 'Waited for.' }]);

  it('stops the push with an account when the Works never come, and is left out at will', async () => {
    const { ports } = scene();
    const told: string[] = [];
    const late = await runPush(ports, review, {
      id: 'push',
      waitLimit: 120_000,
      onProgress: ({ waitingFor }) => told.push(...waitingFor),
    });
    assert.equal(late.state, 'stopped');
    assert.equal(
      accountOf(late)[0]?.detail,
      'Not yet as expected after 2 minutes: ConfigMap default/a on member1.',
    );
    assert.deepEqual(told, ['ConfigMap default/a on member1']);
    const done = await resumePush(ports, late, { isSkipped: (id) => id === 'settle' });
    assert.equal(done.state, 'done');
    assert.equal(done.states[0]?.type, 'dropped');
  });

  it('ends at once when the push is cancelled', async () => {
    const { ports } = scene();
    const controller = new AbortController();
    const cancelled = await runPush(ports, review, {
      id: 'push',
      signal: controller.signal,
      onProgress: ({ waitingFor }) => {
        if (waitingFor.length > 0) controller.abort();
      },
    });
    assert.equal(cancelled.state, 'stopped');
    assert.equal(cancelled.states[0]?.type, 'waiting');
  });
});
