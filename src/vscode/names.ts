// Every name that the manifest and the code share. No `vscode` here, so that a plain test can compare the two.

/** The scheme of the read-only documents of previews. */
export const previewScheme = 'karmada-preview';

/** The schemes of the read-only documents of a control plane: objects, explanations, sides of comparisons. */
export { liveScheme } from '../analysis/index.ts';
export const whyScheme = 'karmada-why';
export const driftScheme = 'karmada-drift';
export const pushScheme = 'karmada-push';
/** The texts of planned files, and the manifests that are edited for overrides. */
export const planScheme = 'karmada-plan';
export const overrideScheme = 'karmada-override';

/** Commands, as package.json contributes them; the internal ones are for links and lenses only. */
export const commandIds = {
  openPreview: 'karmada.preview.open',
  compareClusters: 'karmada.clusters.compare',
  refreshPreview: 'karmada.preview.refresh',
  showBookkeeping: 'karmada.bookkeeping.show',
  hideBookkeeping: 'karmada.bookkeeping.hide',
  widenPreview: 'karmada.preview.widen',
  showLog: 'karmada.log.show',
  revealPlace: 'karmada.place.reveal',
  explainFinding: 'karmada.finding.explain',
  openSample: 'karmada.sample.open',
} as const;

/** Commands of the live control plane, likewise. */
export const liveCommandIds = {
  connect: 'karmada.connect',
  switchContext: 'karmada.context.switch',
  reconnect: 'karmada.reconnect',
  disconnect: 'karmada.disconnect',
  retryConnection: 'karmada.connection.retry',
  showConnectionDetails: 'karmada.connection.showDetails',
  showConnectionMenu: 'karmada.connection.showMenu',
  openKubeconfig: 'karmada.kubeconfig.open',
} as const;

/** Commands of the views of clusters and releases. */
export const viewCommandIds = {
  groupClusters: 'karmada.clusters.group',
  filterClusters: 'karmada.clusters.filter',
  clearClustersFilter: 'karmada.clusters.clearFilter',
  showClusterProblems: 'karmada.clusters.showProblems',
  showAllClusters: 'karmada.clusters.showAll',
  groupReleases: 'karmada.releases.group',
  filterReleases: 'karmada.releases.filter',
  clearReleasesFilter: 'karmada.releases.clearFilter',
  showReleaseProblems: 'karmada.releases.showProblems',
  showAllReleases: 'karmada.releases.showAll',
  chooseNamespaces: 'karmada.releases.chooseNamespaces',
  pin: 'karmada.item.pin',
  unpin: 'karmada.item.unpin',
  copyName: 'karmada.item.copyName',
} as const;

/** Explains what a line of a tree stands for. */
export const whyCommandId = 'karmada.why.open';

/** Commands that show objects of the control plane and of members. */
export const objectCommandIds = {
  explain: whyCommandId,
  openObject: 'karmada.object.open',
  openTemplate: 'karmada.template.open',
  openMemberObject: 'karmada.member.open',
  compareWithWork: 'karmada.member.compareWithWork',
  compareWithWorkspace: 'karmada.member.compareWithWorkspace',
} as const;

/** Commands that act on clusters and releases. */
export const actingCommandIds = {
  cordon: 'karmada.cluster.cordon',
  uncordon: 'karmada.cluster.uncordon',
  reconcile: 'karmada.release.reconcile',
  reconcileThere: 'karmada.member.reconcile',
  suspend: 'karmada.release.suspend',
  resume: 'karmada.release.resume',
  saveFleet: 'karmada.fleet.save',
} as const;

/** Commands that plan files and show them before they are written. The last ones are for what they show. */
export const planCommandIds = {
  propagate: 'karmada.propagate',
  stopPropagating: 'karmada.stopPropagating',
  override: 'karmada.override',
  createOverride: 'karmada.override.create',
  savePlan: 'karmada.plan.save',
  pushPlan: 'karmada.plan.push',
  discardPlan: 'karmada.plan.discard',
} as const;

/** Commands of pushes. The last ones are for lines and the title of the view. */
export const pushCommandIds = {
  push: 'karmada.push',
  delete: 'karmada.delete',
  undoLast: 'karmada.push.undoLast',
  resume: 'karmada.push.resume',
  showHistory: 'karmada.push.showHistory',
  run: 'karmada.push.run',
  runDelete: 'karmada.push.runDelete',
  runUndo: 'karmada.push.runUndo',
  runRedo: 'karmada.push.runRedo',
  runDispatch: 'karmada.push.runDispatch',
  refresh: 'karmada.push.refresh',
  discard: 'karmada.push.discard',
  compareAll: 'karmada.push.compareAll',
  showAccount: 'karmada.push.showAccount',
  compare: 'karmada.push.compare',
  keepTheirs: 'karmada.push.keepTheirs',
  takeOver: 'karmada.push.takeOver',
  goOn: 'karmada.push.goOn',
  overwrite: 'karmada.push.overwrite',
} as const;

/** Commands that let clusters wait for changes. */
export const waveCommandIds = {
  pushInWaves: 'karmada.push.waves',
  holdDispatch: 'karmada.dispatch.hold',
  resumeDispatch: 'karmada.dispatch.resume',
} as const;

/** Commands of the view of a rollout. */
export const rolloutCommandIds = {
  show: 'karmada.rollout.show',
  stop: 'karmada.rollout.stop',
  showProblems: 'karmada.rollout.showProblems',
  showAll: 'karmada.rollout.showAll',
} as const;

/** The view container in the activity bar and its views. */
export const viewContainerId = 'karmada';
export const viewIds = {
  clusters: 'karmada.clusters',
  releases: 'karmada.releases',
  push: 'karmada.push',
  rollout: 'karmada.rollout',
} as const;

/** Settings below `karmada.`. */
export const settingKeys = {
  karmadaVersion: 'karmadaVersion',
  fluxVersion: 'fluxVersion',
  featureGates: 'featureGates',
  skippedPropagatingNamespaces: 'skippedPropagatingNamespaces',
  defaultNamespace: 'defaultNamespace',
  fleet: 'fleet',
  exclude: 'exclude',
  severities: 'severities',
  bookkeeping: 'preview.bookkeeping',
  codeLens: 'codeLens.enabled',
  inlayHintsCluster: 'inlayHints.cluster',
  kubeconfig: 'kubeconfig',
  readOnlyContexts: 'readOnlyContexts',
  protectedContexts: 'protectedContexts',
  connectOnStartup: 'connectOnStartup',
} as const;

/** Keys for `when` clauses. */
export const contextKeys = {
  /** The paths of documents that hold templates or policies, and of the folders above them. */
  documents: 'karmada.documents',
  folders: 'karmada.folders',
  /** The documents are read, so the two lists above are complete. */
  isReady: 'karmada.isReady',
  /** A preview with several entries can be seen, and no other multi-file diff could be meant. */
  hasMultiDiff: 'karmada.hasMultiDiff',
  /** A preview that can be seen shows groups which are no longer the groups. */
  hasStalePreview: 'karmada.hasStalePreview',
  /** The previews that can be seen show Karmada's own labels and annotations. */
  showsBookkeeping: 'karmada.showsBookkeeping',
  /** The state of the connection: the `type` of a `ConnectionState`, or `web` or `untrusted`. */
  connection: 'karmada.connection',
  /** Why there is no connection: the `reason` of a `KubeError`; '' while nothing is wrong. */
  connectionProblem: 'karmada.connectionProblem',
  /** This workspace was connected to a context before. */
  hasLastContext: 'karmada.hasLastContext',
  /** Less than everything is shown in a view: by a filter, by namespaces or by problems only. */
  clustersFiltered: 'karmada.clustersFiltered',
  releasesFiltered: 'karmada.releasesFiltered',
  clustersProblemsOnly: 'karmada.clustersProblemsOnly',
  releasesProblemsOnly: 'karmada.releasesProblemsOnly',
  rolloutProblemsOnly: 'karmada.rolloutProblemsOnly',
  /** A rollout on the connected control plane is followed. */
  hasRollout: 'karmada.hasRollout',
  /** The active tab shows planned files that are not written yet. */
  hasPlan: 'karmada.hasPlan',
  /** Where a push is: `none`, `review`, `running` or `stopped`. */
  pushStage: 'karmada.pushStage',
  pushType: 'karmada.pushType',
} as const;
