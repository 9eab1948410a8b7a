import { memberAt, stringMember } from '../../engine/index.ts';
import type { BindingRow, ObjectReference, ObjectRow } from '../rows.ts';
import type { ClusterState, StateCounts } from './states.ts';

/** A HelmRelease or a source, as the control plane has it, with where it goes. */
export interface Release {
  /** `KIND/NAMESPACE/NAME`. */
  readonly key: string;
  readonly reference: ObjectReference;
  /** Absent where it is gone or could not be read, and only a binding speaks of it. */
  readonly template: ObjectRow | undefined;
  readonly binding: BindingRow | undefined;
  /** By cluster name; empty while it goes nowhere. */
  readonly states: ReadonlyMap<string, ClusterState>;
  readonly counts: StateCounts;
}

/**
 * Why a release goes nowhere, in a few words; '' when it goes somewhere.
 *
 * @param hasBindings whether bindings may be read: only then a missing one means something
 */
export function nowhere({ template, binding, states }: Release, hasBindings = true): string {
  if (states.size > 0) return '';
  if ((template?.deletedAt ?? '') !== '') return 'being removed';
  if (!binding) return hasBindings ? unbound(template) : unread;
  const { scheduled } = binding;
  if (binding.isSchedulingSuspended) return 'scheduling suspended';
  if (!scheduled) return 'waiting for the scheduler';
  if (scheduled.status === 'True') return 'no cluster chosen';
  return refusals.get(scheduled.reason) ?? 'not scheduled';
}

/** Whether going nowhere is something that a user has to look at. */
export function isLost(release: Release, hasBindings = true): boolean {
  const word = nowhere(release, hasBindings);
  return word !== '' && !passing.has(word);
}

const unread = 'bindings cannot be read';

const passing: ReadonlySet<string> = new Set([
  unread,
  'being removed',
  'waiting for the scheduler',
  'waiting for the binding',
]);

/** Reasons of the condition Scheduled (`pkg/apis/work/v1alpha2/binding_types.go`). */
const refusals: ReadonlyMap<string, string> = new Map([
  ['NoClusterFit', 'no cluster fits'],
  ['Unschedulable', 'not schedulable'],
  ['QuotaExceeded', 'quota exceeded'],
  ['SchedulerError', 'scheduling failed'],
]);

const claims = ['propagationpolicy.karmada.io/name', 'clusterpropagationpolicy.karmada.io/name'];

/** The detector notes the policy on the template before it makes a binding (`pkg/detector/claim.go`). */
function unbound(template: ObjectRow | undefined): string {
  const annotations = memberAt(template?.object, 'metadata', 'annotations');
  const isClaimed = claims.some((claim) => stringMember(annotations, claim) !== '');
  return isClaimed ? 'waiting for the binding' : 'no policy claims it';
}
