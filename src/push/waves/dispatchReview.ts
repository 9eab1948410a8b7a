import { listClusters, sortNaturally } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { BindingRow, FleetModel, ObjectReference } from '../../live/index.ts';
import type { ExpectedWork, ObjectChange, PushReview, Question, UnnumberedStep } from '../types.ts';
import { holderOf, holderText, isOfOpenPush, pushOf, type Holder } from './holders.ts';
import { nameOfKey, nameOfReference } from './names.ts';
import type { FindPushHold } from './pushHolds.ts';
import {
  heldText,
  isLazyPolicy,
  isSameHold,
  withSuspension,
  type Suspension,
} from './suspension.ts';
import { templateKey } from './templateKey.ts';

/** What is to become of the dispatch of policies. */
export interface DispatchRequest {
  readonly action: 'hold' | 'resume';
  /** The policies as the server holds them, with managed fields. */
  readonly policies: readonly {
    readonly reference: ObjectReference;
    readonly object: JsonObject;
  }[];
  readonly clusters: 'all' | readonly string[];
  /** What the user acted on, by template key; what else is concerned is asked about. */
  readonly templates: readonly string[];
  /** Tells which push holds a policy: what is in the middle of its writes is let go by that push alone. */
  readonly holdOf?: FindPushHold;
  readonly context: string;
  readonly server: string;
  /** What tells the control plane from another one at the same URL, as a push has it. */
  readonly plane: string;
}

/**
 * Reviews a hold of dispatch or its end: which releases share it, that changes will not reach the clusters, and who set
 * what is there. A suspension of somebody else is not extended; it is ended only as a change of the policy that the
 * review shows.
 */
export function dispatchReview(model: FleetModel, request: DispatchRequest): PushReview {
  const parts = request.policies.map((policy) => policyPart(model, request, policy));
  const steps = parts.flatMap((part) => part.steps);
  const where = request.clusters === 'all' ? 'all clusters' : listClusters(request.clusters);
  const names = request.policies.map(({ reference }) => nameOfReference(reference)).join(', ');
  const verb = request.action === 'hold' ? 'Hold dispatch' : 'Resume dispatch';
  return {
    type: 'dispatch',
    title: `${verb} of ${names} ${request.action === 'hold' ? 'on' : 'to'} ${where}`,
    context: request.context,
    server: request.server,
    plane: request.plane,
    changes: parts.flatMap(({ change }) => change ?? []),
    effects: [],
    questions: parts.flatMap(({ questions }) => questions),
    steps: steps.map((step, index) => ({ ...step, id: String(index + 1) })),
  };
}

interface PolicyPart {
  readonly steps: readonly UnnumberedStep[];
  readonly questions: readonly Question[];
  readonly change?: ObjectChange;
}

function policyPart(
  model: FleetModel,
  request: DispatchRequest,
  { reference, object }: DispatchRequest['policies'][number],
): PolicyPart {
  const before = holderOf(reference, object, request.holdOf);
  const bindings = bindingsOf(model, reference);
  const going = [...new Set(bindings.flatMap((binding) => clustersOf(binding)))];
  const after = afterwards(before.clusters, request, going);
  const name = nameOfReference(reference);
  const ofPush = pushRefusal(before);
  if (ofPush) return { steps: [], questions: [ofPush] };
  if (isSameHold(before.clusters, after)) {
    const state = request.action === 'hold' ? 'held there already' : 'not held there';
    const message = `Dispatch of ${name} is ${state}.`;
    return { steps: [], questions: [{ severity: 'warning', code: 'refused', message, reference }] };
  }
  const refusal = refusalOf(request, before, { name, object });
  if (refusal) return { steps: [], questions: [{ ...refusal, severity: 'blocked', reference }] };
  const questions = concernQuestions(request, bindings, { name, reference, going });
  const settle = settleStep(bindings, after, request.action);
  const given = request.action === 'resume' ? givenUpQuestion(before) : [];
  if (before.clusters === 'none' || before.isOurs) {
    const reason =
      request.action === 'hold'
        ? 'Changes do not reach these clusters until dispatch is resumed.'
        : 'What has changed meanwhile reaches the clusters.';
    const hold = { policy: reference, clusters: after, before: before.clusters };
    return { steps: [{ type: 'hold', hold, reason }, settle], questions: [...given, ...questions] };
  }
  const change = takeOver(reference, object, after);
  const taking: Question = {
    severity: 'confirm',
    code: 'held-by-others',
    message: `Dispatch of ${name} is held by ${holderText(before)}. Resuming takes that back.`,
    reference,
  };
  return {
    steps: [{ type: 'restore', change }, settle],
    questions: [...(given.length > 0 ? given : [taking]), ...questions],
    change,
  };
}

/** Members must not see what a push has half written; nor would it go on with another hold than its own. */
function pushRefusal(holder: Holder): Question | undefined {
  const { push, reference, clusters } = holder;
  if (!isOfOpenPush(push)) return undefined;
  return {
    severity: 'blocked',
    code: 'held',
    message: `Dispatch of ${nameOfReference(reference)} is held on ${heldText(clusters)} by ${holderText(holder)}. Resume or undo that push instead.`,
    reference,
    ...pushOf(push),
  };
}

/** What a push that was given up has written so far is sent as it is. */
function givenUpQuestion(holder: Holder): readonly Question[] {
  const { push, reference } = holder;
  if (push?.state !== 'dropped') return [];
  return [
    {
      severity: 'confirm',
      code: 'held',
      message: `Dispatch of ${nameOfReference(reference)} is held by ${holderText(holder)}: what it has written so far reaches the clusters as it is.`,
      reference,
    },
  ];
}

/** What the policy holds afterwards. */
function afterwards(
  before: Suspension['clusters'],
  { action, clusters }: DispatchRequest,
  going: readonly string[],
): Suspension['clusters'] {
  const sorted = (names: Iterable<string>) => sortNaturally([...new Set(names)], (one) => one);
  if (action === 'hold') {
    if (before === 'all' || clusters === 'all') return 'all';
    return sorted([...(before === 'none' ? [] : before), ...clusters]);
  }
  if (clusters === 'all' || before === 'none') return 'none';
  const held = before === 'all' ? going : before;
  const left = sorted(held.filter((cluster) => !clusters.includes(cluster)));
  return left.length === 0 ? 'none' : left;
}

function refusalOf(
  { action }: DispatchRequest,
  before: Holder,
  { name, object }: { readonly name: string; readonly object: JsonObject },
): Pick<Question, 'code' | 'message'> | undefined {
  if (isLazyPolicy(object)) {
    return {
      code: 'lazy-policy',
      message: `${name} is lazy: Karmada hands a change of its suspension on only when a template changes, so its dispatch cannot be ${action === 'hold' ? 'held' : 'resumed'} by it alone.`,
    };
  }
  if (action === 'resume' || before.clusters === 'none' || before.isOurs) return undefined;
  return {
    code: 'refused',
    message: `Dispatch of ${name} is already held on ${heldText(before.clusters)} by ${holderText(before)}. Change it where it is managed, or resume dispatch first.`,
  };
}

/** Everything that the policy dispatches is concerned, not only what the user chose. */
function concernQuestions(
  { action, templates, clusters }: DispatchRequest,
  bindings: readonly BindingRow[],
  policy: {
    readonly name: string;
    readonly reference: ObjectReference;
    readonly going: readonly string[];
  },
): readonly Question[] {
  const { name, reference, going } = policy;
  const keys = bindings.map(({ template }) => templateKey(template));
  const others = keys.filter((key) => templates.length > 0 && !templates.includes(key));
  const where = listClusters(clusters === 'all' ? going : clusters);
  const list = (some: readonly string[]): string => {
    const more = some.length > 5 ? ` and ${some.length - 5} more` : '';
    return `${some.slice(0, 5).map(nameOfKey).join(', ')}${more}`;
  };
  const effect =
    action === 'hold'
      ? `Changes do not reach ${where} until dispatch is resumed. What is there stays, and removals still go through.`
      : `What has changed while dispatch was held reaches ${where} now.`;
  const said: Question = { severity: 'warning', code: 'passing-state', message: effect, reference };
  if (others.length === 0) return [said];
  const shared: Question = {
    severity: 'confirm',
    code: 'shared-policy',
    message: `${name} also propagates ${list(others)}: this concerns ${others.length === 1 ? 'it' : 'them'} as well.`,
    reference,
  };
  return [said, shared];
}

function settleStep(
  bindings: readonly BindingRow[],
  after: Suspension['clusters'],
  action: DispatchRequest['action'],
): UnnumberedStep {
  const works = bindings.flatMap((binding): readonly ExpectedWork[] => {
    const template = templateKey(binding.template);
    const isHeld = (cluster: string) =>
      after === 'all' || (after !== 'none' && after.includes(cluster));
    return [true, false].flatMap((held) => {
      const clusters = [...binding.reports.keys()].filter((cluster) => isHeld(cluster) === held);
      return clusters.length === 0 ? [] : [{ template, clusters, isHeld: held }];
    });
  });
  const reason =
    action === 'hold' ? 'Each Work shows that it is held.' : 'Each Work shows that it goes on.';
  return { type: 'settle', works, reason };
}

/** The policy with another suspension, written over that of its manager. */
function takeOver(
  reference: ObjectReference,
  object: JsonObject,
  after: Suspension['clusters'],
): ObjectChange {
  return {
    reference,
    type: 'change',
    before: object,
    after: withSuspension(object, after),
    checkedBy: 'engine',
    conflicts: [],
    verdicts: [],
  };
}

/** The bindings that a policy claims. */
export function bindingsOf(
  model: FleetModel,
  { kind, namespace, name }: ObjectReference,
): readonly BindingRow[] {
  return [...model.rows('bindings').values()].filter(
    ({ policy }) => policy?.kind === kind && policy.namespace === namespace && policy.name === name,
  );
}

/** Where a binding goes. */
export function clustersOf({ clusters }: BindingRow): readonly string[] {
  return clusters.map(({ name }) => name);
}
