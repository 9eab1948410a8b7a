import { arrayMember, isObject, member, memberAt, stringMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';

/** `cluster.karmada.io/unschedulable`: what `karmadactl cordon` puts on a cluster. */
const unschedulable = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' } as const;

/** Whether a Cluster, or a row of one, has the taint of `karmadactl cordon`. */
export function isCordoned(taints: readonly { key: string; effect: string }[]): boolean {
  return taints.some(({ key, effect }) => key === unschedulable.key && effect === 'NoSchedule');
}

/**
 * The merge patch that cordons or uncordons a Cluster as `karmadactl cordon` does (`pkg/karmadactl/cordon/cordon.go`),
 * `undefined` when there is nothing to change. It holds the version that it was made from, so that a change of the
 * taints by somebody else in the meantime is a conflict and not lost.
 */
export function cordonPatch(
  cluster: JsonObject,
  wanted: 'cordoned' | 'schedulable',
): JsonObject | undefined {
  const taints = arrayMember(member(cluster, 'spec'), 'taints');
  const others = taints.filter((taint) => !isUnschedulable(taint));
  const isAlready = others.length < taints.length;
  if (isAlready === (wanted === 'cordoned')) return undefined;
  const resourceVersion = memberAt(cluster, 'metadata', 'resourceVersion') ?? null;
  return {
    ...(typeof resourceVersion === 'string' ? { metadata: { resourceVersion } } : {}),
    spec: { taints: wanted === 'cordoned' ? [...taints, unschedulable] : others },
  };
}

function isUnschedulable(taint: JsonValue): boolean {
  return (
    isObject(taint) &&
    stringMember(taint, 'key') === unschedulable.key &&
    stringMember(taint, 'effect') === unschedulable.effect
  );
}
