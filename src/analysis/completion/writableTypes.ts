import { kindSchemas } from '../../engine/index.ts';
import { preferredApiVersion } from '../live/servedVersions.ts';
import type { VersionsInForce } from '../live/servedVersions.ts';

/** A kind that a user writes, in the version to write it in. */
export interface WritableType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly description: string;
}

const known = new WeakMap<VersionsInForce, readonly WritableType[]>();

/** The kinds that are written by hand: policies, releases, sources, and what those refer to. */
export function writableTypes(inForce: VersionsInForce): readonly WritableType[] {
  const answered = known.get(inForce);
  if (answered) return answered;
  const kinds = new Map<string, WritableType>();
  for (const table of kindSchemas) {
    const { kind, description, apiVersion } = table;
    if (/^(?:work|cluster)\.karmada\.io\//.test(apiVersion) || kinds.has(kind)) continue;
    kinds.set(kind, {
      kind,
      description,
      apiVersion: preferredApiVersion(table, inForce) ?? apiVersion,
    });
  }
  const types = [...kinds.values(), ...core];
  known.set(inForce, types);
  return types;
}

const core: readonly WritableType[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', description: 'Texts by key, such as values of a chart.' },
  { apiVersion: 'v1', kind: 'Secret', description: 'Texts by key that nobody may read.' },
  { apiVersion: 'v1', kind: 'Namespace', description: 'A namespace for objects.' },
];
