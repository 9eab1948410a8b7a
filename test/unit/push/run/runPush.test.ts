import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { KubeError } from '../../../../src/live/index.ts';
import { readJournal } from '../../../../src/push/journal.ts';
import type { PushStep } from '../../../../src/push/index.ts';
import { accountOf } from '../../../../src/push/run/accountOf.ts';
import { runPush } from '../../../../src/push/run/runPush.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../../support/fakePushApi.ts';
import { changeTo, referenceTo, reviewOf, withSteps } from '../../../support/pushReviews.ts';

const configMap = (name: string, value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { key: value },
});

function propagationPolicy(spec: JsonObject) {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name: 'p', namespace: 'default' },
    spec: { resourceSelectors: [], ...spec },
  };
}

/** A server that holds one object, and what a push on it is run with. */
function serverWith(object: JsonObject) {
  const api = fakePushApi();
  api.put(object);
  return {
    api,
    ports: { api, journals: memoryJournals(), clock: instantClock(), model: emptyPushModel() },
  };
}

describe('runPush', () => {
  it('creates and changes what was reviewed, and keeps a journal of it', async () => {
    const api = fakePushApi();
    const journals = memoryJournals();
    const before = api.put(configMap('b', 'old'));
    const review = reviewOf([
      changeTo(configMap('a', 'new')),
      changeTo(configMap('b', 'new'), before),
    ]);
    const ports = { api, journals, clock: instantClock(), model: emptyPushModel() };
    const journal = await runPush(ports, review, { id: 'one' });
    assert.equal(journal.state, 'done');
    assert.deepEqual(
      accountOf(journal).map(({ label, detail }) => `${label}: ${detail}`),
      ['ConfigMap default/a: Created.', 'ConfigMap default/b: Changed.'],
    );
    assert.deepEqual(api.writes, ['apply ConfigMap/default/a', 'apply ConfigMap/default/b']);
    assert.deepEqual(readJournal(journals.texts.get('one') ?? ''), journal);
  });

  it('says of a refused write what a review says of it', async () => {
    const refusals = [
      [
        'forbidden',
        'configmaps "a" is forbidden: User "jo" cannot patch resource "configmaps" in API group "" in the namespace "default"',
        'you may not patch configmaps in the namespace default. Ask for a role that allows it.',
      ],
      [
        'notFound',
        'namespaces "default" not found',
        'the namespace default does not exist on the control plane. Push a Namespace together with this object, or create it first.',
      ],
      [
        'invalid',
        'ConfigMap "a" is invalid: data: strict decoding error: unknown field "daat"',
        'the server does not know the field daat.',
      ],
    ] as const;
    for (const [reason, detail, said] of refusals) {
      const error = new KubeError(reason, `https://test refuses it: ${detail}.`, { detail });
      for (const kind of ['ConfigMap', 'Secret']) {
        const change = changeTo({ ...configMap('a', 'new'), kind });
        const api = fakePushApi();
        const ports = {
          ...{ api, clock: instantClock() },
          ...{ model: emptyPushModel(), journals: memoryJournals() },
        };
        const details = async () =>
          accountOf(await runPush(ports, reviewOf([change]), { id: 'one' }))[0]?.detail;
        api.fault = () => {
          throw error;
        };
        assert.equal(await details(), `Not written: ${said}`, `${kind}: ${detail}`);
        if (reason !== 'forbidden') continue;
        api.get = () => Promise.reject(error);
        assert.equal(await details(), `Not written: ${said}`, `${kind} read: ${detail}`);
      }
    }
  });

  it('does not repeat what a server or a webhook quotes of a Secret', async () => {
    const value = 'hunter2';
    const denied = `admission webhook "w" denied the request: data.password: Invalid value: "${value}"`;
    const errors = [
      new KubeError('forbidden', denied, { detail: denied, status: 403 }),
      new KubeError('invalid', `illegal base64 data ${value}`, { status: 400 }),
      new KubeError('server', `it fails at ${value}`, { status: 500 }),
    ];
    for (const error of errors) {
      const api = fakePushApi();
      const journals = memoryJournals();
      api.fault = () => {
        throw error;
      };
      const ports = { api, journals, clock: instantClock(), model: emptyPushModel() };
      const secret = { ...configMap('s', value), kind: 'Secret' };
      const journal = await runPush(ports, reviewOf([changeTo(secret)]), { id: 'one' });
      assert.equal(journal.state, 'stopped');
      const told = JSON.stringify([journal, accountOf(journal), [...journals.texts]]);
      assert.ok(!told.includes(value), told);
      assert.match(told, /Secret default\/s/);
    }
  });

  it('tells what was written ahead of what a policy preserves', async () => {
    const policy = propagationPolicy({ preserveResourcesOnDeletion: false });
    const { ports } = serverWith(policy);
    const hold = { policy: referenceTo(policy), clusters: 'none' } as const;
    const steps: readonly PushStep[] = [
      {
        type: 'hold',
        id: '1',
        hold: { ...hold, before: 'none', preserves: true },
        reason: 'First.',
      },
      { type: 'hold', id: '2', hold, reason: 'Last.' },
    ];
    const journal = await runPush(ports, withSteps(steps), { id: 'push' });
    assert.equal(journal.state, 'done', JSON.stringify(accountOf(journal)));
    assert.deepEqual(
      accountOf(journal).map(({ detail }) => detail),
      ['preserveResourcesOnDeletion is true.', 'Dispatch let go.'],
    );
  });

  it('neither replaces nor ends what another push or user holds since the review', async () => {
    const policy = propagationPolicy({});
    const steps = (['all', 'none'] as const).map((clusters, index): PushStep => ({
      type: 'hold',
      id: String(index),
      hold: {
        policy: referenceTo(policy),
        clusters,
        ...(index === 0 ? { before: 'none' as const } : {}),
      },
      reason: 'So that nothing is seen.',
    }));
    const { api, ports } = serverWith(policy);
    const done = await runPush(ports, withSteps(steps), { id: 'alone' });
    assert.equal(done.state, 'done', JSON.stringify(accountOf(done)));
    const theirs = { dispatchingOnClusters: { clusterNames: ['member1'] } };
    api.objects.clear();
    api.put({ ...policy, spec: { ...policy.spec, suspension: theirs } });
    const writes = api.writes.length;
    const stopped = await runPush(ports, withSteps(steps), { id: 'second' });
    assert.equal(stopped.state, 'stopped');
    assert.match(accountOf(stopped)[0]?.detail ?? '', /held or let go by someone else/);
    assert.equal(api.writes.length, writes);
  });
});
