import type { ScalarNode, YamlNode } from './nodes.ts';
import { plainValue } from './scalarValue.ts';
import { scalarKey } from './decode.ts';
import { printYaml } from './print.ts';
import type { SourceDocument } from './source.ts';

/**
 * A plain scalar that Go reads as something else than its text says to most people: `yes` as true (`word`), `5.10` as
 * 5.1, `0777` as 511, `1_000` as 1000 (`number`). Offsets in the file.
 */
export interface ReadingNote {
  readonly type: 'word' | 'number';
  /** As written. */
  readonly text: string;
  /** As Go reads it; for a key the name it becomes. */
  readonly reads: string;
  readonly isKey: boolean;
  readonly start: number;
  readonly end: number;
}

/** More would only bury each other. */
const mostNotes = 1000;

/** All scalars of a document that are not what they look like, in order. None for templates. */
export function readingNotes(document: SourceDocument): readonly ReadingNote[] {
  const { root } = document.read;
  const notes: ReadingNote[] = [];
  if (root !== undefined && !document.templated) collect(root, false, document.start, notes);
  return notes;
}

function collect(node: YamlNode, isKey: boolean, base: number, notes: ReadingNote[]): void {
  if (notes.length >= mostNotes) return;
  if (node.type === 'scalar') {
    const note = noteOf(node, isKey, base);
    if (note !== undefined) notes.push(note);
  } else if (node.type === 'seq') {
    for (const item of node.items) collect(item, false, base, notes);
  } else if (node.type === 'map') {
    for (const { key, value } of node.pairs) {
      collect(key, true, base, notes);
      collect(value, false, base, notes);
    }
  }
}

/** How numbers and the words for true and false begin; all else is text and is read as it stands. */
const mayDiffer = /^(?:[-+.\d]|[yntfo][a-z]{0,4}$)/i;

function noteOf(node: ScalarNode, isKey: boolean, base: number): ReadingNote | undefined {
  if (node.style !== 'plain' || node.tag !== '') return undefined;
  const { text } = node;
  if (!mayDiffer.test(text)) return undefined;
  const found = plainValue(text);
  const key = isKey ? scalarKey(node) : undefined;
  if (key !== undefined && typeof key !== 'string') return undefined;
  const place = { text, isKey, start: base + node.start, end: base + node.end };
  if (found.type === 'bool') {
    const reads = String(found.value);
    return text.toLowerCase() === reads ? undefined : { type: 'word', reads, ...place };
  }
  if (found.type !== 'integer' && found.type !== 'float') return undefined;
  const isOdd = found.type === 'float' && !Number.isFinite(found.value);
  const reads = key ?? (isOdd ? text : printYaml(found.value).trimEnd());
  return reads === text ? undefined : { type: 'number', reads, ...place };
}
