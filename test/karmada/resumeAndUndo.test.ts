import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { arrayMember, isObject, memberAt } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { accountOf, preparePush, prepareUndo, resumePush, runPush } from '../../src/push/index.ts';
import type { Journal, PushReview } from '../../src/push/index.ts';
import { contentOf } from '../../src/push/run/objectContent.ts';
import { getOrNone } from '../../src/push/run/writeStep.ts';
import { memoryJournals } from '../support/fakePushApi.ts';
import { connectKarmada, createNamespace, deleteNamespace } from '../support/karmadaPlace.ts';
import type { KarmadaPlace } from '../support/karmadaPlace.ts';
import { pushModel, referenceOf, sourcesOf } from '../support/pushing.ts';
import { wallClock } from '../support/wallClock.ts';

/*
 * Pushes on a Karmada that runs elsewhere (KARMADA_E2E_KUBECONFIG) are cancelled at each of their steps, resumed, undone
 * and done again: with dispatch held in the middle, with Karmada's webhooks, and after their policies were deleted.
 */

const namespace = `karmada-flux-undo-${randomBytes(4).toString('hex')}`;
let karmada: KarmadaPlace;
let clusters: readonly string[] = [];
let count = 0;

before(async () => {
  karmada = await connectKarmada();
  await createNamespace(karmada.client, namespace);
  clusters = [...karmada.live.model.clusters.keys()].sort().slice(0, 2);
});
after(async () => {
  await karmada.client.raw('DELETE', `/api/v1/namespaces/${namespace}/secrets`);
  await deleteNamespace(karmada.client, namespace);
  karmada.dispose();
});

const selector = (kind: string, name: string): JsonObject => ({ apiVersion: 'v1', kind, name });
const metadata = (name: string): JsonObject => ({ name, namespace });

function configMap(name: string, value: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(name),
    data: { value, own: '0' },
  };
}

function secret(value: string): JsonObject {
  const stringData = { value };
  return { apiVersion: 'v1', kind: 'Secret', metadata: metadata('secret'), stringData };
}

function policy(...selectors: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: metadata('policy'),
    spec: {
      resourceSelectors: [...selectors],
      placement: { clusterAffinity: { clusterNames: [...clusters] } },
    },
  };
}

function override(value: string): JsonObject {
  const plaintext = [{ path: '/data/own', operator: 'replace', value }];
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: metadata('override'),
    spec: {
      resourceSelectors: [selector('ConfigMap', 'settings')],
      overrideRules: [
        {
          targetCluster: { clusterNames: [clusters[0] ?? ''] },
          overriders: { plaintext },
        },
      ],
    },
  };
}

function ports() {
  const { session } = karmada.live;
  const journals = memoryJournals();
  return { api: session, model: pushModel(karmada.live), journals, clock: wallClock() };
}

type Ports = ReturnType<typeof ports>;

async function review(ports: Ports, ...documents: readonly JsonObject[]): Promise<PushReview> {
  const { context, server } = karmada.live.session.target;
  const sources = sourcesOf(documents);
  const request = { sources, context, server, title: 'A test', choices: [] };
  return preparePush(ports, request);
}

function textOf(journal: Journal): string {
  const lines = accountOf(journal).map(({ label, detail }) => `${label}: ${detail}`);
  return [journal.problem, ...lines].join('\n');
}

async function done(ports: Ports, plan: PushReview): Promise<Journal> {
  const blocked = plan.questions.filter(({ severity }) => severity === 'blocked');
  assert.deepEqual(blocked, []);
  const journal = await runPush(ports, plan, { id: `push-${count++}`, waitLimit: 60_000 });
  assert.equal(journal.state, 'done', textOf(journal));
  return journal;
}

/** What each cluster is sent of a template, as far as its data goes. */
async function sent(kind: string, name: string): Promise<readonly unknown[]> {
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const path = `/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-${cluster}/works`;
      const { items } = await karmada.client.send<{ items: JsonObject[] }>('GET', path);
      const manifests = items.flatMap((work) =>
        arrayMember(memberAt(work, 'spec', 'workload'), 'manifests'),
      );
      const own = manifests.find(
        (one) =>
          isObject(one) &&
          one['kind'] === kind &&
          memberAt(one, 'metadata', 'name') === name &&
          memberAt(one, 'metadata', 'namespace') === namespace,
      );
      return own === undefined ? undefined : memberAt(own, 'data');
    }),
  );
  return found;
}

/** Waits until no cluster is sent a template any more: Karmada deletes its Works a while after it. */
async function nothingSent(kind: string, name: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  let found = await sent(kind, name);
  while (found.some((data) => data !== undefined) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    found = await sent(kind, name);
  }
  assert.deepEqual(
    found,
    clusters.map(() => undefined),
  );
}

/** What the control plane holds of documents, without what it notes itself. */
async function held({ api }: Ports, documents: readonly JsonObject[]) {
  const objects = await Promise.all(documents.map((one) => getOrNone(api, referenceOf(one))));
  return objects.map((object) => object && contentOf(object));
}

describe('a push to a real Karmada', () => {
  it('is cancelled at each step, resumed and undone, dispatch held in the middle', async () => {
    const all = ports();
    const old = [
      configMap('settings', 'old'),
      override('1'),
      policy(selector('ConfigMap', 'settings')),
    ];
    const next = [
      configMap('settings', 'new'),
      configMap('more', 'new'),
      override('2'),
      policy(selector('ConfigMap', 'settings'), selector('ConfigMap', 'more')),
    ];
    await done(all, await review(all, ...old));
    const was = await held(all, next);
    assert.deepEqual(await sent('ConfigMap', 'settings'), [
      { value: 'old', own: '1' },
      { value: 'old', own: '0' },
    ]);
    const steps = (await review(all, ...next)).steps;
    assert.ok(
      steps.some(({ type }) => type === 'hold'),
      'nothing is held in the middle',
    );
    for (const [stop] of steps.entries()) {
      const plan = await review(all, ...next);
      assert.equal(plan.steps.length, steps.length);
      const controller = new AbortController();
      let journal = await runPush(all, plan, {
        id: `push-${count++}`,
        signal: controller.signal,
        onProgress: ({ step }) => {
          if (step === stop) controller.abort();
        },
      });
      if (stop < steps.length - 1) assert.equal(journal.state, 'stopped', textOf(journal));
      const isResumed = stop % 2 === 0;
      if (isResumed) {
        journal = await resumePush(all, journal, { waitLimit: 60_000 });
        assert.equal(journal.state, 'done', textOf(journal));
        assert.deepEqual(await sent('ConfigMap', 'settings'), [
          { value: 'new', own: '2' },
          { value: 'new', own: '0' },
        ]);
        assert.deepEqual(await sent('ConfigMap', 'more'), [
          { value: 'new', own: '0' },
          { value: 'new', own: '0' },
        ]);
      }
      const undo = await prepareUndo(all, journal);
      if (isResumed) {
        const gone = undo.effects.filter(({ type }) => type === 'removed');
        assert.deepEqual(
          gone.map((effect) => [effect.template, effect.clusters]),
          [[`v1/ConfigMap/${namespace}/more`, clusters]],
        );
        assert.ok(undo.questions.some(({ code }) => code === 'removal'));
      }
      const undone = await done(all, undo);
      assert.deepEqual(await held(all, next), was, `after step ${stop}: ${textOf(undone)}`);
      await nothingSent('ConfigMap', 'more');
      assert.deepEqual(await sent('ConfigMap', 'settings'), [
        { value: 'old', own: '1' },
        { value: 'old', own: '0' },
      ]);
      if (stop === 0) {
        const redone = await done(all, await prepareUndo(all, undone));
        assert.deepEqual((await sent('ConfigMap', 'more'))[0], { value: 'new', own: '0' });
        await done(all, await prepareUndo(all, redone));
        assert.deepEqual(await held(all, next), was);
      }
    }
  });

  it('asks before it changes a Secret, keeps none of its values, and says that it stays', async () => {
    const all = ports();
    const policies = [policy(selector('ConfigMap', 'settings'), selector('Secret', 'secret'))];
    await done(all, await review(all, secret('first'), ...policies));
    const change = await review(all, secret('second'));
    assert.ok(
      change.questions.some(
        ({ code, severity }) => code === 'secret-not-undoable' && severity === 'confirm',
      ),
    );
    const journal = await done(all, change);
    const value = Buffer.from('second').toString('base64');
    // A push of nothing but values has no step that waits.
    for (let tries = 0; tries < 50; tries += 1) {
      if (isDeepStrictEqual(await sent('Secret', 'secret'), [{ value }, { value }])) break;
      await sleep(200);
    }
    assert.deepEqual(await sent('Secret', 'secret'), [{ value }, { value }]);
    const texts = [...all.journals.texts.values()].join('\n');
    for (const text of ['first', 'second']) {
      assert.ok(!texts.includes(`"${text}"`), text);
      assert.ok(!texts.includes(Buffer.from(text).toString('base64')), text);
    }
    const undo = await prepareUndo(all, journal);
    assert.deepEqual(
      undo.questions.map(({ code }) => code),
      ['secret-not-undoable'],
    );
    assert.deepEqual(undo.changes, []);
  });

  it('undoes what a policy did that somebody has deleted since', async () => {
    const all = ports();
    const later = { ...policy(selector('ConfigMap', 'late')), metadata: metadata('late') };
    const journal = await done(all, await review(all, configMap('late', '1'), later));
    assert.deepEqual((await sent('ConfigMap', 'late'))[0], { value: '1', own: '0' });
    const path = `/apis/policy.karmada.io/v1alpha1/namespaces/${namespace}/propagationpolicies/late`;
    await karmada.client.send('DELETE', path);
    await karmada.live.until(
      'the policy is gone',
      () => !karmada.live.model.objects.has(`PropagationPolicy/${namespace}/late`),
    );
    const undo = await prepareUndo(all, journal);
    assert.deepEqual(
      undo.changes.map(({ type, reference: { kind } }) => [type, kind]),
      [['delete', 'ConfigMap']],
    );
    // Members keep what a deleted policy brought them, until its template goes.
    assert.deepEqual(
      undo.effects.map(({ type, clusters: on }) => [type, on]),
      [['removed', clusters]],
    );
    await done(all, undo);
    const { model } = karmada.live;
    await karmada.live.until('its Works are gone', () =>
      [...model.rows('works').values()].every(
        ({ manifest }) => manifest?.namespace !== namespace || manifest.name !== 'late',
      ),
    );
  });
});
