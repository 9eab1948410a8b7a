import { judge, reportOn } from '../model/clusterState.ts';
import { isReleaseKind, stuckDeletion, type FleetModel } from '../model/index.ts';
import type { ReportRow, WorkRow } from '../rows.ts';
import { failureOf } from './rolloutBaseline.ts';
import type { TemplateRows } from './templateRows.ts';
import type { BaselineWork, Expectation, RolloutLine, Stage } from './types.ts';

/** Everything that tells how far one template is on one cluster. */
export interface LineFacts {
  readonly model: FleetModel;
  readonly expectation: Expectation;
  readonly cluster: string;
  readonly rows: TemplateRows;
  /** The Work before the push; absent where there was none. */
  readonly baseline: BaselineWork | undefined;
  readonly now: number;
  /** The line as it was told last. */
  readonly before: RolloutLine | undefined;
}

/** A stage, what is said of it, and since when: RFC 3339 of the control plane or the member, '' where they do not say. */
export interface StageNow {
  readonly stage: Stage;
  readonly message: string;
  readonly at: string;
  /** A failure after which Flux tries again by itself. */
  readonly isRetried?: boolean;
}

type Rule = (facts: LineFacts) => StageNow | undefined;

/** In the order of the way; the first that holds is where it is. */
const rules: readonly Rule[] = [
  leaving,
  unregistered,
  unscheduled,
  overrideFailing,
  held,
  unwritten,
  clusterNotReady,
  unapplied,
  arrivedWithoutFlux,
  fluxSuspended,
  unseenByFlux,
  reported,
];

/** How far a template is on a cluster. What is reported of the state before the push does not count. */
export function stageOf(facts: LineFacts): StageNow {
  for (const rule of rules) {
    const found = rule(facts);
    if (found) return found;
  }
  return stage('applied');
}

function stage(name: Stage, message = '', at = ''): StageNow {
  return { stage: name, message, at };
}

function leaving({ expectation, rows, cluster, model }: LineFacts): StageNow | undefined {
  if (expectation.type !== 'leaves') return undefined;
  const work = rows.works.get(cluster);
  if (!work && !rows.wanted.has(cluster)) return stage('gone');
  // The member has nothing of it, and nothing more happens.
  const stuck = work ? stuckDeletion(work) : '';
  if (stuck !== '') return stage('gone', stuck, work?.deletedAt);
  const member = model.clusters.get(cluster);
  const isAway = work !== undefined && member !== undefined && member.ready.status !== 'True';
  // Karmada keeps the Work until the member has let go of the object.
  const message = isAway ? `The cluster is not ready: ${member.ready.message}` : '';
  return stage('leaving', message, work?.deletedAt ?? '');
}

function unregistered({ model, cluster }: LineFacts): StageNow | undefined {
  if (model.clusters.size === 0 || model.clusters.has(cluster)) return undefined;
  return stage('failed', 'No cluster of this name is registered.');
}

function unscheduled({ rows, cluster, before }: LineFacts): StageNow | undefined {
  const { binding, wanted } = rows;
  if (!binding) return stage('waiting');
  const { scheduled } = binding;
  const isSeen = binding.observedGeneration >= binding.generation;
  if (isSeen && scheduled?.status === 'False') {
    return stage('failed', scheduled.message, scheduled.since);
  }
  if (wanted.has(cluster)) return undefined;
  // It was sent there, and is not to be there any more: another placement, an eviction.
  const isTakenOff =
    isSeen && scheduled?.status === 'True' && before?.reached.written !== undefined;
  return isTakenOff ? stage('failed', 'Karmada no longer schedules it there.') : stage('waiting');
}

/** Karmada keeps the Work that was there and calls the binding fully applied; only events tell. */
function overrideFailing({ rows, cluster, expectation }: LineFacts): StageNow | undefined {
  const message = rows.overrideErrors.get(cluster);
  if (message !== undefined) return stage('failed', message);
  if (expectation.type !== 'fails') return undefined;
  return stage('failed', expectation.reason ?? message ?? 'An override cannot be applied.');
}

function held({ rows, cluster }: LineFacts): StageNow | undefined {
  if (!isDispatchHeld(rows, cluster)) return undefined;
  return stage('held', 'Dispatch is held.', rows.works.get(cluster)?.dispatching?.since ?? '');
}

/** Whether Karmada sends nothing of it to a cluster, by the binding or by what the Work has of that already. */
export function isDispatchHeld(
  { binding, works }: Pick<TemplateRows, 'binding' | 'works'>,
  cluster: string,
): boolean {
  const suspended = binding?.suspended;
  return (
    suspended === 'all' ||
    (suspended?.includes(cluster) ?? false) ||
    works.get(cluster)?.isDispatchSuspended === true
  );
}

function unwritten(facts: LineFacts): StageNow | undefined {
  const { rows, cluster } = facts;
  const work = rows.works.get(cluster);
  if (work && isWritten(facts, work)) return undefined;
  return stage('scheduled', '', rows.binding?.lastScheduledAt ?? '');
}

/** Whether the Work holds what the push makes of it, as far as its row tells. */
export function isWritten(
  { expectation, rows, baseline }: Pick<LineFacts, 'expectation' | 'rows' | 'baseline'>,
  work: WorkRow,
): boolean {
  if (work.deletedAt !== '') return false;
  const { type, templateGeneration = 0, chartVersion } = expectation;
  if (type === 'stands') return (work.templateGeneration ?? 0) >= (rows.row?.generation ?? 0);
  const sent = work.templateGeneration ?? templateGeneration;
  if (sent < templateGeneration) return false;
  if (chartVersion !== undefined && work.chartVersion !== chartVersion) return false;
  const isOld = baseline?.uid === work.uid && (work.generation ?? 0) <= baseline.generation;
  return !isOld;
}

function clusterNotReady({ model, cluster, rows }: LineFacts): StageNow | undefined {
  const member = model.clusters.get(cluster);
  if (!member || member.ready.status === 'True' || !rows.works.has(cluster)) return undefined;
  return stage('failed', `The cluster is not ready: ${member.ready.message}`, member.ready.since);
}

/** Until Karmada tries again, its condition is of what was sent before. */
const applyPause = 3000;

function unapplied(facts: LineFacts): StageNow | undefined {
  const { rows, cluster, baseline } = facts;
  const work = rows.works.get(cluster);
  if (!work?.applied || work.applied.status === 'Unknown') return stage('written');
  if (work.applied.status === 'True') return isProvenApplied(facts) ? undefined : stage('written');
  const isOld = baseline !== undefined && failureOf(work) === baseline.failure;
  if (isOld && sinceWritten(facts) < applyPause) return stage('written');
  return stage('failed', work.applied.message, work.applied.since);
}

/** Whether Applied speaks of the new manifest: newly True, or the member tells of a new generation, or time enough. */
function isProvenApplied(facts: LineFacts): boolean {
  const { baseline, expectation } = facts;
  if (expectation.type === 'stands' || !baseline || baseline.failure !== '') return true;
  return seenGeneration(reportIn(facts)) > baseline.memberGeneration
    ? true
    : sinceWritten(facts) >= applyPause;
}

function sinceWritten({ before, now }: LineFacts): number {
  if (before?.stage === 'written') return now - before.since;
  // As long as it was held Karmada did not try.
  const written = before?.stage === 'held' ? undefined : before?.reached.written;
  return written === undefined ? 0 : now - written;
}

function arrivedWithoutFlux(facts: LineFacts): StageNow | undefined {
  const { template } = facts.expectation;
  if (isReleaseKind(template)) return undefined;
  return stage('ready', '', facts.rows.works.get(facts.cluster)?.applied?.since ?? '');
}

function fluxSuspended({ rows, cluster }: LineFacts): StageNow | undefined {
  const isSuspended = rows.works.get(cluster)?.isReleaseSuspended === true;
  return isSuspended ? stage('held', 'Flux is suspended for it.') : undefined;
}

function unseenByFlux(facts: LineFacts): StageNow | undefined {
  const report = reportIn(facts);
  const { status } = report?.ready ?? {};
  const isUnseen = seenGeneration(report) < wantedGeneration(facts);
  const applied = facts.rows.works.get(facts.cluster)?.applied?.since ?? '';
  if (isUnseen) return stage('applied', '', applied);
  // The latest generation is being worked on, while Ready is still that of the one before.
  const isOldReady = status !== undefined && readyGeneration(report) < wantedGeneration(facts);
  return isOldReady ? stage('reconciling', report?.reconciling ?? '') : undefined;
}

/** The generation that the member's object has at least once it got the new manifest. */
function wantedGeneration({ expectation, baseline }: LineFacts): number {
  if (expectation.type === 'stands' || !baseline) return 0;
  return baseline.memberGeneration + (expectation.isSpecChanged ? 1 : 0);
}

/** What Flux waits for and then goes on by itself; it says Ready False meanwhile. */
const passing: ReadonlySet<string> = new Set([
  'SourceNotReady',
  'ArtifactFailed',
  'DependencyNotReady',
  'HealthCheckCanceled',
]);
const longestPassing = 60_000;

function reported(facts: LineFacts): StageNow | undefined {
  const { model, cluster, rows, before, now } = facts;
  if (!rows.binding) return undefined;
  const { state, message } = judge({
    cluster,
    template: rows.row,
    binding: rows.binding,
    work: rows.works.get(cluster),
    member: model.clusters.get(cluster),
    overrideError: '',
    known: { works: true, clusters: model.clusters.size > 0 },
    isWanted: true,
  });
  const ready = reportIn(facts)?.ready;
  const at = ready?.since ?? '';
  if (state === 'ready') return stage('ready', message, at);
  if (state === 'failed' && passing.has(ready?.reason ?? '')) {
    const reconcilingSince = before?.reached.reconciling ?? now;
    if (now - reconcilingSince < longestPassing) return stage('reconciling', message);
  }
  if (state === 'failed' || state === 'stalled') {
    // helm-controller says that it goes on beside what has failed (`internal/reconcile/atomic_release.go`).
    const isRetried = state === 'failed' && !passing.has(ready?.reason ?? '');
    const { reconciling = '' } = reportIn(facts) ?? {};
    const failed = stage('failed', message, at);
    return isRetried && reconciling !== '' ? { ...failed, isRetried } : failed;
  }
  if (state === 'outdated') return stage('scheduled', message);
  if (state === 'reconciling') return stage('reconciling', message, at);
  return stage('applied', message);
}

function reportIn({ rows, cluster }: LineFacts): ReportRow | undefined {
  const { binding } = rows;
  return binding && reportOn({ work: rows.works.get(cluster), binding, cluster });
}

function seenGeneration(report: ReportRow | undefined): number {
  return Math.max(report?.seenGeneration ?? 0, report?.observedGeneration ?? 0);
}

function readyGeneration(report: ReportRow | undefined): number {
  return report?.readyGeneration ?? report?.observedGeneration ?? 0;
}
