import type { Position } from '../base/position.ts';
import type { Lens } from './api.ts';
import { concerning } from './concerning.ts';
import { lensTitle } from './lensTitle.ts';
import { startOf } from './place.ts';
import type { Item, Snapshot } from './snapshot.ts';

const flux = /\.toolkit\.fluxcd\.io\//;

/** The lenses of one document: above every HelmRelease and every policy. */
export function lensesOf(snapshot: Snapshot, uri: string): readonly Lens[] {
  return snapshot.items
    .filter(({ file, role, kind, apiVersion }) => {
      const isRelease = kind === 'HelmRelease' && flux.test(apiVersion);
      return file.uri === uri && (isRelease || role === 'propagation' || role === 'override');
    })
    .map((item) => {
      const templates = concerning(snapshot, item);
      return {
        range: startOf(item),
        title: lensTitle(snapshot, item, templates),
        templates: templates.map(({ key }) => key),
      };
    });
}

/** Keys of the templates that a document, or the YAML document at a position of it, concerns. */
export function templatesConcerning(
  snapshot: Snapshot,
  uri: string,
  position?: Position,
): readonly string[] {
  const keys = new Set<string>();
  for (const item of snapshot.items) {
    if (item.file.uri !== uri || (position && !holds(item, position))) continue;
    for (const { key } of concerning(snapshot, item)) keys.add(key);
  }
  return [...keys];
}

function holds({ file, document }: Item, position: Position): boolean {
  const offset = file.lines.offsetAt(position);
  return offset >= document.start && offset <= document.end;
}
