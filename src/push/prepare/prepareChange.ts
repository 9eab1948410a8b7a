import {
  deepEqual,
  isObject,
  member,
  stringMember,
  validate,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { isSecret } from '../../analysis/index.ts';
import type { CancelSignal, PushApi } from '../ports.ts';
import type { FieldConflict, ObjectChange, PushSource, Verdict } from '../types.ts';
import { applyBody, cleanObject, isForced } from './applyBody.ts';
import { conflictsOf, isFieldConflict, isTaken } from './conflicts.ts';
import type { ConflictChoice } from './conflicts.ts';
import { engineVerdicts } from './engineVerdicts.ts';
import { isAnswer } from './isAnswer.ts';
import { isKindMissing } from './isKindMissing.ts';
import { nameVerdicts } from './nameVerdicts.ts';
import { othersFields } from './othersFields.ts';
import { foreignOwners, otherWriters } from './otherWriters.ts';
import { changedKeys, withoutValues } from './secretView.ts';
import type { Surroundings } from './surroundings.ts';
import { verdictsOf, warningOf } from './verdicts.ts';

export interface ChangeRequest {
  readonly api: PushApi;
  readonly choices: readonly ConflictChoice[];
  readonly around: Surroundings;
  readonly signal?: CancelSignal;
}

/** Somebody may write between the reading and the dry run; so often is it tried again. */
const attempts = 4;

/**
 * What pushing one object would do, by a dry run with the preconditions of the real apply. Whatever the server says of
 * the object is a verdict; rejects only when the server cannot be asked at all. Nothing is written.
 */
export async function prepareChange(
  source: PushSource,
  request: ChangeRequest,
): Promise<ObjectChange> {
  for (let attempt = 1; ; attempt++) {
    const change = await prepareOnce(source, request);
    if (change) return change;
    if (attempt === attempts) {
      const verdict: Verdict = {
        severity: 'error',
        message: 'The object changes all the time, so that it cannot be reviewed. Try again.',
        field: '',
      };
      return { ...bare(source), verdicts: [verdict] };
    }
  }
}

const bare = (source: PushSource): ObjectChange => ({
  reference: source.reference,
  type: 'change',
  checkedBy: 'server',
  source,
  conflicts: [],
  verdicts: [],
});

/** `undefined` when the object was changed while it was looked at. */
async function prepareOnce(
  source: PushSource,
  request: ChangeRequest,
): Promise<ObjectChange | undefined> {
  const { api, around, signal } = request;
  const { reference } = source;
  const unnameable = nameVerdicts(reference);
  if (unnameable.length > 0) return { ...bare(source), type: 'create', verdicts: unnameable };
  let before: JsonObject | undefined;
  try {
    before = await api.get(reference, signal);
  } catch (error) {
    if (isKindMissing(error)) return ofUnserved(source, around);
    if (!isAnswer(error)) throw error;
    if (error.reason !== 'notFound')
      return { ...bare(source), verdicts: verdictsOf(error, reference) };
  }
  if (before && stringMember(member(before, 'metadata'), 'deletionTimestamp') !== '') {
    const message = 'The object is being deleted. Wait until it is gone, then push it again.';
    return { ...bare(source), before: withoutValues(before), verdicts: [errorOf(message)] };
  }
  if (!before && around.isComingNamespace(reference.namespace)) return checkedByEngine(source);
  const run = await dryRun({ source, before, request });
  return run && toChange(source, before, run);
}

function ofUnserved(source: PushSource, around: Surroundings): ObjectChange {
  const { isComing, message } = around.unserved(source.reference);
  return isComing
    ? checkedByEngine(source)
    : { ...bare(source), type: 'create', verdicts: [errorOf(message)] };
}

interface DryRun {
  readonly after?: JsonObject;
  readonly conflicts: readonly FieldConflict[];
  readonly verdicts: readonly Verdict[];
}

interface DryRunRequest {
  readonly source: PushSource;
  readonly before: JsonObject | undefined;
  readonly request: ChangeRequest;
}

/** Asks without force first, so that every conflict is told; then for what was chosen. */
async function dryRun(asked: DryRunRequest): Promise<DryRun | undefined> {
  const first = await applyOnce(asked, [], false);
  if (first.type === 'raced') return undefined;
  if (first.type !== 'conflicts') return { conflicts: [], ...first };
  const { conflicts } = first;
  const isLeft = conflicts.some(({ choice }) => choice !== 'take');
  const second = isLeft ? await applyOnce(asked, conflicts, false) : first;
  if (second.type === 'raced') return undefined;
  if (second.type !== 'conflicts') return { ...second, conflicts };
  const fields = new Set(conflicts.filter(isTaken(conflicts)).map(nameOf));
  const more = second.conflicts.filter((conflict) => !fields.has(nameOf(conflict)));
  if (more.length > 0) {
    const names = more.map(({ field, manager }) => `${field} of ${manager}`).join(', ');
    const message = `The server does not let ${names} be left as it is. Take it over, or leave it out of the file.`;
    return { conflicts, verdicts: [errorOf(message)] };
  }
  const last = await applyOnce(asked, conflicts, true);
  if (last.type !== 'answer') return undefined;
  return { ...last, conflicts };
}

const nameOf = ({ manager, field }: FieldConflict): string => `${manager}\n${field}`;

type ApplyOutcome =
  | { readonly type: 'answer'; readonly after?: JsonObject; readonly verdicts: readonly Verdict[] }
  | { readonly type: 'conflicts'; readonly conflicts: readonly FieldConflict[] }
  | { readonly type: 'raced' };

async function applyOnce(
  { source, before, request: { api, choices, signal } }: DryRunRequest,
  conflicts: readonly FieldConflict[],
  isLast: boolean,
): Promise<ApplyOutcome> {
  const { reference } = source;
  const body = applyBody({ source, conflicts, ...(before ? { before } : {}) });
  try {
    const { object, warnings } = await api.apply(reference, body, {
      dryRun: true,
      ...(isLast && isForced(conflicts) ? { force: true } : {}),
      ...(signal ? { signal } : {}),
    });
    const verdicts = warnings.map((text) => warningOf(text, reference));
    return { type: 'answer', after: object, verdicts };
  } catch (error) {
    if (!isAnswer(error)) throw error;
    if (isFieldConflict(error)) {
      const mine = cleanObject(source.object).object;
      const sides = { reference, mine, theirs: before };
      return { type: 'conflicts', conflicts: conflictsOf(error, sides, choices) };
    }
    if (error.reason === 'conflict') return { type: 'raced' };
    return { type: 'answer', verdicts: verdictsOf(error, reference) };
  }
}

function toChange(
  source: PushSource,
  before: JsonObject | undefined,
  { after, conflicts, verdicts }: DryRun,
): ObjectChange {
  const { left } = cleanObject(source.object);
  const isSame =
    before !== undefined && after !== undefined && deepEqual(content(before), content(after));
  return {
    reference: source.reference,
    type: before === undefined ? 'create' : isSame ? 'unchanged' : 'change',
    ...(before ? { before: withoutValues(before) } : {}),
    ...(after ? { after: withoutValues(after) } : {}),
    checkedBy: 'server',
    source,
    conflicts,
    verdicts: [
      ...verdicts,
      ...left.map(leftOut),
      ...foreignOwners(source.object, before),
      ...othersFields(source.object, before, after),
      ...(isSame && conflicts.length === 0 ? [] : otherWriters(before)),
    ],
    ...(after && isSecret(source.object) ? { secretKeys: changedKeys(before, after) } : {}),
  };
}

/** Without what a dry run changes of any object. */
function content(object: JsonObject): JsonObject {
  const metadata = member(object, 'metadata');
  if (!isObject(metadata)) return object;
  const rest = ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp'].reduce(
    withoutMember,
    metadata,
  );
  return withMember(withoutMember(object, 'status'), 'metadata', rest);
}

/** The namespace or the kind is in the same push: the engine says what the server will. */
function checkedByEngine(source: PushSource): ObjectChange {
  const { object, left } = cleanObject(source.object);
  const answer = validate(object);
  const verdicts = engineVerdicts(answer);
  const spec = answer.spec ?? null;
  const after = Object.hasOwn(object, 'spec') ? withMember(object, 'spec', spec) : object;
  return {
    reference: source.reference,
    type: 'create',
    ...(answer.status === 201 ? { after: withoutValues(after) } : {}),
    checkedBy: 'engine',
    source,
    conflicts: [],
    verdicts: [...verdicts, ...left.map(leftOut), ...foreignOwners(object, undefined)],
    ...(isSecret(object) ? { secretKeys: changedKeys(undefined, object) } : {}),
  };
}

function leftOut(field: string): Verdict {
  const message = `${field} is set by servers and is not sent. Delete it from the file.`;
  return { severity: 'warning', message, field };
}

const errorOf = (message: string): Verdict => ({ severity: 'error', message, field: '' });
