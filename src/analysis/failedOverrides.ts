import { finding } from './finding.ts';
import type { Finding } from './finding.ts';
import { partsOf } from './parts.ts';
import { rangeAt } from './place.ts';
import { listClusters } from './previewText.ts';
import type { Snapshot } from './snapshot.ts';

/** One finding per failure of an override, however many clusters it is on. */
export function failedOverrides(snapshot: Snapshot): Finding[] {
  return [...snapshot.templates.values()].flatMap((template) =>
    partsOf(template)
      .filter(({ state }) => state === 'failed')
      .map(({ clusters, variant }) => {
        const message = `An override fails on ${listClusters(clusters)}: ${variant?.error ?? ''}`;
        const range = rangeAt(template.item, ['metadata', 'name']);
        return finding(template.item.file.uri, 'override-fails', 'error', message, range);
      }),
  );
}
