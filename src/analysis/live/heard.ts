import type { ExistingClaim, Simulation, StoredPolicy } from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import type { Delivery, LiveState } from './liveState.ts';
import { nameOfTemplate } from './withLiveObjects.ts';

/** What Karmada hears of. */
export interface Heard {
  /** Names of objects that were written or deleted. */
  readonly names: ReadonlySet<string>;
  /** Keys of templates that were let go meanwhile: another write of them. */
  readonly freed: Set<string>;
  /** Keys of templates that nothing had claimed: Karmada keeps a list of these. */
  readonly taken: Set<string>;
  /** What held before. */
  readonly before: LiveState | undefined;
}

/** Whether a template itself was written, by the user or by being let go. */
export function isTemplateHeard(key: string, { names, freed }: Heard): boolean {
  return freed.has(key) || names.has(nameOfTemplate(key));
}

/**
 * Whether Karmada looks at a claimed template when something was heard: of a policy it goes through its bindings, and through
 * what nothing has claimed yet (`HandlePropagationPolicyCreationOrUpdate` of `pkg/detector/detector.go`).
 */
export function isReached(simulation: Simulation, plane: LiveControlPlane, heard: Heard): boolean {
  const { key, claim } = simulation;
  if (claim.type !== 'claimed') return false;
  if (isTemplateHeard(key, heard)) return true;
  return !claim.isLazy && (heard.taken.has(key) || isBoundTo(key, claim.policy.id, plane, heard));
}

/** Whether the binding of a template names a policy. */
export function isBoundTo(
  key: string,
  policy: string,
  { previous, unread }: LiveControlPlane,
  { before }: Heard,
): boolean {
  const last = before?.deliveries.get(key);
  if (last) return last.boundTo === policy;
  const binding = previous.get(key);
  if (binding) return (binding.policy ?? policy) === policy;
  // One that cannot be read may well be there.
  const kind = key.split('/').at(-2) === '' ? 'ClusterResourceBinding' : 'ResourceBinding';
  return unread.has(`work.karmada.io/${kind}`);
}

/** Which policy the binding names once Karmada is done; '' for none. */
export function boundAfter(simulation: Simulation, plane: LiveControlPlane, heard: Heard): string {
  const { key, claim } = simulation;
  if (claim.type !== 'claimed') {
    // What lets a template go takes its name off the binding as well.
    const last = heard.before?.deliveries.get(key);
    return heard.freed.has(key) ? '' : (last?.boundTo ?? plane.previous.get(key)?.policy ?? '');
  }
  const { id } = claim.policy;
  return isReached(simulation, plane, heard) || isBoundTo(key, id, plane, heard) ? id : '';
}

/** What names a policy, as in what was heard. */
export function nameOfPolicy({ kind, namespace, name }: ExistingClaim | StoredPolicy): string {
  return `policy.karmada.io/${kind}/${namespace}/${name}`;
}

/**
 * Whether Karmada has not noticed yet that the overrides are there that a policy depends on: only the template or the
 * policy make it look at once (`pkg/detector/policy.go`).
 */
export function isStillWaiting(
  { key, claim }: Simulation,
  last: Delivery | undefined,
  heard: Heard,
): boolean {
  if (last?.isWaiting !== true || claim.type !== 'claimed') return false;
  return !isTemplateHeard(key, heard) && !heard.names.has(nameOfPolicy(claim.policy));
}
