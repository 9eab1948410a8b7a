/** A small seeded generator (mulberry32), so that a failing run can be repeated from its printed seed. */
export interface Random {
  /** From 0 up to but not including n. */
  int(n: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Each item with the given probability. */
  some<T>(items: readonly T[], probability: number): T[];
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (n: number): number => Math.floor(next() * n);
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(items.length)];
      if (item === undefined && items.length === 0) throw new Error('nothing to pick from');
      return item as never;
    },
    some: (items, probability) => items.filter(() => next() < probability),
  };
}
