import { isSecret } from '../../analysis/index.ts';
import {
  arrayMember,
  deepEqual,
  isObject,
  member,
  memberAt,
  stringMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { Hold, PushStep } from '../types.ts';
import { contentOf, hasSameContent, says } from './objectContent.ts';
import { withPresentOwners } from './presentOwners.ts';
import { withoutSecretValues, withSecretValuesOf } from './withoutSecretValues.ts';

/** The field manager of applies that only hold dispatch. */
export const holdManager = 'vscode-karmada-flux-hold';
/** The field manager of all that is pushed. */
export const pushManager = 'vscode-karmada-flux';

/** A step that writes. */
export type WriteStep = Exclude<PushStep, { type: 'settle' | 'ready' }>;

/** How far a step in doubt got, as the server's object shows. */
export type Standing = 'done' | 'notDone' | 'changed';

/**
 * Whether a step in doubt was done: from what the server held before it, what it holds now, and what the step writes.
 * `changed`: neither, so somebody else wrote since.
 */
export function standingOf(
  step: WriteStep,
  before: JsonObject | undefined,
  now: JsonObject | undefined,
): Standing {
  if (step.type === 'hold')
    return now ? (isHeldAs(now, step.hold) ? 'done' : 'notDone') : 'changed';
  if (step.type === 'delete') {
    if (now === undefined || isBeingDeleted(now) || uidOf(now) !== uidOf(before)) return 'done';
    return isAsReviewed(before, now) ? 'notDone' : 'changed';
  }
  if (now === undefined) return before === undefined ? 'notDone' : 'changed';
  if (before !== undefined && isSameVersion(before, now)) return 'notDone';
  if (step.type === 'restore') return standingOfRestore(step.change.after, before, now);
  if (isApplied(step, before, now)) return 'done';
  return before !== undefined && isAsReviewed(before, now) ? 'notDone' : 'changed';
}

/** Putting back is done when the owners of fields are put back too. */
function standingOfRestore(
  after: JsonObject | undefined,
  before: JsonObject | undefined,
  now: JsonObject,
): Standing {
  if (after !== undefined && hasSameContent(now, withSecretValuesOf(after, now))) {
    const owned = withPresentOwners(now, after);
    return ownersOf(owned).length === 0 || hasSameOwners(now, owned) ? 'done' : 'notDone';
  }
  return before !== undefined && isAsReviewed(before, now) ? 'notDone' : 'changed';
}

function isApplied(
  step: WriteStep & { type: 'apply' },
  before: JsonObject | undefined,
  now: JsonObject,
): boolean {
  const { after, source, conflicts } = step.change;
  // An object that says nothing but its name, such as a namespace, leaves us the owner of nothing, and nobody else.
  const isBare = before === undefined && ownersOf(now).length === 0;
  if (!isBare && !hasOwner(now, pushManager)) return false;
  if (isSecret(now)) return isWrittenByUsSince(before, now);
  if (after !== undefined && hasSameContent(now, after)) return true;
  if (conflicts.some(({ choice }) => choice === 'keep')) return false;
  return source !== undefined && says(now, contentOf(source.object));
}

/** Values of Secrets are in no journal, so that only the server's note of our write tells. */
function isWrittenByUsSince(before: JsonObject | undefined, now: JsonObject): boolean {
  const ours = (object: JsonObject | undefined): readonly JsonValue[] =>
    ownersOf(object).filter((entry) => stringMember(entry, 'manager') === pushManager);
  const othersData = (object: JsonObject | undefined): readonly JsonValue[] =>
    dataOwners(object).filter((entry) => stringMember(entry, 'manager') !== pushManager);
  const isOthersSame = othersData(now).every((entry) =>
    othersData(before).some((one) => stringMember(one, 'time') === stringMember(entry, 'time')),
  );
  return isOthersSame && !deepEqual([...ours(before)], [...ours(now)]);
}

/**
 * Whether an object still says what was reviewed. The server's and Karmada's own notes may have changed. Of Secrets,
 * whose values were not kept, the owners of the values must be the same ones since the same moment.
 */
export function isAsReviewed(reviewed: JsonObject | undefined, now: JsonObject): boolean {
  if (reviewed === undefined) return false;
  if (uidOf(reviewed) !== '' && uidOf(reviewed) !== uidOf(now)) return false;
  if (isSameVersion(reviewed, now)) return true;
  if (isBeingDeleted(now)) return false;
  if (!isSecret(now)) return hasSameContent(reviewed, now);
  const [bare, bareNow] = [reviewed, now].map((object) =>
    withoutMember(withoutMember(contentOf(withoutSecretValues(object)), 'data'), 'stringData'),
  );
  return deepEqual(bare, bareNow) && deepEqual([...dataOwners(reviewed)], [...dataOwners(now)]);
}

/** Who owns values of a Secret, and since when. */
export function dataOwners(object: JsonObject | undefined): readonly JsonValue[] {
  return ownersOf(object).filter((entry) => memberAt(entry, 'fieldsV1', 'f:data') !== undefined);
}

/** Whether a policy's suspension is the one wanted, and by the hold's own manager. */
function isHeldAs(policy: JsonObject, hold: Hold): boolean {
  const spec = holdSpec(hold);
  const isOurs = hasOwner(policy, holdManager);
  return spec ? isOurs && says(member(policy, 'spec'), spec) : !isOurs;
}

/** What a hold says of a policy; `undefined` where it says nothing any more. */
export function holdSpec({ clusters, preserves }: Hold): JsonObject | undefined {
  if (clusters === 'none' && preserves === undefined) return undefined;
  return {
    ...(clusters === 'none' ? {} : { suspension: suspensionOf(clusters) }),
    ...(preserves === undefined ? {} : { preserveResourcesOnDeletion: preserves }),
  };
}

/** `spec.suspension` of a policy that holds some clusters or all. */
export function suspensionOf(clusters: 'all' | readonly string[]): JsonObject {
  return clusters === 'all'
    ? { dispatching: true }
    : { dispatchingOnClusters: { clusterNames: [...clusters] } };
}

/** `metadata.managedFields` */
export function ownersOf(object: JsonObject | undefined): readonly JsonValue[] {
  return object ? arrayMember(member(object, 'metadata'), 'managedFields') : [];
}

/** Whether somebody owns fields of an object. */
function hasOwner(object: JsonObject, manager: string): boolean {
  return ownersOf(object).some((entry) => stringMember(entry, 'manager') === manager);
}

/** Whether the same managers own the same fields; when they wrote does not count. */
export function hasSameOwners(a: JsonObject, b: JsonObject): boolean {
  const withoutTimes = (object: JsonObject): JsonValue[] =>
    ownersOf(object)
      .filter((entry) => stringMember(entry, 'subresource') === '')
      .map((entry) => (isObject(entry) ? withoutMember(entry, 'time') : entry))
      .map((entry) => JSON.stringify(sorted(entry)))
      .toSorted();
  return deepEqual(withoutTimes(a), withoutTimes(b));
}

function sorted(value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]) => [key, sorted(child)]);
}

export function uidOf(object: JsonObject | undefined): string {
  return object ? stringMember(member(object, 'metadata'), 'uid') : '';
}

export function versionOf(object: JsonObject | undefined): string {
  return object ? stringMember(member(object, 'metadata'), 'resourceVersion') : '';
}

export function isSameVersion(a: JsonObject, b: JsonObject): boolean {
  return versionOf(a) !== '' && versionOf(a) === versionOf(b) && uidOf(a) === uidOf(b);
}

export function isBeingDeleted(object: JsonObject): boolean {
  return stringMember(member(object, 'metadata'), 'deletionTimestamp') !== '';
}
