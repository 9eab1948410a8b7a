/** The only door of the analysis: what editors and the command line use. */
export { createWorkspace } from './workspace.ts';
export { fromPreviewQuery, toPreviewQuery } from './previewRequest.ts';
export type { WorkspaceOptions } from './settings.ts';
export type {
  ClusterInfo,
  CodeAction,
  DefinitionLink,
  DocumentLink,
  DocumentSymbol,
  EntryState,
  Lens,
  Location,
  Preview,
  PreviewEntry,
  PreviewRequest,
  ProvenanceNote,
  RenameAnswer,
  RenamePlace,
  SourceActionType,
  SymbolType,
  TemplateInfo,
  TextOptions,
  UriEdit,
  Workspace,
  WorkspaceSymbol,
} from './api.ts';
export type { Diagnostic, LocatedDiagnostic, Range, RelatedPlace, Severity } from './diagnostic.ts';
export type { Completion, CompletionKind } from './completion/types.ts';
export type { Hover } from './hover/types.ts';
export type { InlayHint } from './inlay/types.ts';
export { fromLiveQuery, liveScheme, toLiveUri } from './liveUri.ts';
export type { LiveObjectName } from './liveUri.ts';
export type { LiveControlPlane } from './liveControlPlane.ts';
export type { BrokenText, UnsentPart } from './notPushed.ts';
export type { PushableObject } from './pushSources.ts';
export type { LiveSettings, LiveSimulator } from './live/simulateLive.ts';
export type { Delivery, HeldWorks, LiveState } from './live/liveState.ts';
export { createLiveStepper } from './live/liveStepper.ts';
export type { LiveStepper } from './live/liveStepper.ts';
export { liveName, nameOfObject, nameOfTemplate, withLiveObjects } from './live/withLiveObjects.ts';
export type { LiveObjectChange } from './live/withLiveObjects.ts';
export { fieldNames } from './live/policyFields.ts';
export {
  mayHaveDependencies,
  propagatesDependencies,
} from './findings/completeness/interpreters.ts';
export { differences } from './differences.ts';
export { displayedObject, isBookkeeping, withoutBookkeeping } from './displayManifest.ts';
export { isSecret, maskErrorText, maskSecret } from './maskSecret.ts';
export { escapeMarkdown, shortened } from './markdown.ts';
export { isEncrypted } from './silencing/encrypted.ts';
export { createNaturalOrder, naturalOrder, sortNaturally } from './naturalOrder.ts';
export { listClusters } from './previewText.ts';
export type {
  ClusterChoice,
  FilePlan,
  FilePlanAnswer,
  OverrideEdits,
  OverrideRequest,
  PickedClusters,
  PlannedFile,
  PlannedOutcome,
  PropagateRequest,
} from './propagate/types.ts';
export { finished } from './propagate/planning.ts';
export type { Planning } from './propagate/planning.ts';
