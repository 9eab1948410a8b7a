import {
  apiGroup,
  fluxMinors,
  kindSchemas,
  preferredVersion,
  servedVersions,
} from '../../engine/index.ts';
import type { FluxMinor } from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';

/** What decides in which versions a control plane has the kinds of Flux. */
export interface VersionsInForce {
  readonly fluxVersion: FluxMinor;
  /** Present while a control plane says what it serves; that counts before what the Flux release would serve. */
  readonly served?: ServedKinds;
}

/** The versions that a live API server serves. */
export interface ServedKinds {
  /** The kubeconfig context, as sentences name it. */
  readonly context: string;
  /** By `GROUP/KIND`, the preferred version first. */
  readonly byKind: ReadonlyMap<string, readonly string[]>;
}

/** The versions of a kind that are served, the preferred one first; empty for a kind that is not. */
export function versionsServed(
  group: string,
  kind: string,
  { fluxVersion, served }: VersionsInForce,
): readonly string[] {
  if (served && isFluxGroup(group)) return served.byKind.get(`${group}/${kind}`) ?? [];
  return servedVersions(group, kind, fluxVersion);
}

/** The version in which Karmada has the objects of a kind, `undefined` when there is none. */
export function versionPreferred(
  group: string,
  kind: string,
  inForce: VersionsInForce,
): string | undefined {
  return inForce.served
    ? versionsServed(group, kind, inForce)[0]
    : preferredVersion(group, kind, inForce.fluxVersion);
}

/** The apiVersion in which Karmada sees objects of a kind; `undefined` when the control plane does not have it. */
export function preferredApiVersion(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  inForce: VersionsInForce,
): string | undefined {
  const group = apiGroup(apiVersion);
  const version = versionPreferred(group, kind, inForce);
  return version === undefined ? undefined : `${group}/${version}`;
}

/** The kinds of Flux that have a table, as `[GROUP, KIND]`. */
const fluxKinds: readonly (readonly [group: string, kind: string])[] = [
  ...new Map(
    kindSchemas
      .map(({ apiVersion, kind }) => [apiGroup(apiVersion), kind] as const)
      .filter(([group]) => isFluxGroup(group))
      .map((pair) => [pair.join('/'), pair]),
  ).values(),
];

/**
 * What a control plane serves of Flux. Where discovery told the kinds of each version that is taken to the letter; from
 * groups alone each kind has those of its versions that some Flux release serves. `undefined` when nothing is told.
 */
export function servedKinds(live: LiveControlPlane): ServedKinds | undefined {
  const { served, kinds, context } = live;
  if (served.size === 0) return undefined;
  const last = known.get(served);
  if (last && last.kinds === kinds && last.answer.context === context) return last.answer;
  const answer = readServed(live);
  known.set(served, { kinds, answer });
  return answer;
}

/** By what is served, which stays the same while objects come and go. */
const known = new WeakMap<
  LiveControlPlane['served'],
  { readonly kinds: LiveControlPlane['kinds']; readonly answer: ServedKinds }
>();

function readServed({ context, served, kinds }: LiveControlPlane): ServedKinds {
  const byKind = new Map<string, readonly string[]>();
  for (const [group, kind] of fluxKinds) {
    const groupKind = `${group}/${kind}`;
    const versions = served.get(group) ?? [];
    const found = kinds
      ? versions.filter((version) => kinds.get(groupKind)?.includes(version))
      : versions.filter((version) => isVersionOf(group, kind, version));
    if (found.length > 0) byKind.set(groupKind, found);
  }
  return { context, byKind };
}

function isVersionOf(group: string, kind: string, version: string): boolean {
  return kindSchemas.some(
    (table) => table.kind === kind && table.apiVersion === `${group}/${version}`,
  );
}

/**
 * The Flux minors that serve most of the kinds just as the control plane does, oldest first; empty when it serves no
 * kind of Flux at all.
 */
export function minorsFitting(served: ServedKinds): readonly FluxMinor[] {
  let answer = fitting.get(served);
  if (!answer) fitting.set(served, (answer = findFitting(served)));
  return answer;
}

const fitting = new WeakMap<ServedKinds, readonly FluxMinor[]>();

function findFitting({ byKind }: ServedKinds): readonly FluxMinor[] {
  if (byKind.size === 0) return [];
  const scores = fluxMinors.map((minor) => {
    const same = fluxKinds.filter(([group, kind]) => {
      const theirs = byKind.get(`${group}/${kind}`);
      return theirs && isSameSet(theirs, servedVersions(group, kind, minor));
    });
    return same.length;
  });
  const best = Math.max(...scores);
  return best === 0 ? [] : fluxMinors.filter((_, i) => scores[i] === best);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

/** Whether two control planes serve the same. */
export function isSameServed(a: ServedKinds | undefined, b: ServedKinds | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.context === b.context &&
    a.byKind.size === b.byKind.size &&
    [...a.byKind].every(([kind, versions]) => {
      const others = b.byKind.get(kind);
      return (
        others?.length === versions.length && versions.every((version, i) => others[i] === version)
      );
    })
  );
}

function isFluxGroup(group: string): boolean {
  return group.endsWith('.toolkit.fluxcd.io');
}
