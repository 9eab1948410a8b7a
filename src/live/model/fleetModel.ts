import { apiGroup, deepEqual } from '../../engine/index.ts';
import type {
  BindingRow,
  ClusterRow,
  EventRow,
  FleetChange,
  FleetList,
  FleetRows,
  ObjectReference,
  ObjectRow,
  WorkRow,
} from '../rows.ts';
import { createBindingIndex, type BindingIndex } from './bindingIndex.ts';
import type { Judgement } from './clusterState.ts';
import { createEventIndex, objectKey, type EventIndex } from './eventIndex.ts';
import { createDelta, type DeltaWriter, type FleetDelta } from './fleetDelta.ts';
import { isReleaseKind } from './kinds.ts';
import type { Release } from './release.ts';
import { createReleaseEntry, type ReleaseEntry, type Surroundings } from './releaseEntry.ts';
import { createRowStore, type RowChange, type RowStore } from './rowStore.ts';
import { createWorkIndex, type WorkIndex } from './workIndex.ts';

/** All that is known of a control plane, kept up to date by changes. Nothing in it looks at a clock. */
export interface FleetModel {
  /** Takes batches in order and answers what they touched. Costs what changed, not what there is. */
  apply(changes: readonly FleetChange[]): FleetDelta;
  /** The rows of a list by their key. */
  rows<L extends FleetList>(list: L): ReadonlyMap<string, FleetRows[L]>;
  /** By name. */
  readonly clusters: ReadonlyMap<string, ClusterRow>;
  /** By `KIND/NAMESPACE/NAME`. */
  readonly objects: ReadonlyMap<string, ObjectRow>;
  /** HelmReleases and sources by `KIND/NAMESPACE/NAME`, in no order. */
  readonly releases: ReadonlyMap<string, Release>;
  /** How a release does on a cluster; `undefined` where it has nothing to do with it. */
  judge(release: string, cluster: string): Judgement | undefined;
  /** The binding of a template of any kind; of another API group only where none is given. */
  bindingOf(template: Named & Partial<ObjectReference>): BindingRow | undefined;
  /** Works made from a binding; of several on one cluster the first one counts. */
  worksOf(binding: Pick<BindingRow, 'key'>): readonly WorkRow[];
  /** The Work of a release that counts on a cluster. */
  workOn(release: string, cluster: string): WorkRow | undefined;
  /** Events about an object, the latest last; of a namesake before it only without the uid. */
  eventsAbout(reference: Named, uid?: string): readonly EventRow[];
  /** Whether Karmada could not write the binding, so that what it says is old and Works are to be believed. */
  isBindingTooLarge(release: string): boolean;
}

type Named = Pick<ObjectReference, 'kind' | 'namespace' | 'name'>;

/** An empty model. It starts to speak with the first batches. */
export function createFleetModel(): FleetModel {
  const fleet = createFleet();
  const { stores, bindings, works, events, releases } = fleet;
  return {
    apply(changes) {
      const writer = createDelta();
      for (const change of changes) applyChange(fleet, change, writer);
      return writer.delta;
    },
    rows: (list) => stores[list].rows,
    clusters: stores.clusters.rows,
    objects: stores.objects.rows,
    releases,
    judge: (release, cluster) => releases.get(release)?.judge(cluster),
    bindingOf: (template) => bindings.of(objectKey(template), inGroupOf(template)),
    worksOf: ({ key }) => [...works.of(key).values()].flat(),
    workOn(release, cluster) {
      const binding = bindings.of(release, isReleaseKind);
      return binding && works.on(binding.key, cluster);
    },
    eventsAbout: (reference, uid) => events.about(objectKey(reference), uid),
    isBindingTooLarge: (release) => releases.get(release)?.isBindingTooLarge ?? false,
  };
}

function inGroupOf({ apiVersion = '' }: Partial<ObjectReference>) {
  return (template: ObjectReference): boolean =>
    apiVersion === '' || apiGroup(template.apiVersion) === apiGroup(apiVersion);
}

interface Fleet {
  readonly stores: { readonly [L in FleetList]: RowStore<L> };
  readonly bindings: BindingIndex;
  readonly works: WorkIndex;
  readonly events: EventIndex;
  readonly releases: Map<string, ReleaseEntry>;
  readonly around: Surroundings;
}

function createFleet(): Fleet {
  const stores = {
    clusters: createRowStore<'clusters'>(keepClusterObject),
    bindings: createRowStore<'bindings'>(),
    works: createRowStore<'works'>(),
    objects: createRowStore<'objects'>(),
    events: createRowStore<'events'>(),
  };
  const bindings = createBindingIndex();
  const works = createWorkIndex();
  const events = createEventIndex();
  const around: Surroundings = {
    clusters: stores.clusters.rows,
    hasWorks: () => stores.works.rows.size > 0,
    works,
    events,
    template: (key) => stores.objects.rows.get(key),
    binding: (key) => bindings.of(key, isReleaseKind),
  };
  return { stores, bindings, works, events, releases: new Map(), around };
}

function applyChange<L extends FleetList>(
  fleet: Fleet,
  change: FleetChange<L>,
  writer: DeltaWriter,
): void {
  const store = fleet.stores[change.list];
  const wasEmpty = store.rows.size === 0;
  for (const row of store.apply(change)) changed[change.list](fleet, row, writer);
  // A missing cluster or Work means nothing while none at all is known.
  const isMeaning = change.list === 'clusters' || change.list === 'works';
  if (!isMeaning || wasEmpty === (store.rows.size === 0)) return;
  for (const { reference } of fleet.releases.values()) touch(fleet, writer, reference);
}

type Changed<R> = (fleet: Fleet, change: RowChange<R>, writer: DeltaWriter) => void;

/** What a row of each list means for the indexes and the releases. */
const changed: { readonly [L in FleetList]: Changed<FleetRows[L]> } = {
  clusters(fleet, { before, after }, writer) {
    const name = (after ?? before)?.name ?? '';
    writer.touchCluster(name);
    for (const release of fleet.releases.values()) {
      if (release.goesTo(name)) touch(fleet, writer, release.reference, name);
    }
  },
  bindings(fleet, { before, after }, writer) {
    fleet.bindings.change(before, after);
    for (const side of [before, after]) {
      if (side && isReleaseKind(side.template)) touch(fleet, writer, side.template);
    }
  },
  works(fleet, { before, after }, writer) {
    fleet.works.change(before, after);
    for (const side of [before, after]) {
      const template = side && fleet.stores.bindings.rows.get(side.binding)?.template;
      if (template && isReleaseKind(template)) touch(fleet, writer, template, side.cluster);
    }
  },
  objects(fleet, { before, after }, writer) {
    const row = after ?? before;
    if (row && isReleaseKind(row)) touch(fleet, writer, row);
  },
  events(fleet, { before, after }, writer) {
    fleet.events.change(before, after);
    for (const side of [before, after]) {
      const about = side && templateOf(side, fleet.stores.bindings.rows);
      if (about && fleet.releases.has(objectKey(about))) touch(fleet, writer, about);
    }
  },
};

/** Notes that a release is to be judged anew, on one cluster or at all; makes and drops it as its rows come and go. */
function touch(
  { stores, bindings, releases, around }: Fleet,
  writer: DeltaWriter,
  reference: ObjectReference,
  cluster?: string,
): void {
  const key = objectKey(reference);
  writer.touchRelease(key, cluster);
  const release = releases.get(key);
  if (!stores.objects.rows.has(key) && !bindings.of(key, isReleaseKind)) releases.delete(key);
  else if (release) release.invalidate(cluster);
  else releases.set(key, createReleaseEntry(key, reference, around));
}

/** The template that an event speaks of: the object itself, or what a binding stands for. */
function templateOf(
  { about }: EventRow,
  bindings: ReadonlyMap<string, BindingRow>,
): ObjectReference | undefined {
  if (about.kind === 'ResourceBinding') {
    return bindings.get(`${about.namespace}/${about.name}`)?.template;
  }
  if (about.kind === 'ClusterResourceBinding') return bindings.get(about.name)?.template;
  return about;
}

/** A heartbeat changes a Cluster's version, and nothing that the engine reads. */
function keepClusterObject(before: ClusterRow, after: ClusterRow): ClusterRow {
  if (before.object === after.object || !deepEqual(before.object, after.object)) return after;
  return { ...after, object: before.object };
}
