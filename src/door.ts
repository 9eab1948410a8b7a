/** The public module `dist/engine.mjs`: Karmada's answers over plain objects, and over documents. */
export { admit, override, preview, validate } from './engine/index.ts';
export type {
  Admission,
  JsonObject,
  JsonValue,
  Outcome,
  Validation,
  Variant,
} from './engine/index.ts';
export { createWorkspace } from './analysis/index.ts';
export type {
  Diagnostic,
  LocatedDiagnostic,
  Preview,
  Workspace,
  WorkspaceOptions,
} from './analysis/index.ts';
