/** The public module `dist/engine.mjs`: Karmada's answers over plain objects, and over documents. */
import * as engine from './engine/index.ts';
import { detach, detachObject } from './engine/index.ts';
import type { Admission, JsonObject, Outcome, Validation } from './engine/index.ts';

export { createWorkspace } from './analysis/index.ts';
export type {
  Diagnostic,
  LocatedDiagnostic,
  Preview,
  Workspace,
  WorkspaceOptions,
} from './analysis/index.ts';
export type {
  Admission,
  JsonObject,
  JsonValue,
  Outcome,
  Validation,
  Variant,
} from './engine/index.ts';

/**
 * What every member cluster gets: Clusters, templates and policies in, as the control plane stores them; one outcome
 * for every object that is neither a Cluster nor a policy. Objects without apiVersion, kind or name are left out, of
 * two with one key the last counts. Never throws, never changes its input; answers may be frozen and shared.
 */
export function preview(objects: readonly JsonObject[]): readonly Outcome[] {
  return engine.preview(detach(objects));
}

/** As `preview`, but without claims and scheduling: every template is rendered for every cluster. */
export function override(objects: readonly JsonObject[]): readonly Outcome[] {
  return engine.override(detach(objects));
}

/** The webhooks' verdict when a policy is created, and the policy with their defaults. */
export function admit(object: JsonObject): Admission {
  const { allowed, message, object: stored } = engine.admit(detachObject(object));
  return { allowed, ...(message === undefined ? {} : { message }), object: stored };
}

/** What the API server answers when a user creates an object with strict field validation. */
export function validate(object: JsonObject): Validation {
  return engine.validate(detachObject(object));
}
