/** The only door of pushes: planning, reviewing, running and undoing them. */
export type {
  DriftedField,
  Effect,
  ExpectedWork,
  FieldConflict,
  Hold,
  ObjectChange,
  PushGround,
  PushPlan,
  PushReview,
  PushSource,
  PushStep,
  Question,
  Verdict,
  WorkState,
} from './types.ts';
export type {
  ApplyAnswer,
  ApplyOptions,
  CancelSignal,
  JournalStore,
  PlaneModel,
  PushApi,
  PushClock,
  PushModel,
  WriteOptions,
} from './ports.ts';
export type { AccountLine, Journal, StepState } from './journal.ts';
export { patientApi } from './patientApi.ts';
export { planPush } from './plan/planPush.ts';
export type { PlanOptions } from './plan/planPush.ts';
export { isSameManifest } from './plan/manifest.ts';
export { journalText, readJournal } from './journal.ts';
export { accountOf } from './run/accountOf.ts';
export { dropPush } from './run/dropPush.ts';
export { checkPush, resumePush, runPush } from './run/runPush.ts';
export { prepareUndo } from './undo/prepareUndo.ts';
export type { UndoOptions } from './undo/prepareUndo.ts';
export type { RunOptions, RunPorts, RunProgress } from './run/runPush.ts';
export { withDispatched } from './waves/dispatchedEffects.ts';
export { bindingsOf, clustersOf, dispatchReview } from './waves/dispatchReview.ts';
export type { DispatchRequest } from './waves/dispatchReview.ts';
export { prepareDispatch } from './waves/prepareDispatch.ts';
export { policiesHeldBy, pushHolds, readPushHolds } from './waves/pushHolds.ts';
export type { PushHold } from './waves/pushHolds.ts';
export { expectationsOf } from './waves/expectations.ts';
export { wavesReview } from './waves/wavesReview.ts';
export { planWaves } from './waves/planWaves.ts';
export type { WaveOptions } from './waves/planWaves.ts';
export { preparePush } from './prepare/preparePush.ts';
export type { PreparePorts, PrepareRequest } from './prepare/preparePush.ts';
export type { ConflictChoice } from './prepare/conflicts.ts';
export { isDeletable, isPushed, leftOutQuestions } from './prepare/leftOut.ts';
export { applyBody, isForced } from './prepare/applyBody.ts';
