import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { isKubeError, objectKey } from '../../src/live/index.ts';
import type { ObjectReference } from '../../src/live/index.ts';
import type { Effect, Journal, PushSource } from '../../src/push/index.ts';
import { connectKarmada, createNamespace, deleteNamespace } from '../support/karmadaPlace.ts';
import type { KarmadaPlace } from '../support/karmadaPlace.ts';
import { open } from '../support/documents.ts';
import { createPusher } from '../support/pushing.ts';
import type { Pusher } from '../support/pushing.ts';

/*
 * The page "Using Karmada with Flux" on a Karmada that runs elsewhere (KARMADA_E2E_KUBECONFIG), with the example's files
 * in a namespace of their own: each promise of the page is a test, in its order. KARMADA_TEST_CHARTS is the URL of a
 * Helm repository with podinfo 5.0.3 that Flux on the members can reach; without it the example's own URL is used.
 */

const namespace = `karmada-flux-seed-${randomBytes(4).toString('hex')}`;
const folder = new URL('../../examples/podinfo/', import.meta.url);
const charts = process.env['KARMADA_TEST_CHARTS'];
const helm = 'helm.toolkit.fluxcd.io/v2';
const source = 'source.toolkit.fluxcd.io/v1';
const release = { apiVersion: helm, kind: 'HelmRelease', namespace, name: 'podinfo' };
const repository = { apiVersion: source, kind: 'HelmRepository', namespace, name: 'podinfo' };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'podinfo' };

let karmada: KarmadaPlace;
let pusher: Pusher;
/** Clusters with Flux, and the others. */
let withFlux: readonly string[] = [];
let withoutFlux: readonly string[] = [];
let delivered: Journal | undefined;
let overridden: Journal | undefined;

before(async () => {
  karmada = await connectKarmada();
  pusher = createPusher(karmada.live);
  await createNamespace(karmada.client, namespace);
  const clusters = [...karmada.live.model.clusters.values()];
  const names = (isWith: boolean): string[] =>
    clusters
      .filter(({ apiEnablements }) => serves(apiEnablements) === isWith)
      .map(({ name }) => name)
      .sort();
  withFlux = names(true);
  withoutFlux = names(false);
});
after(async () => {
  await deleteNamespace(karmada.client, namespace);
  karmada.dispose();
});

function serves(apiEnablements: readonly unknown[]): boolean {
  return apiEnablements.some((one) => stringMember(one as JsonObject, 'groupVersion') === helm);
}

/** Files of the example as the extension reads them for a push, in the test's namespace. */
function filesOf(...names: readonly string[]): readonly PushSource[] {
  const documents = names.map((name): [string, string] => {
    const text = readFileSync(new URL(name, folder), 'utf8')
      .replaceAll('namespace: default', `namespace: ${namespace}`)
      .replaceAll('- member1', `- ${withFlux[0]}`);
    return [
      name,
      charts === undefined ? text : text.replace(/url: \S+$/m, `url: ${JSON.stringify(charts)}`),
    ];
  });
  return open(Object.fromEntries(documents)).pushSources(names);
}

/** Effects of one type on an object, by cluster. */
function clustersOf(effects: readonly Effect[], type: Effect['type'], kind: string): string[] {
  return effects
    .filter((effect) => effect.type === type && effect.template.includes(`/${kind}/`))
    .flatMap(({ clusters }) => clusters)
    .sort();
}

/** Waits for what members report; fails with what they say last. */
async function until(holds: () => boolean, limit = 120_000): Promise<void> {
  const deadline = performance.now() + limit;
  while (!holds()) {
    const states = [...withFlux].map((cluster) => judged(cluster));
    assert.ok(performance.now() < deadline, `not within ${limit} ms: ${JSON.stringify(states)}`);
    await sleep(200);
  }
}

function judged(cluster: string): { state: string; message: string } {
  const judgement = karmada.live.model.judge(objectKey(release), cluster);
  return { state: judgement?.state ?? 'none', message: judgement?.message ?? '' };
}

/** An object on a member through Karmada's proxy; `undefined` when there is none. */
async function onMember(
  cluster: string,
  reference: ObjectReference,
): Promise<JsonObject | undefined> {
  try {
    return await karmada.live.session.memberGet(cluster, reference);
  } catch (error) {
    if (isKubeError(error) && error.reason === 'notFound') return undefined;
    throw error;
  }
}

/** The release as Flux reports it from a member: its newest entry of what Helm did. */
async function helmHistory(cluster: string): Promise<JsonObject> {
  const object = await onMember(cluster, release);
  const history = memberAt(object, 'status', 'history');
  return (Array.isArray(history) ? history[0] : {}) as JsonObject;
}

function valuesOn(cluster: string): Promise<unknown> {
  return onMember(cluster, release).then((object) => memberAt(object, 'spec', 'values'));
}

describe('the page on Karmada with Flux', () => {
  it('starts with Flux on some clusters, each of which serves releases', () => {
    assert.ok(withFlux.length > 1, 'Flux is to be on two clusters at least');
  });

  it('keeps templates on the control plane, without any controller', async () => {
    const sources = filesOf('helmrelease.yaml', 'helmrepository.yaml');
    const review = await pusher.review(sources);
    assert.deepEqual(
      review.changes.map(({ type }) => type),
      ['create', 'create'],
    );
    assert.deepEqual(review.effects, [], 'nothing is sent without a policy');
    await pusher.run(review);
    const object = await karmada.live.session.get(release);
    assert.equal(memberAt(object, 'status', 'history'), undefined);
    for (const cluster of withFlux) assert.equal(await onMember(cluster, release), undefined);
  });

  it('reviews policies: both objects appear on every cluster with Flux, on no other', async () => {
    const review = await pusher.review(
      filesOf(
        'helmrelease.yaml',
        'helmrepository.yaml',
        'propagationpolicy-release.yaml',
        'propagationpolicy-source.yaml',
      ),
    );
    for (const kind of ['HelmRelease', 'HelmRepository']) {
      assert.deepEqual(clustersOf(review.effects, 'appears', kind), withFlux);
    }
    assert.deepEqual(review.changes.map(({ type }) => type).sort(), [
      'create',
      'create',
      'unchanged',
      'unchanged',
    ]);
    delivered = await pusher.run(review);
  });

  it('brings the release to ready on every cluster with Flux', async () => {
    await until(() => withFlux.every((cluster) => judged(cluster).state === 'ready'));
    for (const cluster of withoutFlux) assert.equal(judged(cluster).state, 'none');
  });

  it('is what Helm lists there: podinfo 5.0.3, deployed, revision 1', async () => {
    for (const cluster of withFlux) {
      const { name, namespace: where, status, chartVersion, version } = await helmHistory(cluster);
      assert.deepEqual(
        [name, where, status, chartVersion, version],
        ['podinfo', namespace, 'deployed', '5.0.3', 1],
      );
      assert.ok(await onMember(cluster, repository));
    }
  });

  it('overrides the replicas on one cluster and leaves the others', async () => {
    const [first = '', ...others] = withFlux;
    const review = await pusher.review(filesOf('overridepolicy.yaml'));
    assert.deepEqual(clustersOf(review.effects, 'changes', 'HelmRelease'), [first]);
    overridden = await pusher.run(review);
    const replicas = async (cluster: string): Promise<unknown> =>
      memberAt(await onMember(cluster, deployment), 'spec', 'replicas');
    await untilSeen(async () => (await replicas(first)) === 2, 'two replicas');
    await until(() => withFlux.every((cluster) => judged(cluster).state === 'ready'));
    for (const cluster of others) {
      assert.equal(await replicas(cluster), 1);
      assert.equal(memberAt((await valuesOn(cluster)) as JsonObject, 'replicaCount'), undefined);
    }
  });

  it('undoes the override: everything is as before', async () => {
    assert.ok(overridden);
    await pusher.run(await pusher.reviewUndo(overridden));
    for (const cluster of withFlux) {
      const replicas = async (): Promise<unknown> =>
        memberAt(await onMember(cluster, deployment), 'spec', 'replicas');
      await untilSeen(async () => (await replicas()) === 1, `one replica on ${cluster}`);
    }
  });

  it('undoes the propagation: what members have stays, and no policy is left', async () => {
    assert.ok(delivered);
    const review = await pusher.reviewUndo(delivered);
    assert.deepEqual(review.changes.map(({ type }) => type).sort(), ['delete', 'delete']);
    await pusher.run(review);
    assert.deepEqual(await karmada.live.session.list({ ...policyKind, namespace }), []);
    for (const cluster of withFlux) assert.ok(await onMember(cluster, release));
  });

  it('is gone from the members with its template, chart and all', async () => {
    await karmada.client.raw(
      'DELETE',
      `/apis/${helm}/namespaces/${namespace}/helmreleases/podinfo`,
    );
    for (const cluster of withFlux) {
      const isGone = async (): Promise<boolean> =>
        (await onMember(cluster, release)) === undefined &&
        (await onMember(cluster, deployment)) === undefined;
      await untilSeen(isGone, `nothing of podinfo on ${cluster}`);
    }
  });
});

const policyKind = { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' };

/** Asks a member again and again. */
async function untilSeen(
  holds: () => Promise<boolean>,
  what: string,
  limit = 90_000,
): Promise<void> {
  const deadline = performance.now() + limit;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `not within ${limit} ms: ${what}`);
    await sleep(500);
  }
}
