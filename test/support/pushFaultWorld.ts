import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/engine/index.ts';
import { conflictsOf } from '../../src/push/prepare/conflicts.ts';
import { contentOf } from '../../src/push/run/objectContent.ts';
import { isBeingDeleted, ownersOf } from '../../src/push/run/standing.ts';
import { getOrNone } from '../../src/push/run/writeStep.ts';
import type { ObjectChange, PushApi, PushReview, PushStep } from '../../src/push/index.ts';
import type { ApiServerClient } from './apiServerClient.ts';
import { changeTo, referenceTo, withSteps } from './pushReviews.ts';

/*
 * A push of twelve steps that write, in a namespace of its own: each kind of step, objects that somebody else made with
 * another field manager, and objects beside them that no push may touch. What the review says is the server's dry run.
 * No Karmada runs there: the step that waits waits for Works that are not to be, which holds from the start.
 */

/** How many steps of the push write. */
export const writeCount = 12;

/** An object of the world, as its owner wrote it. */
function object(
  apiVersion: string,
  kind: string,
  metadata: JsonObject,
  rest: JsonObject,
): JsonObject {
  return { apiVersion, kind, metadata, ...rest };
}

function configMap(namespace: string, name: string, data: JsonObject): JsonObject {
  return object('v1', 'ConfigMap', { name, namespace }, { data });
}

function release(namespace: string, name: string, version: string): JsonObject {
  return object(
    'helm.toolkit.fluxcd.io/v2',
    'HelmRelease',
    { name, namespace },
    {
      spec: {
        interval: '5m',
        chart: {
          spec: {
            chart: 'podinfo',
            version,
            sourceRef: { kind: 'HelmRepository', name: 'podinfo' },
          },
        },
        values: { replicaCount: 1 },
      },
    },
  );
}

function policy(namespace: string, cluster: string): JsonObject {
  return object(
    'policy.karmada.io/v1alpha1',
    'PropagationPolicy',
    { name: 'podinfo', namespace },
    {
      spec: {
        resourceSelectors: [{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' }],
        placement: { clusterAffinity: { clusterNames: [cluster] } },
      },
    },
  );
}

function override(namespace: string, value: number): JsonObject {
  return object(
    'policy.karmada.io/v1alpha1',
    'OverridePolicy',
    { name: 'podinfo', namespace },
    {
      spec: {
        resourceSelectors: [{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' }],
        overrideRules: [
          {
            overriders: {
              plaintext: [{ path: '/spec/values/replicaCount', operator: 'replace', value }],
            },
          },
        ],
      },
    },
  );
}

function repository(namespace: string, url: string): JsonObject {
  return object(
    'source.toolkit.fluxcd.io/v1',
    'HelmRepository',
    { name: 'podinfo', namespace },
    { spec: { interval: '10m', url } },
  );
}

/** What is there before the push. The last one is no part of it. */
export function objectsBefore(namespace: string): readonly JsonObject[] {
  return [
    override(namespace, 1),
    configMap(namespace, 'changed', { a: '1', b: '1' }),
    configMap(namespace, 'deleted', { a: '1' }),
    repository(namespace, 'https://charts.example.com/old'),
    release(namespace, 'podinfo', '5.0.3'),
    policy(namespace, 'member1'),
    configMap(namespace, 'bystander', { a: '1' }),
  ];
}

/** Makes the namespace and what is in it, as `kubectl create` does, with a manager of its own. */
export async function createWorld(client: ApiServerClient, namespace: string): Promise<void> {
  await client.send('POST', '/api/v1/namespaces?fieldManager=kubectl-create', {
    metadata: { name: namespace },
  });
  for (const one of objectsBefore(namespace)) {
    await client.send('POST', `${collectionOf(one, namespace)}?fieldManager=kubectl-create`, one);
  }
}

const plurals: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  HelmRelease: 'helmreleases',
  HelmRepository: 'helmrepositories',
  PropagationPolicy: 'propagationpolicies',
  OverridePolicy: 'overridepolicies',
};

function collectionOf(one: JsonObject, namespace: string): string {
  const { apiVersion, kind } = referenceTo(one);
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${plurals[kind] ?? ''}`;
}

/** The push: its review as a dry run of the server gives it. */
export async function reviewWorld(api: PushApi, namespace: string): Promise<PushReview> {
  const change = (wanted: JsonObject) => reviewed(api, wanted);
  const created = `${namespace}-new`;
  const held = referenceTo(policy(namespace, 'member1'));
  const wanted = [
    object('v1', 'Namespace', { name: created }, {}),
    override(namespace, 2),
    configMap(namespace, 'changed', { a: '2', c: '2' }),
    configMap(namespace, 'created', { a: '2' }),
    object('v1', 'Secret', { name: 'created', namespace }, { data: { password: 'c2VjcmV0' } }),
    repository(namespace, 'https://charts.example.com/new'),
    release(namespace, 'podinfo', '6.6.1'),
    release(namespace, 'other', '6.6.1'),
  ];
  const applies: PushStep[] = [];
  for (const [index, one] of wanted.entries()) {
    applies.push({ type: 'apply', id: `apply-${index}`, change: await change(one) });
  }
  const deleted = await change(configMap(namespace, 'deleted', { a: '1' }));
  const { source: _, after: __, ...bare } = deleted;
  return withSteps([
    { type: 'hold', id: 'hold', hold: { policy: held, clusters: 'all' }, reason: 'Held.' },
    ...applies,
    {
      type: 'settle',
      id: 'settle',
      works: [{ template: `v1/ConfigMap/${namespace}/deleted`, clusters: ['member1'] }],
      reason: 'Waited for.',
    },
    { type: 'delete', id: 'delete', change: { ...bare, type: 'delete' } },
    { type: 'apply', id: 'policy', change: await change(policy(namespace, 'member2')) },
    { type: 'hold', id: 'release', hold: { policy: held, clusters: 'none' }, reason: 'Let go.' },
  ]);
}

/** All that others own is taken over. */
function taken(conflicts: ObjectChange['conflicts']): ObjectChange['conflicts'] {
  return conflicts.map((one) => ({ ...one, choice: 'take' }));
}

async function reviewed(api: PushApi, wanted: JsonObject): Promise<ObjectChange> {
  const reference = referenceTo(wanted);
  const before = await getOrNone(api, reference);
  const { object: after } = await api.apply(reference, wanted, { force: true, dryRun: true });
  const sides = { mine: wanted, reference, theirs: before };
  const conflicts = await api.apply(reference, wanted, { dryRun: true }).then(
    () => [],
    (error: unknown) => conflictsOf(error, sides, []),
  );
  return {
    ...changeTo(wanted, before, { conflicts: taken(conflicts), checkedBy: 'server' }),
    after,
  };
}

/** Every object of a world, and of all its kinds: by `KIND/NAMESPACE/NAME`. */
export async function worldObjects(
  api: PushApi,
  namespace: string,
): Promise<ReadonlyMap<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  const kinds = [...new Map(objectsBefore(namespace).map((one) => [one['kind'], one])).values()];
  const secret = object('v1', 'Secret', { namespace }, {});
  for (const { apiVersion, kind } of [...kinds, secret].map(referenceTo)) {
    for (const item of await api.list({ apiVersion, kind, namespace })) {
      found.set(keyOf(referenceTo({ ...item, apiVersion, kind })), item);
    }
  }
  const created = { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: `${namespace}-new` };
  const held = await getOrNone(api, created);
  // Nothing finishes the deletion of a namespace where no controller runs.
  if (held && !isBeingDeleted(held)) found.set(keyOf(created), held);
  return found;
}

export function keyOf({
  kind,
  namespace,
  name,
}: {
  kind: string;
  namespace: string;
  name: string;
}): string {
  return `${kind}/${namespace}/${name}`;
}

/** What an undo promises of an object: its content and who owns its fields. */
export function promised(objects: ReadonlyMap<string, JsonObject>): unknown {
  return Object.fromEntries(
    [...objects]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, { content: contentOf(one), owners: ownership(one) }]),
  );
}

function ownership(one: JsonObject): unknown {
  return ownersOf(one).map((entry) => {
    const { time: _, ...rest } = entry as JsonObject;
    return rest;
  });
}

/** What the review says of every object after the push: what it changes, and all else as it was. */
export function announced(
  review: PushReview,
  before: ReadonlyMap<string, JsonObject>,
): Readonly<Record<string, JsonObject>> {
  const wanted = new Map([...before].map(([key, one]) => [key, contentOf(one)]));
  for (const { type, reference, after } of review.changes) {
    if (type === 'delete') wanted.delete(keyOf(reference));
    else wanted.set(keyOf(reference), contentOf(after ?? assert.fail('a review without result')));
  }
  return Object.fromEntries(wanted);
}
