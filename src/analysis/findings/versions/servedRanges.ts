import {
  apiGroup,
  fluxMinors,
  kindSchemas,
  preferredVersion,
  servedVersions,
  versionOf,
} from '../../../engine/index.ts';
import type { FluxMinor } from '../../../engine/index.ts';

/** What the Flux minors make of one version of a kind. */
export interface ServedRanges {
  /** Those that serve it, oldest first; empty for a version that never was. */
  readonly served: readonly FluxMinor[];
  /** Those of them that serve it and prefer another version, which Karmada then works with. */
  readonly unpreferred: readonly FluxMinor[];
  /** The first minor that does not serve it any more. */
  readonly removedIn: FluxMinor | undefined;
}

const known = new Map<string, ServedRanges | undefined>();

/** `undefined` for what is no kind of Flux. */
export function servedRanges(apiVersion: string, kind: string): ServedRanges | undefined {
  const group = apiGroup(apiVersion);
  if (!isFluxKind(group, kind)) return undefined;
  const key = `${apiVersion} ${kind}`;
  const answered = known.get(key);
  if (answered) return answered;
  const version = versionOf(apiVersion);
  const served = fluxMinors.filter((minor) => servedVersions(group, kind, minor).includes(version));
  const last = served.at(-1);
  const ranges: ServedRanges = {
    served,
    unpreferred: served.filter((minor) => preferredVersion(group, kind, minor) !== version),
    removedIn: last === undefined ? undefined : fluxMinors[fluxMinors.indexOf(last) + 1],
  };
  if (known.size < 1000) known.set(key, ranges);
  return ranges;
}

/** Whether a table of Flux describes the kind, in any version. */
export function isFluxKind(group: string, kind: string): boolean {
  return (
    group.endsWith('.toolkit.fluxcd.io') &&
    kindSchemas.some((table) => table.kind === kind && apiGroup(table.apiVersion) === group)
  );
}

/** `2.3`, or `2.3 to 2.7`. */
export function rangeText(minors: readonly FluxMinor[]): string {
  const [first = '', last = first] = [minors[0], minors.at(-1)];
  return first === last ? first : `${first} to ${last}`;
}
