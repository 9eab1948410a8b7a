import type { EntryEffects } from '../../engine/index.ts';
import { effectsOn, entryPath, itemOfEntry } from '../effects.ts';
import type { Finding } from './finding.ts';
import { listName } from '../listName.ts';
import { isSecret, maskErrorText } from '../maskSecret.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Item, Snapshot, Template } from '../snapshot.ts';

/** One finding per failing override entry, template and text, however many clusters it is on. */
export function failedOverrides(snapshot: Snapshot): Finding[] {
  return [...snapshot.templates.values()].flatMap((template) =>
    template.simulation?.outcome.variants.some(({ error }) => error !== undefined)
      ? effectsOn(snapshot, template).flatMap((entry) => failures(snapshot, template, entry))
      : [],
  );
}

function failures(snapshot: Snapshot, template: Template, entry: EntryEffects): Finding[] {
  const item = itemOfEntry(snapshot, entry);
  if (!item) return [];
  return entry.effects.flatMap(({ type, clusters, error }) =>
    type === 'failed' ? [failure(item, template.item, entry, clusters, error ?? '')] : [],
  );
}

function failure(
  item: Item,
  template: Item,
  entry: EntryEffects,
  clusters: readonly string[],
  error: string,
): Finding {
  const { kind, namespace, name } = template;
  const text = template.stored && isSecret(template.stored) ? maskErrorText(error) : error;
  const places = listClusters(clusters.toSorted(naturalOrder));
  const message = `This fails for ${listName(kind, namespace, name)} on ${places}, so Karmada delivers nothing new there: ${text}`;
  const field = entry.overrider === 'fieldOverrider' ? 'fieldPath' : 'path';
  return { code: 'override-fails', item, path: [...entryPath(entry), field], message };
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
