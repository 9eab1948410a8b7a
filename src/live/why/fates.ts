import { apiGroup, clusterVerdicts } from '../../engine/index.ts';
import type { Verdict } from '../../engine/index.ts';
import { schedulingFilters } from '../adviceKarmada.ts';
import { judge, reportOn, stateText, type ClusterState } from '../model/index.ts';
import type { ConditionRow } from '../rows.ts';
import type { Situation } from './situation.ts';
import type { WhyState } from './why.ts';

/** What became of a template on one cluster. */
export interface Fate {
  readonly cluster: string;
  readonly state: WhyState;
  /** As the trees call it; `refused` for a cluster that is not chosen. */
  readonly type: ClusterState | 'applied' | 'refused' | 'unknown';
  /** `ready`, `override failing`, `not chosen`, …: the same words for the same thing. */
  readonly title: string;
  /** More about it in our words, or in those of the cluster. */
  readonly says: string;
  /** The reason and message of the condition or event behind it, for advice; empty when there is none. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; '' when there is no time. */
  readonly since: string;
}

const states: Readonly<Record<ClusterState, WhyState>> = {
  failed: 'failed',
  stalled: 'failed',
  overrideFailing: 'failed',
  notApplied: 'failed',
  clusterNotReady: 'failed',
  outdated: 'busy',
  dispatchSuspended: 'paused',
  suspended: 'paused',
  waitingForDispatch: 'busy',
  waitingForFlux: 'busy',
  reconciling: 'busy',
  removing: 'busy',
  ready: 'ok',
};

/** The fate on every cluster that there is or that the binding names, in the order of the clusters' rows. */
export function fatesOf(situation: Situation): readonly Fate[] {
  const names = new Set([...situation.expected, ...situation.fleet.clusters.keys()]);
  const verdicts = verdictsOf(situation);
  return [...names].map((cluster) => fateOn(situation, cluster, verdicts.get(cluster)));
}

/** The scheduler's answers by cluster; empty when nothing is scheduled. */
function verdictsOf({ simulation }: Situation): ReadonlyMap<string, Verdict> {
  if (!simulation?.schedule) return new Map();
  return new Map(clusterVerdicts(simulation.schedule).map((verdict) => [verdict.cluster, verdict]));
}

function fateOn(situation: Situation, cluster: string, verdict: Verdict | undefined): Fate {
  const { binding, template, fleet } = situation;
  if (!binding || !situation.expected.has(cluster)) return refusal(situation, cluster, verdict);
  const work = situation.works.get(cluster);
  const overrideError = situation.renderErrors.get(cluster) ?? '';
  const { state, message } = judge({
    cluster,
    template,
    binding,
    work,
    member: fleet.clusters.get(cluster),
    overrideError,
    known: { works: fleet.hasWorks, clusters: fleet.clusters.size > 0 },
    isWanted: !binding.evicting.includes(cluster),
  });
  if (state === 'waitingForFlux' && !isFlux(situation.subject.apiVersion)) {
    return fate(cluster, 'applied', 'ok', 'applied');
  }
  const condition = conditionBehind(situation, cluster, state);
  const says = state === 'ready' ? '' : message;
  return {
    ...fate(cluster, state, states[state], stateText(state), says),
    reason: condition?.reason ?? (state === 'overrideFailing' ? 'SyncWorkFailed' : ''),
    message: condition?.message ?? overrideError,
    since: condition?.since ?? '',
  };
}

function fate(
  cluster: string,
  type: Fate['type'],
  state: WhyState,
  title: string,
  says = '',
): Fate {
  return { cluster, type, state, title, says, reason: '', message: '', since: '' };
}

/** The condition that a state was read from. */
function conditionBehind(
  { binding, works, fleet }: Situation,
  cluster: string,
  state: ClusterState,
): ConditionRow | undefined {
  const work = works.get(cluster);
  const report = binding && reportOn({ work, binding, cluster });
  switch (state) {
    case 'clusterNotReady':
      return fleet.clusters.get(cluster)?.ready;
    case 'notApplied':
      return work?.applied ?? asCondition(report?.appliedMessage ?? '');
    case 'stalled':
      return report?.ready && { ...report.ready, reason: report.stalled };
    case 'failed':
    case 'ready':
    case 'reconciling':
      return report?.ready;
    default:
      return undefined;
  }
}

/** The binding has only the message of a Work that was not applied. */
function asCondition(message: string): ConditionRow {
  return { status: 'False', reason: 'AppliedFailed', message, since: '' };
}

/** Whether a kind is reconciled by Flux. */
export function isFlux(apiVersion: string): boolean {
  return apiGroup(apiVersion).endsWith('.toolkit.fluxcd.io');
}

function refusal(
  { binding, fleet }: Situation,
  cluster: string,
  verdict: Verdict | undefined,
): Fate {
  if (!binding && !fleet.hasBindings) {
    return fate(cluster, 'unknown', 'info', 'not known', 'Bindings cannot be read.');
  }
  if (!binding) return fate(cluster, 'unknown', 'info', 'nothing sent', 'There is no binding.');
  const refused = (says = '') => fate(cluster, 'refused', 'info', 'not chosen', says);
  if (!verdict) return refused();
  if (verdict.code === 'chosen') {
    return refused('It fits now. Karmada schedules again when the policy or a cluster changes.');
  }
  const reasons = verdict.reasons.map(({ text }) => refusalText(text));
  return refused(reasons.length > 0 ? reasons.join('; ') : verdict.text);
}

function refusalText(text: string): string {
  const filter = schedulingFilters.find(({ pattern }) => pattern.test(text));
  if (!filter) return text;
  return filter.meaning.replace('$taint', () => /\{(.*?)\}/s.exec(text)?.[1] ?? '');
}
