import { compareBytes } from '../json.ts';

/** A cluster and its replicas; without a count it gets the template as it is. */
export interface TargetCluster {
  readonly name: string;
  readonly replicas?: number;
}

/** A cluster and its weight. */
export interface Weight {
  readonly name: string;
  readonly votes: number;
}

interface Party {
  readonly name: string;
  readonly votes: number;
  seats: number;
}

/**
 * Divides replicas by weight with the Webster method (`pkg/util/helper/webstermethod.go`): one at a time to the
 * cluster with the greatest votes / (2 × seats + 1), ties to the one with fewer seats, then by name, in descending order when the
 * hash of the template's UID is odd. Before the object exists it has no UID. Sorted by name; clusters that get nothing are listed with 0.
 */
export function divideByWeight(
  replicas: number,
  weights: readonly Weight[],
  uid: string,
): { name: string; replicas: number }[] {
  if (weights.reduce((sum, { votes }) => sum + votes, 0) === 0) return [];
  const names = isNameDescending(uid) ? -1 : 1;
  const precedes = (a: Party, b: Party): boolean => {
    const difference = a.votes / (2 * a.seats + 1) - b.votes / (2 * b.seats + 1);
    if (difference !== 0) return difference > 0;
    return a.seats === b.seats ? names * compareBytes(a.name, b.name) < 0 : a.seats < b.seats;
  };
  const parties = [
    ...new Map(weights.map((weight) => [weight.name, { ...weight, seats: 0 }])).values(),
  ];
  const left = skipWholeRounds(parties, replicas);
  const heap = [...parties];
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i, precedes);
  for (let i = 0; i < left; i++) {
    const first = heap[0];
    if (!first) break;
    first.seats++;
    sink(heap, 0, precedes);
  }
  return parties
    .map(({ name, seats }) => ({ name, replicas: seats }))
    .sort((a, b) => compareBytes(a.name, b.name));
}

/** From here on most replicas are handed out at once. */
const stepLimit = 100_000;

/**
 * Gives every cluster of very many replicas what it is sure to get and returns how many are left for single steps.
 * With n clusters Webster's result lies at most (n + 1) / 2 below the exact share, so n below it is safe.
 */
function skipWholeRounds(parties: readonly Party[], replicas: number): number {
  if (replicas <= stepLimit) return replicas;
  const votes = parties.reduce((sum, party) => sum + party.votes, 0);
  let left = replicas;
  for (const party of parties) {
    party.seats = Math.max(0, Math.floor((replicas * party.votes) / votes) - parties.length);
    left -= party.seats;
  }
  return left;
}

function sink(heap: Party[], start: number, precedes: (a: Party, b: Party) => boolean): void {
  let at = start;
  for (;;) {
    let first = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const a = heap[child];
      const b = heap[first];
      if (a && b && precedes(a, b)) first = child;
    }
    if (first === at) return;
    const [a, b] = [heap[at], heap[first]];
    if (!a || !b) return;
    heap[at] = b;
    heap[first] = a;
    at = first;
  }
}

/** Whether the FNV-1a hash of the UID is odd; without a UID names ascend. */
function isNameDescending(uid: string): boolean {
  if (uid === '') return false;
  let hash = 0x811c9dc5;
  for (const byte of utf8(uid)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash & 1) === 1;
}

function* utf8(text: string): Generator<number> {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) yield code;
    else if (code < 0x800) yield* [0xc0 | (code >> 6), 0x80 | (code & 63)];
    else if (code < 0x10000) {
      yield* [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    } else {
      yield* [
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      ];
    }
  }
}
