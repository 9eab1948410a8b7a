/** The live model: what rows say together. */
export { createFleetModel } from './fleetModel.ts';
export type { FleetModel } from './fleetModel.ts';
export type { FleetDelta } from './fleetDelta.ts';
export type { Judgement } from './clusterState.ts';
export { judge, reportOn } from './clusterState.ts';
export { compareEvents, objectKey, overrideErrors } from './eventIndex.ts';
export { isHelmRelease, isReleaseKind } from './kinds.ts';
export { isLost, nowhere } from './release.ts';
export type { Release } from './release.ts';
export { stuckDeletion } from './stuckDeletion.ts';
export { clusterStates, isProblem, rollupText, stateText, worstState } from './states.ts';
export type { ClusterState, StateCounts } from './states.ts';
