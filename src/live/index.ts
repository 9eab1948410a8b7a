/** The only door of what a live control plane reports. */
export type {
  BindingRow,
  ClusterRow,
  ConditionRow,
  EventRow,
  FleetChange,
  FleetList,
  FleetRows,
  ObjectReference,
  ObjectRow,
  ReportRow,
  Row,
  TaintRow,
  WorkRow,
} from './rows.ts';
export { isKubeError, KubeError } from './kubeError.ts';
export type { KubeErrorReason } from './kubeError.ts';
export {
  createInterner,
  readBinding,
  readCluster,
  readEvent,
  readObject,
  readWork,
} from './projections/index.ts';
export type { Interner } from './projections/index.ts';
export { cordonPatch, isCordoned } from './cordon.ts';
export { reconcilePatch, reconcileRefusal } from './reconcile.ts';
export { toLiveControlPlane } from './toLiveControlPlane.ts';
export type { LiveSource, ServedResource } from './toLiveControlPlane.ts';
export { readPlane } from './readPlane.ts';
export type { PlaneSession } from './readPlane.ts';
export { savedFleet } from './savedFleet.ts';
export {
  hasSuspendPolicy,
  suspendedBy,
  suspendEdit,
  suspendPolicy,
  suspendPolicyName,
} from './suspendOverride.ts';
export type { SuspendEdit, SuspendRequest } from './suspendOverride.ts';
export {
  createFleetModel,
  isHelmRelease,
  isReleaseKind,
  nowhere,
  objectKey,
  reportOn,
  rollupText,
  stateText,
  stuckDeletion,
} from './model/index.ts';
export type {
  ClusterState,
  FleetDelta,
  FleetModel,
  Judgement,
  Release,
  StateCounts,
} from './model/index.ts';
export {
  ageText,
  createClustersTree,
  createReleasesTree,
  createShownLines,
  defaultViewOptions,
  isFiltered,
  readViewOptions,
  troubledReleases,
} from './tree/index.ts';
export type { Grouping, Node, NodeIcon, Tree, TreeInput, ViewOptions } from './tree/index.ts';
export {
  accessManifest,
  accessProblem,
  accessText,
  compareManifests,
  compareWithMember,
  createExplainer,
  failureText,
  fluxQuestion,
  liveText,
  namesNobody,
  problemOfUser,
  plainText,
  whyDocument,
} from './why/index.ts';
export type {
  AccessProblem,
  Comparison,
  Explainer,
  FluxQuestion,
  FluxReading,
  Why,
  WhyDocument,
  WhyFleet,
  WhyLink,
  WhyRequest,
  WhyTarget,
} from './why/index.ts';
export {
  createRolloutTree,
  isFailedForGood,
  rolloutBaseline,
  rolloutOf,
  rolloutSummary,
} from './rollout/index.ts';
export type { Expectation, Rollout, RolloutBaseline, RolloutRequest } from './rollout/index.ts';
