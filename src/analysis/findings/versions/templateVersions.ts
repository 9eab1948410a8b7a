import { compareFluxMinors, preferredVersion } from '../../../engine/index.ts';
import type { FluxMinor } from '../../../engine/index.ts';
import { apiGroup } from '../../scope.ts';
import type { Item } from '../../snapshot.ts';
import type { ObjectContext, ObjectFinding } from '../document/objectRule.ts';
import { rangeText, servedRanges, versionOf } from './servedRanges.ts';
import type { ServedRanges } from './servedRanges.ts';

/**
 * Objects of Flux in a version that the Flux in force does not serve, or serves without preferring it: Karmada's
 * detector works with the preferred version only (`pkg/util/lifted/discovery.go`).
 */
export function templateVersions(item: Item, { flux }: ObjectContext): readonly ObjectFinding[] {
  const ranges = servedRanges(item.apiVersion, item.kind);
  const preferred = preferredApiVersion(item, flux);
  if (!ranges || preferred === item.apiVersion) return [];
  const base = { code: 'api-version-removed', path: ['apiVersion'] } as const;
  if (!ranges.served.includes(flux)) {
    return [{ ...base, message: unservedSentence(item, ranges, preferred, flux) }];
  }
  const gone = ranges.removedIn ? `, and Flux ${ranges.removedIn} no longer serves this one` : '';
  const message = `Under Flux ${flux} Karmada works with ${preferred ?? ''} of a ${item.kind}, so selectors that say ${versionOf(item.apiVersion)} propagate nothing${gone}. Use ${preferred ?? ''}.`;
  return [{ ...base, severity: 'warning', message }];
}

/** The apiVersion in which Karmada sees objects of a kind; `undefined` when the Flux in force does not have it. */
export function preferredApiVersion(
  { apiVersion, kind }: Pick<Item, 'apiVersion' | 'kind'>,
  flux: FluxMinor,
): string | undefined {
  const group = apiGroup(apiVersion);
  const version = preferredVersion(group, kind, flux);
  return version === undefined ? undefined : `${group}/${version}`;
}

function unservedSentence(
  { apiVersion, kind }: Item,
  { served, unpreferred, removedIn }: ServedRanges,
  preferred: string | undefined,
  flux: FluxMinor,
): string {
  const [first] = served;
  const use = preferred === undefined ? '' : ` Use ${preferred}.`;
  if (first === undefined) {
    return `No Flux serves ${apiVersion}, so the API server refuses this ${kind}.${use}`;
  }
  if (removedIn === undefined || served.every((minor) => laterThan(minor, flux))) {
    return `${apiVersion} comes with Flux ${first}, and Flux ${flux} is in force, so the API server refuses this ${kind}.${use}`;
  }
  const before =
    unpreferred.length === 0
      ? ''
      : `; Flux ${rangeText(unpreferred)} ${unpreferred.length === 1 ? 'takes' : 'take'} it, but selectors that say ${versionOf(apiVersion)} propagate nothing there, for Karmada works with the preferred version`;
  return `Flux ${removedIn} and later do not serve ${apiVersion}, so the API server refuses this ${kind}${before}.${use}`;
}

function laterThan(a: FluxMinor, b: FluxMinor): boolean {
  return compareFluxMinors(a, b) > 0;
}
