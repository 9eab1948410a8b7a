import { apiGroup, kindSchemas, nearestName } from '../../../engine/index.ts';
import { listClusters as listNames } from '../../previewText.ts';
import type { Item } from '../../snapshot.ts';
import { isFluxKind } from '../versions/servedRanges.ts';
import type { ObjectFinding } from './objectRule.ts';

/** Kinds of the same groups that have no table. */
const otherKinds: ReadonlySet<string> = new Set(['ClusterTaintPolicy', 'FederatedResourceQuota']);

/** Kinds and versions that nobody serves, where the group is one of Karmada's or Flux's and the right name is near. */
export function unknownKinds({ apiVersion, kind }: Item): readonly ObjectFinding[] {
  const group = apiGroup(apiVersion);
  const tables = kindSchemas.filter((table) => apiGroup(table.apiVersion) === group);
  if (tables.length === 0 || otherKinds.has(kind) || kind.endsWith('List')) return [];
  const own = tables.filter((table) => table.kind === kind);
  if (own.length === 0) {
    const nearest = nearestKind(kind, group);
    if (nearest === undefined) return [];
    const message = `${group} has no kind ${kind}, so the API server refuses this; did you mean ${nearest}?`;
    return [{ code: 'invalid-value', path: ['kind'], message }];
  }
  if (isFluxKind(group, kind) || own.some((table) => table.apiVersion === apiVersion)) return [];
  const served = [...new Set(own.map((table) => table.apiVersion))];
  const message = `Karmada does not serve ${apiVersion}, so the API server refuses this; use ${listNames(served)}.`;
  return [{ code: 'invalid-value', path: ['apiVersion'], message }];
}

/** The kind of a group that a name was probably meant to be. */
export function nearestKind(kind: string, group: string): string | undefined {
  const tables = kindSchemas.filter((table) => apiGroup(table.apiVersion) === group);
  return nearestName(
    kind,
    tables.map((table) => table.kind),
  );
}
