import { listClusters } from '../previewText.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { fateOf, movementOf } from './movement.ts';

/** Such as `Compared with prod: + member3 · − member2: its release is uninstalled.`; empty when nothing moves. */
export function movementSentence({ live }: Snapshot, { simulation }: Template): string {
  if (!live || !simulation) return '';
  const { gained, lost } = movementOf(simulation);
  const parts = [
    ...(gained.length > 0 ? [`+ ${listClusters(gained)}`] : []),
    ...(lost.length > 0 ? [`− ${listClusters(lost)}: ${fateOf(simulation)}`] : []),
  ];
  return parts.length > 0 ? `Compared with ${live.context}: ${parts.join(' · ')}.` : '';
}

const shownNames = 2;

/** The same for some templates together, in a lens: `+ member3`, `− 12 clusters`. */
export function movementParts(templates: readonly Template[]): readonly string[] {
  const [gained, lost] = [new Set<string>(), new Set<string>()];
  for (const { simulation } of templates) {
    if (!simulation) continue;
    const movement = movementOf(simulation);
    for (const name of movement.gained) gained.add(name);
    for (const name of movement.lost) lost.add(name);
  }
  return [
    ...(gained.size > 0 ? [`+ ${few([...gained])}`] : []),
    ...(lost.size > 0 ? [`− ${few([...lost])}`] : []),
  ];
}

function few(names: readonly string[]): string {
  return names.length > shownNames ? `${names.length} clusters` : names.join(', ');
}
