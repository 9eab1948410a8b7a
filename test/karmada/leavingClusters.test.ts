import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { PushReview } from '../../src/push/index.ts';
import type { KubeList } from '../support/apiServerClient.ts';
import { connectKarmada, createNamespace, deleteNamespace } from '../support/karmadaPlace.ts';
import type { KarmadaPlace } from '../support/karmadaPlace.ts';
import { createPusher, sourcesOf } from '../support/pushing.ts';
import type { Pusher } from '../support/pushing.ts';

/*
 * On a Karmada that runs elsewhere (KARMADA_E2E_KUBECONFIG): policies take clusters from templates by the same write that
 * changes what becomes of the objects there, or that ends a suspension. Karmada does one before the other as it happens,
 * so there are many of them, and the members are asked what they have and had.
 */

const count = 12;
const names = Array.from({ length: count }, (_, i) => `settings-${i}`);
let karmada: KarmadaPlace;
let pusher: Pusher;
let [from, to] = ['', ''];
const namespaces: string[] = [];

before(async () => {
  karmada = await connectKarmada();
  pusher = createPusher(karmada.live);
  [from = '', to = ''] = [...karmada.live.model.clusters.keys()].sort();
});
after(async () => {
  for (const namespace of namespaces) {
    await deleteNamespace(karmada.client, namespace);
    // What was preserved stays in the namespace on the member, and keeps nothing else from going.
    await karmada.client.raw('DELETE', onMember(from, `/api/v1/namespaces/${namespace}`));
  }
  karmada.dispose();
});

async function newNamespace(): Promise<string> {
  const namespace = `karmada-flux-leave-${randomBytes(4).toString('hex')}`;
  namespaces.push(namespace);
  await createNamespace(karmada.client, namespace);
  return namespace;
}

function onMember(cluster: string, path: string): string {
  return `/apis/cluster.karmada.io/v1alpha1/clusters/${cluster}/proxy${path}`;
}

function templates(namespace: string): readonly JsonObject[] {
  return names.map((name) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap' },
    metadata: { name, namespace },
    data: { value: '1' },
  }));
}

/** A policy for each template. */
function policies(namespace: string, cluster: string, more: JsonObject): readonly JsonObject[] {
  return names.map((name) => ({
    ...{ apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' },
    metadata: { name, namespace },
    spec: {
      resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name }],
      placement: { clusterAffinity: { clusterNames: [cluster] } },
      ...more,
    },
  }));
}

async function pushed(objects: readonly JsonObject[]): Promise<PushReview> {
  const review = await pusher.review(sourcesOf(objects));
  await pusher.run(review);
  return review;
}

/** Names of the templates on a member. */
async function namesOn(cluster: string, namespace: string): Promise<readonly string[]> {
  const path = onMember(cluster, `/api/v1/namespaces/${namespace}/configmaps`);
  const { items } = await karmada.client.send<KubeList>('GET', path);
  return items.map(({ metadata }) => metadata.name).filter((name) => names.includes(name));
}

/** Waits until a member has all templates; a push ends when their Works are made. */
async function allOn(cluster: string, namespace: string): Promise<void> {
  await until(async () => (await namesOn(cluster, namespace)).length, count);
}

/** A push does not wait for Works that are deleted and preserve: Karmada may not finish with them. */
async function noWorksFor(cluster: string, namespace: string): Promise<void> {
  await until(async () => (await worksFor(cluster, namespace)).length, 0);
}

async function until(size: () => Promise<number>, wanted: number): Promise<void> {
  for (let tries = 0; tries < 100 && (await size()) !== wanted; tries++) await sleep(200);
  assert.equal(await size(), wanted);
}

/** Names of Works that are left of the templates for a cluster. */
async function worksFor(cluster: string, namespace: string): Promise<readonly string[]> {
  const path = `/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-${cluster}/works`;
  const { items } = await karmada.client.send<KubeList>('GET', path);
  return items
    .filter(({ metadata }) => {
      const annotations = memberAt(metadata as unknown as JsonObject, 'annotations');
      return stringMember(annotations, 'resourcebinding.karmada.io/namespace') === namespace;
    })
    .map(({ metadata }) => metadata.name);
}

function typesOf({ effects }: PushReview, cluster: string): ReadonlySet<string> {
  const here = effects.filter(({ clusters }) => clusters.includes(cluster));
  return new Set(
    here.map(({ type, isPassing }) => `${isPassing === true ? 'passing ' : ''}${type}`),
  );
}

describe('a policy that takes a cluster away', () => {
  const keep = { preserveResourcesOnDeletion: true };
  const suspended = { suspension: { dispatching: true } };

  it('keeps every object there when it begins to preserve them', async () => {
    const namespace = await newNamespace();
    await pushed([...templates(namespace), ...policies(namespace, from, {})]);
    await allOn(from, namespace);
    const review = await pushed(policies(namespace, to, keep));
    assert.deepEqual([...typesOf(review, from)], ['kept']);
    await noWorksFor(from, namespace);
    assert.equal((await namesOn(from, namespace)).length, count);
  });

  it('deletes every object there when it no longer preserves them', async () => {
    const namespace = await newNamespace();
    await pushed([...templates(namespace), ...policies(namespace, from, keep)]);
    await allOn(from, namespace);
    const review = await pushed(policies(namespace, to, {}));
    assert.deepEqual([...typesOf(review, from)], ['removed']);
    await noWorksFor(from, namespace);
    assert.deepEqual(await namesOn(from, namespace), []);
  });

  for (const [title, more] of [
    ['', {}],
    [' and begins to preserve', keep],
  ] as const) {
    it(`sends nothing there when it ends a suspension${title}`, async () => {
      const namespace = await newNamespace();
      await pushed([...templates(namespace), ...policies(namespace, from, suspended)]);
      const seen = new Set<string>();
      const path = onMember(from, `/api/v1/namespaces/${namespace}/configmaps?watch=true`);
      const stop = karmada.client.watch(
        path,
        (event) => {
          const { metadata } = (event as { object: JsonObject }).object;
          seen.add(stringMember(metadata, 'name'));
        },
        (why) => seen.add(why),
      );
      const review = await pushed(policies(namespace, to, more));
      const found = [...seen];
      stop();
      assert.deepEqual([...typesOf(review, from)], ['removed']);
      await noWorksFor(from, namespace);
      assert.deepEqual(
        found.filter((name) => name !== 'kube-root-ca.crt'),
        [],
      );
      await allOn(to, namespace);
    });
  }
});
