import { apiGroup, compareFluxMinors, versionOf } from '../../../engine/index.ts';
import type { FluxMinor } from '../../../engine/index.ts';
import { preferredApiVersion, versionsServed } from '../../live/servedVersions.ts';
import type { ServedKinds, VersionsInForce } from '../../live/servedVersions.ts';
import { listClusters } from '../../previewText.ts';
import type { Item } from '../../snapshot.ts';
import type { ObjectContext, ObjectFinding } from '../document/objectRule.ts';
import { rangeText, servedRanges } from './servedRanges.ts';
import type { ServedRanges } from './servedRanges.ts';

/**
 * Objects of Flux in a version that the Flux in force does not serve, or serves without preferring it: Karmada's
 * detector works with the preferred version only (`pkg/util/lifted/discovery.go`).
 */
export function templateVersions(
  item: Item,
  { flux, versions }: ObjectContext,
): readonly ObjectFinding[] {
  const ranges = servedRanges(item.apiVersion, item.kind);
  const preferred = preferredApiVersion(item, versions);
  if (!ranges || preferred === item.apiVersion) return [];
  const base = { code: 'api-version-removed', path: ['apiVersion'] } as const;
  if (versions.served) return [{ ...base, ...servedSentence(item, versions, versions.served) }];
  if (!ranges.served.includes(flux)) {
    return [{ ...base, message: unservedSentence(item, ranges, preferred, flux) }];
  }
  const gone = ranges.removedIn ? `, and Flux ${ranges.removedIn} no longer serves this one` : '';
  const message = `Under Flux ${flux} Karmada works with ${preferred ?? ''} of a ${item.kind}, so selectors that say ${versionOf(item.apiVersion)} propagate nothing${gone}. Use ${preferred ?? ''}.`;
  return [{ ...base, severity: 'warning', message }];
}

/** The same where a control plane says what it serves. */
function servedSentence(
  { apiVersion, kind }: Item,
  versions: VersionsInForce,
  { context }: ServedKinds,
): Pick<ObjectFinding, 'message' | 'severity'> {
  const group = apiGroup(apiVersion);
  const served = versionsServed(group, kind, versions);
  const [first] = served;
  if (first === undefined) {
    const message = `${context} serves no ${kind} of ${group}, so it refuses this one; install the CRDs of Flux there.`;
    return { message };
  }
  const use = `Use ${group}/${first}.`;
  if (!served.includes(versionOf(apiVersion))) {
    const message = `${context} serves ${listClusters(served)} of ${kind}, so it refuses ${apiVersion}. ${use}`;
    return { message };
  }
  const message = `${context} prefers ${first}, so Karmada works with ${group}/${first} of this ${kind}, and selectors that say ${versionOf(apiVersion)} propagate nothing. ${use}`;
  return { message, severity: 'warning' };
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
