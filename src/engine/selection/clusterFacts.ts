import {
  arrayMember,
  isObject,
  member,
  memberAt,
  stringMember,
  withMember,
  withoutMember,
} from '../json.ts';
import type { JsonObject } from '../types.ts';
import { labelsOf, type Labels } from './labelSelector.ts';

/** A taint of a cluster, as a toleration is compared with it. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** What scheduling and overrides read of a Cluster. */
export interface ClusterFacts {
  readonly name: string;
  readonly labels: Labels;
  /** Labels over `provider` and `region`; an empty field is an absent key. */
  readonly fields: Labels;
  readonly provider: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly taints: readonly Taint[];
  /** Status of the condition Ready: `True`, `False`, `Unknown`, or `''` when there is none. */
  readonly ready: string;
  /** `Push`, `Pull`, or `''` when it is not known. */
  readonly syncMode: string;
  readonly deleting: boolean;
  readonly object: JsonObject;
}

const known = new WeakMap<JsonObject, ClusterFacts>();

/** Whether an object is a Karmada Cluster. */
export function isCluster(object: JsonObject): boolean {
  return (
    stringMember(object, 'kind') === 'Cluster' &&
    stringMember(object, 'apiVersion').startsWith('cluster.karmada.io/')
  );
}

/**
 * Reads a stored Cluster once an object. The deprecated `spec.zone` is not looked at; `storedCluster` turns a Cluster
 * that somebody wrote into what the control plane stores.
 */
export function clusterFacts(cluster: JsonObject): ClusterFacts {
  const cached = known.get(cluster);
  if (cached) return cached;
  const facts = read(cluster);
  known.set(cluster, facts);
  return facts;
}

function read(cluster: JsonObject): ClusterFacts {
  const spec = member(cluster, 'spec');
  const provider = stringMember(spec, 'provider');
  const region = stringMember(spec, 'region');
  const fields = new Map<string, string>();
  if (provider !== '') fields.set('provider', provider);
  if (region !== '') fields.set('region', region);
  return {
    name: stringMember(member(cluster, 'metadata'), 'name'),
    labels: labelsOf(cluster),
    fields,
    provider,
    region,
    zones: arrayMember(spec, 'zones').filter((zone) => typeof zone === 'string'),
    taints: arrayMember(spec, 'taints').filter(isObject).map(taint),
    ready: readyOf(cluster),
    syncMode: stringMember(spec, 'syncMode'),
    deleting: (memberAt(cluster, 'metadata', 'deletionTimestamp') ?? null) !== null,
    object: cluster,
  };
}

/**
 * Whether a cluster reports that it serves a kind in an apiVersion. Looked up in the object: few kinds are ever asked
 * for, and an index of all that a thousand clusters serve would cost more than the answers.
 */
export function servesApi({ object }: ClusterFacts, apiVersion: string, kind: string): boolean {
  return arrayMember(member(object, 'status'), 'apiEnablements').some(
    (enablement) =>
      stringMember(enablement, 'groupVersion') === apiVersion &&
      arrayMember(enablement, 'resources').some(
        (resource) => stringMember(resource, 'kind') === kind,
      ),
  );
}

const storedClusters = new WeakMap<JsonObject, JsonObject>();

/**
 * A Cluster as Karmada's aggregated API stores it: the deprecated `spec.zone` becomes `zones` on every write
 * (`pkg/apis/cluster/mutation/mutation.go`). The same object for the same input.
 */
export function storedCluster(cluster: JsonObject): JsonObject {
  const spec = member(cluster, 'spec');
  const zone = stringMember(spec, 'zone');
  if (!isObject(spec) || zone === '' || arrayMember(spec, 'zones').length > 0) return cluster;
  const known = storedClusters.get(cluster);
  if (known) return known;
  const zoned = withMember(withoutMember(spec, 'zone'), 'zones', [zone]);
  const stored = withMember(cluster, 'spec', zoned);
  storedClusters.set(cluster, stored);
  return stored;
}

function taint(object: JsonObject): Taint {
  return {
    key: stringMember(object, 'key'),
    value: stringMember(object, 'value'),
    effect: stringMember(object, 'effect'),
  };
}

function readyOf(cluster: JsonObject): string {
  const conditions = arrayMember(member(cluster, 'status'), 'conditions');
  const ready = conditions.find((condition) => stringMember(condition, 'type') === 'Ready');
  return stringMember(ready, 'status');
}
