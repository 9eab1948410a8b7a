const integerText = /^[+-]?[0-9]+$/;
const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

/** An integer as `strconv.Atoi` reads it, or the text of its error. */
export type Atoi = { readonly value: number; readonly text: string } | { readonly error: string };

/**
 * Reads a decimal integer as Go's `strconv.Atoi` does: an optional sign and digits, within 64 bits. `text` is the
 * number as `%d` prints it; `value` may be rounded, which does not matter for an index.
 */
export function atoi(text: string): Atoi {
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return { value: Number(text), text };
  if (!integerText.test(text)) {
    return { error: `strconv.Atoi: parsing ${goQuote(text)}: invalid syntax` };
  }
  const exact = BigInt(text.startsWith('+') ? text.slice(1) : text);
  if (exact < int64Min || exact > int64Max) {
    return { error: `strconv.Atoi: parsing ${goQuote(text)}: value out of range` };
  }
  return { value: Number(exact), text: exact.toString() };
}

/** Whether an integer fits Go's int64. */
export function fitsInt64(value: bigint): boolean {
  return value >= int64Min && value <= int64Max;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** A string as `strconv.Quote` and `%q` print it. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text.toWellFormed()) {
    const short = shortEscapes[character];
    if (short !== undefined) quoted += short;
    else if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) quoted += character;
    else quoted += numericEscape(character.codePointAt(0) ?? 0);
  }
  return `${quoted}"`;
}

function numericEscape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** A float64 as `strconv.FormatFloat(value, 'g', -1, 64)` prints it: exponent form below 0.0001 and from 1e6 up. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [mantissa = '0', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 6)) {
    const digits = Math.abs(exponent).toString().padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}
