/** The items in the order of people, `member2` before `member10`; each name is looked at once. */
export function naturalSort<T>(items: Iterable<T>, nameOf: (item: T) => string): readonly T[] {
  return Array.from(items, (item) => {
    const name = nameOf(item);
    return { item, name, key: name.replaceAll(/\d+/g, (digits) => digits.padStart(20, '0')) };
  })
    .sort((a, b) => compare(a.key, b.key) || compare(a.name, b.name))
    .map(({ item }) => item);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
