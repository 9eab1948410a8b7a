import type { ClusterFacts } from '../engine/index.ts';
import { sortNaturally } from './naturalOrder.ts';

/** The clusters of a fleet, numbered in natural order. */
interface Numbered {
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
}

/**
 * Some clusters of one fleet, a bit for each in natural order, so that what hundreds of templates have in common or
 * together is found in a few words each. Sets of different fleets never meet: a simulation follows its fleet.
 */
export type ClusterSet = Uint32Array<ArrayBuffer>;

const known = new WeakMap<readonly ClusterFacts[], Numbered>();

function numbered(fleet: readonly ClusterFacts[]): Numbered {
  let answer = known.get(fleet);
  if (!answer) {
    const names = sortNaturally(fleet, ({ name }) => name).map(({ name }) => name);
    answer = { names, numbers: new Map(names.map((name, number) => [name, number])) };
    known.set(fleet, answer);
  }
  return answer;
}

/** The names of a fleet in natural order. */
export function namesOf(fleet: readonly ClusterFacts[]): readonly string[] {
  return numbered(fleet).names;
}

interface Remembered<T> {
  readonly fleet: readonly ClusterFacts[];
  readonly answer: T;
}

/** By list of names: templates that go the same way share the lists. */
const sets = new WeakMap<readonly string[], Remembered<ClusterSet>>();
const orders = new WeakMap<readonly string[], Remembered<readonly string[]>>();

/** A set of clusters by name; a name that the fleet does not have is left out. Made once a list. */
export function clusterSet(names: readonly string[], fleet: readonly ClusterFacts[]): ClusterSet {
  const known = sets.get(names);
  if (known?.fleet === fleet) return known.answer;
  const answer = toSet(names, fleet);
  sets.set(names, { fleet, answer });
  return answer;
}

function toSet(names: readonly string[], fleet: readonly ClusterFacts[]): ClusterSet {
  const { numbers } = numbered(fleet);
  const set = new Uint32Array((numbers.size + 31) >>> 5);
  for (const name of names) {
    const number = numbers.get(name);
    if (number !== undefined) set[number >>> 5] = wordAt(set, number >>> 5) | (1 << (number & 31));
  }
  return set;
}

/** The union of no sets, which has no room for the clusters of a fleet. */
const nothing: ClusterSet = new Uint32Array();

/** What is in any of some sets of one fleet. */
export function unionOf(sets: Iterable<ClusterSet>): ClusterSet {
  const distinct = new Set(sets);
  distinct.delete(nothing);
  const [first = nothing, ...others] = distinct;
  if (others.length === 0) return first;
  const union = new Uint32Array(first);
  for (const set of others) {
    for (let i = 0; i < set.length; i++) union[i] = wordAt(union, i) | wordAt(set, i);
  }
  return union;
}

/** How many clusters a set has. */
export function sizeOf(set: ClusterSet): number {
  let size = 0;
  for (const word of set) size += onesIn(word);
  return size;
}

/** Names of clusters in natural order, put so once a list; any that the fleet does not have are among them. */
export function inFleetOrder(
  names: readonly string[],
  fleet: readonly ClusterFacts[],
): readonly string[] {
  if (names.length < 2) return names;
  const known = orders.get(names);
  if (known?.fleet === fleet) return known.answer;
  const answer = order(names, fleet);
  orders.set(names, { fleet, answer });
  return answer;
}

function order(names: readonly string[], fleet: readonly ClusterFacts[]): readonly string[] {
  const set = toSet(names, fleet);
  if (sizeOf(set) !== names.length) return sortNaturally(names, (name) => name);
  const all = numbered(fleet).names;
  const ordered: string[] = [];
  for (let number = 0; number < all.length; number++) {
    const isIn = wordAt(set, number >>> 5) & (1 << (number & 31));
    if (isIn !== 0) ordered.push(all[number] ?? '');
  }
  return ordered;
}

function wordAt(set: ClusterSet, index: number): number {
  return set[index] ?? 0;
}

/** The number of bits that are set, added up in pairs, fours and eights. */
function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
