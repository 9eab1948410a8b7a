import type { JsonObject } from '../types.ts';
import { loses, namespaceOf, type Claim } from './claim.ts';
import type { Match } from './resourceSelector.ts';
import type { StoredPolicy } from './storedPolicy.ts';

/** Why a policy does not claim a template, or `claims`. */
export type CandidateCode =
  | 'claims'
  | 'other-namespace'
  | 'template-cluster-scoped'
  | 'no-match'
  | 'deleting'
  | 'namespaced-policy-wins'
  | 'lower-priority'
  | 'weaker-match'
  | 'later-name'
  | 'already-claimed';

/** One policy beside a template. */
export interface Candidate {
  readonly policy: StoredPolicy;
  readonly match: Match;
  readonly code: CandidateCode;
}

/**
 * Every propagation policy beside a template and why it does or does not claim it. For explanations; `claimTemplate`
 * does not need it.
 */
export function claimCandidates(
  template: JsonObject,
  policies: Iterable<StoredPolicy>,
  claim: Claim,
): Candidate[] {
  const winner = 'policy' in claim ? claim.policy : undefined;
  const context: CandidateContext = {
    namespace: namespaceOf(template),
    winner,
    winnerMatch: winner?.matches(template) ?? 0,
    isExisting: claim.type === 'claimed' && claim.isExisting,
  };
  const candidates: Candidate[] = [];
  for (const policy of policies) {
    if (policy.kind !== 'PropagationPolicy' && policy.kind !== 'ClusterPropagationPolicy') continue;
    const match = policy.matches(template);
    candidates.push({ policy, match, code: candidateCode(policy, match, context) });
  }
  return candidates;
}

interface CandidateContext {
  readonly namespace: string;
  readonly winner: StoredPolicy | undefined;
  readonly winnerMatch: Match;
  readonly isExisting: boolean;
}

function candidateCode(
  policy: StoredPolicy,
  match: Match,
  context: CandidateContext,
): CandidateCode {
  const { winner } = context;
  if (policy === winner) return 'claims';
  if (policy.kind === 'PropagationPolicy' && policy.namespace !== context.namespace) {
    return context.namespace === '' ? 'template-cluster-scoped' : 'other-namespace';
  }
  if (match === 0) return 'no-match';
  if (policy.deleting) return 'deleting';
  if (!winner || context.isExisting) return 'already-claimed';
  if (policy.kind !== winner.kind) return 'namespaced-policy-wins';
  return loses(policy, match, winner, context.winnerMatch) ?? 'later-name';
}
