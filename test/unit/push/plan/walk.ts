import {
  createLiveStepper,
  liveName,
  nameOfObject,
  withLiveObjects,
} from '../../../../src/analysis/index.ts';
import { isArray, memberAt, withClaimOf } from '../../../../src/engine/index.ts';
import type { LiveState } from '../../../../src/analysis/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import type { ObjectChange, PushGround, PushPlan } from '../../../../src/push/index.ts';
import { manifestText } from '../../../../src/push/plan/manifest.ts';

type Contents = ReadonlyMap<string, JsonObject>;

/** What the Works hold in a state, by `TEMPLATE CLUSTER`; where overrides fail or nothing moves, what they held. */
export function contentsAfter(state: LiveState, before: Contents): Contents {
  const contents = new Map<string, JsonObject>();
  for (const [key, { variants }] of state.deliveries) {
    for (const { clusters, manifest } of variants) {
      for (const cluster of clusters) {
        const held = manifest ?? before.get(`${key} ${cluster}`);
        if (held) contents.set(`${key} ${cluster}`, held);
      }
    }
  }
  return contents;
}

export function contentsIn({ works }: PushGround): Contents {
  return new Map(
    [...works].flatMap(([key, byCluster]) =>
      [...byCluster].map(([cluster, { manifest }]) => [`${key} ${cluster}`, manifest] as const),
    ),
  );
}

/** Something that a member saw: an object of a template, or that it is gone. */
export interface Seen {
  readonly id: string;
  readonly manifest?: JsonObject;
  /** The Work held it back before, so that the member need not have had it. */
  readonly wasHeld?: true;
}

/** A Work that goes while its policy stands. */
export interface Gone {
  readonly id: string;
  /** What the Work says of the member's object when the write comes that takes it away. */
  readonly isPreserving: boolean;
}

export interface Walk {
  readonly gone: readonly Gone[];
  readonly end: Contents;
  readonly seen: readonly Seen[];
  readonly writes: readonly ObjectChange[];
  /** The control plane at the end. */
  readonly plane: LiveState['plane'];
}

/**
 * Does what a plan says, on the whole control plane. Between two waits each write may be seen without any one of those
 * before it.
 */
export function walk(ground: PushGround, plan: PushPlan): Walk {
  const step = createLiveStepper();
  const early = createLiveStepper();
  const seen: Seen[] = [];
  const gone: Gone[] = [];
  const preserving = new Map(
    [...ground.works].flatMap(([key, byCluster]) =>
      [...byCluster].map(([cluster, work]) => [`${key} ${cluster}`, work.preservesOnDeletion]),
    ),
  );
  const preserves = new Map<string, boolean | undefined>();
  const notePreserving = (now: LiveState): void => {
    for (const { key, policy, variants } of now.deliveries.values()) {
      const said = memberAt(policy?.spec ?? {}, 'preserveResourcesOnDeletion') === true;
      for (const cluster of variants.flatMap(({ clusters }) => clusters)) {
        if (policy) preserving.set(`${key} ${cluster}`, preserves.get(policy.id) ?? said);
      }
    }
  };
  const held = new Map<string, 'all' | 'none' | readonly string[]>();
  let state = step(ground.live);
  let contents = contentsAfter(state, contentsIn(ground));
  let settled = { state, contents };
  let pending: ObjectChange[] = [];
  const writes: ObjectChange[] = [];
  /** What members were sent last; of Works that are held at the start that is not known. */
  const sent = new Map<string, string>(
    [...ground.works].flatMap(([key, byCluster]) =>
      [...byCluster].flatMap(([cluster, { isHeld, manifest }]) =>
        isHeld ? [] : [[`${key} ${cluster}`, manifestText(manifest)] as const],
      ),
    ),
  );
  const isHeldIn = (now: LiveState, key: string, cluster: string): boolean => {
    const policy = now.deliveries.get(key)?.policy;
    const clusters = policy && held.get(policy.id);
    return (
      clusters === 'all' ||
      (Array.isArray(clusters) && clusters.includes(cluster)) ||
      isSuspended(policy?.spec, cluster)
    );
  };
  const look = (now: LiveState, before: Contents): Contents => {
    const found = contentsAfter(now, before);
    for (const id of new Set([...before.keys(), ...found.keys()])) {
      const [key = '', cluster = ''] = id.split(' ');
      const manifest = found.get(id);
      if (!manifest) seen.push({ id });
      else if (!isHeldIn(now, key, cluster)) {
        seen.push({ id, manifest });
        sent.set(id, manifestText(manifest));
      }
    }
    return found;
  };
  /** Of what was held: sent after all before the scheduler takes the cluster away. */
  const lookAtLeft = (then: LiveState, now: LiveState): void => {
    for (const [id, manifest] of contents) {
      const [key = '', cluster = ''] = id.split(' ');
      const delivery = now.deliveries.get(key);
      const isChosen = delivery?.variants.some(({ clusters }) => clusters.includes(cluster));
      if (!delivery?.policy || isChosen === true || !isHeldIn(then, key, cluster)) continue;
      const isNew = sent.get(id) !== manifestText(manifest);
      if (isNew && !isHeldIn(now, key, cluster)) seen.push({ id, manifest, wasHeld: true });
    }
  };
  for (const one of plan.steps) {
    if (one.type === 'hold') {
      const { kind, namespace, name } = one.hold.policy;
      const id = [kind, namespace, name].filter((part) => part !== '').join('/');
      held.set(id, one.hold.clusters);
      preserves.set(id, one.hold.preserves);
      notePreserving(state);
      if (one.hold.clusters === 'none') look(state, contents);
    } else if ('change' in one) {
      const { change } = one;
      for (const left of pending) {
        const some = [...pending.filter((other) => other !== left), change];
        look(
          early(afterWrites(settled.state.plane, some), keysOf(some), settled.state),
          settled.contents,
        );
      }
      const then = state;
      state = step(afterWrites(state.plane, [change]), keysOf([change]), state);
      if (change.reference.kind !== 'HelmRelease') lookAtLeft(then, state);
      for (const id of contents.keys()) {
        const [key = '', cluster = ''] = id.split(' ');
        const delivery = state.deliveries.get(key);
        const isThere = delivery?.variants.some(({ clusters }) => clusters.includes(cluster));
        if (!delivery?.policy || isThere === true) continue;
        gone.push({ id, isPreserving: preserving.get(id) === true });
      }
      notePreserving(state);
      contents = look(state, contents);
      pending.push(change);
      writes.push(change);
    } else if (one.type === 'settle') {
      settled = { state, contents };
      pending = [];
    }
  }
  return { gone, end: contents, seen, writes, plane: state.plane };
}

/** Whether a policy itself says that nothing is dispatched to a cluster. */
function isSuspended(spec: JsonObject | undefined, cluster: string): boolean {
  if (memberAt(spec ?? {}, 'suspension', 'dispatching') === true) return true;
  const names = memberAt(spec ?? {}, 'suspension', 'dispatchingOnClusters', 'clusterNames');
  return isArray(names) && names.includes(cluster);
}

function afterWrites(
  plane: LiveState['plane'],
  changes: readonly ObjectChange[],
): LiveState['plane'] {
  const held = new Map(plane.objects.map((object) => [nameOfObject(object), object]));
  return withLiveObjects(
    plane,
    changes.map(({ reference, after }) => {
      const now = held.get(liveName(reference));
      if (!after) return { reference };
      return { reference, object: now ? withClaimOf(after, now) : after };
    }),
  );
}

function keysOf(changes: readonly ObjectChange[]): ReadonlySet<string> {
  return new Set(
    changes.map(({ reference: { apiVersion, kind, namespace, name } }) =>
      [apiVersion, kind, namespace, name].join('/'),
    ),
  );
}

/** The contents as text, for comparisons. */
export function textsOf(contents: Contents): readonly (readonly [string, string])[] {
  return [...contents].map(([id, manifest]) => [id, manifestText(manifest)] as const).sort();
}
