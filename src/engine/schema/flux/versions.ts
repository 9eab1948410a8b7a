import { apiGroup, versionOf } from '../../apiVersion.ts';
import { fluxKinds } from './kinds.ts';
import { compareFluxMinors, servesIn } from '../resolve.ts';
import type { FluxMinor, KindSchema } from '../types.ts';
import { compareApiVersions } from '../versionOrder.ts';

/** The Flux minors that the tables describe, oldest first. */
export const fluxMinors: readonly FluxMinor[] = [
  '2.0',
  '2.1',
  '2.2',
  '2.3',
  '2.4',
  '2.5',
  '2.6',
  '2.7',
  '2.8',
  '2.9',
];

/** The newest Flux minor that the tables describe. */
export const latestFluxMinor: FluxMinor = '2.9';

/**
 * The versions of a kind that the CRDs of a Flux minor serve, the preferred one first; empty for a kind that Flux
 * does not have then. The order is that of discovery (`k8s.io/apimachinery/pkg/version`): stable versions before
 * betas, then the higher number.
 */
export function servedVersions(
  group: string,
  kind: string,
  fluxMinor: FluxMinor,
): readonly string[] {
  return tablesOf(group, kind)
    .filter((table) => servesIn(table, fluxMinor))
    .map(({ apiVersion }) => apiVersion.slice(group.length + 1))
    .sort(compareApiVersions);
}

/**
 * The version of a kind that an API server with the CRDs of a Flux minor prefers, `undefined` when it has none.
 * Karmada watches templates in this version only, so a selector has to name it.
 */
export function preferredVersion(
  group: string,
  kind: string,
  fluxMinor: FluxMinor,
): string | undefined {
  return servedVersions(group, kind, fluxMinor)[0];
}

/** The API server's warning for a version that a Flux minor calls deprecated, `undefined` when it does not. */
export function deprecationWarning(
  apiVersion: string,
  kind: string,
  fluxMinor: FluxMinor,
): string | undefined {
  const group = apiGroup(apiVersion);
  const deprecated = tablesOf(group, kind).some(
    (table) =>
      table.apiVersion === apiVersion &&
      servesIn(table, fluxMinor) &&
      table.deprecatedSince !== undefined &&
      compareFluxMinors(fluxMinor, table.deprecatedSince) >= 0,
  );
  const preferred = preferredVersion(group, kind, fluxMinor);
  return deprecated && preferred !== undefined
    ? `${versionOf(apiVersion)} ${kind} is deprecated, upgrade to ${preferred}`
    : undefined;
}

function tablesOf(group: string, kind: string): readonly KindSchema[] {
  return fluxKinds.filter(
    (table) => table.kind === kind && table.apiVersion.startsWith(`${group}/`),
  );
}
