import { readPlacement } from '../../../engine/index.ts';
import type { Attempt, Schedule } from '../../../engine/index.ts';
import { listClusters } from '../../previewText.ts';
import { isDecidedByNames, namesOf } from './affinityTerm.ts';
import type { Cause } from './cause.ts';

/** Why the constraints fail on the clusters that fit; `undefined` when it is not them, or not sure. */
export function spreadCause(
  { request }: Schedule,
  { term, error = '', reasons }: Attempt,
  isAssumed: boolean,
): Cause | undefined {
  const { placement, clusters } = request;
  const { spread } = readPlacement(placement);
  if (!error.startsWith('failed to select clusters')) return undefined;
  const isByRegion = error.includes('feasible region');
  // Of assumed clusters only the number of those that are named is sure.
  const isSure = !isByRegion && namesOf(term.affinity).length > 0 && isDecidedByNames(term);
  if (isAssumed && !isSure) return undefined;
  const field = isByRegion ? 'region' : 'cluster';
  const index = spread.findLastIndex((constraint) => constraint.field === field);
  const constraint = spread[index];
  if (!constraint) return undefined;
  const feasible = clusters.filter((cluster, i) => !cluster.deleting && !reasons[i]);
  const regions = new Set(feasible.map(({ region }) => region).filter((region) => region !== ''));
  const found = isByRegion ? [...regions] : feasible.map(({ name }) => name);
  const wanted = `${constraint.minGroups} ${field}${constraint.minGroups === 1 ? '' : 's'}`;
  const base = {
    code: 'spread-unsatisfiable',
    path: ['spreadConstraints', index, 'minGroups'],
    on: 'value',
    clusters: [],
    isFatal: true,
  } as const;
  if (!error.includes('MinGroups')) {
    return { ...base, lacks: `the clusters that fit cannot take it (${error})` };
  }
  if (found.length >= constraint.minGroups) {
    return { ...base, lacks: `no choice of regions has the ${wanted} that this asks for` };
  }
  const lacks = `this asks for ${wanted}, and ${available(found, field)}`;
  return { ...base, lacks, available: found.length };
}

function available(found: readonly string[], field: string): string {
  if (found.length === 0) return `the clusters that fit have no ${field}`;
  const those = found.length === 1 ? 'only one fits' : `only ${found.length} fit`;
  return `${those} (${listClusters(found)})`;
}
