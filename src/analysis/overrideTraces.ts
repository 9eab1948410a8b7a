import { traceOverrides } from '../engine/index.ts';
import type { Simulation, TraceEvent } from '../engine/index.ts';
import type { Snapshot, Template } from './snapshot.ts';

/** What every override entry did for clusters with the same result, in the order in which they apply. */
export interface OverrideTrace {
  readonly clusters: readonly string[];
  readonly events: readonly TraceEvent[];
}

const known = new WeakMap<Simulation, readonly OverrideTrace[]>();
const none: readonly OverrideTrace[] = [];

/** The overrides of a template step by step, one trace for each distinct result. Worked out once a simulation. */
export function overrideTraces(
  snapshot: Snapshot,
  { simulation }: Template,
): readonly OverrideTrace[] {
  if (!simulation?.claimed || !simulation.overrides?.length) return none;
  const answered = known.get(simulation);
  if (answered) return answered;
  const { clusterObjects, clusters, overrides } = snapshot.run.controlPlane;
  const { claimed, outcome, prepared } = simulation;
  const traces = outcome.variants.flatMap((variant): OverrideTrace[] => {
    const [first = ''] = variant.clusters;
    const cluster = clusterObjects[clusters.findIndex(({ name }) => name === first)];
    if (!cluster) return [];
    const events = traceOverrides(prepared?.get(first) ?? claimed, cluster, overrides);
    return [{ clusters: variant.clusters, events }];
  });
  known.set(simulation, traces);
  return traces;
}
