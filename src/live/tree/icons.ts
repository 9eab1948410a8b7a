import type { ClusterState } from '../model/index.ts';
import type { NodeIcon } from './node.ts';

const good = 'testing.iconPassed';
const bad = 'list.errorForeground';
const doubtful = 'list.warningForeground';

const icons: Readonly<Record<ClusterState, NodeIcon>> = {
  failed: { id: 'error', color: bad },
  stalled: { id: 'error', color: bad },
  overrideFailing: { id: 'warning', color: bad },
  notApplied: { id: 'error', color: bad },
  clusterNotReady: { id: 'debug-disconnect', color: doubtful },
  outdated: { id: 'history', color: doubtful },
  dispatchSuspended: { id: 'debug-pause', color: doubtful },
  suspended: { id: 'debug-pause', color: doubtful },
  waitingForDispatch: { id: 'clock' },
  waitingForFlux: { id: 'clock' },
  reconciling: { id: 'sync' },
  removing: { id: 'trash' },
  ready: { id: 'pass', color: good },
};

/** The picture of a state; the words beside it say the same. */
export function stateIcon(state: ClusterState): NodeIcon {
  return icons[state];
}

/** A release that goes nowhere: for now, or until somebody does something. */
export function nowhereIcon(isLost: boolean): NodeIcon {
  return isLost ? { id: 'circle-slash', color: doubtful } : { id: 'clock' };
}

/** A cluster by the status of its Ready condition. */
export function clusterIcon(status: 'True' | 'False' | 'Unknown', isCordoned: boolean): NodeIcon {
  if (status === 'False') return { id: 'error', color: bad };
  if (status === 'Unknown') return { id: 'question', color: doubtful };
  return isCordoned ? { id: 'circle-slash', color: doubtful } : { id: 'pass', color: good };
}
