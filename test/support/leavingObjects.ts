import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { isKubeError } from '../../src/live/index.ts';
import type { ObjectReference } from '../../src/live/index.ts';
import type { PushReview } from '../../src/push/index.ts';
import { templateReference } from '../../src/push/plan/labels.ts';
import type { LiveSession } from './liveSession.ts';

type Session = LiveSession['session'];

/** An object that Karmada has on a member, and that a review says will stay or go there. */
export interface LeavingObject {
  readonly reference: ObjectReference;
  readonly cluster: string;
  readonly stays: boolean;
}

const tries = 50;

/** The objects that are said to stay or go, are on their members now, and are Karmada's; not what may do either. */
export async function leavingObjects(
  session: Session,
  { effects, questions }: PushReview,
): Promise<readonly LeavingObject[]> {
  const found: LeavingObject[] = [];
  for (const { type, template, clusters, isPassing } of effects) {
    if ((type !== 'kept' && type !== 'removed') || isPassing === true) continue;
    const reference = templateReference(template);
    const isUncertain = questions.some(
      (one) => one.code === 'uncertain-removal' && isDeepStrictEqual(one.reference, reference),
    );
    if (isUncertain) continue;
    for (const cluster of clusters) {
      const object = await onMember(session, cluster, reference);
      const labels = memberAt(object, 'metadata', 'labels');
      // What an earlier push has left there is nobody's, and stays in any case.
      if (stringMember(labels, 'karmada.io/managed') !== 'true') continue;
      found.push({ reference, cluster, stays: type === 'kept' });
    }
  }
  return found;
}

/** Those that are not as they were said to be, each as a sentence; members are given some seconds to delete. */
export async function wrongOnMembers(
  session: Session,
  leaving: readonly LeavingObject[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { reference, cluster, stays } of leaving) {
    let isThere = true;
    for (let left = stays ? 1 : tries; left > 0 && isThere; left--) {
      isThere = (await onMember(session, cluster, reference)) !== undefined;
      if (isThere && !stays) await sleep(200);
    }
    if (isThere === stays) continue;
    wrong.push(`${reference.kind} ${reference.name} ${isThere ? 'stays' : 'goes'} on ${cluster}.`);
  }
  return wrong;
}

async function onMember(
  session: Session,
  cluster: string,
  reference: ObjectReference,
): Promise<JsonObject | undefined> {
  try {
    return await session.memberGet(cluster, reference);
  } catch (error) {
    if (isKubeError(error) && error.reason === 'notFound') return undefined;
    throw error;
  }
}
