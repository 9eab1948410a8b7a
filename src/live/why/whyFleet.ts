import type { JsonObject } from '../../engine/index.ts';
import type {
  BindingRow,
  ClusterRow,
  EventRow,
  ObjectReference,
  ObjectRow,
  WorkRow,
} from '../rows.ts';
import type { AccessProblem } from './memberAccess.ts';

/** What an explanation asks of the rows of a control plane. */
export interface WhyFleet {
  /** By name. */
  readonly clusters: ReadonlyMap<string, ClusterRow>;
  /** By `KIND/NAMESPACE/NAME`. */
  readonly objects: ReadonlyMap<string, ObjectRow>;
  /** Whether all policies are read: before, nothing is said of who claims what. */
  readonly hasPolicies: boolean;
  /** Whether bindings may be read: a missing one means something only then. */
  readonly hasBindings: boolean;
  /** Whether any Work could be read: a missing one means something only then. */
  readonly hasWorks: boolean;
  bindingOf(template: ObjectReference): BindingRow | undefined;
  worksOf(binding: BindingRow): readonly WorkRow[];
  /** Of a namesake that is gone only without the uid. */
  eventsAbout(object: ObjectReference, uid?: string): readonly EventRow[];
}

/** What was learned of Flux's events on a member. */
export type FluxReading =
  | { readonly type: 'reading' }
  | { readonly type: 'read'; readonly events: readonly JsonObject[] }
  | { readonly type: 'refused'; readonly problem: AccessProblem }
  | { readonly type: 'failed'; readonly message: string };

/** What is to be explained, and all that is known. */
export interface WhyRequest {
  /** A template (a release, a source or whatever is propagated) or a policy. */
  readonly subject: ObjectReference;
  /** One cluster under a template; the whole template without it. */
  readonly cluster?: string;
  readonly fleet: WhyFleet;
  /** Flux's events on the cluster, where they are asked for. */
  readonly flux?: FluxReading;
  /** Versions that the API server serves, the preferred one first, by group. */
  readonly served?: ReadonlyMap<string, readonly string[]>;
  /** Settings of Karmada that change what it does, as the engine takes them. */
  readonly options?: {
    readonly skippedNamespaces?: readonly string[];
    readonly featureGates?: Readonly<Record<string, boolean>>;
  };
}
