import { stringMember, withBookkeeping } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
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
  return withBookkeeping(manifest, {
    template: claimed,
    cluster,
    work: variant.work,
    conflictResolution: stringMember(spec, 'conflictResolution'),
  });
}
