import type { JsonValue } from '../types.ts';

/** A resource quantity in thousandths, rounded up. */
export type Quantity = bigint;

const form =
  /^([+-]?)(\d{1,30})?(?:\.(\d{0,30}))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,2})?$/;
const decimals = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const binaries = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Reads a Kubernetes quantity such as `100m`, `1.5Gi` or `2e3`; `undefined` when it is none. */
export function parseQuantity(value: JsonValue): Quantity | undefined {
  if (typeof value === 'bigint') return value * 1000n;
  const match =
    typeof value === 'string' || typeof value === 'number' ? form.exec(String(value)) : null;
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const binary = binaries.indexOf(suffix);
  const multiplied = binary < 0 ? digits : digits << BigInt(10 * (binary + 1));
  const exponent = binary < 0 ? (decimals.get(suffix) ?? Number(suffix.slice(1))) : 0;
  const milli = scale(multiplied, exponent + 3 - fraction.length);
  return sign === '-' ? -milli : milli;
}

/** `digits` times a power of ten, rounded up. */
function scale(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}

/** A quantity in whole units, rounded up, as `Quantity.Value()`. */
export function wholeUnits(quantity: Quantity): bigint {
  return quantity > 0n ? (quantity + 999n) / 1000n : quantity / 1000n;
}
