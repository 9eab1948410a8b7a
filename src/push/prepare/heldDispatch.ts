import { listClusters } from '../../analysis/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import { policyId } from '../../engine/index.ts';
import type { FleetModel } from '../../live/index.ts';
import type { JournalStore, PushApi } from '../ports.ts';
import type { PushReview, Question } from '../types.ts';
import {
  holderText,
  isArriving,
  isOfOpenPush,
  pushOf,
  readHolders,
  sendingPolicies,
  type Holder,
} from '../waves/holders.ts';
import { nameOfReference } from '../waves/names.ts';
import { suspensionIn } from '../waves/suspension.ts';
import { readTemplateKey } from '../waves/templateKey.ts';

/** What the question is asked with. */
export interface HeldDispatchRequest {
  readonly api: PushApi;
  readonly journals?: JournalStore;
  readonly model: FleetModel;
  readonly plane: LiveControlPlane;
}

/**
 * Says of a push which of its changes do not reach members, because dispatch of their policies is held, and by whom:
 * Karmada writes their Works and sends none of them (`pkg/controllers/execution/execution_controller.go`). Rejects with
 * `KubeError` when the server cannot be asked.
 */
export async function heldDispatch(
  { model, plane, ...ports }: HeldDispatchRequest,
  { effects, changes, server }: Pick<PushReview, 'effects' | 'changes' | 'server'>,
): Promise<readonly Question[]> {
  const policies = sendingPolicies(model, effects);
  const holders = await readHolders(ports, { plane, policies, server });
  const sending = [...holders].flatMap(([key, holder]) => {
    const change = changes.find(
      ({ type, reference }) => type !== 'unchanged' && policyId(reference) === key,
    );
    // What the document of the policy says of it, the review shows as a change.
    if (change && suspensionIn(change.after).clusters === 'none') return [];
    const sent = effects.filter((effect) => isArriving(effect) && effect.policy === key);
    const concerned = [...new Set(sent.flatMap(({ clusters }) => clusters))].filter((cluster) =>
      isHeldOn(holder, cluster),
    );
    return concerned.length === 0 ? [] : [questionOn(holder, concerned)];
  });
  return [...sending, ...effects.flatMap((effect) => leftHeld(model, effect))];
}

/** A binding keeps the suspension of a policy that lets it go (`pkg/detector/detector.go`), and no other ends it. */
function leftHeld(
  model: FleetModel,
  { type, template, clusters }: PushReview['effects'][number],
): readonly Question[] {
  const reference = type === 'orphaned' ? readTemplateKey(template) : undefined;
  const suspended = reference && model.bindingOf(reference)?.suspended;
  if (!reference || suspended === undefined) return [];
  const held = suspended === 'all' ? clusters : clusters.filter((one) => suspended.includes(one));
  if (held.length === 0) return [];
  return [
    {
      severity: 'confirm',
      code: 'held',
      message: `${nameOfReference(reference)} stays held on ${listClusters(held)}, with no policy left that could let it go. Resume dispatch first.`,
      reference,
    },
  ];
}

function isHeldOn({ clusters }: Holder, cluster: string): boolean {
  return clusters === 'all' || (clusters !== 'none' && clusters.includes(cluster));
}

function questionOn(holder: Holder, clusters: readonly string[]): Question {
  const { push, reference } = holder;
  const where = listClusters(clusters);
  const until = isOfOpenPush(push)
    ? 'before that push is resumed or undone'
    : 'before dispatch is resumed';
  return {
    severity: isOfOpenPush(push) ? 'confirm' : 'warning',
    code: 'held',
    message: `Dispatch of ${nameOfReference(reference)} is held on ${where} by ${holderText(holder)}. What is pushed does not reach ${where} ${until}.`,
    reference,
    ...pushOf(push),
  };
}
