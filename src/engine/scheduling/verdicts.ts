import { allFilterReasons, type FilterCode, type FilterReason } from './filters.ts';
import type { Attempt, Schedule } from './schedule.ts';

/**
 * Why a cluster is or is not chosen: a filter turned it down, it is being deleted, the spread constraints left it out,
 * the division of replicas gave it none, or it fits but scheduling failed as a whole.
 */
export type VerdictCode =
  'chosen' | FilterCode | 'deleting' | 'spread' | 'no-replicas' | 'scheduling-failed';

/** The answer for one cluster. */
export interface Verdict {
  readonly cluster: string;
  readonly code: VerdictCode;
  /** Karmada's words where it has any. */
  readonly text: string;
  /** Every filter that turns the cluster down; Karmada itself names only one of them. */
  readonly reasons: readonly FilterReason[];
  /** Its share of the replicas, for a workload that was given some. */
  readonly replicas?: number;
}

const texts = {
  chosen: 'chosen',
  deleting: 'the cluster is being deleted',
  spread: 'left out by the spread constraints',
  'no-replicas': 'the division of replicas leaves none for this cluster',
} as const;

const none: readonly FilterReason[] = [];
const known = new WeakMap<Schedule, readonly Verdict[]>();

/**
 * One verdict for every cluster of a schedule, chosen or not, in the order of the clusters. It speaks of the affinity
 * term in use, or of the first one when all have failed, as Karmada's error does. Worked out on the first call.
 */
export function clusterVerdicts(schedule: Schedule): readonly Verdict[] {
  const cached = known.get(schedule);
  if (cached) return cached;
  const attempt = decidingAttempt(schedule);
  const verdicts = attempt ? judge(schedule, attempt) : [];
  known.set(schedule, verdicts);
  return verdicts;
}

/** The attempt whose result counts. */
export function decidingAttempt({ attempts, error }: Schedule): Attempt | undefined {
  return error === undefined ? attempts.at(-1) : attempts[0];
}

function judge(schedule: Schedule, attempt: Attempt): Verdict[] {
  const chosen = new Map(schedule.clusters.map((target) => [target.name, target]));
  const selected = new Set(attempt.selected.map(({ cluster }) => cluster.name));
  return schedule.request.clusters.map((cluster, i): Verdict => {
    const { name } = cluster;
    const reason = attempt.reasons[i];
    const plain = (code: keyof typeof texts): Verdict => ({
      cluster: name,
      code,
      text: texts[code],
      reasons: none,
    });
    if (cluster.deleting) return plain('deleting');
    if (reason) {
      const reasons = allFilterReasons(cluster, attempt.filter);
      return { cluster: name, code: reason.code, text: reason.text, reasons };
    }
    if (schedule.error !== undefined) {
      return { cluster: name, code: 'scheduling-failed', text: schedule.error, reasons: none };
    }
    const target = chosen.get(name);
    if (target) {
      const { replicas } = target;
      return { ...plain('chosen'), ...(replicas === undefined ? {} : { replicas }) };
    }
    return plain(selected.has(name) ? 'no-replicas' : 'spread');
  });
}
