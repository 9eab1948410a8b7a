import type { Simulation, SimulationRun, StoredPolicy, Variant } from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';

/** What Karmada makes Works of for one template. */
export interface Delivery {
  /** `APIVERSION/KIND/NAMESPACE/NAME` */
  readonly key: string;
  readonly simulation: Simulation;
  /** The policy that claims it and still selects it. */
  readonly policy?: StoredPolicy;
  /** `activationPreference: Lazy`: a change of the policy alone reaches no binding. */
  readonly isLazy: boolean;
  /**
   * Id of the policy that its binding names, '' for none: of these Karmada thinks when a policy is written. A Lazy policy
   * claims templates and leaves their bindings, if there are any, to whom they were.
   */
  readonly boundTo: string;
  /** The binding stays as it is: nothing has made Karmada bring it up to date. */
  readonly isKept: boolean;
  /** What clusters get; all others get none. */
  readonly variants: readonly Variant[];
  /**
   * What they get before that, while the binding has the new template and the scheduler has not answered yet: the old
   * clusters with the old numbers of replicas. Absent where that is no difference.
   */
  readonly through?: readonly Variant[];
  /**
   * What they get later. An override that cannot be applied somewhere is tried again, at longer and longer intervals, and
   * then all clusters of the binding get what the template is by then, though nothing else has made Karmada look at it.
   */
  readonly later?: readonly Variant[];
  /**
   * Its policy lacks overrides that it depends on, or lacked them when Karmada looked last: that tries again at longer
   * and longer intervals.
   */
  readonly isWaiting?: boolean;
}

/** A control plane with which Karmada is done. */
export interface LiveState {
  /** With the claims that Karmada has written onto templates, and where its bindings have them then. */
  readonly plane: LiveControlPlane;
  readonly run: SimulationRun;
  /** By template key. A delivery stays the identical one while nothing in it changes. */
  readonly deliveries: ReadonlyMap<string, Delivery>;
}

/** What the Works of a template hold at the start, by its key; `undefined` where that is not known. */
export type HeldWorks = (key: string) => readonly Variant[] | undefined;
