import { listClusters, nameOfObject, nameOfTemplate } from '../../../analysis/index.ts';
import { existingClaim } from '../../../engine/index.ts';
import type { Question } from '../../types.ts';
import { referenceOf } from '../holds.ts';
import type { Holding, Holdings } from '../holds.ts';
import { label, objectReference, templateLabel, templateReference } from '../labels.ts';
import type { QuestionInput } from './input.ts';

/** What is to be said of the middle of the push. */
export function questionsOnHolds(input: QuestionInput): readonly Question[] {
  return [
    ...input.shown.map(passingState),
    ...lazyPolicies(input),
    ...input.holdings.flatMap((holding) => sharedPolicy(holding, input)),
  ];
}

const reasons = {
  'lazy-policy': 'is Lazy, so that a suspension would not reach its bindings',
  'new-policy': 'is new in the same push',
  'policy-deleted': 'is deleted in the same push',
  suspended: 'is held already',
  'lets-go': 'lets go of objects in the same push, which would stay held',
  'no-longer-selects': 'has claimed objects that it no longer selects, and would let them go',
} as const;

function passingState({ passing, reason, policy }: Holdings['shown'][number]): Question {
  const { key, clusters, manifest } = passing;
  const where = listClusters(clusters);
  const what = manifest
    ? `${templateLabel(key)} is for a moment on ${where} as it is neither now nor afterwards`
    : `${templateLabel(key)} is deleted on ${where} for a moment and comes back`;
  const why =
    reason === 'no-policy' || reason === 'disappears' || !policy
      ? 'Dispatch cannot be held'
      : `Dispatch cannot be held: ${label(referenceOf(policy))} ${reasons[reason]}`;
  const reference = templateReference(key);
  return { severity: 'confirm', code: 'passing-state', message: `${what}. ${why}.`, reference };
}

/** `pkg/detector/policy.go`: a policy with `activationPreference: Lazy` waits for its templates to be written. */
function lazyPolicies({ changes, last }: QuestionInput): readonly Question[] {
  const written = new Set(
    changes
      .filter(({ type }) => type === 'create' || type === 'change')
      .map(({ reference }) => `${reference.kind}/${reference.namespace}/${reference.name}`),
  );
  const waiting = new Map<
    string,
    { readonly reference: Question['reference']; readonly names: string[] }
  >();
  for (const { key, policy, isLazy } of last.deliveries.values()) {
    if (!policy || !isLazy) continue;
    const reference = referenceOf(policy);
    const isWritten = written.has(`${reference.kind}/${reference.namespace}/${reference.name}`);
    if (!isWritten || written.has(key.split('/').slice(-3).join('/'))) continue;
    const entry = waiting.get(policy.id) ?? { reference, names: [] };
    waiting.set(policy.id, entry);
    entry.names.push(templateLabel(key));
  }
  return [...waiting.values()].flatMap(({ reference, names }) =>
    reference
      ? [
          {
            severity: 'warning',
            code: 'lazy-policy',
            message: `${label(reference)} is Lazy: ${listClusters(names)} ${names.length === 1 ? 'stays' : 'stay'} where ${names.length === 1 ? 'it is' : 'they are'} until written again.`,
            reference,
          } as const,
        ]
      : [],
  );
}

/** Holding a policy holds all that it claims. */
function sharedPolicy(
  { hold, templates }: Holding,
  { ground, first }: QuestionInput,
): readonly Question[] {
  const others = othersOf(hold.policy, templates, ground, first);
  if (others.length === 0) return [];
  const message = `While the push runs ${label(hold.policy)} is held, and with it nothing new of ${listClusters(others)} is sent.`;
  return [{ severity: 'warning', code: 'shared-policy', message, reference: hold.policy }];
}

function othersOf(
  policy: Holding['hold']['policy'],
  templates: ReadonlySet<string>,
  { live }: QuestionInput['ground'],
  first: QuestionInput['first'],
): readonly string[] {
  const named = live.objects.flatMap((object) => {
    const claim = existingClaim(object);
    const isClaimed =
      claim?.kind === policy.kind &&
      claim.namespace === policy.namespace &&
      claim.name === policy.name;
    return isClaimed && !templates.has(nameOfObject(object))
      ? [label(objectReference(object))]
      : [];
  });
  const claimed = [...first.deliveries.values()].flatMap(({ key, policy: owner }) => {
    const isClaimed =
      owner?.kind === policy.kind &&
      owner.namespace === policy.namespace &&
      owner.name === policy.name;
    return isClaimed && !templates.has(nameOfTemplate(key)) ? [templateLabel(key)] : [];
  });
  return [...new Set([...named, ...claimed])].sort();
}
