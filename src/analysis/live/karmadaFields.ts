/** Fields of policies that came after Karmada 1.8, with the minor of 1 that brought them (the CRDs of each release). */
const fieldsSince: readonly (readonly [field: string, minor: number])[] = [
  ['activationPreference', 9],
  ['suspension', 11],
  ['preserveResourcesOnDeletion', 12],
  ['failover.application.statePreservation', 12],
  ['fieldOverrider', 12],
  ['schedulePriority', 13],
  ['failover.cluster', 15],
  ['placement.workloadAffinity', 17],
  ['placement.clusterAffinities[].overflowAffinities', 18],
];

/** Fields of policies that a Karmada does not have yet, from the version as it says it; empty when that is not told. */
export function fieldsMissingIn(karmadaVersion: string): readonly string[] {
  const match = /^1\.(\d+)/.exec(karmadaVersion);
  if (!match) return [];
  const minor = Number(match[1]);
  return fieldsSince.filter(([, since]) => since > minor).map(([field]) => field);
}
