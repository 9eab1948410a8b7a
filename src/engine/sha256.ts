import { utf8Bytes } from './utf8.ts';

/** Fractional bits of roots of the first primes, as FIPS 180-4 defines the constants. */
const primes = firstPrimes(64);
const roundConstants = primes.map((prime) => fractionBits(Math.cbrt(prime)));
const initialState = primes.slice(0, 8).map((prime) => fractionBits(Math.sqrt(prime)));

/** The SHA-256 of a text in UTF-8, in hexadecimal (FIPS 180-4). For short texts such as names. */
export function sha256(text: string): string {
  let state: readonly number[] = initialState;
  for (const block of blocksOf(utf8Bytes(text))) state = compress(state, block);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The padded message in blocks of sixteen words. */
function blocksOf(bytes: readonly number[]): readonly (readonly number[])[] {
  const nBlocks = Math.ceil((bytes.length + 9) / 64);
  const words = Array.from({ length: nBlocks * 16 }, () => 0);
  for (const [i, byte] of [...bytes, 0x80].entries()) {
    words[i >> 2] = (words[i >> 2] ?? 0) | (byte << (24 - 8 * (i & 3)));
  }
  words[words.length - 2] = Math.floor(bytes.length / 2 ** 29);
  words[words.length - 1] = (bytes.length * 8) | 0;
  return Array.from({ length: nBlocks }, (_, i) => words.slice(i * 16, i * 16 + 16));
}

function compress(state: readonly number[], block: readonly number[]): readonly number[] {
  const words = [...block];
  for (let i = 16; i < 64; i++) {
    const [a = 0, b = 0, c = 0, d = 0] = [words[i - 16], words[i - 15], words[i - 7], words[i - 2]];
    const low = rotate(b, 7) ^ rotate(b, 18) ^ (b >>> 3);
    const high = rotate(d, 17) ^ rotate(d, 19) ^ (d >>> 10);
    words.push((a + low + c + high) | 0);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (const [i, word] of words.entries()) {
    const sumE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + sumE + choice + (roundConstants[i] ?? 0) + word) | 0;
    const sumA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + sumA + majority) | 0];
  }
  const mixed = [a, b, c, d, e, f, g, h];
  return state.map((word, i) => (word + (mixed[i] ?? 0)) | 0);
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** The first 32 bits after the point. */
function fractionBits(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
}

function firstPrimes(count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0)) found.push(n);
  }
  return found;
}
