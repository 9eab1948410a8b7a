import type { ProvenanceChange } from '../../engine/index.ts';
import { locate } from '../../yaml/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import { briefValue } from '../briefValue.ts';
import { documentChanges, documentChangesText } from '../documentChanges.ts';
import { changesOn, entryName } from '../effects.ts';
import { isSecret } from '../maskSecret.ts';
import { escapeStep } from '../pointer.ts';
import { shortened } from '../markdown.ts';
import type { Item, Snapshot, Template } from '../snapshot.ts';
import type { InlayHint } from './types.ts';

const longestLabel = 60;

/** What one cluster gets of the templates in a document, behind each value that an override changes. */
export function inlayHintsOf(
  snapshot: Snapshot,
  uri: string,
  cluster: string,
): readonly InlayHint[] {
  if (cluster === '') return [];
  return snapshot.items
    .filter(({ file, role }) => file.uri === uri && role === 'template')
    .flatMap((item) => {
      const template = snapshot.templates.get(item.key);
      return template?.item === item ? hintsOn(snapshot, template, cluster) : [];
    });
}

function hintsOn(snapshot: Snapshot, template: Template, cluster: string): readonly InlayHint[] {
  const { item, simulation } = template;
  const { clusters, variants = [] } = simulation?.outcome ?? {};
  if (!clusters) return [];
  if (!clusters.includes(cluster)) {
    return hintAt(item, ['metadata', 'name'], `not on ${cluster}`, `${cluster} does not get this.`);
  }
  const error = variants.find((variant) => variant.clusters.includes(cluster))?.error;
  if (error !== undefined) {
    const tooltip = 'An override fails, so Karmada delivers nothing new there.';
    return hintAt(item, ['metadata', 'name'], `fails on ${cluster}`, tooltip);
  }
  return changesOn(snapshot, template, cluster).flatMap((change) =>
    changeHint(item, change, cluster),
  );
}

function changeHint(item: Item, change: ProvenanceChange, cluster: string): readonly InlayHint[] {
  const { path, before, after } = change;
  const steps = path.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const found = nearest(item, steps);
  const text = item.stored && isSecret(item.stored) ? '***' : changeText(change);
  const missing = path.slice(found.length);
  const rest = missing.length === 1 ? (missing[0] ?? '') : missing.map(escapeStep).join('/');
  const label =
    rest === ''
      ? `→ ${after === undefined ? 'removed' : text}`
      : after === undefined
        ? `− ${rest}`
        : `+ ${rest}: ${text}`;
  const verb = after === undefined ? 'Removed' : before === undefined ? 'Added' : 'Changed';
  return hintAt(
    item,
    found,
    shortened(label, longestLabel),
    `${verb} for ${cluster} by ${entryName(change)}.`,
  );
}

/** The new value; of a document in a string only what differs. */
function changeText({ before, after }: ProvenanceChange): string {
  const inner = documentChanges(before, after);
  return inner && inner.length > 0 ? documentChangesText(inner) : briefValue(after);
}

/** The longest part of a path that is written in the document. */
function nearest({ document, path }: Item, steps: SourcePath): SourcePath {
  for (let length = steps.length; length > 0; length--) {
    if (locate(document, [...path, ...steps.slice(0, length)])) return steps.slice(0, length);
  }
  return [];
}

/** Behind a value on one line, else behind the key that holds it. */
function hintAt(
  { file, document, path }: Item,
  steps: SourcePath,
  label: string,
  tooltip: string,
): readonly InlayHint[] {
  const place = locate(document, [...path, ...steps]);
  if (!place) return [];
  const end = file.lines.positionAt(place.value[1]);
  const first = place.key ? place.key[0] : place.value[0];
  const isOneLine = file.lines.positionAt(first).line === end.line;
  const position = isOneLine || !place.key ? end : file.lines.positionAt(place.key[1] + 1);
  return [{ position, label, tooltip }];
}
