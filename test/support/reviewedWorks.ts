import {
  deepEqual,
  isObject,
  member,
  memberAt,
  withMember,
  withoutMember,
} from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { Effect } from '../../src/push/index.ts';
import type { WorkVersion } from './workRecorder.ts';

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
export function comparable(manifest: JsonObject): JsonObject {
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
      else if (effect.type !== 'fails' && effect.type !== 'orphaned' && effect.after) {
        works.set(key, comparable(effect.after));
      }
    }
  }
  return works;
}

/** Where the Works there are differ from those that were reviewed. */
export function differences(
  reviewed: Manifests,
  found: Manifests,
  effects: readonly Effect[],
): readonly WorkDifference[] {
  const keys = new Set([...reviewed.keys(), ...found.keys()]);
  return [...keys].sort().flatMap((work) => {
    const [wanted, have] = [reviewed.get(work), found.get(work)];
    if (wanted && have && deepEqual(wanted, have)) return [];
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

/**
 * The versions of Works that reached members, or could have, and that no part of the review announced. How many replicas
 * a workload has comes from its binding, which Karmada changes a moment after the template: for that moment the new
 * manifest may have the old number.
 */
export function unannounced(
  before: Manifests,
  versions: readonly WorkVersion[],
  effects: readonly Effect[],
): readonly WorkVersion[] {
  const announced = new Map<string, JsonObject[]>();
  const add = (key: string, manifest: JsonObject | undefined): void => {
    if (manifest) announced.set(key, [...(announced.get(key) ?? []), comparable(manifest)]);
  };
  for (const [key, manifest] of before) add(key, manifest);
  for (const effect of effects) {
    if (effect.type === 'fails' || effect.type === 'removed') continue;
    for (const key of worksOf(effect)) {
      add(key, effect.after);
      const replicas = memberAt(before.get(key), 'spec', 'replicas');
      const spec = member(effect.after, 'spec');
      if (effect.after && isObject(spec) && replicas !== undefined) {
        add(key, withMember(effect.after, 'spec', withMember(spec, 'replicas', replicas)));
      }
    }
  }
  return versions.filter(({ cluster, binding, manifest, isHeld }) => {
    const known = announced.get(`${cluster} ${binding}`) ?? [];
    return !isHeld && !known.some((one) => deepEqual(one, comparable(manifest)));
  });
}
