import { goQuote } from './override/goNumber.ts';
import { utf8Length } from './selection/labelSyntax.ts';
import type { Result } from './types.ts';

/** A version. Numbers are `bigint`, as Go holds them in 64 bits. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Identifiers after `-`; empty for a release. */
  readonly prerelease: readonly string[];
}

/** Alternatives (`||`), of which one has to hold. */
export interface VersionRange {
  readonly groups: readonly VersionGroup[];
}

/** Terms that all have to hold. */
export interface VersionGroup {
  readonly terms: readonly VersionTerm[];
  /** Whether a term names a prerelease: only then are prereleases looked at. */
  readonly prereleases: boolean;
}

/** One comparison. */
export interface VersionTerm {
  readonly operator: Operator;
  readonly version: Version;
  /** How many numbers the text gives before an `x`, `*` or its end: `*` 0, `1.x` 1, `1.2` 2, `1.2.3` 3. */
  readonly precision: 0 | 1 | 2 | 3;
}

export type Operator = '' | '=' | '!=' | '>' | '<' | '>=' | '=>' | '<=' | '=<' | '~' | '~>' | '^';

const maxRangeBytes = 512;
const maxVersionBytes = 256;
const maxGroups = 32;
const maxUint64 = 2n ** 64n - 1n;

const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const build = `(?:\\+${identifiers})?`;
const versionPattern = new RegExp(
  `^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${identifiers}))?${build}$`,
);

/** A number or wildcard of a term. The library's own pattern lets `|` through here, to fail later. */
const part = '[0-9|xX*]+';
const looseVersion = `v?${part}(?:\\.${part})?(?:\\.${part})?(?:-${identifiers})?${build}`;
/** White space as Go's regular expressions know it. */
const space = '[\\t\\n\\f\\r ]';

const hyphenRange = new RegExp(
  `${space}*(${looseVersion})${space}+-${space}+(${looseVersion})${space}*`,
  'g',
);
const operatorPattern = /(?:!=|>=|=>|<=|=<|~>|=|>|<|~|\^|)/y;
const spacePattern = new RegExp(`${space}*`, 'y');
const looseVersionPattern = new RegExp(looseVersion, 'y');
const termPattern = new RegExp(
  `^v?(${part})(?:\\.(${part}))?(?:\\.(${part}))?(?:-(${identifiers}))?${build}$`,
);

/**
 * Reads a version as Masterminds semver v3.5.0 does in `NewVersion`: a leading `v`, missing numbers and leading
 * zeros are fine.
 */
export function parseVersion(text: string): Result<Version> {
  if (isLongerThan(text, maxVersionBytes)) {
    return { error: `version string is too long (max ${maxVersionBytes} bytes)` };
  }
  const match = versionPattern.exec(text);
  if (match === null) return { error: 'invalid semantic version' };
  const numbers = [match[1], match[2], match[3]].map((digits) => BigInt(digits ?? '0'));
  const [major = 0n, minor = 0n, patch = 0n] = numbers;
  if (numbers.some((number) => number > maxUint64)) {
    return { error: 'error parsing version segment: value out of range' };
  }
  const prerelease = match[4]?.split('.') ?? [];
  if (prerelease.some((identifier) => /^0[0-9]+$/.test(identifier))) {
    return { error: 'version segment starts with 0' };
  }
  return { value: { major, minor, patch, prerelease } };
}

/**
 * Reads a range as Masterminds semver v3.5.0 does in `NewConstraint`, which Flux uses for `chart.spec.version`,
 * `ref.semver` and the like: `=` `!=` `>` `<` `>=` `<=` `~` `~>` `^`, wildcards, `1.2 - 1.4`, comma or space for
 * "and", `||` for "or". The empty text is no range. Errors are in the library's words.
 */
export function parseVersionRange(text: string): Result<VersionRange> {
  if (isLongerThan(text, maxRangeBytes)) {
    return { error: `constraint string is too long (max ${maxRangeBytes} bytes)` };
  }
  const alternatives = rewriteHyphenRanges(text).split('||');
  if (alternatives.length > maxGroups) {
    return { error: `too many constraint groups (max ${maxGroups})` };
  }
  const groups: VersionGroup[] = [];
  for (const alternative of alternatives) {
    const group = parseGroup(alternative);
    if ('error' in group) return group;
    groups.push(group.value);
  }
  return { value: { groups } };
}

/** Whether a version lies in a range. Prereleases do only where a term of the same group names one. */
export function satisfies(version: Version, range: VersionRange): boolean {
  return range.groups.some(
    ({ terms, prereleases }) =>
      (prereleases || version.prerelease.length === 0) &&
      terms.every((term) => holds(version, term)),
  );
}

/** Orders versions; a prerelease comes before its release. Build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareNumbers(a.major, b.major) ||
    compareNumbers(a.minor, b.minor) ||
    compareNumbers(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

/** Turns each `A - B` into `>= A, <= B`, replacing the first place where the same text occurs, as the library does. */
function rewriteHyphenRanges(text: string): string {
  let rewritten = text;
  for (const match of text.matchAll(hyphenRange)) {
    const [whole, from = '', to = ''] = match;
    rewritten = rewritten.replace(whole, () => `>= ${from}, <= ${to} `);
  }
  return rewritten;
}

/** Terms with white space or one comma between them. Positions only move on, so that no text takes long. */
function parseGroup(text: string): Result<VersionGroup> {
  const improper = { error: `improper constraint: ${goQuote(text)}` };
  const tokens: { readonly operator: Operator; readonly version: string }[] = [];
  let at = skip(text, 0, spacePattern);
  for (;;) {
    const afterOperator = skip(text, at, operatorPattern);
    const start = skip(text, afterOperator, spacePattern);
    const end = skip(text, start, looseVersionPattern);
    if (end === start) return improper;
    tokens.push({
      operator: text.slice(at, afterOperator) as Operator,
      version: text.slice(start, end),
    });
    const next = skip(text, end, spacePattern);
    if (next === text.length) break;
    const isComma = text[next] === ',';
    if (next === end && !isComma) return improper;
    at = isComma ? skip(text, next + 1, spacePattern) : next;
  }
  const terms: VersionTerm[] = [];
  for (const { operator, version } of tokens) {
    const term = parseTerm(operator, version);
    if (term === undefined) return { error: 'constraint parser error' };
    terms.push(term);
  }
  const prereleases = terms.some((term) => term.version.prerelease.length > 0);
  return { value: { terms, prereleases } };
}

/** The offset after what a sticky pattern matches at an offset, the offset itself when it matches nothing. */
function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function parseTerm(operator: Operator, text: string): VersionTerm | undefined {
  const match = termPattern.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = 'x', patch = 'x', prerelease] = match;
  const isWildcard = (number: string) => number === 'x' || number === 'X' || number === '*';
  const precision = isWildcard(major) ? 0 : isWildcard(minor) ? 1 : isWildcard(patch) ? 2 : 3;
  const numbers = [major, minor, patch].map((number, i) => (i < precision ? number : '0'));
  const suffix = prerelease === undefined ? '' : `-${prerelease}`;
  const whole = precision === 3 ? text : `${numbers.join('.')}${suffix}`;
  const version = parseVersion(whole);
  return 'error' in version ? undefined : { operator, version: version.value, precision };
}

function holds(version: Version, { operator, version: bound, precision }: VersionTerm): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case '':
    case '=':
      return precision === 3 ? order === 0 : inTilde(version, bound, precision);
    case '!=':
      return isOutside(version, bound, precision);
    case '>':
      return precision === 1 || precision === 2
        ? compareNumbersTo(version, bound, precision) > 0
        : order > 0;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      // The library lets `<= *` hold for 0.0.x only.
      return precision === 3 ? order <= 0 : compareNumbersTo(version, bound, precision || 2) <= 0;
    case '~':
    case '~>':
      return inTilde(version, bound, precision);
    case '^':
      return inCaret(version, bound, precision);
  }
}

function isOutside(version: Version, bound: Version, precision: number): boolean {
  if (precision === 0 || precision === 3) return compareVersions(version, bound) !== 0;
  if (compareNumbersTo(version, bound, precision) !== 0) return true;
  return precision === 2 && comparePrereleases(version.prerelease, bound.prerelease) !== 0;
}

function inTilde(version: Version, bound: Version, precision: number): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isZero && (precision === 0 || precision === 3)) return true;
  return compareNumbersTo(version, bound, precision === 1 ? 1 : 2) === 0;
}

/** Up to the first number that is not zero nothing may change. */
function inCaret(version: Version, bound: Version, precision: number): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const fixed =
    bound.major > 0n || precision === 1 ? 1 : bound.minor > 0n || precision === 2 ? 2 : 3;
  return compareNumbersTo(version, bound, fixed) === 0;
}

/** Compares the first `count` numbers only. */
function compareNumbersTo(a: Version, b: Version, count: number): number {
  const byMajor = compareNumbers(a.major, b.major);
  if (count === 1 || byMajor !== 0) return byMajor;
  const byMinor = compareNumbers(a.minor, b.minor);
  if (count === 2 || byMinor !== 0) return byMinor;
  return compareNumbers(a.patch, b.patch);
}

function compareNumbers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [i, identifier] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers come before words; a number beyond 64 bits counts as a word, as in Go. */
function compareIdentifiers(a: string, b: string): number {
  const x = numeric(a);
  const y = numeric(b);
  if (x !== undefined && y !== undefined) return compareNumbers(x, y);
  if (x !== undefined) return -1;
  if (y !== undefined) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function numeric(identifier: string): bigint | undefined {
  if (!/^[0-9]+$/.test(identifier)) return undefined;
  const value = BigInt(identifier);
  return value > maxUint64 ? undefined : value;
}

/** Whether a text has more bytes than allowed, without walking through a long one. */
function isLongerThan(text: string, bytes: number): boolean {
  return text.length > bytes || utf8Length(text) > bytes;
}
