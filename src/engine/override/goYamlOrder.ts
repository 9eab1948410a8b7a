const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

/**
 * The order in which go-yaml v2 prints the keys of a mapping (`keyList.Less` of its `sorter.go`): letters by code
 * point and after everything else, runs of digits as numbers. It is not transitive for odd mixes.
 */
export function compareYamlKeys(a: string, b: string): number {
  const x = Array.from(a);
  const y = Array.from(b);
  for (let i = 0; i < x.length && i < y.length; i++) {
    const p = x[i] ?? '';
    const q = y[i] ?? '';
    if (p !== q) return compareAt(x, y, i, p, q);
  }
  return x.length - y.length;
}

function compareAt(
  x: readonly string[],
  y: readonly string[],
  at: number,
  p: string,
  q: string,
): number {
  const codes = codeOf(p) - codeOf(q);
  const pIsLetter = letter.test(p);
  const qIsLetter = letter.test(q);
  if (pIsLetter || qIsLetter) return pIsLetter && qIsLetter ? codes : pIsLetter ? 1 : -1;
  const lead = (p === '0' || q === '0') && endsInNumber(x, at) ? 1n : 0n;
  const m = digitRun(x, at, lead);
  const n = digitRun(y, at, lead);
  if (m.value !== n.value) return m.value < n.value ? -1 : 1;
  return m.end === n.end ? codes : m.end - n.end;
}

/** Whether the digits before a position are not all zero. */
function endsInNumber(text: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && digit.test(text[i] ?? ''); i--) {
    if (text[i] !== '0') return true;
  }
  return false;
}

function digitRun(
  text: readonly string[],
  start: number,
  lead: bigint,
): { readonly value: bigint; readonly end: number } {
  let value = lead;
  let end = start;
  for (; digit.test(text[end] ?? ''); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt(codeOf(text[end] ?? '') - 48));
  }
  return { value, end };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
