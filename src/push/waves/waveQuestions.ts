import { listClusters } from '../../analysis/index.ts';
import type { Effect, ObjectChange, Question } from '../types.ts';
import type { HeldPolicy } from './heldPolicies.ts';
import { nameOfKey, nameOfReference } from './names.ts';
import { suspensionIn } from './suspension.ts';

/** Everything that a push in waves has to ask or cannot do. */
export function waveQuestions(
  policies: readonly HeldPolicy[],
  unheld: readonly string[],
  effects: readonly Effect[],
): readonly Question[] {
  return [
    ...policies.flatMap((policy) => [
      ...lazyQuestion(policy),
      ...losingQuestion(policy),
      ...suspendedQuestion(policy),
      ...sharedQuestion(policy),
    ]),
    ...unheldQuestion(unheld),
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

/** A suspension that is not of this push would be ended by it, or end it. */
function suspendedQuestion({ object, change, reference }: HeldPolicy): readonly Question[] {
  const { clusters, manager, isOurs } = suspensionIn(object);
  const name = nameOfReference(reference);
  const blocked = (message: string): readonly Question[] => [
    { severity: 'blocked', code: 'refused', message, reference },
  ];
  if (clusters !== 'none') {
    const where = clusters === 'all' ? 'all clusters' : listClusters(clusters);
    const by = isOurs
      ? 'an earlier hold or push; resume dispatch, or resume or undo that push, first'
      : manager === ''
        ? 'somebody else; it has to be let go first'
        : `${manager}; it has to be let go first`;
    return blocked(`Dispatch of ${name} is already held on ${where} by ${by}.`);
  }
  return suspensionIn(sourceOf(change)).clusters === 'none'
    ? []
    : blocked(`The document of ${name} suspends dispatch itself. Push it without waves.`);
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
