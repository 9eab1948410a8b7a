import {
  listClusters,
  mayHaveDependencies,
  propagatesDependencies,
} from '../../../analysis/index.ts';
import { stringMember } from '../../../engine/index.ts';
import type { StoredPolicy } from '../../../engine/index.ts';
import type { Question } from '../../types.ts';
import { referenceOf } from '../holds.ts';
import { label, templateLabel, templateReference } from '../labels.ts';
import type { QuestionInput } from './input.ts';

/** What the review cannot foresee, so that nobody takes its silence for an answer. */
export function notPreviewed(input: QuestionInput): readonly Question[] {
  return [
    ...unreadPolicies(input),
    ...dependencies(input),
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

/** What goes along with a template by `propagateDeps` (`pkg/dependenciesdistributor`) is not planned. */
function dependencies({ ground, effects, first, last }: QuestionInput): readonly Question[] {
  const byPolicy = new Map<StoredPolicy, Set<string>>();
  for (const { template } of effects) {
    for (const { deliveries } of [last, first]) {
      const policy = deliveries.get(template)?.policy;
      if (!policy || !propagatesDependencies(policy.spec)) continue;
      if (!mayHaveDependencies(ground.live, templateReference(template))) break;
      byPolicy.set(policy, (byPolicy.get(policy) ?? new Set()).add(templateLabel(template)));
      break;
    }
  }
  return [...byPolicy].map(([policy, names]) => {
    const reference = referenceOf(policy);
    return said(
      `${label(reference)} says propagateDeps: what ${listClusters([...names])} ${names.size === 1 ? 'depends' : 'depend'} on follows to the same clusters, or goes from them, and is not in this review.`,
      reference,
    );
  });
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
