import { apiGroup, arrayMember, member, stringMember } from '../../../engine/index.ts';
import type { ObjectChange, Question } from '../../types.ts';
import { referenceOf } from '../holds.ts';
import { label, templateLabel, templateReference } from '../labels.ts';
import type { QuestionInput } from './input.ts';

/** What the review cannot foresee, so that nobody takes its silence for an answer. */
export function notPreviewed(input: QuestionInput): readonly Question[] {
  return [
    ...unreadPolicies(input),
    ...input.changes.flatMap((change) => unreadKinds(change, input)),
    ...otherSchedulers(input),
    ...unknownGates(input),
  ];
}

function said(message: string, reference?: Question['reference']): Question {
  const about = reference ? { reference } : {};
  return { severity: 'warning', code: 'not-previewed', message, ...about };
}

const policyKinds = [
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
];

function unreadPolicies({ ground: { live } }: QuestionInput): readonly Question[] {
  const unread = policyKinds.filter((kind) => live.unread.has(`policy.karmada.io/${kind}`));
  if (unread.length === 0) return [];
  return [
    said(
      `${unread.join(', ')} could not be read on ${live.context}: what they do is not in this review.`,
    ),
  ];
}

/** Kinds that a changed policy selects and whose objects are not known. */
function unreadKinds(
  { type, reference, before, after }: ObjectChange,
  { ground: { live } }: QuestionInput,
): readonly Question[] {
  if (type === 'unchanged' || apiGroup(reference.apiVersion) !== 'policy.karmada.io') return [];
  const kinds = [before, after].flatMap((policy) =>
    arrayMember(member(policy ?? null, 'spec'), 'resourceSelectors').flatMap((selector) => {
      const kind = stringMember(selector, 'kind');
      const group = apiGroup(stringMember(selector, 'apiVersion'));
      return live.unread.has(`${group}/${kind}`) ? [kind] : [];
    }),
  );
  const unread = [...new Set(kinds)].sort();
  if (unread.length === 0) return [];
  return [
    said(
      `${label(reference)} selects objects of kind ${unread.join(', ')}, which are not read here: what becomes of them is not in this review.`,
      reference,
    ),
  ];
}

function otherSchedulers({ last }: QuestionInput): readonly Question[] {
  return [...last.deliveries.values()].flatMap(({ key, policy, simulation }) =>
    policy && !simulation.schedule && simulation.claim.type === 'claimed'
      ? [
          said(
            `${templateLabel(key)} is placed by the scheduler ${stringMember(policy.spec, 'schedulerName')}, which cannot be foreseen.`,
            templateReference(key),
          ),
        ]
      : [],
  );
}

function unknownGates({ options, changes, last }: QuestionInput): readonly Question[] {
  if (options.featureGates?.['PropagationPolicyPreemption'] !== undefined) return [];
  const names = new Set(changes.map(({ reference }) => label(reference)));
  return last.run.controlPlane.policies
    .filter((policy) => stringMember(policy.spec, 'preemption') === 'Always')
    .map(referenceOf)
    .filter((reference) => names.has(label(reference)))
    .map((reference) =>
      said(
        `${label(reference)} preempts other policies if the feature gate PropagationPolicyPreemption is on, which is not known; here it counts as off.`,
        reference,
      ),
    );
}
