import { createLiveStepper, listClusters, withLiveObjects } from '../../analysis/index.ts';
import type { Delivery } from '../../analysis/index.ts';
import { member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { PlanOptions } from '../plan/planPush.ts';
import type { CancelSignal, PushApi } from '../ports.ts';
import type { Effect, ObjectChange, PushGround, Question } from '../types.ts';
import { inTurns } from './inTurns.ts';

export interface UnmanagedRequest {
  readonly api: PushApi;
  readonly ground: PushGround;
  readonly changes: readonly ObjectChange[];
  readonly options?: PlanOptions | undefined;
  readonly signal?: CancelSignal;
}

/** So many objects are looked for on members; each costs a request through the proxy. */
const mostLooks = 80;

/**
 * Objects that exist on members already and were not put there by Karmada. It leaves those alone and reports a failure,
 * unless its conflict resolution is to overwrite them (`pkg/util/objectwatcher/objectwatcher.go`, `allowUpdate`).
 */
export async function unmanagedObjects(
  effects: readonly Effect[],
  request: UnmanagedRequest,
): Promise<readonly Question[]> {
  const looks = effects.flatMap(looksOf);
  const unseen = new Set<string>();
  const found: Look[] = [];
  await inTurns(looks.slice(0, mostLooks), async (look) => {
    if (unseen.has(look.cluster)) return;
    const answer = await lookFor(look, request);
    if (answer === 'unseen') unseen.add(look.cluster);
    if (answer === 'unmanaged') found.push(look);
  });
  for (const { cluster } of looks.slice(mostLooks)) unseen.add(cluster);
  const questions = unseen.size > 0 ? [notSeen([...unseen])] : [];
  return found.length === 0 ? questions : [...conflicts(found, request), ...questions];
}

interface Look {
  readonly template: string;
  readonly cluster: string;
  readonly reference: ObjectReference;
}

function looksOf({ type, isPassing, template, clusters, after }: Effect): readonly Look[] {
  if (type !== 'appears' || isPassing || !after) return [];
  const metadata = member(after, 'metadata');
  const reference = {
    apiVersion: stringMember(after, 'apiVersion'),
    kind: stringMember(after, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
  return clusters.map((cluster) => ({ template, cluster, reference }));
}

async function lookFor(
  { cluster, reference }: Look,
  { api, signal }: UnmanagedRequest,
): Promise<'none' | 'unmanaged' | 'unseen'> {
  try {
    const object = await api.memberGet(cluster, reference, signal);
    const labels = memberAt(object, 'metadata', 'labels');
    return stringMember(labels, 'karmada.io/managed') === 'true' ? 'none' : 'unmanaged';
  } catch (error) {
    if (!isKubeError(error) || error.reason === 'aborted') throw error;
    return error.reason === 'notFound' ? 'none' : 'unseen';
  }
}

function notSeen(clusters: readonly string[]): Question {
  const message = `Whether objects of the same names exist on ${listClusters(clusters)} could not be looked up. Karmada does not take over what it did not create.`;
  return { severity: 'warning', code: 'not-previewed', message };
}

function conflicts(
  found: readonly Look[],
  { ground, changes, options }: UnmanagedRequest,
): readonly Question[] {
  const written = changes.filter(({ type }) => type !== 'unchanged');
  const plane = withLiveObjects(
    ground.live,
    written.map(({ reference, type, after }) =>
      type === 'delete' || !after ? { reference } : { reference, object: after },
    ),
  );
  const state = createLiveStepper(options)(plane);
  const objects = new Map(state.run.simulations.map(({ key, template }) => [key, template]));
  const byTemplate = new Map<string, Look[]>();
  for (const look of found) {
    byTemplate.set(look.template, [...(byTemplate.get(look.template) ?? []), look]);
  }
  return [...byTemplate].flatMap(([key, looks]) => {
    const delivery = state.deliveries.get(key);
    return isOverwriting(delivery, objects.get(key)) ? [] : [conflict(looks, delivery)];
  });
}

/** The template's own annotation goes before the policy's word (`pkg/controllers/binding/common.go`). */
function isOverwriting(delivery: Delivery | undefined, template: JsonObject | undefined): boolean {
  const annotations = memberAt(template, 'metadata', 'annotations');
  const own = stringMember(annotations, 'work.karmada.io/conflict-resolution');
  if (own === 'overwrite' || own === 'abort') return own === 'overwrite';
  return delivery?.policy
    ? stringMember(delivery.policy.spec, 'conflictResolution') === 'Overwrite'
    : false;
}

function conflict(looks: readonly Look[], delivery: Delivery | undefined): Question {
  const clusters = looks.map(({ cluster }) => cluster);
  const { kind = '', namespace = '', name = '' } = looks[0]?.reference ?? {};
  const object = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  const policy = delivery?.policy && referenceOf(delivery.policy);
  const where = policy ? `${policy.kind} ${policy.name}` : 'its policy';
  return {
    severity: 'confirm',
    code: 'unmanaged-object',
    message: `${object} exists on ${listClusters(clusters)} and was not put there by Karmada, which leaves it as it is and reports a failure. Set conflictResolution: Overwrite in ${where} to take it over, or delete it there.`,
    clusters,
    ...(looks[0] ? { template: looks[0].template } : {}),
    ...(policy ? { reference: policy } : {}),
  };
}

function referenceOf(policy: NonNullable<Delivery['policy']>): ObjectReference {
  const { kind, namespace, name } = policy;
  return { apiVersion: 'policy.karmada.io/v1alpha1', kind, namespace, name };
}
