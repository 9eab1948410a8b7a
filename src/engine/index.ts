/** The engine's only door. */
export { detach, detachObject } from './detach.ts';
export { preview } from './preview.ts';
export { override } from './overrideAll.ts';
export { admit } from './admission/admit.ts';
export { validate } from './validate.ts';
export { createSimulator } from './simulate.ts';
export type { Simulation, SimulationRun, Simulator, SimulateOptions } from './simulate.ts';
export { clusterVerdicts } from './scheduling/verdicts.ts';
export type { Verdict, VerdictCode } from './scheduling/verdicts.ts';
export { clusterFacts, storedCluster } from './selection/clusterFacts.ts';
export { overrideEffects, provenance } from './provenance.ts';
export type { EntryEffects, OverrideEntry, ProvenanceChange } from './provenance.ts';
export { withBookkeeping } from './override/bookkeeping.ts';
export { pruneManifest } from './override/pruneManifest.ts';
export { checkSchema } from './schema/checkSchema.ts';
export { applyDefaults } from './schema/defaulting.ts';
export { findSchema, kindSchemas } from './schema/registry.ts';
export {
  fluxMinors,
  latestFluxMinor,
  preferredVersion,
  servedVersions,
} from './schema/flux/index.ts';
export type { FluxMinor, KindSchema, Schema } from './schema/types.ts';
export type { SchemaProblem } from './schema/schemaProblem.ts';
export {
  arrayMember,
  compareBytes,
  deepEqual,
  isArray,
  isObject,
  member,
  memberAt,
  setOwn,
  stringMember,
  withMember,
  withoutMember,
} from './json.ts';
export type {
  Admission,
  JsonArray,
  JsonObject,
  JsonValue,
  Outcome,
  Result,
  StatusCause,
  Validation,
  Variant,
} from './types.ts';
