import { ignoresSpread, readPlacement } from '../../../engine/index.ts';
import type { JsonObject } from '../../../engine/index.ts';

/** What is wrong with spread constraints whatever the clusters. */
export interface SpreadProblem {
  readonly type: 'no-groups' | 'unsupported-field';
  /** Of the constraint. */
  readonly index: number;
  readonly field: string;
  readonly minGroups: number;
}

/**
 * Constraints that no fleet can meet (`pkg/scheduler/core/spreadconstraint/select_clusters.go`): a `maxGroups` that is
 * left out counts as 0 and so lets no group through, and clusters are chosen by cluster and region only.
 */
export function spreadProblem(source: JsonObject): SpreadProblem | undefined {
  const placement = readPlacement(source);
  const { spread } = placement;
  if (spread.length === 0 || ignoresSpread(placement)) return undefined;
  const byField = (field: string): number => spread.findLastIndex((c) => c.field === field);
  const region = byField('region');
  const index = region < 0 ? byField('cluster') : region;
  const deciding = spread[index];
  if (!deciding) {
    return { type: 'unsupported-field', index: 0, field: spread[0]?.field ?? '', minGroups: 0 };
  }
  const { field, minGroups, maxGroups } = deciding;
  return maxGroups === 0 ? { type: 'no-groups', index, field, minGroups } : undefined;
}
