import { arrayMember, member } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import type { FieldDifference } from './schemaDifferences.ts';

/** A field, or values of one, by which the CRDs of Karmada's releases can be told apart. */
interface Mark extends FieldDifference {
  readonly kinds: readonly string[];
  /** The minor of 1 that brought it. */
  readonly since: number;
  /** The minor of 1 that took it away. */
  readonly until?: number;
}

const propagation = ['PropagationPolicy', 'ClusterPropagationPolicy'];
const override = ['OverridePolicy', 'ClusterOverridePolicy'];
const purgeMode = 'spec.failover.application.purgeMode';
const overriders = ['spec.overrideRules[].overriders', 'spec.overriders'];

const brought = (since: number, kinds: readonly string[], ...paths: readonly string[]): Mark[] =>
  paths.map((path) => ({ path, kinds, since }));

/** What each release brought to policies (`charts/karmada/_crds/bases/policy` of each release, 1.19 as its rc.0). */
const marks: readonly Mark[] = [
  ...brought(4, propagation, 'spec.priority'),
  ...brought(4, override, ...overriders.map((path) => `${path}.labelsOverrider`)),
  ...brought(4, override, ...overriders.map((path) => `${path}.annotationsOverrider`)),
  ...brought(5, propagation, 'spec.placement.clusterAffinities'),
  ...brought(6, propagation, 'spec.failover'),
  ...brought(7, propagation, 'spec.conflictResolution', 'spec.preemption'),
  ...brought(9, propagation, 'spec.activationPreference'),
  ...brought(11, propagation, 'spec.suspension'),
  {
    ...{ path: purgeMode, values: ['Immediately', 'Graciously'] },
    ...{ kinds: propagation, since: 11, until: 19 },
  },
  ...brought(12, propagation, 'spec.preserveResourcesOnDeletion'),
  ...brought(12, propagation, 'spec.failover.application.statePreservation'),
  ...brought(12, override, ...overriders.map((path) => `${path}.fieldOverrider`)),
  ...brought(13, propagation, 'spec.schedulePriority'),
  ...brought(15, propagation, 'spec.failover.cluster'),
  { path: purgeMode, values: ['Directly', 'Gracefully'], kinds: propagation, since: 15 },
  ...brought(17, propagation, 'spec.placement.workloadAffinity'),
  ...brought(18, propagation, 'spec.placement.clusterAffinities[].overflowAffinities'),
];

/** Kinds (`GROUP/KIND`) that tell releases apart whose policies are the same, with the minor that brought them. */
const kindsSince: readonly (readonly [kind: string, since: number])[] = [
  ['remedy.karmada.io/Remedy', 9],
  ['apps.karmada.io/WorkloadRebalancer', 10],
  ['policy.karmada.io/ClusterTaintPolicy', 14],
];

const [oldest, newest] = [3, 19];
const minors = Array.from({ length: newest - oldest + 1 }, (_, i) => oldest + i);

const isThere = ({ since, until = Infinity }: Mark, minor: number): boolean =>
  since <= minor && minor < until;

/**
 * The release whose CRDs an API server has: `1.18`, `1.15 to 1.16` where they are the same, `1.3 or older`, `1.19 or
 * newer`; '' where they are those of no release. `schemas` are the served ones by kind of policy, any of the four;
 * `kinds` are all that the server has, as `GROUP/KIND`.
 */
export function karmadaReleaseOf(
  schemas: ReadonlyMap<string, JsonObject>,
  kinds: ReadonlySet<string>,
): string {
  const told = [...schemas].flatMap(([kind, schema]) =>
    marks
      .filter((mark) => mark.kinds.includes(kind))
      .map((mark) => ({ mark, isServed: isServed(schema, mark) })),
  );
  if (told.length === 0) return '';
  const alike = minors.filter((minor) =>
    told.every(({ mark, isServed: served }) => served === isThere(mark, minor)),
  );
  // Kinds may be missing for other reasons, so that they decide among these only.
  const fitting = alike.filter((minor) =>
    kindsSince.every(([kind, since]) => kinds.has(kind) === since <= minor),
  );
  return releaseText(fitting.length > 0 ? fitting : alike);
}

function releaseText(found: readonly number[]): string {
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (last === newest) return `1.${first} or newer`;
  if (first === oldest) return `1.${last} or older`;
  return first === last ? `1.${first}` : `1.${first} to 1.${last}`;
}

function isServed(schema: JsonObject, { path, values }: FieldDifference): boolean {
  let at: JsonValue | undefined = schema;
  for (const step of path.split('.')) {
    at = member(member(at, 'properties'), step.replace('[]', ''));
    if (step.endsWith('[]')) at = member(at, 'items');
  }
  if (at === undefined || values === undefined) return at !== undefined;
  const choices = arrayMember(at, 'enum');
  return values.every((value) => choices.includes(value));
}

const byMinor = new Map<number, ReadonlyMap<string, readonly FieldDifference[]>>();

/**
 * What policies of the modelled release have and those of another do not, by kind, from a version as `1.15.2` or as
 * `karmadaReleaseOf` says it; empty when that is none. The answer is the same object for the same minor.
 */
export function fieldsLackingIn(
  karmadaVersion: string,
): ReadonlyMap<string, readonly FieldDifference[]> {
  const [, major, text] = /^v?([01])\.(\d+)/.exec(karmadaVersion) ?? [];
  if (major === undefined) return new Map();
  const minor = major === '0' ? oldest : Math.max(oldest, Math.min(newest, Number(text)));
  const known = byMinor.get(minor);
  if (known) return known;
  const lacking = new Map<string, FieldDifference[]>();
  for (const kind of [...propagation, ...override]) {
    const own = marks.filter(({ kinds }) => kinds.includes(kind));
    const gone = own.filter((mark) => isLacking(mark, minor, own));
    if (gone.length > 0) lacking.set(kind, gone.map(toDifference));
  }
  byMinor.set(minor, lacking);
  return lacking;
}

/** Of a field that is not there nothing below it counts; where nothing is said of values, any is taken. */
function isLacking(mark: Mark, minor: number, own: readonly Mark[]): boolean {
  if (isThere(mark, minor)) return false;
  const isGone = (other: Mark): boolean => !other.values && !isThere(other, minor);
  const isBelow = ({ path }: Mark): boolean => /^(?:\[\])?\./.test(mark.path.slice(path.length));
  const isInGone = (other: Mark): boolean =>
    mark.path.startsWith(other.path) && isBelow(other) && isGone(other);
  if (own.some(isInGone)) return false;
  const hasChoices = own.some(
    (other) => other.path === mark.path && other.values && isThere(other, minor),
  );
  return mark.values === undefined || hasChoices;
}

function toDifference({ path, values }: Mark): FieldDifference {
  return values ? { path, values } : { path };
}
