import type { LiveControlPlane } from '../../analysis/index.ts';
import { policyId } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { FleetModel, ObjectReference } from '../../live/index.ts';
import type { JournalStore, PushApi } from '../ports.ts';
import { inTurns } from '../prepare/inTurns.ts';
import { referenceOf } from '../prepare/selectedTemplates.ts';
import { pushManager } from '../run/standing.ts';
import { getOrNone } from '../run/writeStep.ts';
import type { Effect, Question } from '../types.ts';
import { readPushHolds, type FindPushHold, type PushHold } from './pushHolds.ts';
import { suspensionIn, type Suspension } from './suspension.ts';
import { readTemplateKey } from './templateKey.ts';

/** Who holds dispatch of a policy, and where. */
export interface Holder extends Suspension {
  readonly reference: ObjectReference;
  readonly push?: PushHold;
}

/** By `policyId`. A policy that is not in it holds nothing. */
export type Holders = ReadonlyMap<string, Holder>;

/** The policies that send, now or afterwards, what a push changes on members. */
export function sendingPolicies(model: FleetModel, effects: readonly Effect[]): Set<string> {
  const arriving = effects.filter(isArriving);
  const names = new Set(arriving.flatMap(({ policy }) => policy ?? []));
  for (const { template } of arriving) {
    const reference = readTemplateKey(template);
    const policy = reference && model.bindingOf(reference)?.policy;
    if (policy) names.add(policyId(policy));
  }
  return names;
}

/** Whether members get something new by it in the end. */
export function isArriving({ type, isPassing }: Effect): boolean {
  return isPassing !== true && (type === 'appears' || type === 'changes' || type === 'reinstalls');
}

/**
 * Reads who holds dispatch of some policies, those alone that are held by what the streams tell. Rejects with `KubeError`
 * when the server cannot be asked.
 */
export async function readHolders(
  { api, journals }: { readonly api: PushApi; readonly journals?: JournalStore },
  { plane, policies, server }: HoldersRequest,
): Promise<Holders> {
  const held = plane.objects.flatMap((object): readonly ObjectReference[] => {
    const reference = referenceOf(object);
    const isMeant = policies.has(policyId(reference));
    return isMeant && suspensionIn(object).clusters !== 'none' ? [reference] : [];
  });
  if (held.length === 0) return new Map();
  const holdOf = journals && (await readPushHolds(journals, server));
  const found = await inTurns(held, async (reference): Promise<readonly [string, Holder][]> => {
    const holder = holderOf(reference, await getOrNone(api, reference), holdOf);
    return holder.clusters === 'none' ? [] : [[policyId(reference), holder]];
  });
  return new Map(found.flat());
}

/** Who holds a policy as the server has it, with managed fields. */
export function holderOf(
  reference: ObjectReference,
  policy: JsonObject | undefined,
  holdOf: FindPushHold | undefined,
): Holder {
  const suspension = suspensionIn(policy);
  const isOfUs = suspension.isOurs || suspension.manager === pushManager;
  const push = isOfUs && suspension.clusters !== 'none' ? holdOf?.(reference) : undefined;
  return { ...suspension, reference, ...(push && { push }) };
}

interface HoldersRequest {
  readonly plane: LiveControlPlane;
  /** Which are of interest, by `policyKey`. */
  readonly policies: ReadonlySet<string>;
  readonly server: string;
}

/** Such as `the push “podinfo.yaml”, which stopped`, `Hold Dispatch`, `kubectl-edit`. */
export function holderText({
  push,
  isOurs,
  manager,
}: Pick<Holder, 'push' | 'isOurs' | 'manager'>): string {
  if (push) {
    // The title of an undo says what it is.
    const what = push.type === 'push' || push.type === 'waves' ? 'the push ' : '';
    return `${what}“${push.title}”, which ${stateTexts[push.state]}`;
  }
  if (isOurs) return 'Hold Dispatch';
  if (manager === pushManager) return 'an earlier push';
  return manager || 'somebody else';
}

const stateTexts: Readonly<Record<PushHold['state'], string>> = {
  running: 'has not ended',
  stopped: 'stopped',
  dropped: 'was given up',
};

/** Whether a hold goes with the push that it is of: only that can let it go without members seeing what is in between. */
export function isOfOpenPush(push: PushHold | undefined): push is PushHold {
  return push !== undefined && push.state !== 'dropped' && push.type !== 'dispatch';
}

/** What a question about a hold names, for the user to go on with. */
export function pushOf(push: PushHold | undefined): Pick<Question, 'push'> {
  return isOfOpenPush(push) ? { push: push.push } : {};
}
