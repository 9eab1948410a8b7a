import type { AdviceRow } from './adviceRow.ts';

/** The reasons that the scheduler's filters give, `pkg/scheduler/framework/plugins`. */
export const schedulingFilters: readonly {
  readonly pattern: RegExp;
  readonly meaning: string;
  readonly action: string;
}[] = [
  {
    pattern: /did not match the placement cluster affinity/,
    meaning: 'outside the cluster affinity of the policy',
    action: "Correct the policy's cluster affinity, or the labels of the clusters.",
  },
  {
    pattern: /did not have the API resource/,
    meaning: 'without this kind in this version',
    action: 'Install Flux, or the CRD in this version, on the clusters that lack it.',
  },
  {
    pattern: /had untolerated taint/,
    meaning: 'with the taint $taint, which the policy does not tolerate',
    action: 'Take the taint away (Uncordon), or tolerate it in spec.placement.clusterTolerations.',
  },
  {
    pattern: /did not have provider property/,
    meaning: 'without a provider, which a spread constraint asks for',
    action: 'Set spec.provider of the clusters, or spread by another field.',
  },
  {
    pattern: /did not have region property/,
    meaning: 'without a region, which a spread constraint asks for',
    action: 'Set spec.region of the clusters, or spread by another field.',
  },
  {
    pattern: /did not have zones property/,
    meaning: 'without zones, which a spread constraint asks for',
    action: 'Set spec.zones of the clusters, or spread by another field.',
  },
  {
    pattern: /in the process of eviction/,
    meaning: 'from which it is being evicted',
    action: 'Wait until the eviction is over.',
  },
];

const notApplied = ['AppliedFailed', 'SyncFailed', 'ReCreateFailed'];
const notScheduled = [
  'ScheduleBindingFailed',
  'SchedulerError',
  'Unschedulable',
  'NoClusterFit',
  'QuotaExceeded',
];
const notRendered = ['SyncWorkFailed'];

/** What Karmada's events and conditions mean, those that look at the message first. */
export const karmadaAdvice: readonly AdviceRow[] = [
  {
    reasons: ['ApplyPolicyFailed'],
    pattern: /resourcebindings\.work\.karmada\.io ".*" already exists/,
    meaning: 'Karmada tried to make the same binding twice at once, and tries again by itself.',
    action: 'Nothing, as long as the binding is there.',
  },
  {
    reasons: ['ApplyPolicyFailed'],
    pattern: /is being deleted|exists but is being deleted/,
    meaning: 'A binding of the same name is still being deleted.',
    action:
      'Wait; if it stays, look at the finalizers of the binding and at the clusters that do not answer.',
  },
  {
    reasons: ['ApplyPolicyFailed'],
    meaning: 'Karmada could not make or update the binding of this object.',
    action: 'Read the message; Karmada tries again by itself.',
  },
  {
    reasons: ['PreemptPolicyFailed'],
    meaning: 'A policy of higher priority could not take this object over.',
    action: 'Read the message; Karmada tries again by itself.',
  },
  {
    reasons: ['ApplyOverridePolicyFailed'],
    pattern: /override policy\((.*?)\) for cluster\((.*?)\)/,
    meaning:
      'The override $1 cannot be applied for $2. That cluster keeps what it had, or gets nothing; the binding may say FullyApplied all the same.',
    action: 'Correct the override $1; the event SyncWorkFailed says which path is wrong.',
  },
  {
    reasons: ['ApplyOverridePolicyFailed'],
    meaning: 'An override cannot be applied for a cluster, which keeps what it had.',
    action: 'Correct the override; the event SyncWorkFailed says which path is wrong.',
  },
  {
    reasons: notRendered,
    pattern: /(\w+) operation does not apply: doc is missing (?:path|key): "?([^\s":]+)"?/,
    meaning: 'An override wants to $1 $2, which the object does not have there.',
    action:
      'Use the operator add (and make the parents first), or correct the path in the override.',
  },
  {
    reasons: notRendered,
    pattern: /operation does not apply|json: cannot unmarshal|invalid state detected/,
    meaning: 'An override does not fit the object.',
    action: 'Correct the path or the operator in the override.',
  },
  {
    reasons: notRendered,
    pattern: /work (\S+) is being deleted/,
    meaning: 'The Work $1 of an earlier placement is still being deleted.',
    action: 'Wait; if it stays, look whether the cluster is reachable.',
  },
  {
    reasons: notRendered,
    meaning: 'Karmada could not write the Work of every cluster; those keep what they had.',
    action: 'Read the message and correct what it names.',
  },
  {
    reasons: notScheduled,
    pattern: /number of feasible (\w+) is less than spreadConstraint\.MinGroups/,
    meaning: 'Fewer $1 fit than the minGroups of a spread constraint asks for.',
    action: 'Lower minGroups, or let more $1 fit.',
  },
  {
    reasons: notScheduled,
    pattern: /number of clusters is less than the cluster spreadConstraint\.MinGroups/,
    meaning: 'Fewer clusters fit than the minGroups of the spread constraint by cluster asks for.',
    action: 'Lower minGroups, or let more clusters fit.',
  },
  {
    reasons: notScheduled,
    pattern: /just support cluster and region spread constraint/,
    meaning: 'Karmada spreads by cluster and by region only.',
    action: 'Use spreadByField cluster or region.',
  },
  {
    reasons: notScheduled,
    pattern: /replicas (?:\d+ )?are not enough to schedule|no enough resource/,
    meaning: 'The clusters that fit have no room for so many replicas. What was placed stays.',
    action: 'Ask for fewer replicas, make room, or let more clusters fit.',
  },
  {
    reasons: ['QuotaExceeded'],
    meaning: 'A FederatedResourceQuota of the namespace does not allow it. What was placed stays.',
    action: 'Raise the quota, or ask for less.',
  },
  {
    reasons: ['NoClusterFit'],
    meaning: 'No cluster fits. What was placed before is taken away.',
    action: 'Change the placement of the policy, or the clusters.',
  },
  {
    reasons: ['ScheduleBindingFailed', 'SchedulerError', 'Unschedulable'],
    meaning: 'The scheduler could not place it. What was placed stays.',
    action: 'Read the message; the scheduler tries again by itself.',
  },
  {
    reasons: ['DescheduleBindingFailed', 'EvictWorkloadFromClusterFailed'],
    meaning: 'Karmada could not take it away from a cluster.',
    action: 'Read the message; Karmada tries again by itself.',
  },
  {
    reasons: notApplied,
    pattern: /kind=(\S+?), (\S*?)\) already exists in the cluster (\S+) and the/,
    meaning:
      '$3 already has a $1 $2 that Karmada did not make. Karmada leaves it alone, and nothing of this template reaches it.',
    action:
      'Delete it on $3, or let Karmada take it over: conflictResolution: Overwrite in the policy.',
  },
  {
    reasons: notApplied,
    pattern: /cluster\((\S+?)\) (?:is )?not ready/,
    meaning: '$1 is not ready. Karmada sends nothing until it is.',
    action: 'Look at the conditions of the cluster $1.',
  },
  {
    reasons: notApplied,
    pattern: /no matches for kind "?(\w+)"? in (?:version|group) "?([\w./-]+)"?/,
    meaning: 'The cluster does not have the kind $1 of $2.',
    action: 'Install Flux, or the CRD in this version, on that cluster, or leave it out.',
  },
  {
    reasons: notApplied,
    pattern: /namespaces? "?([\w.-]+)"? not found/,
    meaning: 'The namespace $1 is not on the cluster.',
    action:
      'Create the namespace on the control plane: Karmada brings each to every cluster, unless its label namespace.karmada.io/skip-auto-propagation says no.',
  },
  {
    reasons: notApplied,
    pattern: /admission webhook "?([\w.-]+)"? denied the request/,
    meaning: 'The admission webhook $1 of the cluster refuses the object.',
    action: 'Read what it says, and correct the template or an override.',
  },
  {
    reasons: notApplied,
    pattern: /field is immutable/,
    meaning: 'A field was changed that cannot change.',
    action: 'Change it back, or delete the object on the cluster so that Karmada makes it anew.',
  },
  {
    reasons: notApplied,
    pattern: /is invalid:|strict decoding error|unknown field|ValidationError/,
    meaning:
      "The cluster's API server refuses the object: its CRD is another version, or stricter.",
    action: 'Correct the template or the override that sets the field.',
  },
  {
    reasons: notApplied,
    pattern: /the object has been modified|Operation cannot be fulfilled/,
    meaning: 'Somebody changed the object on the cluster at the same time.',
    action: 'Nothing: Karmada tries again by itself.',
  },
  {
    reasons: notApplied,
    meaning: 'Karmada could not write the object to the cluster. It tries again by itself.',
    action: 'Read the message.',
  },
  {
    reasons: ['SuspendDispatching', 'WorkDispatching'],
    pattern: /suspended/,
    meaning:
      'Dispatching is suspended: changes wait in the Work, and the cluster keeps what it has.',
    action: 'Take the suspension out of the policy when the change may go on.',
  },
  {
    reasons: ['DependencyPolicyConflict'],
    meaning:
      'Two policies bring the same dependency and do not agree on how (conflictResolution or preserveResourcesOnDeletion).',
    action: 'Make the policies agree, or propagate the dependency by a policy of its own.',
  },
  {
    reasons: ['SyncScheduleResultToDependenciesFailed', 'GetDependenciesFailed'],
    meaning: 'Karmada could not bring what this object refers to along with it.',
    action: 'Read the message; select the dependencies in a policy where Karmada cannot find them.',
  },
  {
    reasons: ['GetReplicasFailed', 'GetComponentsFailed'],
    meaning: 'Karmada could not read how many replicas this object asks for.',
    action: "Correct the field that the message names, or the kind's interpreter.",
  },
  {
    reasons: ['AggregateStatusFailed'],
    pattern: /no such manifest exist/,
    meaning:
      'An override renamed the object, so that Karmada does not find its status among the Works.',
    action: 'Do not override apiVersion, kind, name or namespace.',
  },
  {
    reasons: ['AggregateStatusFailed', 'ReflectStatusFailed'],
    meaning: 'Karmada could not collect what the clusters report: the states below may be old.',
    action:
      'Read the message. A binding over very many clusters can grow larger than etcd accepts.',
  },
  {
    reasons: ['InterpretHealthFailed'],
    meaning: 'Karmada could not work out the health of the object.',
    action: 'Nothing for Flux: read the Ready condition instead.',
  },
  {
    reasons: ['CleanupWorkFailed'],
    meaning: 'Karmada could not remove what clusters hold that are no longer chosen.',
    action: 'Read the message; Karmada tries again by itself.',
  },
  {
    reasons: ['TaintClusterFailed', 'SyncImpersonationConfigFailed', 'CreateExecutionSpaceFailed'],
    meaning: 'Karmada could not set the cluster up.',
    action: 'Read the message; Karmada tries again by itself.',
  },
  {
    reasons: ['FullyAppliedFailed'],
    meaning: 'Not every cluster has taken the object.',
    action: 'Look at the clusters that are not applied.',
  },
  {
    reasons: ['ClusterNotReachable'],
    meaning: "Karmada cannot reach the cluster's API server.",
    action: "Look at the network, and at the cluster's apiEndpoint, proxy and credentials.",
  },
  {
    reasons: ['ClusterNotReady'],
    meaning: "The cluster's API server answers that it is not healthy.",
    action: "Look at the cluster's own control plane (/healthz).",
  },
  {
    reasons: ['StatusCollectionFailed'],
    meaning: 'Karmada reaches the cluster but could not collect its status.',
    action: "Look at the rights of Karmada's service account on the cluster.",
  },
];
