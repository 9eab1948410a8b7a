import type { BindingRow, ClusterRow, EventRow, ObjectReference, ObjectRow } from '../rows.ts';
import { judge, type Judgement } from './clusterState.ts';
import { isBindingTooLarge, objectKey, overrideErrors, type EventIndex } from './eventIndex.ts';
import type { Release } from './release.ts';
import { createStateTable } from './stateTable.ts';
import type { WorkIndex } from './workIndex.ts';

/** What a release reads of the rest of the fleet. */
export interface Surroundings {
  readonly clusters: ReadonlyMap<string, ClusterRow>;
  readonly works: WorkIndex;
  readonly events: EventIndex;
  hasWorks(): boolean;
  template(key: string): ObjectRow | undefined;
  binding(key: string): BindingRow | undefined;
}

/** A release that is judged when it is looked at, and again only where something changed. */
export interface ReleaseEntry extends Release {
  readonly isBindingTooLarge: boolean;
  judge(cluster: string): Judgement | undefined;
  /** What is known of one cluster, or of all, is no longer so. */
  invalidate(cluster?: string): void;
  /** Whether a change of this cluster concerns it. */
  goesTo(cluster: string): boolean;
}

/** @param reference how it was called where it was first heard of */
export function createReleaseEntry(
  key: string,
  reference: ObjectReference,
  around: Surroundings,
): ReleaseEntry {
  let facts: ReleaseFacts | undefined;
  const factsNow = () => (facts ??= readFacts(key, around));
  const judgeOn = (cluster: string) => judgeCluster(key, cluster, factsNow(), around);
  const table = createStateTable(
    (cluster) => judgeOn(cluster)?.state,
    () => concernedClusters(factsNow(), around),
  );
  return {
    key,
    get reference() {
      const { apiVersion, kind, namespace, name } =
        around.template(key) ?? around.binding(key)?.template ?? reference;
      return { apiVersion, kind, namespace, name };
    },
    get template() {
      return around.template(key);
    },
    get binding() {
      return around.binding(key);
    },
    get states() {
      return table.states;
    },
    get counts() {
      return table.counts;
    },
    get isBindingTooLarge() {
      return factsNow().isBindingTooLarge;
    },
    judge: judgeOn,
    invalidate(cluster) {
      if (cluster === undefined) facts = undefined;
      table.invalidate(cluster);
    },
    goesTo: table.concerns,
  };
}

/** What holds for all clusters of a release. */
interface ReleaseFacts {
  readonly binding: BindingRow | undefined;
  /** Scheduled there, or needed there by another binding. */
  readonly wanted: ReadonlySet<string>;
  readonly overrideErrors: ReadonlyMap<string, string>;
  readonly isBindingTooLarge: boolean;
}

function readFacts(key: string, around: Surroundings): ReleaseFacts {
  const binding = around.binding(key);
  const events = eventsOf(key, binding, around);
  const scheduled = binding?.clusters.map(({ name }) => name) ?? [];
  return {
    binding,
    wanted: new Set([...scheduled, ...(binding?.requiredBy ?? [])]),
    overrideErrors: overrideErrors(events),
    isBindingTooLarge: isBindingTooLarge(events),
  };
}

function judgeCluster(
  key: string,
  cluster: string,
  { binding, wanted, overrideErrors: errors }: ReleaseFacts,
  around: Surroundings,
): Judgement | undefined {
  if (!binding) return undefined;
  const work = around.works.on(binding.key, cluster);
  const isWanted = wanted.has(cluster);
  if (!isWanted && !work && !binding.reports.has(cluster)) return undefined;
  return judge({
    cluster,
    template: around.template(key),
    binding,
    work,
    member: around.clusters.get(cluster),
    overrideError: errors.get(cluster) ?? '',
    known: { works: around.hasWorks(), clusters: around.clusters.size > 0 },
    isWanted,
  });
}

/** Every cluster that has, had or is to get the template. */
function concernedClusters(
  { binding, wanted }: ReleaseFacts,
  { works }: Surroundings,
): readonly string[] {
  if (!binding) return [];
  return [...wanted, ...works.of(binding.key).keys(), ...binding.reports.keys()];
}

/** What was said of the template and of its binding; not of namesakes that are gone. */
function eventsOf(
  key: string,
  binding: BindingRow | undefined,
  { events, template }: Surroundings,
): readonly EventRow[] {
  const about = events.about(key, template(key)?.uid ?? binding?.template.uid);
  if (!binding) return about;
  const kind = binding.namespace === '' ? 'ClusterResourceBinding' : 'ResourceBinding';
  return [...about, ...events.about(objectKey({ ...binding, kind }), binding.uid)];
}
