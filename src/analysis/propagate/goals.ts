import type { ClusterFacts, JsonObject } from '../../engine/index.ts';
import type { Template } from '../snapshot.ts';

/** Where one template is to be. */
export interface Goal {
  readonly key: string;
  /** As it was when the plan was begun, for what never changes: kind, namespace and name. */
  readonly template: Template;
  readonly before: ReadonlySet<string>;
  readonly wanted: ReadonlySet<string>;
  /** Asked for by the user, rather than needed by something else. */
  readonly isChosen: boolean;
  /** The template that the user chose, for which this is needed. */
  readonly chosen: Template;
}

/** What all goals of a plan have in common. */
export interface Scope {
  readonly goals: readonly Goal[];
  readonly fleet: readonly ClusterFacts[];
  readonly affinity?: JsonObject;
  readonly folder?: string;
}
