/** The engine's only door. */
export { apiGroup, versionOf } from './apiVersion.ts';
export { detach, detachObject } from './detach.ts';
export { preview } from './preview.ts';
export { override } from './overrideAll.ts';
export { admit } from './admission/admit.ts';
export { validate } from './validate.ts';
export { render } from './render.ts';
export type { RenderOptions } from './render.ts';
export { createSimulator } from './simulate.ts';
export type { Simulation, SimulationRun, Simulator, SimulateOptions } from './simulate.ts';
export { parseQuantity } from './scheduling/quantity.ts';
export { clusterVerdicts } from './scheduling/verdicts.ts';
export type { Verdict, VerdictCode } from './scheduling/verdicts.ts';
export { allFilterReasons, taintText, untoleratedTaint } from './scheduling/filters.ts';
export type { FilterCode } from './scheduling/filters.ts';
export { ignoresSpread, readPlacement } from './scheduling/placement.ts';
export type { AffinityTerm, Placement, SpreadConstraint } from './scheduling/placement.ts';
export type { Attempt, PreviousPlacement, Schedule } from './scheduling/schedule.ts';
export { withClaimOf, withoutClaim } from './selection/applyClaim.ts';
export { existingClaim } from './selection/claim.ts';
export type { ExistingClaim } from './selection/claim.ts';
export { isWorkload, reviseReplicas, workloadOf } from './scheduling/workload.ts';
export { claimCandidates } from './selection/claimCandidates.ts';
export type { CandidateCode } from './selection/claimCandidates.ts';
export { compileLabelSelector, labelsOf } from './selection/labelSelector.ts';
export { compileSkips } from './selection/skipped.ts';
export type { SkipReason } from './selection/skipped.ts';
export { policyId } from './selection/storedPolicy.ts';
export type { StoredPolicy } from './selection/storedPolicy.ts';
export { references } from './fluxReferences.ts';
export type { FluxReference } from './fluxReferences.ts';
export { nearestName } from './schema/nearestName.ts';
export { clusterMatches } from './selection/clusterAffinity.ts';
export { clusterFacts, servesApi, storedCluster } from './selection/clusterFacts.ts';
export type { ClusterFacts } from './selection/clusterFacts.ts';
export { compileResourceSelector, compileResourceSelectors } from './selection/resourceSelector.ts';
export { objectMetaSchema } from './schema/objectMetaSchema.ts';
export { overrideEffects, provenance, traceOverrides } from './provenance.ts';
export type { EntryEffects, OverrideEntry, ProvenanceChange, TraceEvent } from './provenance.ts';
export { withBookkeeping } from './override/bookkeeping.ts';
export { pruneManifest, prunedMetadata } from './override/pruneManifest.ts';
export { checkSchema } from './schema/checkSchema.ts';
export { staysValid } from './schema/staysValid.ts';
export { applyDefaults } from './schema/defaulting.ts';
export { findSchema, kindSchemas } from './schema/registry.ts';
export {
  fluxMinors,
  latestFluxMinor,
  preferredVersion,
  servedVersions,
} from './schema/flux/index.ts';
export type { FluxMinor, KindSchema, Schema } from './schema/types.ts';
export { fieldsLackingIn, karmadaReleaseOf } from './schema/karmadaReleases.ts';
export { schemaDifferences } from './schema/schemaDifferences.ts';
export type { FieldDifference, ServedDifferences } from './schema/schemaDifferences.ts';
export type { SchemaProblem } from './schema/schemaProblem.ts';
export { compareFluxMinors } from './schema/resolve.ts';
export { migrateHelmRelease } from './fluxMigration.ts';
export type { Migration, MigrationChange } from './fluxMigration.ts';
export { parseVersion, parseVersionRange, satisfies } from './versionRange.ts';
export { releaseIdentity } from './releaseIdentity.ts';
export { parseDuration } from './duration.ts';
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
