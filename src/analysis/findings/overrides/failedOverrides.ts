import type { EntryEffects } from '../../../engine/index.ts';
import { effectsOn } from '../../effects.ts';
import { isSecret, maskErrorText } from '../../maskSecret.ts';
import { overrideTraces } from '../../overrideTraces.ts';
import type { Snapshot, Template } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { perTemplate } from '../perTemplate.ts';
import { findingsOfFacts } from './entryFacts.ts';
import type { EntryFact } from './entryFacts.ts';

const failures = perTemplate<EntryFact>((template, snapshot) => {
  const { outcome } = template.simulation;
  if (!outcome.variants.some(({ error }) => error !== undefined)) return [];
  const { stored } = template.item;
  const mask = stored && isSecret(stored) ? maskErrorText : (text: string): string => text;
  return overrideTraces(snapshot, template).flatMap(({ clusters, events }) =>
    events.flatMap(({ entry, type, error = '' }) =>
      type === 'failed' ? [{ entry, template, clusters, about: mask(error) }] : [],
    ),
  );
});

/** `override-fails` on every entry that ends the rendering for some cluster, in Karmada's words. */
export function failedOverrides(snapshot: Snapshot): readonly Finding[] {
  return findingsOfFacts(
    snapshot,
    failures(snapshot),
    'override-fails',
    ({ first, templates, clusters }) => ({
      message: `This fails for ${templates} on ${clusters}, so Karmada delivers nothing new there: ${first.about}`,
    }),
  );
}

/** The override entry that ends the rendering for a cluster. */
export function failingEntry(
  snapshot: Snapshot,
  template: Template,
  cluster: string,
): EntryEffects | undefined {
  return effectsOn(snapshot, template).find(({ effects }) =>
    effects.some(({ type, clusters }) => type === 'failed' && clusters.includes(cluster)),
  );
}
