import { isObject, member, memberAt } from '../json.ts';
import type { ClusterFacts } from '../selection/clusterFacts.ts';
import { parseQuantity, wholeUnits, type Quantity } from './quantity.ts';
import type { Workload } from './workload.ts';

const maxInt32 = 2147483647;

/**
 * How many more replicas fit into a cluster, as the general estimator reckons from `status.resourceSummary`
 * (`maxAvailableReplicas` of `pkg/estimator/client/general.go`); 0 without a summary. Resource models and the accurate
 * estimators of the members, which a control plane may use too, are not known here.
 */
export function estimateReplicas(cluster: ClusterFacts, workload: Workload): number {
  if (workload.replicas === 0) return maxInt32;
  const pods = free(cluster, 'pods');
  if (pods === undefined || pods <= 0n) return 0;
  let fitting = wholeUnits(pods);
  for (const [name, requested] of workload.requests ?? []) {
    const available = free(cluster, name);
    if (available === undefined || available <= 0n) return 0;
    const fits =
      name === 'cpu' ? available / requested : wholeUnits(available) / wholeUnits(requested);
    if (fits < fitting) fitting = fits;
  }
  return fitting < BigInt(maxInt32) ? Number(fitting) : workload.replicas;
}

/** Allocatable less allocated less allocating; `undefined` when the cluster has no such resource. */
function free(cluster: ClusterFacts, resource: string): Quantity | undefined {
  const summary = memberAt(cluster.object, 'status', 'resourceSummary');
  const amount = (list: string): Quantity | undefined => {
    const resources = member(summary, list);
    const value = isObject(resources) ? member(resources, resource) : undefined;
    return value === undefined ? undefined : parseQuantity(value);
  };
  const allocatable = amount('allocatable');
  if (allocatable === undefined) return undefined;
  return allocatable - (amount('allocated') ?? 0n) - (amount('allocating') ?? 0n);
}
