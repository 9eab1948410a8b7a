import { createLineIndex } from '../base/position.ts';
import type { ProvenanceChange } from '../engine/index.ts';
import { locate, parseSource } from '../yaml/index.ts';
import type { SourceDocument } from '../yaml/index.ts';
import type { PreviewRequest, ProvenanceNote } from './api.ts';
import type { Range } from './diagnostic.ts';
import { isBookkeeping } from './displayManifest.ts';
import { changesOn, entryName, entryPath, itemOfEntry } from './effects.ts';
import { mendingLine, mendingPlace } from './mending.ts';
import { partsOf } from './parts.ts';
import { rangeAt } from './place.ts';
import { textOf } from './requestText.ts';
import type { Snapshot, Template } from './snapshot.ts';

/** Who set what in the text of one request: the changed values of a cluster, or the place to mend. */
export function provenanceOf(
  snapshot: Snapshot,
  request: PreviewRequest,
): readonly ProvenanceNote[] {
  const template = snapshot.templates.get(request.template);
  if (!template || request.side === 'template' || request.cluster === '') return [];
  const text = textOf(snapshot, request);
  const lines = createLineIndex(text);
  const toRange = (start: number, end: number): Range => ({
    start: lines.positionAt(start),
    end: lines.positionAt(end),
  });
  const [document] = parseSource(text).documents;
  const changes = changesOn(snapshot, template, request.cluster);
  const notes = changes.flatMap((change): ProvenanceNote[] => {
    const place = document && placeOf(document, change);
    return place ? [noteOf(snapshot, change, toRange(...place))] : [];
  });
  return [...notes, ...mendingNotes(snapshot, template, request, text, toRange)];
}

/** The key and value of a change; what was removed is told on what held it. Karmada's own keys may not be shown. */
function placeOf(
  document: SourceDocument,
  { path }: ProvenanceChange,
): readonly [number, number] | undefined {
  const last = path.at(-1) ?? '';
  if (isBookkeeping(last)) return undefined;
  for (let length = path.length; length > 0; length--) {
    const steps = path.slice(0, length);
    const found = locateSteps(document, steps);
    if (found)
      return [
        found.key?.[0] ?? found.value[0],
        length < path.length && found.key ? found.key[1] : found.value[1],
      ];
  }
  return undefined;
}

/** Steps of a pointer name list items by number in text. */
function locateSteps(document: SourceDocument, steps: readonly string[]) {
  const variants = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return locate(document, variants);
}

function noteOf(snapshot: Snapshot, change: ProvenanceChange, range: Range): ProvenanceNote {
  const item = itemOfEntry(snapshot, change);
  const verb =
    change.after === undefined ? 'Removed' : change.before === undefined ? 'Added' : 'Changed';
  const target = item && { uri: item.file.uri, range: rangeAt(item, entryPath(change)) };
  return {
    range,
    label: `${change.policy.name}${change.rule < 0 ? '' : `, rule ${change.rule + 1}`}`,
    detail: `${verb} by ${entryName(change)}: /${change.path.join('/')}`,
    ...(target ? { target } : {}),
  };
}

function mendingNotes(
  snapshot: Snapshot,
  template: Template,
  { cluster }: PreviewRequest,
  text: string,
  toRange: (start: number, end: number) => Range,
): readonly ProvenanceNote[] {
  const part = partsOf(template).find(({ clusters }) => clusters.includes(cluster));
  const place = part && mendingPlace(snapshot, template, part);
  if (!place) return [];
  const line = mendingLine(place);
  const at = text.indexOf(line);
  if (at < 0) return [];
  const { name, uri, range } = place;
  return [
    { range: toRange(at, at + line.length), label: '', detail: name, target: { uri, range } },
  ];
}
