import { isObject } from './json.ts';
import { fitGoNumbers } from './override/goNumbers.ts';
import { clusterMatches } from './selection/clusterAffinity.ts';
import { clusterFacts } from './selection/clusterFacts.ts';
import type { JsonObject } from './types.ts';

export interface PartitionOptions {
  /** Names of the clusters to render for, in this order; all of them when absent. */
  readonly chosen?: readonly string[];
  /** Clusters whose copy of the template differs before any override, as after a revision of replicas. */
  readonly prepared?: ReadonlyMap<string, JsonObject>;
}

/** What is known about a list of clusters; kept for as long as the list lives. */
interface Fleet {
  readonly clusters: readonly JsonObject[];
  readonly names: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  /** For a `targetCluster`, the positions of the clusters that it matches. */
  readonly targets: WeakMap<JsonObject, readonly number[]>;
}

/** What clusters have in common that have taken the same way so far. */
export interface Group {
  /** How many clusters there are. */
  size: number;
  object: JsonObject;
  error?: string;
  clusterOverrides: readonly string[];
  overrides: readonly string[];
}

/** Clusters in groups. Only groups that a rule reaches are looked at, however many there are. */
export interface Partition {
  readonly fleet: Fleet;
  readonly choice: Choice;
  readonly groups: Group[];
  /** For every position in the fleet the index of its group; -1 for a cluster that is not asked for. */
  readonly groupOf: Int32Array;
}

const fleets = new WeakMap<readonly JsonObject[], Fleet>();
const fitted = new WeakMap<JsonObject, JsonObject>();
const none: readonly string[] = [];

function fleetOf(clusters: readonly JsonObject[]): Fleet {
  const known = fleets.get(clusters);
  if (known) return known;
  const names = clusters.map((cluster) => clusterFacts(cluster).name);
  const positions = new Map(names.map((name, position) => [name, position]));
  const fleet: Fleet = { clusters, names, positions, targets: new WeakMap() };
  fleets.set(clusters, fleet);
  return fleet;
}

/** The clusters that a list of names chooses from a fleet. */
interface Choice {
  /** Known ones, each once. */
  readonly names: readonly string[];
  /** Of each name in the fleet. */
  readonly positions: readonly number[];
  /** By position in the fleet: 0 for a chosen cluster, else -1. */
  readonly groupOf: Int32Array;
  /** The latest ways in which they were divided, the last one in front. */
  readonly splits: Split[];
}

/** Clusters divided into groups. */
interface Split {
  readonly groupOf: Int32Array;
  /** By index of the group. */
  readonly names: readonly (readonly string[])[];
}

const choices = new WeakMap<Fleet, WeakMap<readonly string[], Choice>>();

/** Worked out once a list, so share the list between templates that go to the same clusters. */
function choiceOf(fleet: Fleet, chosen: readonly string[] = fleet.names): Choice {
  let known = choices.get(fleet);
  if (!known) choices.set(fleet, (known = new WeakMap()));
  let choice = known.get(chosen);
  if (!choice) {
    const groupOf = new Int32Array(fleet.names.length).fill(-1);
    const names = [...new Set(chosen)].filter((name) => fleet.positions.has(name));
    const positions = names.map((name) => fleet.positions.get(name) ?? 0);
    for (const position of positions) groupOf[position] = 0;
    choice = { names, positions, groupOf, splits: [] };
    known.set(chosen, choice);
  }
  return choice;
}

/** Puts the chosen clusters of a list into groups by their copy of the template. */
export function startPartition(
  template: JsonObject,
  clusters: readonly JsonObject[],
  { chosen, prepared }: PartitionOptions,
): Partition {
  const fleet = fleetOf(clusters);
  const choice = choiceOf(fleet, chosen);
  const groups: Group[] = [];
  const groupOf = choice.groupOf.slice();
  const indexes = new Map<JsonObject, number>();
  const startGroup = (object: JsonObject, size: number): number => {
    const start = { object: withGoNumbers(object), clusterOverrides: none, overrides: none };
    return groups.push({ size, ...start }) - 1;
  };
  if (!prepared?.size) {
    if (choice.names.length > 0) startGroup(template, choice.names.length);
    return { fleet, choice, groups, groupOf };
  }
  for (const [i, position] of choice.positions.entries()) {
    const object = prepared.get(choice.names[i] ?? '') ?? template;
    let index = indexes.get(object);
    if (index === undefined) indexes.set(object, (index = startGroup(object, 0)));
    groupOf[position] = index;
    const group = groups[index];
    if (group) group.size++;
  }
  return { fleet, choice, groups, groupOf };
}

const splitsKept = 8;

/**
 * The names of the clusters of every group. Templates whose clusters are divided alike share the lists, so that what is
 * found out about a list can be kept by its identity.
 */
export function namesByGroup({ choice, groups, groupOf }: Partition): Split['names'] {
  if (groups.length === 1) return [choice.names];
  const { splits } = choice;
  const at = splits.findIndex((split) => isSameSplit(split, groupOf, groups.length));
  const split = splits[at] ?? { groupOf, names: divide(choice, groupOf, groups.length) };
  if (at !== 0) {
    splits.splice(at < 0 ? splitsKept - 1 : at, 1);
    splits.unshift(split);
  }
  return split.names;
}

function isSameSplit({ groupOf, names }: Split, now: Int32Array, count: number): boolean {
  if (names.length !== count) return false;
  for (let i = 0; i < now.length; i++) if (groupOf[i] !== now[i]) return false;
  return true;
}

function divide(choice: Choice, groupOf: Int32Array, count: number): Split['names'] {
  const names = Array.from({ length: count }, (): string[] => []);
  for (const [i, position] of choice.positions.entries()) {
    names[groupOf[position] ?? -1]?.push(choice.names[i] ?? '');
  }
  return names;
}

function withGoNumbers(template: JsonObject): JsonObject {
  const known = fitted.get(template);
  if (known) return known;
  const value = fitGoNumbers(template);
  const object = isObject(value) ? value : template;
  fitted.set(template, object);
  return object;
}

/** The positions of the clusters that a `targetCluster` matches. */
export function targetsOf(fleet: Fleet, targetCluster: JsonObject): readonly number[] {
  const known = fleet.targets.get(targetCluster);
  if (known) return known;
  const positions: number[] = [];
  for (const [position, cluster] of fleet.clusters.entries()) {
    if (clusterMatches(targetCluster, clusterFacts(cluster))) positions.push(position);
  }
  fleet.targets.set(targetCluster, positions);
  return positions;
}
