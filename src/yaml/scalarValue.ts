import type { ScalarNode } from './nodes.ts';

/**
 * What Go's YAML reader takes a scalar for. `integer` keeps a bigint, so that map keys and `!!float` can tell an int64
 * from a uint64 and a float.
 */
export type ScalarValue =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'timestamp'; readonly value: string }
  | { readonly type: 'error'; readonly message: string };

const tagPrefix = 'tag:yaml.org,2002:';

/** Tags that take part in resolving; a scalar with any other tag is its text. */
const typeOfTag: ReadonlyMap<string, ScalarValue['type']> = new Map([
  [`${tagPrefix}str`, 'string'],
  [`${tagPrefix}bool`, 'bool'],
  [`${tagPrefix}int`, 'integer'],
  [`${tagPrefix}float`, 'float'],
  [`${tagPrefix}null`, 'null'],
  [`${tagPrefix}timestamp`, 'timestamp'],
]);

const words: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...forms({ type: 'bool', value: true }, 'y', 'yes', 'true', 'on'),
  ...forms({ type: 'bool', value: false }, 'n', 'no', 'false', 'off'),
  ...forms({ type: 'null' }, '', '~', 'null'),
  ...['', '+'].flatMap((sign) =>
    ['.inf', '.Inf', '.INF'].map((w): [string, ScalarValue] => [
      sign + w,
      { type: 'float', value: Infinity },
    ]),
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((w): [string, ScalarValue] => [
    w,
    { type: 'float', value: -Infinity },
  ]),
  ...['.nan', '.NaN', '.NAN'].map((w): [string, ScalarValue] => [w, { type: 'float', value: NaN }]),
]);

/** Lower, Capitalised and UPPER form; other mixtures are plain text. */
function forms(value: ScalarValue, ...names: readonly string[]): [string, ScalarValue][] {
  return names.flatMap((name) => [
    [name, value],
    [name.charAt(0).toUpperCase() + name.slice(1), value],
    [name.toUpperCase(), value],
  ]);
}

const decimalFloat = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const firstOfNonText = /^[-+.0-9yYnNtTfFoO~]/;
const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
const uint64Max = 2n ** 64n - 1n;

/**
 * The value of a scalar by the rules of go-yaml v2 (`resolve.go`), YAML 1.1 with its own deviations: `yes` is true,
 * `0777` is octal, `1_000` a thousand, base 60 and dates stay text. A `!!tag` that does not fit the text is an error.
 */
export function scalarValue(node: ScalarNode): ScalarValue {
  if (node.tag === '' && node.style !== 'plain') return { type: 'string', value: node.text };
  if (node.tag === '') return plainValue(node.text);
  if (node.tag === `${tagPrefix}binary`) return binaryValue(node.text);
  const wanted = typeOfTag.get(node.tag);
  if (wanted === undefined || wanted === 'string') return { type: 'string', value: node.text };
  const found =
    wanted === 'timestamp' && isTimestamp(node.text)
      ? { type: wanted, value: node.text }
      : plainValue(node.text);
  if (found.type === wanted) return found;
  if (wanted === 'float' && found.type === 'integer' && found.value <= int64Max) {
    return { type: 'float', value: Number(found.value) };
  }
  const tag = node.tag.slice(tagPrefix.length);
  return { type: 'error', message: `cannot decode \`${node.text}\` as !!${tag}` };
}

/** The value of a plain scalar without a tag. */
export function plainValue(text: string): ScalarValue {
  if (text !== '' && !firstOfNonText.test(text)) return { type: 'string', value: text };
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return fractionValue(text) ?? { type: 'string', value: text };
  if (first > 0x39) return { type: 'string', value: text };
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  return integerValue(digits) ?? floatValue(digits) ?? { type: 'string', value: text };
}

/** Behind a leading dot underscores only count between digits. */
function fractionValue(text: string): ScalarValue | undefined {
  return /_(?![0-9])|[^0-9]_/.test(text) ? undefined : floatValue(text.replaceAll('_', ''));
}

function floatValue(digits: string): ScalarValue | undefined {
  if (!decimalFloat.test(digits)) return undefined;
  const value = Number(digits);
  // Out of range is no number for Go, so the text stays text.
  return Number.isFinite(value) ? { type: 'float', value } : undefined;
}

const smallDecimal = /^[-+]?(?:0|[1-9][0-9]{0,14})$/;
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))$/;

function integerValue(digits: string): ScalarValue | undefined {
  if (smallDecimal.test(digits)) return { type: 'integer', value: BigInt(Number(digits)) };
  const match = integer.exec(digits);
  if (match === null) return signedBinary(digits);
  const [, sign, hex, octal, binary, decimal] = match;
  const text =
    hex !== undefined
      ? `0x${hex}`
      : octal !== undefined
        ? `0o${octal}`
        : binary !== undefined
          ? `0b${binary}`
          : (decimal ?? '0');
  // No 64-bit number is longer, leading zeros aside.
  if (text.length > 80 && text.replace(/^0[xob]?0*/, '').length > 64) return undefined;
  const magnitude = BigInt(text);
  const value = sign === '-' ? -magnitude : magnitude;
  const inRange = value >= int64Min && value <= (sign === '' ? uint64Max : int64Max);
  return inRange ? { type: 'integer', value } : undefined;
}

/** `0b-1`: the digits behind `0b` are read by a function that takes a sign. */
function signedBinary(digits: string): ScalarValue | undefined {
  const match = /^0b([-+])0*([01]{1,64})$/.exec(digits);
  if (match === null) return undefined;
  const magnitude = BigInt(`0b${match[2]}`);
  const value = match[1] === '-' ? -magnitude : magnitude;
  return value >= int64Min && value <= int64Max ? { type: 'integer', value } : undefined;
}

const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

/** Whether `!!timestamp` accepts a text: the four layouts of `parseTimestamp` in go-yaml's `resolve.go`. */
function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text);
  if (match === null) return false;
  const [, year, month, day, hour, minute, second, zone] = match.map((part) => part ?? '');
  if (hour !== '' && text.includes(' ') !== (zone === '')) return false;
  if (hour === '' && zone !== '') return false;
  const monthLength = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return (
    Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    Number(day) <= monthLength &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  );
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64Values: ReadonlyMap<number, number> = new Map(
  Array.from(base64Digits, (digit, value) => [digit.charCodeAt(0), value]),
);

/** Decodes `!!binary`; bytes that are no UTF-8 become U+FFFD, as Go's JSON encoder writes them. */
function binaryValue(text: string): ScalarValue {
  const packed = text.replace(/[\r\n]/g, '');
  const body = packed.replace(/={1,2}$/, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*$/.test(body)) {
    return { type: 'error', message: '!!binary value contains invalid base64 data' };
  }
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let count = 0;
  for (let i = 0; i < body.length; i++) {
    bits = ((bits << 6) | (base64Values.get(body.charCodeAt(i)) ?? 0)) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[count++] = (bits >> held) & 0xff;
  }
  return { type: 'string', value: utf8Text(bytes) };
}

/** Reads UTF-8 as Go does: each byte that begins no valid character becomes one U+FFFD. */
function utf8Text(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) {
      parts.push(String.fromCharCode(lead));
      i++;
      continue;
    }
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let code = lead & (0x7f >> length);
    let valid = length > 0 && lead <= 0xf4;
    for (let k = 1; valid && k < length; k++) {
      const next = bytes[i + k] ?? 0;
      if ((next & 0xc0) !== 0x80) valid = false;
      code = (code << 6) | (next & 0x3f);
    }
    const least = [0, 0, 0x80, 0x800, 0x1_0000][length] ?? 0;
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) valid = false;
    parts.push(valid ? String.fromCodePoint(code) : '\ufffd');
    i += valid ? length : 1;
  }
  return parts.join('');
}
