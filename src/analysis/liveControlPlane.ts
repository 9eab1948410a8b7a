import type { JsonObject, PreviousPlacement, ServedDifferences } from '../engine/index.ts';

/** What a running control plane holds, for laying the workspace's documents over it. */
export interface LiveControlPlane {
  /** The kubeconfig context, as sentences name it. */
  readonly context: string;
  /** Such as `1.18.2`, or `1.15 to 1.16` where only that can be told; '' when nothing can. */
  readonly karmadaVersion: string;
  /** How the policies that it serves differ from the modelled ones, where that is known. */
  readonly differences?: ServedDifferences;
  /** Versions that the API server serves, the preferred one first, by group. */
  readonly served: ReadonlyMap<string, readonly string[]>;
  /** Versions by `GROUP/KIND`, where discovery told them; `served` gives their order. */
  readonly kinds?: ReadonlyMap<string, readonly string[]>;
  /** Whether objects of a kind live in a namespace, by `GROUP/KIND`, where discovery told it. */
  readonly scopes?: ReadonlyMap<string, boolean>;
  /** Cluster objects. An object stays the identical one, and the list too, while nothing in it changes. */
  readonly clusters: readonly JsonObject[];
  /** Releases, sources, policies and what releases refer to, likewise. Values of Secrets are not in them. */
  readonly objects: readonly JsonObject[];
  /** Of objects with such, by the object: the part of it that the next apply of a document leaves alone. */
  readonly kept?: ReadonlyMap<JsonObject, JsonObject>;
  /** What the ResourceBindings say, by template key (`APIVERSION/KIND/NAMESPACE/NAME`). */
  readonly previous: ReadonlyMap<string, PreviousPlacement>;
  /** Kinds (`GROUP/KIND`) whose objects are not or could not be read, so that nothing is said to be missing. */
  readonly unread: ReadonlySet<string>;
}
