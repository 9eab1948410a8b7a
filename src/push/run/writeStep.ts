import { arrayMember, member, withMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { PushApi } from '../ports.ts';
import type { ObjectChange, PushStep } from '../types.ts';
import { failureText } from './failureText.ts';
import { isDefinite } from './isDefinite.ts';
import { applyBody, isForced } from '../prepare/applyBody.ts';
import { newOwners } from './newOwners.ts';
import { isBookkeeping } from './objectContent.ts';
import { restoreObject } from './restoreObject.ts';
import {
  holdManager,
  holdSpec,
  isAsReviewed,
  isBeingDeleted,
  standingOf,
  uidOf,
  versionOf,
} from './standing.ts';
import type { WriteStep } from './standing.ts';
import { isSameHold, suspensionIn } from '../waves/suspension.ts';
import { withPrecondition } from '../prepare/withPrecondition.ts';
import { lacksSecretValues } from './withoutSecretValues.ts';

/** What a step that writes has to go by. */
export interface WriteRequest {
  readonly api: PushApi;
  readonly step: WriteStep;
  /** What an earlier step of the same push left of the object. */
  readonly earlier?: JsonObject;
  /** Whether an earlier step of the same push holds the object, a policy, and none has let it go. */
  readonly isHeld: boolean;
  /** Called with what the server holds before anything is written; the write waits for it. */
  readonly begin: (before: JsonObject | undefined) => Promise<void>;
}

/** How a step that writes ended. */
export type WriteAnswer =
  | { readonly type: 'done'; readonly result?: JsonObject; readonly note?: string }
  /** Nothing was written. */
  | { readonly type: 'failed'; readonly message: string; readonly isOutdated?: boolean }
  /** Perhaps written: the server did not say. */
  | { readonly type: 'doubt'; readonly message: string };

/** Somebody, most often Karmada, may write between reading and writing; so often is it tried again. */
const attempts = 5;

/**
 * Does one step, and only if the object still says what was reviewed: it is read, compared and written with the version
 * that was read as precondition. What Karmada noted on it since the review does not count.
 */
export async function writeStep(request: WriteRequest): Promise<WriteAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await writeOnce(request);
    if (answer.type !== 'raced') return answer;
    if (attempt === attempts) return { type: 'failed', message: answer.message };
  }
}

type Attempt = WriteAnswer | { readonly type: 'raced'; readonly message: string };

async function writeOnce({ api, step, earlier, isHeld, begin }: WriteRequest): Promise<Attempt> {
  const reference = referenceOf(step);
  let now: JsonObject | undefined;
  try {
    now = await getOrNone(api, reference);
  } catch (error) {
    return { type: 'failed', message: failureText(error, reference) };
  }
  const refusal = refusalOf(step, earlier ?? reviewedOf(step), now);
  if (refusal) return refusal;
  const told = (error: unknown): Attempt & { readonly message: string } => {
    const message = failureText(error, reference);
    return isRace(error) ? { type: 'raced', message } : { type: 'failed', message };
  };
  try {
    const owned = await ownersRefusal(api, step, now);
    if (owned) return owned;
  } catch (error) {
    return told(error);
  }
  await begin(now);
  try {
    return { type: 'done', ...(await perform(api, step, now, isHeld)) };
  } catch (error) {
    const answer = told(error);
    return isDefinite(error) ? answer : { type: 'doubt', message: answer.message };
  }
}

/** The object that a step writes. */
export function referenceOf(step: WriteStep): ObjectReference {
  return step.type === 'hold' ? step.hold.policy : step.change.reference;
}

/** Whether a step writes; the others wait. */
export function isWriteStep(step: PushStep): step is WriteStep {
  return step.type !== 'settle' && step.type !== 'ready';
}

/** The object as the server holds it, `undefined` when it holds none. */
export async function getOrNone(
  api: PushApi,
  reference: ObjectReference,
): Promise<JsonObject | undefined> {
  try {
    return await api.get(reference);
  } catch (error) {
    if (isKubeError(error) && error.reason === 'notFound') return undefined;
    throw error;
  }
}

function reviewedOf(step: WriteStep): JsonObject | undefined {
  return step.type === 'hold' ? undefined : step.change.before;
}

/** Why a step must not write, after a look at what the server holds. A step that has nothing to do is done. */
function refusalOf(
  step: WriteStep,
  reviewed: JsonObject | undefined,
  now: JsonObject | undefined,
): Attempt | undefined {
  const name = nameOf(referenceOf(step));
  const outdated = (what: string): Attempt => ({
    type: 'failed',
    message: `${name} ${what} since the review. Review the push again.`,
    isOutdated: true,
  });
  if (step.type === 'hold') {
    if (now === undefined && step.hold.clusters === 'none') return { type: 'done' };
    if (now === undefined) return outdated('was deleted');
    return isHoldAsReviewed(step, reviewed, now)
      ? undefined
      : outdated('was held or let go by someone else');
  }
  if (step.type === 'apply' && step.change.source && lacksSecretValues(step.change.source.object)) {
    return {
      type: 'failed',
      message: `The values of ${name} are not kept in the extension's storage. Open its file and resume from there.`,
    };
  }
  if (now === undefined) {
    if (step.type === 'delete') return { type: 'done' };
    return reviewed === undefined ? undefined : outdated('was deleted');
  }
  if (step.type === 'delete' && isBeingDeleted(now)) return { type: 'done' };
  if (isAsReviewed(reviewed, now) || isRestored(step, reviewed, now)) return undefined;
  return outdated(
    reviewed === undefined ? 'was created by someone else' : 'was changed by someone else',
  );
}

/** All holds have one manager: what another push or user holds must neither be replaced nor let go. */
function isHoldAsReviewed(
  { hold: { before, clusters } }: WriteStep & { type: 'hold' },
  earlier: JsonObject | undefined,
  now: JsonObject,
): boolean {
  const expected = earlier ? suspensionIn(earlier).clusters : before;
  const found = suspensionIn(now).clusters;
  return expected === undefined || isSameHold(found, expected) || isSameHold(found, clusters);
}

/** Putting back takes two writes; after the first one the object is already what it is to be. */
function isRestored(step: WriteStep, reviewed: JsonObject | undefined, now: JsonObject): boolean {
  return step.type === 'restore' && standingOf(step, reviewed, now) !== 'changed';
}

async function perform(
  api: PushApi,
  step: WriteStep,
  now: JsonObject | undefined,
  isHeld: boolean,
): Promise<{ readonly result?: JsonObject; readonly note?: string }> {
  switch (step.type) {
    case 'apply':
      return { result: await applyChange(api, step.change, now) };
    case 'restore':
      return restoreObject(api, step.change, { now, isHeld });
    case 'delete':
      await api.delete(step.change.reference, { uid: uidOf(now), resourceVersion: versionOf(now) });
      return finalizerNote(now);
    case 'hold':
      return { result: await holdPolicy(api, step, now) };
  }
}

/** An object with finalizers stays until those who wrote them take them off; Karmada does so with its own. */
function finalizerNote(deleted: JsonObject | undefined): { readonly note?: string } {
  const names = arrayMember(member(deleted, 'metadata'), 'finalizers').flatMap((name) =>
    typeof name === 'string' && !isBookkeeping(name) ? [name] : [],
  );
  return names.length === 0
    ? {}
    : { note: `It stays until its finalizers are taken off: ${names.join(', ')}.` };
}

/** What is sent over the object that was read. */
function bodyOf({ source, conflicts }: ObjectChange, now: JsonObject | undefined): JsonObject {
  return applyBody({ ...(source && { source }), ...(now && { before: now }), conflicts });
}

async function applyChange(
  api: PushApi,
  change: ObjectChange,
  now: JsonObject | undefined,
): Promise<JsonObject> {
  const force = isForced(change.conflicts);
  const body = bodyOf(change, now);
  const { object } = await api.apply(change.reference, body, force ? { force } : {});
  return object;
}

/** Why a step that takes fields over must not, after a question to the server. Nothing is written by it. */
async function ownersRefusal(
  api: PushApi,
  step: WriteStep,
  now: JsonObject | undefined,
): Promise<Attempt | undefined> {
  if (step.type !== 'apply' || !isForced(step.change.conflicts)) return undefined;
  const { change } = step;
  const found = await newOwners(api, change, bodyOf(change, now));
  if (found.length === 0) return undefined;
  const names = found.map(({ field, manager }) => `${field.replace(/^\./, '')} by ${manager}`);
  return {
    type: 'failed',
    message: `${nameOf(change.reference)} has fields that others own since the review: ${[...new Set(names)].join(', ')}. Review the push again.`,
    isOutdated: true,
  };
}

async function holdPolicy(
  api: PushApi,
  { hold }: WriteStep & { type: 'hold' },
  now: JsonObject | undefined,
): Promise<JsonObject> {
  const { policy, preserves } = hold;
  const { apiVersion, kind, namespace, name } = policy;
  const metadata = { name, ...(namespace === '' ? {} : { namespace }) };
  const bare = withPrecondition({ apiVersion, kind, metadata }, now);
  const spec = holdSpec(hold);
  // Whoever owns what the reviewed change takes over loses it some steps earlier.
  const force = preserves === undefined ? {} : { force: true };
  const body = spec ? withMember(bare, 'spec', spec) : bare;
  const { object } = await api.apply(policy, body, { fieldManager: holdManager, ...force });
  return object;
}

/** A version that is no longer the newest; not a field that somebody else owns. */
function isRace(error: unknown): boolean {
  return (
    isKubeError(error) &&
    error.reason === 'conflict' &&
    !error.causes.some(({ reason }) => reason === 'FieldManagerConflict')
  );
}

/** Such as `OverridePolicy default/podinfo`. */
export function nameOf({ kind, namespace, name }: ObjectReference): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
