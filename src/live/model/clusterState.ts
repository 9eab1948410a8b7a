import { memberAt, parseVersion, parseVersionRange, satisfies } from '../../engine/index.ts';
import type { BindingRow, ClusterRow, ObjectRow, ReportRow, WorkRow } from '../rows.ts';
import type { ClusterState } from './states.ts';
import { stuckDeletion } from './stuckDeletion.ts';

/** Everything that is known of one template on one cluster. What is not known is absent. */
export interface Placed {
  readonly cluster: string;
  readonly template: ObjectRow | undefined;
  readonly binding: BindingRow;
  readonly work: WorkRow | undefined;
  /** The member; absent where it is not registered or clusters could not be read. */
  readonly member: ClusterRow | undefined;
  /** Why the latest try to render it for this cluster failed, in Karmada's words; '' when it did not. */
  readonly overrideError: string;
  /** Whether any Works and any clusters could be read at all: a missing one means something only then. */
  readonly known: { readonly works: boolean; readonly clusters: boolean };
  /** Whether the binding wants it on this cluster. */
  readonly isWanted: boolean;
}

/** A state and what is said about it; the message is Karmada's or Flux's own where they have one. */
export interface Judgement {
  readonly state: ClusterState;
  readonly message: string;
}

type Rule = (placed: Placed) => Judgement | undefined;

/** In this order: what comes first makes the rest meaningless. */
const rules: readonly Rule[] = [
  removing,
  unregistered,
  overrideFailing,
  dispatchSuspended,
  memberNotReady,
  notApplied,
  suspended,
  outdated,
  reported,
];

/**
 * How a release or source does on one cluster, from what is wanted (binding), sent (Work) and reported (member
 * status). `health` is no part of it: Karmada calls every HelmRelease v2 healthy.
 */
export function judge(placed: Placed): Judgement {
  for (const rule of rules) {
    const judgement = rule(placed);
    if (judgement) return judgement;
  }
  return { state: 'waitingForFlux', message: '' };
}

/**
 * What the member says: of the Work, which Karmada writes first, else of the binding, which it may fail to write when
 * it grows too large.
 */
export function reportOn({
  work,
  binding,
  cluster,
}: Pick<Placed, 'work' | 'binding' | 'cluster'>): ReportRow | undefined {
  return work?.report ?? binding.reports.get(cluster);
}

function removing({ template, binding, work, isWanted }: Placed): Judgement | undefined {
  const isGoing = [template, binding, work].some((row) => (row?.deletedAt ?? '') !== '');
  if (!isGoing && isWanted) return undefined;
  return { state: 'removing', message: work ? stuckDeletion(work) : '' };
}

function unregistered({ member, known }: Placed): Judgement | undefined {
  if (member || !known.clusters) return undefined;
  return { state: 'clusterNotReady', message: 'No cluster of this name is registered.' };
}

function overrideFailing({ overrideError }: Placed): Judgement | undefined {
  return overrideError === '' ? undefined : { state: 'overrideFailing', message: overrideError };
}

function dispatchSuspended({ binding, work, cluster }: Placed): Judgement | undefined {
  const isHeld =
    binding.suspended === 'all' ||
    (binding.suspended?.includes(cluster) ?? false) ||
    work?.isDispatchSuspended === true;
  return isHeld ? { state: 'dispatchSuspended', message: '' } : undefined;
}

function memberNotReady({ member }: Placed): Judgement | undefined {
  if (!member || member.ready.status === 'True') return undefined;
  return { state: 'clusterNotReady', message: member.ready.message };
}

function notApplied(placed: Placed): Judgement | undefined {
  const { work, binding, cluster, known } = placed;
  if (!work && known.works) return { state: 'waitingForDispatch', message: '' };
  const report = binding.reports.get(cluster);
  if (!work) {
    if (report?.applied) return undefined;
    const message = report?.appliedMessage ?? '';
    return { state: message === '' ? 'waitingForDispatch' : 'notApplied', message };
  }
  if (!work.applied || work.applied.status === 'Unknown') {
    return { state: 'waitingForDispatch', message: work.applied?.message ?? '' };
  }
  if (work.applied.status === 'True') return undefined;
  return { state: 'notApplied', message: work.applied.message };
}

function suspended({ work }: Placed): Judgement | undefined {
  return work?.isReleaseSuspended === true ? { state: 'suspended', message: '' } : undefined;
}

/** Karmada notes the template's generation on what it sends, and the scheduler the binding's that it has seen. */
function outdated({ template, binding, work }: Placed): Judgement | undefined {
  if (binding.generation > binding.observedGeneration) {
    return { state: 'outdated', message: 'The scheduler has not seen the latest change.' };
  }
  const sent = work?.templateGeneration ?? 0;
  if (!template || sent === 0 || sent >= template.generation) return undefined;
  return { state: 'outdated', message: 'The latest change of the template was not sent yet.' };
}

function reported(placed: Placed): Judgement | undefined {
  const report = reportOn(placed);
  if (!report?.ready && isStatic(placed)) return { state: 'ready', message: '' };
  if (!report) return undefined;
  const { ready, stalled, reconciling, revision } = report;
  if (stalled !== '') return { state: 'stalled', message: ready?.message ?? stalled };
  if (ready?.status === 'False') return { state: 'failed', message: ready.message };
  if (ready?.status === 'Unknown' || reconciling !== '') {
    return { state: 'reconciling', message: reconciling || (ready?.message ?? '') };
  }
  if (!ready) return undefined;
  const wanted = awaitedVersion(placed, revision);
  if (wanted === '') return { state: 'ready', message: ready.message };
  return { state: 'waitingForFlux', message: `Flux has not acted on version ${wanted} yet.` };
}

/** A HelmRepository of type oci is only a note for HelmReleases: Flux gives it no status. */
function isStatic({ template }: Placed): boolean {
  return template?.kind === 'HelmRepository' && memberAt(template.object, 'spec', 'type') === 'oci';
}

/** The chart version or range that was sent when the last attempt was at another one. */
function awaitedVersion({ work }: Placed, attempted: string): string {
  const wanted = work?.chartVersion ?? '';
  // Flux appends the digest of a chart from an OCI registry as build metadata.
  if (wanted === '' || attempted === wanted || attempted.startsWith(`${wanted}+`)) return '';
  const version = parseVersion(attempted);
  const range = parseVersionRange(wanted);
  if ('error' in version || 'error' in range) return '';
  return satisfies(version.value, range.value) ? '' : wanted;
}
