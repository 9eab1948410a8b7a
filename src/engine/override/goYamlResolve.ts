const words = new Set(
  [
    'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF',
    '~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF',
  ].flatMap((list) => list.split(' ')),
);

const int64Min = -(2n ** 63n);
const uint64Max = 2n ** 64n - 1n;

/**
 * Whether a text, written without quotes, would be read as a string: no boolean, null, number or date of YAML 1.1 and
 * no base-60 number (`resolve` and `isBase60Float` of go-yaml v2).
 */
export function resolvesToString(text: string): boolean {
  if (text === '' || words.has(text)) return false;
  const first = text[0] ?? '';
  if (first === '.') return !(/^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/.test(text) && isFiniteText(text));
  if (!/[-+0-9]/.test(first)) return true;
  return !isNumber(text.replaceAll('_', '')) && !isTimestamp(text) && !isBase60(text);
}

function isBase60(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
}

/** The text without underscores. */
function isNumber(text: string): boolean {
  if (isInteger(text)) return true;
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) {
    return isFiniteText(text);
  }
  // The library reads what follows a binary prefix as a number of its own, sign included.
  return /^0b[-+][01]+$/.test(text) && inRange(text.slice(3), 0b10, text[2] === '-');
}

function isFiniteText(text: string): boolean {
  return Number.isFinite(Number(text));
}

const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;

function isInteger(text: string): boolean {
  const match = integer.exec(text);
  if (!match) return false;
  const [, sign, hex, binary, octal, decimal = ''] = match;
  // A sign leaves no room for the unsigned reading.
  const signed = sign !== '';
  const negative = sign === '-';
  if (hex !== undefined) return inRange(hex, 16, negative, signed);
  if (binary !== undefined) return inRange(binary, 2, negative, signed);
  if (octal !== undefined) return inRange(octal, 8, negative, signed);
  return inRange(decimal, 10, negative, signed);
}

const prefixes: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 10: '', 16: '0x' };

function inRange(digits: string, base: number, negative: boolean, signed = false): boolean {
  const magnitude = BigInt(`${prefixes[base] ?? ''}${digits}`);
  if (negative) return -magnitude >= int64Min;
  return magnitude <= (signed ? -int64Min - 1n : uint64Max);
}

const date = '([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})';
const time = '([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?';
const zone = '(?:Z|[-+]([0-9]{2}):([0-9]{2}))';
const timestamp = new RegExp(`^${date}(?:(?:[Tt]${time}${zone})|(?: +${time}))?$`);

/** The four forms that go-yaml tries, as Go's `time.Parse` reads them. */
function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0, h1, m1, s1, zoneHour = 0, zoneMinute = 0, h2, m2, s2] = match
    .slice(1)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  if (zoneHour > 24 || zoneMinute > 60) return false;
  return (h1 ?? h2 ?? 0) < 24 && (m1 ?? m2 ?? 0) < 60 && (s1 ?? s2 ?? 0) < 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
