import {
  arrayMember,
  fluxMinors,
  isObject,
  servedVersions,
  stringMember,
} from '../../engine/index.ts';
import type { FluxMinor } from '../../engine/index.ts';
import type { ClusterRow } from '../rows.ts';

const kinds = [
  ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ['source.toolkit.fluxcd.io', 'HelmRepository'],
  ['source.toolkit.fluxcd.io', 'OCIRepository'],
] as const;

/** Which of Flux's kinds a member serves in which versions, and the Flux versions that do so. */
export function fluxText(cluster: ClusterRow): readonly (readonly [string, string])[] {
  const served = kinds.map(([group, kind]) => versionsOf(cluster, group, kind));
  if (served.every((versions) => versions.length === 0)) return [['', 'not installed']];
  const minors = fluxMinors.filter((minor) =>
    kinds.every(([group, kind], i) => isSame(servedVersions(group, kind, minor), served[i] ?? [])),
  );
  const facts = kinds
    .map(([, kind], i) => [kind, served[i]?.join(', ') ?? ''] as const)
    .filter(([, versions]) => versions !== '');
  const range = rangeText(minors);
  return range === '' ? facts : [['', range], ...facts];
}

function versionsOf(
  { apiEnablements }: ClusterRow,
  group: string,
  kind: string,
): readonly string[] {
  return apiEnablements
    .filter(isObject)
    .filter(
      (entry) =>
        stringMember(entry, 'groupVersion').startsWith(`${group}/`) &&
        arrayMember(entry, 'resources').some((resource) => stringMember(resource, 'kind') === kind),
    )
    .map((entry) => stringMember(entry, 'groupVersion').slice(group.length + 1))
    .sort();
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join(' ') === b.toSorted().join(' ');
}

/** `2.3 to 2.5`: the tables tell minors apart by the versions of their kinds only. */
function rangeText(minors: readonly FluxMinor[]): string {
  const first = minors[0];
  const last = minors.at(-1);
  if (first === undefined || last === undefined) return '';
  return first === last ? first : `${first} to ${last}`;
}
