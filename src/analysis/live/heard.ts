import type { ExistingClaim, Simulation, StoredPolicy } from '../../engine/index.ts';
import type { Delivery } from './liveState.ts';
import { nameOfTemplate } from './withLiveObjects.ts';

/** What Karmada hears of. */
export interface Heard {
  /** Names of objects that were written or deleted. */
  readonly names: ReadonlySet<string>;
  /** Keys of templates that were let go meanwhile: another write of them. */
  readonly freed: Set<string>;
}

/** Whether a template itself was written, by the user or by being let go. */
export function isTemplateHeard(key: string, { names, freed }: Heard): boolean {
  return freed.has(key) || names.has(nameOfTemplate(key));
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
