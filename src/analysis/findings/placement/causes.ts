import {
  allFilterReasons,
  readPlacement,
  taintText,
  untoleratedTaint,
} from '../../../engine/index.ts';
import type {
  Attempt,
  ClusterFacts,
  FilterCode,
  JsonObject,
  Schedule,
} from '../../../engine/index.ts';
import { isDecidedByNames, namesOf, termNode, termPath } from './affinityTerm.ts';
import type { PlacementNode } from './affinityTerm.ts';
import type { Cause } from './cause.ts';
import { spreadCause } from './spreadCause.ts';
import { spreadProblem } from './spreadProblem.ts';

const known = new WeakMap<Schedule, readonly Cause[]>();

/**
 * Why a schedule failed or left out clusters that the policy names. With assumed clusters, of which only names are
 * known, only what these names decide. Worked out once a schedule.
 */
export function causesOf(schedule: Schedule, isAssumed: boolean): readonly Cause[] {
  const answered = known.get(schedule);
  if (answered) return answered;
  const causes = findCauses(schedule, isAssumed);
  known.set(schedule, causes);
  return causes;
}

function findCauses(schedule: Schedule, isAssumed: boolean): readonly Cause[] {
  const { request, attempts, error } = schedule;
  // Nothing is known of clusters when no policy names any.
  if (isAssumed && request.clusters.length === 0) return [];
  if (error === undefined) {
    const last = attempts.at(-1);
    return last ? leftOut(schedule, last, false) : [];
  }
  return attempts.flatMap((attempt) => {
    if (attempt.errorType === 'no-cluster-fit') return unfit(schedule, attempt, isAssumed);
    // What is wrong with the constraints in themselves is told once for the policy.
    if (spreadProblem(request.placement)) return [];
    const spread = spreadCause(schedule, attempt, isAssumed);
    if (spread) return [spread];
    return isAssumed ? [] : [noCluster(request.placement, attempt, unplaced(attempt))];
  });
}

/** No cluster passes the filters. */
function unfit(schedule: Schedule, attempt: Attempt, isAssumed: boolean): readonly Cause[] {
  const { placement, clusters } = schedule.request;
  if (isAssumed && !isDecidedByNames(attempt.term)) return [];
  const left = leftOut(schedule, attempt, true);
  if (left.length > 0) {
    // Fields of assumed clusters are not known.
    return isAssumed ? left.filter(({ code }) => code !== 'spread-unsatisfiable') : left;
  }
  const names = namesOf(attempt.term.affinity);
  const isNamed = clusters.some(({ name }) => names.includes(name));
  // Each unknown name is told by itself.
  if (names.length > 0 && !isNamed && clusters.length > 0) return [];
  return [noCluster(placement, attempt, unmet(clusters, isNamed))];
}

function unmet(clusters: readonly ClusterFacts[], isNamed: boolean): string {
  if (clusters.length === 0) return 'there is no cluster';
  if (clusters.every(({ deleting }) => deleting)) return 'every cluster is being deleted';
  return isNamed
    ? 'no cluster that it names meets its other conditions'
    : clusters.length === 1
      ? 'the only cluster does not meet it'
      : `none of the ${clusters.length} clusters meets it`;
}

function unplaced({ error = '' }: Attempt): string {
  return `the clusters that fit cannot take it (${error})`;
}

function noCluster(placement: JsonObject, { term }: Attempt, lacks: string): Cause {
  const node = termNode(placement, term);
  return { code: 'no-cluster-fits', ...node, clusters: [], lacks, isFatal: true };
}

const codeOf: { readonly [code in FilterCode]?: Cause['code'] } = {
  api: 'api-not-enabled',
  taint: 'untolerated-taint',
  provider: 'spread-unsatisfiable',
  region: 'spread-unsatisfiable',
  zones: 'spread-unsatisfiable',
};

/** Clusters that the affinity means and that another filter turns down: those it names, and when nothing fits all. */
function leftOut({ request }: Schedule, attempt: Attempt, isFatal: boolean): readonly Cause[] {
  const { placement, clusters } = request;
  const names = namesOf(attempt.term.affinity);
  if (!isFatal && names.length === 0) return [];
  const found = clusters.flatMap((cluster, i): Cause[] => {
    if (!attempt.reasons[i]) return [];
    const named = names.lastIndexOf(cluster.name);
    const reasons = allFilterReasons(cluster, attempt.filter);
    const [reason] = reasons;
    const code = reason && codeOf[reason.code];
    if (!code || reasons.some((other) => other.code === 'affinity')) return [];
    if (!isFatal && (named < 0 || code === 'spread-unsatisfiable')) return [];
    const node: PlacementNode =
      code === 'spread-unsatisfiable'
        ? constraintNode(placement, reason.code)
        : named < 0
          ? termNode(placement, attempt.term)
          : { path: [...termPath(placement, attempt.term), 'clusterNames', named], on: 'value' };
    const lacks = lackOf(reason.code, cluster, attempt);
    return [{ code, ...node, clusters: [cluster.name], lacks, isFatal }];
  });
  return joined(found);
}

/** One cause a code, node and lack, with all its clusters. */
function joined(causes: readonly Cause[]): readonly Cause[] {
  const groups = new Map<string, Cause>();
  for (const cause of causes) {
    const key = JSON.stringify([cause.code, cause.path, cause.lacks]);
    const before = groups.get(key);
    groups.set(
      key,
      before ? { ...before, clusters: [...before.clusters, ...cause.clusters] } : cause,
    );
  }
  return [...groups.values()];
}

function lackOf(code: FilterCode, cluster: ClusterFacts, { filter }: Attempt): string {
  switch (code) {
    case 'api':
      return `${filter.apiVersion} ${filter.kind}`;
    case 'taint': {
      const taint = untoleratedTaint(cluster, filter.placement.tolerations);
      return taint ? taintText(taint) : '';
    }
    default:
      return fieldOf(code);
  }
}

function fieldOf(code: FilterCode): string {
  return code === 'zones' ? 'zone' : code;
}

/** The spread constraint that needs a field of the cluster. */
function constraintNode(placement: JsonObject, code: FilterCode): PlacementNode {
  const { spread } = readPlacement(placement);
  const index = spread.findIndex(({ field }) => field === fieldOf(code));
  return { path: ['spreadConstraints', Math.max(index, 0), 'spreadByField'], on: 'value' };
}
