/** Orders names as people do: digit runs by number, so `member2` before `member10`. Total and locale-free. */
export function naturalOrder(a: string, b: string): number {
  const as = a.match(/\d+|\D+/g) ?? [];
  const bs = b.match(/\d+|\D+/g) ?? [];
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
