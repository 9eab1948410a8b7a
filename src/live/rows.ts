import type { JsonArray, JsonObject } from '../engine/index.ts';

/*
 * What is kept of each object that a control plane reports. A row is made once per version of an object, by a function
 * that never throws; a thousand clusters times a hundred releases must fit, so a row holds what views show and
 * strings that repeat are shared. Times are RFC 3339 texts as the server wrote them, '' when absent.
 */

/** `status.conditions[]`, as Kubernetes, Karmada and Flux write them. */
export interface ConditionRow {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** lastTransitionTime */
  readonly since: string;
}

/** Names an object of the control plane. `namespace` is '' for a cluster-scoped one. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What every row has. */
export interface Row {
  /** `NAMESPACE/NAME`, or `NAME` for cluster-scoped objects. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** creationTimestamp */
  readonly createdAt: string;
  /** Being deleted since; '' when it is not. */
  readonly deletedAt: string;
  /** What is unexpected in the object's shape, a sentence; the rest of the row is what could be read. */
  readonly problem?: string;
}

/** A member cluster: `cluster.karmada.io/v1alpha1`. */
export interface ClusterRow extends Row {
  /** status.kubernetesVersion */
  readonly version: string;
  /** spec.syncMode */
  readonly mode: string;
  readonly ready: ConditionRow;
  readonly provider: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly TaintRow[];
  /** status.apiEnablements; one shared list for all clusters that serve the same. */
  readonly apiEnablements: JsonArray;
  readonly nodes?: { readonly total: number; readonly ready: number };
  /** status.resourceSummary: quantities as written, by resource name. */
  readonly allocatable: Readonly<Record<string, string>>;
  readonly allocated: Readonly<Record<string, string>>;
  /** The Cluster as the engine needs it: without managed fields, secrets' names and endpoints; apiEnablements shared. */
  readonly object: JsonObject;
}

export interface TaintRow {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
  readonly timeAdded: string;
}

/** A ResourceBinding or ClusterResourceBinding: `work.karmada.io/v1alpha2`. */
export interface BindingRow extends Row {
  /** spec.resource: the template. */
  readonly template: ObjectReference & { readonly uid: string };
  /** The policy that claims it, from the binding's annotations. */
  readonly policy?: { readonly kind: string; readonly namespace: string; readonly name: string };
  /** spec.clusters: where it is scheduled. */
  readonly clusters: readonly { readonly name: string; readonly replicas?: number }[];
  /** spec.requiredBy[].clusters: where it goes because another binding needs it. */
  readonly requiredBy: readonly string[];
  /** spec.gracefulEvictionTasks[].fromCluster */
  readonly evicting: readonly string[];
  /** spec.preserveResourcesOnDeletion. Absent for false. */
  readonly isPreserving?: true;
  /** status.schedulerObservingAffinityName */
  readonly affinity: string;
  readonly generation: number;
  /** status.schedulerObservedGeneration */
  readonly observedGeneration: number;
  readonly lastScheduledAt: string;
  readonly scheduled?: ConditionRow;
  readonly fullyApplied?: ConditionRow;
  /** spec.suspension: `all`, or the clusters to which nothing is dispatched; absent when nothing is suspended. */
  readonly suspended?: 'all' | readonly string[];
  /** spec.suspension.scheduling */
  readonly isSchedulingSuspended: boolean;
  /** status.aggregatedStatus, by cluster name. */
  readonly reports: ReadonlyMap<string, ReportRow>;
}

/** What a member cluster reports of one object, from `aggregatedStatus[]` or a Work's `manifestStatuses[]`. */
export interface ReportRow {
  readonly applied: boolean;
  readonly appliedMessage: string;
  /** The Ready condition of the member's object. Absent before Flux wrote one, and for kinds without one. */
  readonly ready?: ConditionRow;
  /** The Reconciling condition's message while it is True; the Stalled one's reason likewise. */
  readonly reconciling: string;
  readonly stalled: string;
  /** HelmRelease: `status.history[0]`. */
  readonly chart: string;
  readonly chartVersion: string;
  readonly appVersion: string;
  readonly releaseRevision: number;
  /** HelmRelease: lastAttemptedRevision; sources: artifact.revision. */
  readonly revision: string;
  readonly observedGeneration: number;
  /** Of the member's object, the one that the Ready condition speaks of; absent where it does not say. */
  readonly readyGeneration?: number;
  /** Of the member's object, the latest that anything in the status speaks of; absent where nothing does. */
  readonly seenGeneration?: number;
  /** HelmRelease: status.failures + installFailures + upgradeFailures. */
  readonly failures: number;
}

/** A Work in `karmada-es-CLUSTER`: `work.karmada.io/v1alpha1`. */
export interface WorkRow extends Row {
  /** From the namespace. '' when it is not an execution namespace. */
  readonly cluster: string;
  /** metadata.generation: it grows with every change of what is sent, and when dispatch is held or let go. */
  readonly generation?: number;
  /** Of spec.workload.manifests[0]. */
  readonly manifest?: ObjectReference;
  /** Of the binding that it was made from, by Karmada's annotations: `NAMESPACE/NAME` or `NAME`. '' for none. */
  readonly binding: string;
  /** spec.suspend of the manifest is true: Flux will not reconcile it. */
  readonly isReleaseSuspended: boolean;
  /** The manifest carries reconcile.fluxcd.io/requestedAt. */
  readonly requestedAt: string;
  /** HelmRelease: spec.chart.spec.version of the manifest, overrides applied. '' for a chartRef. */
  readonly chartVersion: string;
  readonly isDispatchSuspended: boolean;
  /** spec.preserveResourcesOnDeletion: the member keeps the object when the Work goes. Absent for false. */
  readonly isPreserving?: true;
  /**
   * Names in the annotations `policy.karmada.io/applied-cluster-overrides` and `policy.karmada.io/applied-overrides`: one
   * for each rule that applied. Absent when there is no such annotation.
   */
  readonly clusterOverrides?: readonly string[];
  readonly overrides?: readonly string[];
  /** The template's generation that the manifest was made from: `resourcetemplate.karmada.io/generation`. */
  readonly templateGeneration?: number;
  readonly applied?: ConditionRow;
  readonly dispatching?: ConditionRow;
  /** What the member reports, when the Work has a status of its manifest. */
  readonly report?: ReportRow;
}

/** An object that users write: a release, a source, a policy, a namespace, a ConfigMap; a Secret without its data. */
export interface ObjectRow extends Row {
  readonly apiVersion: string;
  readonly kind: string;
  readonly generation: number;
  /** Without managed fields and last-applied-configuration; a Secret's data replaced by its keys with null values. */
  readonly object: JsonObject;
  /** The part of the object that the next apply of a document leaves alone; absent when there is none. */
  readonly kept?: JsonObject;
}

/** A Warning event of Karmada on an object of the control plane. */
export interface EventRow extends Row {
  readonly reason: string;
  readonly message: string;
  readonly type: string;
  readonly about: ObjectReference & { readonly uid: string };
  /** Who said it: `reportingComponent` or `source.component`. */
  readonly by: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** The lists that a fleet is made of. */
export interface FleetRows {
  readonly clusters: ClusterRow;
  readonly bindings: BindingRow;
  readonly works: WorkRow;
  /** HelmReleases, Flux sources, policies and what releases refer to. Keyed `KIND/NAMESPACE/NAME` across kinds. */
  readonly objects: ObjectRow;
  readonly events: EventRow;
}
export type FleetList = keyof FleetRows;

/** What changed in one list since the last batch. `reset` comes first and means: forget the rows of this origin. */
export interface FleetChange<L extends FleetList = FleetList> {
  readonly list: L;
  /** The stream it comes from, such as `source.toolkit.fluxcd.io/helmrepositories`; a list may have several. */
  readonly origin: string;
  readonly reset: boolean;
  readonly set: readonly FleetRows[L][];
  /** Keys of rows that are gone. */
  readonly deleted: readonly string[];
}
