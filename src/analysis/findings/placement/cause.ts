import type { PlacementNode } from './affinityTerm.ts';

/** Why clusters get nothing, on the node of a placement that decides it. */
export interface Cause extends PlacementNode {
  readonly code:
    'no-cluster-fits' | 'api-not-enabled' | 'untolerated-taint' | 'spread-unsatisfiable';
  /** The clusters that lack something; empty when it is not about single clusters. */
  readonly clusters: readonly string[];
  /** What they lack: an API, a taint, a field; else a clause that says what is the matter. */
  readonly lacks: string;
  /** Whether templates go nowhere because of it; else only these clusters are left out. */
  readonly isFatal: boolean;
  /** How many groups there are, where a constraint asks for more. */
  readonly available?: number;
}
