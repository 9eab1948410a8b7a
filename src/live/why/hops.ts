import { stuckDeletion } from '../model/index.ts';
import type { ConditionRow, WorkRow } from '../rows.ts';
import { linkToPolicy, nameOf } from './claims.ts';
import type { Fate } from './fates.ts';
import { bindingReference, workReference, type Situation } from './situation.ts';
import type { WhyHop, WhyState } from './why.ts';

/**
 * The way of a template: policy, binding, Works, members; or the Work and member of one cluster. What is not there is
 * said, so that the chain always tells where it ends.
 */
export function hopsOf(
  situation: Situation,
  fates: readonly Fate[],
  cluster?: string,
): readonly WhyHop[] {
  const hops = [templateHop(situation), policyHop(situation), bindingHop(situation)];
  if (!situation.binding) return hops;
  return cluster === undefined
    ? [...hops, worksHop(situation, fates), membersHop(situation, fates)]
    : [...hops, workHop(situation, cluster), memberHop(situation, fates, cluster)];
}

function templateHop({ template, subject }: Situation): WhyHop {
  const object = [nameOf(subject)];
  if (!template) {
    return hop('Template', object, 'missing', 'not among the objects that were read');
  }
  if (template.deletedAt !== '') {
    return hop('Template', object, 'busy', 'being deleted', template.deletedAt);
  }
  return hop('Template', object, 'ok', `generation ${template.generation}`, template.createdAt);
}

function policyHop({ simulation, binding, template }: Situation): WhyHop {
  const claim = simulation?.claim;
  if (claim?.type === 'claimed') {
    const says = `has it, priority ${claim.policy.priority}`;
    return hop('Policy', [linkToPolicy(claim.policy)], 'ok', says);
  }
  if (claim?.type === 'waiting') {
    const says = `waits for overrides: ${claim.missing.join(', ')}`;
    return hop('Policy', [linkToPolicy(claim.policy)], 'busy', says);
  }
  if (claim?.type === 'lost') {
    return hop('Policy', [claim.policyId], 'missing', lostTexts[claim.reason]);
  }
  if (claim?.type === 'skipped') {
    return hop('Policy', ['none'], 'missing', 'Karmada skips this object');
  }
  if (!simulation && binding?.policy) {
    return hop('Policy', [linkToPolicy(binding.policy)], 'ok', 'has it, says the binding');
  }
  if (template && !simulation) return hop('Policy', ['none'], 'info', 'the policies are not read');
  return hop(
    'Policy',
    ['none'],
    'missing',
    `no policy ${binding ? 'has it any more' : 'selects it'}`,
  );
}

const lostTexts = {
  'policy-not-found': 'is gone; what it has placed stays',
  'policy-deleting': 'is being deleted',
  'selectors-no-longer-match': 'no longer selects it; what it has placed stays',
} as const;

function bindingHop({ binding, simulation, fleet }: Situation): WhyHop {
  if (!binding && !fleet.hasBindings) {
    return hop('Binding', ['unknown'], 'info', 'bindings cannot be read: rights missing');
  }
  if (!binding) {
    const isClaimed = simulation?.claim.type === 'claimed';
    const says = isClaimed ? 'Karmada has not made it yet' : 'nothing to bind';
    return hop('Binding', ['none'], 'missing', says);
  }
  const object = [nameOf(bindingReference(binding))];
  const { scheduled, clusters } = binding;
  if (!scheduled) return hop('Binding', object, 'busy', 'not scheduled yet', binding.createdAt);
  if (scheduled.status !== 'True') {
    return hop('Binding', object, 'failed', `not scheduled: ${scheduled.reason}`, scheduled.since);
  }
  const when = binding.lastScheduledAt || scheduled.since;
  if (binding.isSchedulingSuspended) {
    return hop('Binding', object, 'paused', 'scheduling suspended', when);
  }
  const group = binding.affinity === '' ? '' : ` of affinity group ${binding.affinity}`;
  return hop('Binding', object, 'ok', `scheduled to ${count(clusters.length)}${group}`, when);
}

function worksHop({ works, expected }: Situation, fates: readonly Fate[]): WhyHop {
  if (expected.size === 0) return hop('Work', ['none'], 'info', 'nothing to deliver');
  const all = [...works.values()];
  const applied = all.filter((work) => work.applied?.status === 'True').length;
  const is = (type: Fate['type']) => fates.some((fate) => fate.type === type);
  const isAll = applied >= expected.size;
  const waits = is('dispatchSuspended') ? 'paused' : 'busy';
  const state = isAll ? 'ok' : is('notApplied') ? 'failed' : waits;
  const object = [all.length === 0 ? 'none' : `${all.length} in karmada-es-CLUSTER`];
  const says = `applied on ${applied} of ${count(expected.size)}`;
  return hop('Work', object, state, says, latest(all.map((work) => work.applied)));
}

function membersHop({ expected }: Situation, fates: readonly Fate[]): WhyHop {
  const told = fates.filter(({ cluster }) => expected.has(cluster));
  if (told.length === 0) return hop('Member', ['none'], 'info', 'nothing to report');
  const counts = new Map<string, number>();
  for (const { title } of told) counts.set(title, (counts.get(title) ?? 0) + 1);
  const says = [...counts].map(([title, number]) => `${number} ${title}`).join(', ');
  const worst = (['failed', 'missing', 'busy', 'paused'] as const).find((state) =>
    told.some((fate) => fate.state === state),
  );
  const since = told.map((fate) => fate.since).reduce((a, b) => (a > b ? a : b), '');
  return hop('Member', [count(expected.size)], worst ?? 'ok', says, since);
}

function workHop({ works, expected }: Situation, cluster: string): WhyHop {
  const work = works.get(cluster);
  if (!work) {
    const isExpected = expected.has(cluster);
    const says = isExpected ? 'Karmada has not written it' : 'not chosen, so there is none';
    return hop('Work', ['none'], isExpected ? 'missing' : 'info', says);
  }
  const { applied } = work;
  const object = [nameOf(workReference(work))];
  if (work.deletedAt !== '') {
    const stuck = stuckDeletion(work);
    const state = stuck === '' ? 'busy' : 'failed';
    return hop('Work', object, state, stuck || 'being deleted', work.deletedAt);
  }
  if (work.isDispatchSuspended) {
    return hop('Work', object, 'paused', 'dispatching suspended', work.dispatching?.since ?? '');
  }
  if (!applied) return hop('Work', object, 'busy', 'not applied yet', work.createdAt);
  const says = applied.status === 'True' ? 'applied' : `not applied: ${applied.reason}`;
  return hop('Work', object, applied.status === 'True' ? 'ok' : 'failed', says, applied.since);
}

function memberHop(situation: Situation, fates: readonly Fate[], cluster: string): WhyHop {
  const fate = fates.find((candidate) => candidate.cluster === cluster);
  const reference = memberReference(situation, cluster);
  const object = situation.expected.has(cluster) ? [nameOf({ ...reference, cluster })] : ['none'];
  return hop('Member', object, fate?.state ?? 'missing', fate?.title ?? 'unknown', fate?.since);
}

/** The object as the member has it: an override may have renamed it. */
function memberReference({ works, subject }: Situation, cluster: string) {
  return works.get(cluster)?.manifest ?? subject;
}

function hop(
  step: WhyHop['step'],
  object: WhyHop['object'],
  state: WhyState,
  says: string,
  since = '',
): WhyHop {
  return { step, object, state, says: [{ quote: says }], since };
}

function latest(conditions: readonly (ConditionRow | undefined)[]): string {
  return conditions
    .map((condition) => condition?.since ?? '')
    .reduce((a, b) => (a > b ? a : b), '');
}

/** `1 cluster`, `7 clusters`. */
export function count(clusters: number): string {
  return clusters === 1 ? '1 cluster' : `${clusters} clusters`;
}

/** Whether the Work of a cluster carries the annotation that asks Flux to reconcile at once. */
export function requestsReconcile(work: WorkRow | undefined): boolean {
  return work !== undefined && work.requestedAt !== '';
}
