import type { Simulation } from '../../engine/index.ts';
import type { Snapshot, Template } from '../snapshot.ts';

const nowhere: ReadonlySet<string> = new Set();
const known = new WeakMap<Simulation, ReadonlySet<string>>();

/** A template of the documents or of the control plane under them. */
export function templateOf(snapshot: Snapshot, key: string): Template | undefined {
  return (
    snapshot.templates.get(key) ?? snapshot.otherTemplates.find((template) => template.key === key)
  );
}

/**
 * The clusters that have a template once Karmada has done its work. Only `NoClusterFit` clears what was scheduled
 * before (`pkg/scheduler/scheduler.go`); a template that nothing claims any more stays where it is
 * (`pkg/detector/detector.go`).
 */
export function reachOf(snapshot: Snapshot, template: Template | undefined): ReadonlySet<string> {
  if (!template) return nowhere;
  const { simulation } = template;
  if (!simulation) {
    const before = snapshot.live?.previous.get(template.key);
    return before ? new Set(before.clusters.map(({ name }) => name)) : nowhere;
  }
  let reach = known.get(simulation);
  if (!reach) known.set(simulation, (reach = findReach(simulation)));
  return reach;
}

function findReach({ claim, schedule, previous, outcome }: Simulation): ReadonlySet<string> {
  const before = new Set(
    (schedule?.request.previous ?? previous)?.clusters.map(({ name }) => name) ?? [],
  );
  if (claim.type !== 'claimed' || !schedule) return before;
  if (schedule.error !== undefined) {
    return schedule.errorType === 'no-cluster-fit' ? nowhere : before;
  }
  // Where an override fails no Work is written: only a cluster that has the template keeps it.
  const failing = new Set(
    outcome.variants.flatMap(({ error, clusters }) => (error === undefined ? [] : clusters)),
  );
  return new Set(
    schedule.clusters
      .map(({ name }) => name)
      .filter((name) => !failing.has(name) || before.has(name)),
  );
}
