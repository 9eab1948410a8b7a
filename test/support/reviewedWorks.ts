import { deepEqual, isObject, member, withMember, withoutMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { Effect } from '../../src/push/index.ts';
import type { AppliedOverrides, WorkVersion } from './workRecorder.ts';

/** Manifests by `CLUSTER NAMESPACE/BINDING`. */
export type Manifests = ReadonlyMap<string, JsonObject>;

/** A cluster's Work that is not what the review said. */
export interface WorkDifference {
  /** `CLUSTER NAMESPACE/BINDING` */
  readonly work: string;
  /** Type of the effect that the review had for it. */
  readonly effect: Effect['type'] | 'none';
  readonly reviewed?: JsonObject;
  readonly found?: JsonObject;
}

/** What recorded Works hold, as it is compared. */
export function manifestsOf(works: ReadonlyMap<string, WorkVersion>): Manifests {
  return new Map([...works].map(([key, { manifest }]) => [key, comparable(manifest)]));
}

/**
 * A manifest as the recorded answers of Karmada are compared: labels and annotations of karmada.io domains are left out,
 * and the maps that are empty then.
 */
export function comparable(given: JsonObject): JsonObject {
  const manifest = withoutValues(given);
  const metadata = member(manifest, 'metadata');
  if (!isObject(metadata)) return manifest;
  let kept: JsonObject = metadata;
  for (const field of ['labels', 'annotations']) {
    const map = member(kept, field);
    const entries = Object.entries(isObject(map) ? map : {}).filter(([key]) => !isKarmadas(key));
    kept =
      entries.length === 0
        ? withoutMember(kept, field)
        : withMember(kept, field, Object.fromEntries(entries));
  }
  return withMember(manifest, 'metadata', kept);
}

/** A Secret without its values, which no review has. */
function withoutValues(manifest: JsonObject): JsonObject {
  const data = member(manifest, 'data');
  if (manifest['kind'] !== 'Secret' || !isObject(data)) return manifest;
  const keys = Object.keys(data).map((key) => [key, null] as const);
  return withMember(manifest, 'data', Object.fromEntries(keys));
}

function isKarmadas(key: string): boolean {
  return /^(?:.*\.)?karmada\.io\//.test(key);
}

/** The Works of a template's effect, by key. */
export function worksOf({ template, clusters }: Effect): readonly string[] {
  const [kind = '', namespace = '', name = ''] = template.split('/').slice(-3);
  const binding = `${name.replaceAll(':', '.')}-${kind}`.toLowerCase();
  return clusters.map((cluster) => `${cluster} ${namespace}/${binding}`);
}

/** The Works that a review leads to from those that are there; what it does not speak of stays as it is. */
export function reviewedWorks(before: Manifests, effects: readonly Effect[]): Manifests {
  const works = new Map(before);
  for (const effect of effects) {
    if (effect.isPassing === true) continue;
    for (const key of worksOf(effect)) {
      if (effect.type === 'removed' || effect.type === 'kept') works.delete(key);
      else if (effect.type !== 'orphaned' && effect.after) {
        works.set(key, comparable(effect.after));
      }
    }
  }
  return works;
}

/** What Works may hold as well, by key: as before or as after what Karmada does in its own time. */
export type Delayed = ReadonlyMap<string, readonly (JsonObject | undefined)[]>;

/** Adds what a review announces for some time. */
export function withDelayed(
  known: Delayed,
  before: Manifests,
  effects: readonly Effect[],
): Delayed {
  const delayed = new Map(known);
  for (const effect of effects) {
    if (effect.isDelayed !== true || !effect.after) continue;
    for (const key of worksOf(effect)) {
      delayed.set(key, [...(known.get(key) ?? []), before.get(key), comparable(effect.after)]);
    }
  }
  return delayed;
}

/** Where the Works there are differ from those that were reviewed. */
export function differences(
  reviewed: Manifests,
  found: Manifests,
  effects: readonly Effect[],
  delayed: Delayed = new Map(),
): readonly WorkDifference[] {
  const keys = new Set([...reviewed.keys(), ...found.keys()]);
  return [...keys].sort().flatMap((work) => {
    const [wanted, have] = [reviewed.get(work), found.get(work)];
    if (wanted && have && deepEqual(wanted, have)) return [];
    if ((delayed.get(work) ?? []).some((one) => deepEqual(one ?? null, have ?? null))) return [];
    const effect = effects.find((one) => one.isPassing !== true && worksOf(one).includes(work));
    return [
      {
        work,
        effect: effect?.type ?? 'none',
        ...(wanted ? { reviewed: wanted } : {}),
        ...(have ? { found: have } : {}),
      },
    ];
  });
}

/** The versions of Works that reached members, or could have, and that no part of the review announced. */
export function unannounced(
  before: Manifests,
  versions: readonly WorkVersion[],
  effects: readonly Effect[],
  delayed: Delayed = new Map(),
): readonly WorkVersion[] {
  const announced = new Map<string, JsonObject[]>();
  const add = (key: string, manifest: JsonObject | undefined): void => {
    if (manifest) announced.set(key, [...(announced.get(key) ?? []), comparable(manifest)]);
  };
  for (const [key, manifest] of before) add(key, manifest);
  for (const [key, manifests] of delayed) for (const manifest of manifests) add(key, manifest);
  for (const effect of effects) {
    if (effect.type === 'removed') continue;
    for (const key of worksOf(effect)) add(key, effect.after);
  }
  return versions.filter(({ cluster, binding, manifest, isHeld }) => {
    const known = announced.get(`${cluster} ${binding}`) ?? [];
    return !isHeld && !known.some((one) => deepEqual(one, comparable(manifest)));
  });
}

/** A Work that says other overrides than the review. */
export interface OverrideDifference {
  readonly work: string;
  readonly reviewed: AppliedOverrides;
  readonly found: AppliedOverrides;
}

/**
 * Where Works do not say the override policies that the review does. Karmada never takes the note away from a Work once
 * it is there, so that it says something only where some policy applies or the Work is new.
 */
export function overrideDifferences(
  effects: readonly Effect[],
  works: ReadonlyMap<string, WorkVersion>,
): readonly OverrideDifference[] {
  return effects.flatMap((effect) => {
    const { type, isPassing, isDelayed, leftNotes: left } = effect;
    const { overrides = [], clusterOverrides = [] } = effect;
    if (isPassing === true || isDelayed === true || type === 'fails' || !effect.after) return [];
    const isNew = type === 'appears';
    return worksOf(effect).flatMap((key) => {
      const work = works.get(key);
      if (!work) return [];
      const reviewed = {
        overrides: overrides.toSorted(),
        clusterOverrides: clusterOverrides.toSorted(),
      };
      const isSame = (['overrides', 'clusterOverrides'] as const).every(
        (which) =>
          (reviewed[which].length === 0 && !isNew) ||
          deepEqual(reviewed[which], work.applied[which].toSorted()) ||
          // Karmada may pass over a state in the middle.
          (left?.[which] && deepEqual(left[which].toSorted(), work.applied[which].toSorted())),
      );
      return isSame ? [] : [{ work: key, reviewed, found: work.applied }];
    });
  });
}
