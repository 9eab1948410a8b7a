import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Goal } from './goals.ts';
import { withLeavingNeeds } from './leaving.ts';
import { readPick } from './pick.ts';
import { planOf } from './plan.ts';
import type { Planning } from './planning.ts';
import { scopeOf } from './propagate.ts';
import { reachOf } from './reach.ts';
import { solve } from './solve.ts';
import type { FilePlanAnswer, PropagateRequest } from './types.ts';
import { worldOf } from './world.ts';
import type { Ground } from './world.ts';

/**
 * The edits that take templates away from clusters, with the sources and data that nothing else needs there. What is
 * promised is what Karmada would do with the edited documents; nothing is written.
 */
export function* stopPropagating(
  ground: Ground,
  request: PropagateRequest,
): Planning<FilePlanAnswer> {
  const { before } = ground;
  const picked = readPick(before, request);
  if ('reason' in picked) return picked;
  const names = new Set(picked.clusters.map(({ name }) => name));
  const chosen = picked.templates.map((template): Goal => {
    const has = reachOf(before, template);
    return {
      ...{
        key: template.key,
        template,
        before: has,
        wanted: new Set([...has].filter((name) => !names.has(name))),
      },
      ...{ isChosen: true, chosen: template },
    };
  });
  if (chosen.every(({ before: has, wanted }) => wanted.size === has.size)) {
    const where = listClusters([...names].sort(naturalOrder));
    return { reason: `Nothing that is chosen is on ${where}.` };
  }
  const goals = withLeavingNeeds(before, chosen);
  const start = worldOf(ground);
  // Clusters that are named one by one have to be left out so.
  const { affinity: _, ...byName } = picked;
  const world = yield* solve(ground, start, scopeOf(start, goals, byName, request));
  return planOf(ground, world, { goals, absent: [], refused: [], picked, isBrought: false });
}
