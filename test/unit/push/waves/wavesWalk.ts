import {
  createLiveStepper,
  liveName,
  nameOfObject,
  withLiveObjects,
} from '../../../../src/analysis/index.ts';
import type { LiveState } from '../../../../src/analysis/index.ts';
import { isArray, memberAt, withClaimOf } from '../../../../src/engine/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import type {
  ExpectedWork,
  Hold,
  ObjectChange,
  PushGround,
  PushStep,
} from '../../../../src/push/index.ts';
import { manifestText } from '../../../../src/push/plan/manifest.ts';

/** A Work as Karmada has written it last. */
interface PlayedWork {
  readonly text: string;
  readonly isHeld: boolean;
  readonly isPreserving: boolean;
}

/** Everything that Karmada and members have at one moment, by `TEMPLATE CLUSTER`. */
export interface Moment {
  readonly step: PushStep;
  readonly works: ReadonlyMap<string, PlayedWork>;
  /** What members were sent last, as text. */
  readonly members: ReadonlyMap<string, string>;
  /** Policies that are held, by a hold or by what they say. */
  readonly held: readonly string[];
}

/** Does the steps of a plan one after the other; each moment is after its step. */
export function walkWaves(ground: PushGround, steps: readonly PushStep[]): readonly Moment[] {
  const next = createLiveStepper();
  const holds = new Map<string, Hold>();
  let state = next(ground.live);
  let works: ReadonlyMap<string, PlayedWork> = new Map(
    [...ground.works].flatMap(([key, byCluster]) =>
      [...byCluster].map(([cluster, { manifest, isHeld, preservesOnDeletion: isPreserving }]) => [
        `${key} ${cluster}`,
        { text: manifestText(manifest), isHeld, isPreserving },
      ]),
    ),
  );
  const members = new Map([...works].map(([id, { text }]) => [id, text]));
  return steps.map((step) => {
    if (step.type === 'hold') {
      const { kind, namespace, name } = step.hold.policy;
      holds.set([kind, namespace, name].filter(Boolean).join('/'), step.hold);
    } else if ('change' in step) {
      state = next(written(state, step.change), new Set([keyOf(step.change)]), state);
    }
    works = worksOf(state, works, holds);
    for (const id of members.keys()) if (!works.has(id)) members.delete(id);
    for (const [id, { text, isHeld }] of works) if (!isHeld) members.set(id, text);
    const policies = state.run.controlPlane.policies;
    const held = policies
      .filter(
        ({ id, spec }) => (holds.get(id)?.clusters ?? 'none') !== 'none' || isObjectHeld(spec),
      )
      .map(({ id }) => id);
    return { step, works, members: new Map(members), held };
  });
}

/** Karmada writes what it can render; where an override fails or nothing claims it, a Work stays as it is. */
function worksOf(
  { deliveries }: LiveState,
  before: ReadonlyMap<string, PlayedWork>,
  holds: ReadonlyMap<string, Hold>,
): ReadonlyMap<string, PlayedWork> {
  const works = new Map<string, PlayedWork>();
  for (const [key, { variants, policy }] of deliveries) {
    for (const { clusters, manifest } of variants) {
      for (const cluster of clusters) {
        const id = `${key} ${cluster}`;
        const old = before.get(id);
        const { clusters: hold, preserves } = (policy && holds.get(policy.id)) ?? {};
        // A binding keeps the suspension of a policy that let it go.
        const isHeld = policy
          ? hold === 'all' ||
            (isArray(hold) && hold.includes(cluster)) ||
            isSaidHeld(policy.spec, cluster)
          : old?.isHeld === true;
        const isPreserving = policy
          ? (preserves ?? memberAt(policy.spec, 'preserveResourcesOnDeletion') === true)
          : old?.isPreserving === true;
        if (manifest) works.set(id, { text: manifestText(manifest), isHeld, isPreserving });
        else if (old) works.set(id, old);
      }
    }
  }
  return works;
}

function isSaidHeld(spec: JsonObject | undefined, cluster: string): boolean {
  if (memberAt(spec ?? {}, 'suspension', 'dispatching') === true) return true;
  const names = memberAt(spec ?? {}, 'suspension', 'dispatchingOnClusters', 'clusterNames');
  return isArray(names) && names.includes(cluster);
}

function isObjectHeld(spec: JsonObject): boolean {
  return memberAt(spec, 'suspension') !== undefined;
}

function written({ plane }: LiveState, { reference, after }: ObjectChange): LiveState['plane'] {
  const held = plane.objects.find((object) => nameOfObject(object) === liveName(reference));
  if (!after) return withLiveObjects(plane, [{ reference }]);
  const object = held ? withClaimOf(after, held) : after;
  return withLiveObjects(plane, [{ reference, object }]);
}

function keyOf({ reference: { apiVersion, kind, namespace, name } }: ObjectChange): string {
  return [apiVersion, kind, namespace, name].join('/');
}

/** What a wait does not find, though it is to be there; such a wait never ends. */
export function unmet({ step, works }: Moment): readonly string[] {
  if (step.type !== 'settle') return [];
  return step.works.flatMap((expected) =>
    expected.clusters.flatMap((cluster) => {
      const work = works.get(`${expected.template} ${cluster}`);
      return isMet(expected, work) ? [] : [`${expected.template} ${cluster} ${told(expected)}`];
    }),
  );
}

function isMet(
  { manifest, isHeld, isPreserving }: ExpectedWork,
  work: PlayedWork | undefined,
): boolean {
  if ([manifest, isHeld, isPreserving].every((one) => one === undefined)) return work === undefined;
  if (!work || (isHeld !== undefined && work.isHeld !== isHeld)) return false;
  if (isPreserving !== undefined && work.isPreserving !== isPreserving) return false;
  return manifest === undefined || manifestText(manifest) === work.text;
}

function told({ manifest, isHeld }: ExpectedWork): string {
  return [manifest ? 'as reviewed' : '', isHeld === true ? 'held' : ''].join(' ');
}
