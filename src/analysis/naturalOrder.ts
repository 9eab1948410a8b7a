/** Orders names as people do: digit runs by number, so `member2` before `member10`. Total and locale-free. */
export function naturalOrder(a: string, b: string): number {
  return compareRuns(runsOf(a), runsOf(b));
}

/** The same order for who compares the same names again and again: each is taken apart once. */
export function createNaturalOrder(): typeof naturalOrder {
  const known = new Map<string, Runs>();
  const runsFor = (name: string): Runs => {
    let runs = known.get(name);
    if (!runs) known.set(name, (runs = runsOf(name)));
    return runs;
  };
  return (a, b) => compareRuns(runsFor(a), runsFor(b));
}

/** Items by name in that order; each name is taken apart once, however many there are to compare it with. */
export function sortNaturally<T>(items: Iterable<T>, nameOf: (item: T) => string): readonly T[] {
  return Array.from(items, (item) => ({ item, ...runsOf(nameOf(item)) }))
    .sort(compareRuns)
    .map(({ item }) => item);
}

interface Runs {
  readonly name: string;
  /** Digits and what is between them, in turn. */
  readonly runs: readonly string[];
}

function runsOf(name: string): Runs {
  return { name, runs: name.match(/\d+|\D+/g) ?? [] };
}

function compareRuns({ name: a, runs: as }: Runs, { name: b, runs: bs }: Runs): number {
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const x = as[i] ?? '';
    const y = bs[i] ?? '';
    if (x === y) continue;
    const byNumber = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0;
    return byNumber || (x < y ? -1 : 1);
  }
  return as.length - bs.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** `member2`, or `member2 + 11 more`. */
export function nameGroup(clusters: readonly string[]): string {
  const [first = '', ...rest] = clusters;
  return rest.length === 0 ? first : `${first} + ${rest.length} more`;
}
