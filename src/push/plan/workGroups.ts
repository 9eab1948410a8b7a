import type { JsonObject } from '../../engine/index.ts';
import type { WorkState } from '../types.ts';
import { isSameContent, manifestText } from './manifest.ts';

/** Clusters whose Works hold the same, or would. */
export interface WorkGroup {
  readonly manifest: JsonObject;
  readonly clusters: string[];
}

/** Comparing is faster than writing a text, but not with every one of a thousand manifests. */
const mostCompared = 8;

/** Groups Works by what they hold, in the order in which they come; what differs by cluster alone counts as one. */
export function workGroups(
  works: Iterable<readonly [cluster: string, work: Pick<WorkState, 'manifest'>]>,
): readonly WorkGroup[] {
  const [first, byText]: [WorkGroup[], Map<string, WorkGroup>] = [[], new Map()];
  for (const [cluster, { manifest }] of works) {
    const text = () => manifestText(manifest);
    const isFull = first.length === mostCompared;
    const group =
      first.find((one) => isSameContent(one.manifest, manifest)) ??
      (isFull ? byText.get(text()) : undefined);
    const made = { manifest, clusters: [cluster] };
    if (group) group.clusters.push(cluster);
    else if (isFull) byText.set(text(), made);
    else first.push(made);
  }
  return [...first, ...byText.values()];
}
