import { arrayMember, isObject, member, stringMember } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';

/** A placement as the scheduler reads it (`pkg/apis/policy/v1alpha1/propagation_types.go`). */
export interface Placement {
  /** Tried in order; one unnamed term when the policy has no `clusterAffinities`. */
  readonly terms: readonly AffinityTerm[];
  /** Whether the terms come from `clusterAffinities`. */
  readonly isGrouped: boolean;
  readonly tolerations: readonly Toleration[];
  readonly spread: readonly SpreadConstraint[];
  readonly replicaScheduling: ReplicaScheduling | undefined;
}

export interface AffinityTerm {
  /** Empty for the single unnamed term. */
  readonly name: string;
  /** The affinity, null when every cluster is meant. */
  readonly affinity: JsonValue;
  /** Further tiers that workloads may spill into. */
  readonly overflow: readonly JsonValue[];
}

export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  readonly effect: string;
}

export interface SpreadConstraint {
  readonly field: string;
  readonly minGroups: number;
  readonly maxGroups: number;
}

export interface ReplicaScheduling {
  readonly type: string;
  readonly preference: string;
  readonly hasWeightPreference: boolean;
  readonly staticWeights: readonly StaticWeight[];
  readonly dynamicWeight: string;
}

export interface StaticWeight {
  readonly affinity: JsonValue;
  readonly weight: number;
}

const compiled = new WeakMap<JsonObject, Placement>();

/** Reads a placement once an object. */
export function readPlacement(placement: JsonObject): Placement {
  const known = compiled.get(placement);
  if (known) return known;
  const read: Placement = {
    terms: readTerms(placement),
    isGrouped: isGrouped(placement),
    tolerations: arrayMember(placement, 'clusterTolerations').map(readToleration),
    spread: arrayMember(placement, 'spreadConstraints').map(readSpread),
    replicaScheduling: readReplicaScheduling(member(placement, 'replicaScheduling')),
  };
  compiled.set(placement, read);
  return read;
}

/** How replicas are given out: `Duplicated`, `StaticWeight`, `DynamicWeight`, `Aggregated`, or `''` for neither. */
export type Strategy = 'Duplicated' | 'StaticWeight' | 'DynamicWeight' | 'Aggregated' | '';

/** The strategy of a placement (`newAssignState` of `pkg/scheduler/core/assignment.go`). */
export function strategyOf({ replicaScheduling: scheduling }: Placement): Strategy {
  if (!scheduling || scheduling.type === 'Duplicated') return 'Duplicated';
  if (scheduling.type !== 'Divided') return '';
  if (scheduling.preference === 'Aggregated') return 'Aggregated';
  if (scheduling.preference !== 'Weighted') return '';
  return scheduling.dynamicWeight === '' ? 'StaticWeight' : 'DynamicWeight';
}

/**
 * Whether static weights, given or meant, make the spread constraints void
 * (`shouldIgnoreSpreadConstraint` of `pkg/scheduler/core/spreadconstraint/select_clusters.go`).
 */
export function ignoresSpread(placement: Placement): boolean {
  const scheduling = placement.replicaScheduling;
  return (
    strategyOf(placement) === 'StaticWeight' &&
    (!scheduling?.hasWeightPreference || scheduling.staticWeights.length > 0)
  );
}

/** A present `clusterAffinity` wins; admission refuses both. */
function isGrouped(placement: JsonObject): boolean {
  return (
    !isObject(member(placement, 'clusterAffinity')) &&
    arrayMember(placement, 'clusterAffinities').length > 0
  );
}

function readTerms(placement: JsonObject): readonly AffinityTerm[] {
  if (!isGrouped(placement)) {
    return [{ name: '', affinity: member(placement, 'clusterAffinity') ?? null, overflow: [] }];
  }
  return arrayMember(placement, 'clusterAffinities').map((term) => ({
    name: stringMember(term, 'affinityName'),
    affinity: term,
    overflow: arrayMember(term, 'overflowAffinities'),
  }));
}

function readToleration(toleration: JsonValue): Toleration {
  return {
    key: stringMember(toleration, 'key'),
    operator: stringMember(toleration, 'operator'),
    value: stringMember(toleration, 'value'),
    effect: stringMember(toleration, 'effect'),
  };
}

function readSpread(constraint: JsonValue): SpreadConstraint {
  return {
    field: stringMember(constraint, 'spreadByField'),
    minGroups: numberMember(constraint, 'minGroups'),
    maxGroups: numberMember(constraint, 'maxGroups'),
  };
}

function readReplicaScheduling(scheduling: JsonValue | undefined): ReplicaScheduling | undefined {
  if (!isObject(scheduling)) return undefined;
  const preference = member(scheduling, 'weightPreference');
  return {
    type: stringMember(scheduling, 'replicaSchedulingType'),
    preference: stringMember(scheduling, 'replicaDivisionPreference'),
    hasWeightPreference: isObject(preference),
    staticWeights: arrayMember(preference, 'staticWeightList').map((rule) => ({
      affinity: member(rule, 'targetCluster') ?? null,
      weight: numberMember(rule, 'weight'),
    })),
    dynamicWeight: stringMember(preference, 'dynamicWeight'),
  };
}

function numberMember(value: JsonValue, key: string): number {
  const found = member(value, key);
  return typeof found === 'number' || typeof found === 'bigint' ? Number(found) : 0;
}
