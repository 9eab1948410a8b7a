import { member, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { ObjectChange, Verdict } from '../types.ts';
import { isAnswer } from './isAnswer.ts';
import { isKindMissing } from './isKindMissing.ts';
import { nameVerdicts } from './nameVerdicts.ts';
import { otherWriters } from './otherWriters.ts';
import type { ChangeRequest } from './prepareChange.ts';
import { withoutValues } from './secretView.ts';
import { verdictsOf } from './verdicts.ts';

/** Somebody may write between the reading and the dry run; so often is it tried again. */
const attempts = 4;

/**
 * What taking one object away would do, by a dry run with the preconditions of the real deletion. What the server says
 * of it is a verdict, that of Karmada's deletion protection as well; what is not there stays so. Nothing is deleted.
 */
export async function prepareDeletion(
  reference: ObjectReference,
  request: Pick<ChangeRequest, 'api' | 'around' | 'signal'>,
): Promise<ObjectChange> {
  for (let attempt = 1; ; attempt++) {
    const change = await prepareOnce(reference, request);
    if (change) return change;
    if (attempt === attempts) {
      const message = 'The object changes all the time, so that it cannot be reviewed. Try again.';
      return { ...bare(reference), verdicts: [{ severity: 'error', message, field: '' }] };
    }
  }
}

function bare(reference: ObjectReference): ObjectChange {
  return { reference, type: 'delete', checkedBy: 'server', conflicts: [], verdicts: [] };
}

/** `undefined` when the object was changed while it was looked at. */
async function prepareOnce(
  reference: ObjectReference,
  { api, around, signal }: Pick<ChangeRequest, 'api' | 'around' | 'signal'>,
): Promise<ObjectChange | undefined> {
  const gone: ObjectChange = { ...bare(reference), type: 'unchanged' };
  const unnameable = nameVerdicts(reference);
  if (unnameable.length > 0) return refused(reference, unnameable);
  try {
    const before = await api.get(reference, signal);
    const metadata = member(before, 'metadata');
    if (stringMember(metadata, 'deletionTimestamp') !== '') return gone;
    return await dryRun(reference, before, { api, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (isKindMissing(error)) {
      const { isKnown, message } = around.unserved(reference);
      // Where a server knows the kind in other versions the object may be there all the same.
      return isKnown ? refused(reference, [{ severity: 'error', message, field: '' }]) : gone;
    }
    if (!isAnswer(error)) throw error;
    return error.reason === 'notFound' ? gone : refused(reference, verdictsOf(error, reference));
  }
}

async function dryRun(
  reference: ObjectReference,
  before: JsonObject,
  { api, signal }: Pick<ChangeRequest, 'api' | 'signal'>,
): Promise<ObjectChange | undefined> {
  const metadata = member(before, 'metadata');
  const uid = stringMember(metadata, 'uid');
  const resourceVersion = stringMember(metadata, 'resourceVersion');
  const change = {
    ...bare(reference),
    before: withoutValues(before),
    verdicts: otherWriters(before),
  };
  try {
    const options = { dryRun: true, ...(signal ? { signal } : {}) };
    await api.delete(reference, { uid, resourceVersion }, options);
    return change;
  } catch (error) {
    if (!isAnswer(error)) throw error;
    if (error.reason === 'conflict' || error.reason === 'notFound') return undefined;
    return { ...change, verdicts: verdictsOf(error, reference) };
  }
}

function refused(reference: ObjectReference, verdicts: readonly Verdict[]): ObjectChange {
  return { ...bare(reference), verdicts };
}
