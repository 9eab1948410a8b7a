import { kindSchemas } from '../../engine/index.ts';
import type { FluxMinor } from '../../engine/index.ts';
import { preferredApiVersion } from '../schemaAt.ts';

/** A kind that a user writes, in the version to write it in. */
export interface WritableType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly description: string;
}

const known = new Map<FluxMinor, readonly WritableType[]>();

/** The kinds that are written by hand: policies, releases, sources, and what those refer to. */
export function writableTypes(flux: FluxMinor): readonly WritableType[] {
  const answered = known.get(flux);
  if (answered) return answered;
  const kinds = new Map<string, WritableType>();
  for (const table of kindSchemas) {
    const { kind, description, apiVersion } = table;
    if (/^(?:work|cluster)\.karmada\.io\//.test(apiVersion) || kinds.has(kind)) continue;
    kinds.set(kind, { kind, description, apiVersion: preferredApiVersion(table, flux) });
  }
  const types = [...kinds.values(), ...core];
  known.set(flux, types);
  return types;
}

const core: readonly WritableType[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', description: 'Texts by key, such as values of a chart.' },
  { apiVersion: 'v1', kind: 'Secret', description: 'Texts by key that nobody may read.' },
  { apiVersion: 'v1', kind: 'Namespace', description: 'A namespace for objects.' },
];
