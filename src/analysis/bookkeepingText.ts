import { isObject, member, stringMember, withBookkeeping, withMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import type { Part } from './parts.ts';
import type { Template } from './snapshot.ts';

/** What one cluster of a part gets, with the labels and annotations that Karmada adds for it. */
export function withKarmadaKeys(
  { simulation }: Template,
  part: Part,
  cluster: string,
): JsonObject | undefined {
  const { manifest, variant } = part;
  if (!manifest || !simulation?.claimed || variant?.work === undefined) return manifest;
  const { claim, claimed } = simulation;
  const spec = claim.type === 'claimed' ? claim.policy.spec : undefined;
  return withBookkeeping(withPolicyId(manifest), {
    template: claimed,
    cluster,
    work: variant.work,
    conflictResolution: stringMember(spec, 'conflictResolution'),
  });
}

/** The claim's label holds an id that only the control plane gives; a policy from a file has none. */
function withPolicyId(manifest: JsonObject): JsonObject {
  const metadata = member(manifest, 'metadata');
  const labels = member(metadata, 'labels');
  if (!isObject(metadata) || !isObject(labels)) return manifest;
  const filled = Object.entries(labels).map(([key, value]): [string, JsonValue] => {
    const isUnknown = value === '' && key.endsWith('propagationpolicy.karmada.io/permanent-id');
    return [key, isUnknown ? '<permanent id of the policy>' : value];
  });
  return withMember(
    manifest,
    'metadata',
    withMember(metadata, 'labels', Object.fromEntries(filled)),
  );
}
