import { fluxKinds } from './flux/index.ts';
import { karmadaKinds } from './karmadaKinds.ts';
import { compareFluxMinors, resolveKindSchema, servesIn } from './resolve.ts';
import type { FluxMinor, KindSchema } from './types.ts';

/**
 * Every table: one entry per kind and served version. A version whose shape changed between Flux minors may have
 * several entries with ranges (`servedSince`, `servedUntil`) that do not overlap.
 */
export const kindSchemas: readonly KindSchema[] = [...karmadaKinds, ...fluxKinds];

const byKind = groupByKind(kindSchemas);
const resolved = new Map<string, KindSchema | undefined>();

/**
 * The table of a kind as it stands in one Flux minor, `undefined` when no table exists or when that minor does not
 * serve the version. Without a minor: as in the newest minor that serves it. Kinds of Karmada do not depend on it.
 * The answer is the same object for the same question.
 */
export function findSchema(
  apiVersion: string,
  kind: string,
  fluxMinor?: FluxMinor,
): KindSchema | undefined {
  const key = keyOf(apiVersion, kind);
  const tables = byKind.get(key);
  if (tables === undefined) return undefined;
  const memo = `${key} ${fluxMinor ?? ''}`;
  if (resolved.has(memo)) return resolved.get(memo);
  const found =
    fluxMinor === undefined
      ? tables.reduce((a, b) => (newerThan(b, a) ? b : a))
      : tables.find((table) => servesIn(table, fluxMinor));
  const answer = found && resolveKindSchema(found, fluxMinor);
  if (resolved.size < 1000) resolved.set(memo, answer);
  return answer;
}

function groupByKind(tables: readonly KindSchema[]): ReadonlyMap<string, readonly KindSchema[]> {
  const groups = new Map<string, KindSchema[]>();
  for (const table of tables) {
    const key = keyOf(table.apiVersion, table.kind);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [table]);
    else group.push(table);
  }
  return groups;
}

function keyOf(apiVersion: string, kind: string): string {
  return `${apiVersion} ${kind}`;
}

/** Whether the range of one table ends after that of another. */
function newerThan(a: KindSchema, b: KindSchema): boolean {
  if (b.servedUntil === undefined) return false;
  return a.servedUntil === undefined || compareFluxMinors(a.servedUntil, b.servedUntil) > 0;
}
