import { arrayMember, isObject, member, readPlacement } from '../../../engine/index.ts';
import type { AffinityTerm, JsonObject, JsonValue } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';

/** A node of a placement, from its root. */
export interface PlacementNode {
  readonly path: SourcePath;
  readonly on: 'key' | 'value';
}

/** The names that an affinity lists. */
export function namesOf(affinity: JsonValue): readonly JsonValue[] {
  return isObject(affinity) ? arrayMember(affinity, 'clusterNames') : [];
}

/** Whether an affinity asks for more than names, so that it says nothing about clusters of which only these are known. */
function asksForMore(affinity: JsonValue): boolean {
  return ['labelSelector', 'fieldSelector'].some((key) => (member(affinity, key) ?? null) !== null);
}

/** Whether the names that the policies mention decide what a term chooses. */
export function isDecidedByNames({ affinity, overflow }: AffinityTerm): boolean {
  return ![affinity, ...overflow].some(asksForMore);
}

/** From a placement to one of its affinities. */
export function termPath(placement: JsonObject, term: AffinityTerm): SourcePath {
  const { isGrouped, terms } = readPlacement(placement);
  return isGrouped ? ['clusterAffinities', terms.indexOf(term)] : ['clusterAffinity'];
}

/** The key `clusterAffinity`, the name of a term, or the placement when it has neither. */
export function termNode(placement: JsonObject, term: AffinityTerm): PlacementNode {
  const path = termPath(placement, term);
  if (path.length > 1) return { path: [...path, 'affinityName'], on: 'key' };
  return { path: isObject(member(placement, 'clusterAffinity')) ? path : [], on: 'key' };
}
