/** How many objects to ask for at once; learns from the answers how large they are. */
export interface PageSize {
  readonly limit: number;
  learn(items: number, characters: number): void;
}

const wantedCharacters = 4_000_000;
/** Until a size is known: a page of the largest objects that etcd stores must still fit in memory. */
const firstLimit = 50;
const leastLimit = 4;
const mostLimit = 5_000;

/** Remembers across lists; one for each kind. */
export function createPageSize(): PageSize {
  let limit = firstLimit;
  return {
    get limit() {
      return limit;
    },
    learn(items, characters) {
      if (items === 0) return;
      const fitting = Math.floor(wantedCharacters / (characters / items));
      // Sizes vary within a kind: never more than a step up at a time.
      limit = Math.max(leastLimit, Math.min(fitting, limit * 20, mostLimit));
    },
  };
}
