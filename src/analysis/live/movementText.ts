import type { ClusterFacts } from '../../engine/index.ts';
import { clusterSet, sizeOf, unionOf } from '../clusterSet.ts';
import { listClusters } from '../previewText.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { fateOf, movementOf } from './movement.ts';
import type { Movement } from './movement.ts';

/** Such as `Compared with prod: + member3 · − member2: its release is uninstalled.`; empty when nothing moves. */
export function movementSentence({ live }: Snapshot, { simulation }: Template): string {
  if (!live || !simulation) return '';
  const { gained, lost } = movementOf(simulation.schedule);
  const parts = [
    ...(gained.length > 0 ? [`+ ${listClusters(gained)}`] : []),
    ...(lost.length > 0 ? [`− ${listClusters(lost)}: ${fateOf(simulation)}`] : []),
  ];
  return parts.length > 0 ? `Compared with ${live.context}: ${parts.join(' · ')}.` : '';
}

const shownNames = 2;

/** The same for some templates together, in a lens: `+ member3`, `− 12 clusters`. */
export function movementParts(templates: readonly Template[]): readonly string[] {
  const schedules = new Set(templates.flatMap(({ simulation }) => simulation?.schedule ?? []));
  const movements = new Set([...schedules].map(movementOf));
  const fleet = [...schedules][0]?.request.clusters ?? [];
  const parts = (sign: string, direction: keyof Movement): readonly string[] => {
    const lists = [...movements]
      .map((movement) => movement[direction])
      .filter(({ length }) => length > 0);
    return lists.length > 0 ? [`${sign} ${few(lists, fleet)}`] : [];
  };
  return [...parts('+', 'gained'), ...parts('−', 'lost')];
}

/** The clusters of some lists, by name where they are few. */
function few(lists: readonly (readonly string[])[], fleet: readonly ClusterFacts[]): string {
  const size = sizeOf(unionOf(lists.map((names) => clusterSet(names, fleet))));
  return size > shownNames ? `${size} clusters` : [...new Set(lists.flat())].join(', ');
}
