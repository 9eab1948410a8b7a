import type { LiveState } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ExpectedWork } from '../types.ts';
import { contentsOf } from './between.ts';
import { told } from './expected.ts';
import { isSameText } from './manifest.ts';

/** Held Works that come back to what they held before. */
export interface Returning {
  /** What they hold before they do, by the index of the write that makes them. */
  readonly before: ReadonlyMap<number, readonly ExpectedWork[]>;
  /** What they hold in the end. */
  readonly last: readonly ExpectedWork[];
}

/**
 * Looks for held Works that are something else in the middle and in the end what they were at an earlier moment. That
 * they are as they should be does not show that Karmada has seen the last write: they may be so still. So they are waited
 * for in the middle as well, or dispatch could be let go while they hold what members are not to see.
 */
export function returningWorks(
  states: readonly LiveState[],
  isHeld: (key: string, cluster: string) => boolean,
): Returning {
  const before = new Map<number, Groups>();
  const last: Groups = new Map();
  for (const [key, end] of states.at(-1)?.deliveries ?? []) {
    if (states.every(({ deliveries }) => deliveries.get(key) === end)) continue;
    const contents = states.map(({ deliveries }) => contentsOf(deliveries.get(key)));
    for (const [cluster, manifest] of contents.at(-1) ?? []) {
      if (manifest === 'fails' || !isHeld(key, cluster)) continue;
      const at = lastTurn(contents.map((content) => content.get(cluster)));
      if (!at) continue;
      const works: Groups = before.get(at.index) ?? new Map();
      before.set(at.index, works);
      add(works, key, cluster, at.manifest);
      add(last, key, cluster, manifest);
    }
  }
  return {
    before: new Map([...before].map(([index, groups]) => [index, worksOf(groups)])),
    last: worksOf(last),
  };
}

/** Clusters that get the same of a template, by the manifest. */
type Groups = Map<JsonObject, { readonly template: string; readonly clusters: string[] }>;

function add(groups: Groups, template: string, cluster: string, manifest: JsonObject): void {
  const group = groups.get(manifest);
  if (group) group.clusters.push(cluster);
  else groups.set(manifest, { template, clusters: [cluster] });
}

function worksOf(groups: Groups): readonly ExpectedWork[] {
  return [...groups].map(([manifest, group]) => ({ ...group, manifest: told(manifest) }));
}

type Content = JsonObject | 'fails' | undefined;

/** The last moment at which a Work is not yet what it is in the end, if it has been that before. */
function lastTurn(
  contents: readonly Content[],
): { readonly index: number; readonly manifest: JsonObject } | undefined {
  // Where an override cannot be applied the Work stays as it is.
  const held: (JsonObject | undefined)[] = [];
  for (const content of contents) held.push(content === 'fails' ? held.at(-1) : content);
  const end = held.at(-1);
  const isEnd = (one: JsonObject | undefined): boolean => !!one && !!end && isSameText(one, end);
  const index = held.findLastIndex((one) => !isEnd(one));
  const manifest = held[index];
  return manifest && held.slice(0, index).some(isEnd) ? { index, manifest } : undefined;
}
