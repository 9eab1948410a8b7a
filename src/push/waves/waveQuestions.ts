import { listClusters } from '../../analysis/index.ts';
import { policyId } from '../../engine/index.ts';
import type { Effect, ObjectChange, Question } from '../types.ts';
import { isFluxSuspended } from './expectations.ts';
import type { HeldPolicy } from './heldPolicies.ts';
import {
  holderText,
  isArriving,
  isOfOpenPush,
  pushOf,
  type Holder,
  type Holders,
} from './holders.ts';
import { nameOfKey, nameOfReference } from './names.ts';
import { heldText, suspensionIn } from './suspension.ts';

/** What the waves are made with. */
interface WaveFacts {
  readonly policies: readonly HeldPolicy[];
  /** Keys of the templates that no policy dispatches by itself. */
  readonly unheld: readonly string[];
  readonly holders: Holders;
  /** Clusters that are not ready now. */
  readonly unready: readonly string[];
  /** Policies that would let templates go while they are held, which stay held then: by `policyKey`. */
  readonly leaving: ReadonlySet<string>;
}

/** Everything that a push in waves has to ask or cannot do. */
export function waveQuestions(
  { policies, unheld, holders, unready, leaving }: WaveFacts,
  effects: readonly Effect[],
): readonly Question[] {
  return [
    ...policies.flatMap((policy) => [
      ...lazyQuestion(policy),
      ...losingQuestion(policy),
      ...leavingQuestion(policy, leaving),
      ...suspendedQuestion(policy, holders),
      ...sharedQuestion(policy),
    ]),
    ...unheldQuestion(unheld),
    ...readinessQuestions(effects, unready),
    ...removalQuestion(effects),
  ];
}

/** A policy that the push makes says something for a while that its document does not. */
export function createdQuestion([{ object, change, reference }, later]: readonly [
  policy: HeldPolicy,
  later: readonly string[],
]): readonly Question[] {
  if (object || !change || later.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'passing-state',
      message: `${nameOfReference(reference)} is created with a spec.suspension that its document does not have: it holds dispatch on ${listClusters(later)} and goes wave by wave, with the last wave entirely.`,
      reference,
    },
  ];
}

function lazyQuestion({ isLazy, reference }: HeldPolicy): readonly Question[] {
  if (!isLazy) return [];
  return [
    {
      severity: 'blocked',
      code: 'lazy-policy',
      message: `${nameOfReference(reference)} is lazy: Karmada hands a change of its suspension on only when a template changes, so its dispatch cannot be held. Push without waves.`,
      reference,
    },
  ];
}

/** Any write of a policy lets go what it no longer selects (`pkg/detector/policy.go`), and a hold is one. */
function losingQuestion({ isLosing, reference }: HeldPolicy): readonly Question[] {
  if (!isLosing) return [];
  return [
    {
      severity: 'blocked',
      code: 'refused',
      message: `${nameOfReference(reference)} has claimed what it no longer selects, and holding its dispatch would let that go. Push without waves.`,
      reference,
    },
  ];
}

function leavingQuestion(
  { reference }: HeldPolicy,
  leaving: ReadonlySet<string>,
): readonly Question[] {
  if (!leaving.has(policyId(reference))) return [];
  return [
    {
      severity: 'blocked',
      code: 'refused',
      message: `${nameOfReference(reference)} lets go of objects in this push that no policy claims then, and they would stay held. Push without waves.`,
      reference,
    },
  ];
}

/** A suspension that is not of this push would be ended by it, or end it. */
function suspendedQuestion(
  { object, change, reference }: HeldPolicy,
  holders: Holders,
): readonly Question[] {
  const name = nameOfReference(reference);
  const suspension = suspensionIn(object);
  if (suspension.clusters !== 'none') {
    const holder: Omit<Holder, 'reference'> = holders.get(policyId(reference)) ?? suspension;
    const { clusters, push } = holder;
    const where = heldText(clusters);
    const first = isOfOpenPush(push) ? 'Resume or undo that push first.' : 'Resume dispatch first.';
    return [
      {
        severity: 'blocked',
        code: 'held',
        message: `Dispatch of ${name} is held on ${where} by ${holderText(holder)}. ${first}`,
        reference,
        ...pushOf(push),
      },
    ];
  }
  if (suspensionIn(sourceOf(change)).clusters === 'none') return [];
  const message = `The document of ${name} suspends dispatch itself. Push it without waves.`;
  return [{ severity: 'blocked', code: 'refused', message, reference }];
}

function sourceOf(change: ObjectChange | undefined) {
  return change?.source?.object ?? (change?.type === 'delete' ? undefined : change?.after);
}

function sharedQuestion({ others, reference, clusters }: HeldPolicy): readonly Question[] {
  if (others.length === 0) return [];
  const shown = others.slice(0, 5).map(nameOfKey).join(', ');
  const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
  return [
    {
      severity: 'confirm',
      code: 'shared-policy',
      message: `${nameOfReference(reference)} also propagates ${shown}${more}: their changes do not reach ${listClusters([...clusters])} either before its wave comes.`,
      reference,
    },
  ];
}

function unheldQuestion(unheld: readonly string[]): readonly Question[] {
  if (unheld.length === 0) return [];
  const names = unheld.map(nameOfKey).join(', ');
  return [
    {
      severity: 'confirm',
      code: 'passing-state',
      message: `${names} reaches all clusters at once: Karmada does not hold what goes along with a release.`,
    },
  ];
}

/** A wave does not become ready by itself where a member is away, or Flux leaves a release alone. */
function readinessQuestions(
  effects: readonly Effect[],
  unready: readonly string[],
): readonly Question[] {
  const arriving = effects.filter(isArriving);
  const away = unready.filter((name) => arriving.some(({ clusters }) => clusters.includes(name)));
  const suspended = arriving.filter((effect) => isFluxSuspended(effect));
  const said = (message: string): Question => ({
    severity: 'warning',
    code: 'wave-readiness',
    message,
  });
  return [
    ...(away.length === 0
      ? []
      : [
          said(
            `${listClusters(away)} ${away.length === 1 ? 'is' : 'are'} not ready now: a wave with ${away.length === 1 ? 'it' : 'them'} stops until ${away.length === 1 ? 'it is' : 'they are'} ready or you go on without.`,
          ),
        ]),
    ...suspended.map(({ template, clusters }) =>
      said(
        `${nameOfKey(template)} is suspended for Flux on ${listClusters(clusters)}: its wave waits there until it is applied, and not until it is ready.`,
      ),
    ),
  ];
}

/** `pkg/controllers/execution/execution_controller.go` deletes before it looks at the suspension. */
function removalQuestion(effects: readonly Effect[]): readonly Question[] {
  const removed = effects.filter(({ type, isPassing }) => type === 'removed' && isPassing !== true);
  if (removed.length === 0) return [];
  const names = [...new Set(removed.map(({ template }) => nameOfKey(template)))].join(', ');
  const clusters = [...new Set(removed.flatMap((effect) => effect.clusters))];
  return [
    {
      severity: 'confirm',
      code: 'removal',
      message: `Removals do not go in waves, for Karmada does not hold them: ${names} goes from ${listClusters(clusters)} at once.`,
    },
  ];
}
