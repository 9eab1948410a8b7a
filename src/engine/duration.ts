import type { Result } from './types.ts';
import { utf8Bytes } from './utf8.ts';

const nanoseconds: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const limit = 2n ** 63n;
const step = /0*([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/y;
/** No more digits than this fit into 64 bits. */
const maxDigits = 19;

/**
 * The milliseconds of a duration such as `1h30m`, as Go's `time.ParseDuration` reads it, errors in its words. It
 * takes more than the CRDs of Flux do, whose patterns leave no place for signs, `ns`, `us` or a bare `0`, and less
 * in one case: a duration that 64 bits of nanoseconds cannot hold passes the pattern and breaks the controller.
 */
export function parseDuration(text: string): Result<number> {
  const invalid = { error: `time: invalid duration ${quote(text)}` };
  const isNegative = text.startsWith('-');
  const unsigned = isNegative || text.startsWith('+') ? text.slice(1) : text;
  if (unsigned === '0') return { value: 0 };
  if (unsigned === '') return invalid;
  let total = 0n;
  let at = 0;
  while (at < unsigned.length) {
    step.lastIndex = at;
    const [matched = '', whole = '', fraction = '', unit = ''] = step.exec(unsigned) ?? [];
    if (!/^\.?[0-9]/.test(matched) || whole.length > maxDigits) return invalid;
    const count = BigInt(whole);
    if (count > limit) return invalid;
    if (unit === '') return { error: `time: missing unit in duration ${quote(text)}` };
    const size = nanoseconds.get(unit);
    if (size === undefined) {
      return { error: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` };
    }
    total += count * size + fractionOf(fraction, size);
    if (total > limit) return invalid;
    at += matched.length;
  }
  if (!isNegative && total === limit) return invalid;
  const milliseconds = Number(total) / 1e6;
  return { value: isNegative ? -milliseconds : milliseconds };
}

/** A fraction of a unit, cut to nanoseconds. Digits beyond 63 bits do not count. */
function fractionOf(digits: string, size: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (value > (limit - 1n) / 10n || next > limit) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(size) / scale)));
}

/** Quotes as Go's package time does: what is not printable ASCII by its bytes. */
function quote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x80 || code < 0x20) {
      quoted += utf8Bytes(character)
        .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
        .join('');
    } else {
      quoted += character === '"' || character === '\\' ? `\\${character}` : character;
    }
  }
  return `${quoted}"`;
}
