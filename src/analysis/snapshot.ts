import { createSimulator, stringMember } from '../engine/index.ts';
import type { JsonObject, SimulationRun, Simulator } from '../engine/index.ts';
import type { SourceDocument, SourcePath } from '../yaml/index.ts';
import { circumstancesOf } from './circumstances.ts';
import type { Circumstances, FluxInForce } from './circumstances.ts';
import { fleetOf } from './fleet.ts';
import type { Fleet, Stored } from './fleet.ts';
import { ingest } from './ingest.ts';
import type { Ingested, Role } from './ingest.ts';
import type { Item, OpenFile, Template } from './item.ts';
import { createJoiner } from './live/joined.ts';
import type { Joined } from './live/joined.ts';
import { createLiveReader } from './live/liveLayer.ts';
import type { LiveControlPlane } from './liveControlPlane.ts';
import { objectsIn } from './scope.ts';
import type { Settings } from './settings.ts';

export type { Item, OpenFile, Template } from './item.ts';

/** Everything that follows from the documents at one moment. Immutable. */
export interface Snapshot {
  readonly settings: Settings;
  readonly circumstances: Circumstances;
  readonly files: readonly OpenFile[];
  /** Files of Helm charts, which say what values there are; none of them is applied. */
  readonly chartFiles: readonly OpenFile[];
  /** Of the documents. */
  readonly items: readonly Item[];
  /** The control plane under the documents. */
  readonly live?: LiveControlPlane;
  /** The items of the documents, then the live objects that no document defines. */
  readonly objects: readonly Item[];
  readonly fleet: Fleet;
  readonly flux: FluxInForce;
  readonly run: SimulationRun;
  /**
   * By key, in the order of documents. Of several objects with one key the last counts. Behind them live ones that a
   * policy of the documents claims or overrides.
   */
  readonly templates: ReadonlyMap<string, Template>;
  /** The other live ones, which can be referred to; with a simulation where a document has to do with them. */
  readonly otherTemplates: readonly Template[];
  /** The item behind a stored policy or template. */
  readonly itemOf: ReadonlyMap<JsonObject, Item>;
  /** The item of a source, for what was found in an earlier snapshot and still holds. */
  readonly itemOfSource: ReadonlyMap<JsonObject, Item>;
}

/** Makes snapshots; what did not change between two of them is the identical object in both. */
export type SnapshotMaker = (
  files: readonly OpenFile[],
  chartFiles?: readonly OpenFile[],
  live?: LiveControlPlane,
) => Snapshot;

export function createSnapshotMaker(settings: Settings): SnapshotMaker {
  const simulate: Simulator = createSimulator();
  const { featureGates, skippedPropagatingNamespaces: skippedNamespaces } = settings;
  const preempts = featureGates['PropagationPolicyPreemption'] === true;
  const [readLive, join] = [createLiveReader(), createJoiner({ preempts })];
  const places = new WeakMap<OpenFile, readonly Place[]>();
  let itemsOf = createItemReader();
  let before: Snapshot | undefined;
  return (files, chartFiles = [], live) => {
    const found = files.map((file) => getOrMake(places, file, placesIn));
    const sources = found.flat().map(({ source }) => source);
    const circumstances = circumstancesOf(settings, sources, live, before?.circumstances);
    if (circumstances !== before?.circumstances) itemsOf = createItemReader();
    const written = files.flatMap((file, i) => itemsOf(file, found[i] ?? [], circumstances));
    const layer = live && readLive(live, circumstances);
    const joined = layer ? join(written, layer) : { ...nothingJoined, drafts: written };
    const items = joined.drafts;
    const own = storedIn(items);
    const fleet = fleetOf(settings.fleet, live, own, before?.fleet);
    const all = layer
      ? storedIn([...joined.items.filter(isPolicy), ...joined.simulated, ...items])
      : own;
    // Only what nobody can do without is worked out at once: completion asks after every character.
    const run = lazily(() =>
      simulate([...fleet.clusters, ...all.policies, ...all.templates], {
        ...{ skippedNamespaces, featureGates },
        ...(layer ? { previous: layer.previous } : {}),
      }),
    );
    const maps = lazily(() => mapsOf(joined, run()));
    const objects = lazily(() => (layer ? [...items, ...joined.items] : items));
    const { flux } = circumstances;
    before = {
      ...{ settings, circumstances, files, chartFiles, items, fleet, flux },
      ...(live ? { live } : {}),
      get objects() {
        return objects();
      },
      get run() {
        return run();
      },
      get templates() {
        return maps().templates;
      },
      get otherTemplates() {
        return maps().otherTemplates;
      },
      get itemOf() {
        return maps().itemOf;
      },
      get itemOfSource() {
        return maps().itemOfSource;
      },
    };
    return before;
  };
}

const nothingJoined = { items: [], simulated: [], touched: new Set<Item>() };

function isPolicy({ role }: Item): boolean {
  return role === 'propagation' || role === 'override';
}

function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

interface Place {
  readonly file: OpenFile;
  readonly document: SourceDocument;
  readonly path: SourcePath;
  readonly source: JsonObject;
}

function placesIn(file: OpenFile): readonly Place[] {
  const places: Place[] = [];
  for (const document of file.source.documents) {
    if (document.ignored || document.templated) continue;
    for (const { path, object } of objectsIn(document.value)) {
      places.push({ file, document, path, source: object });
    }
  }
  return places;
}

function getOrMake<K extends object, V>(map: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make(key)));
  return value;
}

type ItemReader = (
  file: OpenFile,
  places: readonly Place[],
  circumstances: Circumstances,
) => readonly Item[];

/** Reads the items of files under the same circumstances: a file once, an object once whatever moves around it. */
function createItemReader(): ItemReader {
  const byFile = new WeakMap<OpenFile, readonly Item[]>();
  const bySource = new WeakMap<JsonObject, Pick<Item, keyof Ingested | 'key'> | 'no object'>();
  return (file, places, circumstances) =>
    getOrMake(byFile, file, () =>
      places.flatMap((place): Item[] => {
        const read = getOrMake(bySource, place.source, (source) => {
          const ingested = ingest(source, circumstances);
          return ingested ? { ...ingested, key: keyOf(ingested) } : 'no object';
        });
        return read === 'no object' ? [] : [{ ...read, ...place }];
      }),
    );
}

function keyOf({ stored, apiVersion, kind, namespace, name }: Ingested): string {
  const version = stored ? stringMember(stored, 'apiVersion') : apiVersion;
  return `${version}/${kind}/${namespace}/${name}`;
}

/** What the control plane holds, by what it is to Karmada. */
export function storedIn(items: readonly Item[]): Stored {
  const byRole: { readonly [role in Role]: JsonObject[] } = {
    cluster: [],
    propagation: [],
    override: [],
    template: [],
  };
  for (const { role, stored } of items) if (stored) byRole[role].push(stored);
  const { cluster, propagation, override, template } = byRole;
  return { clusters: cluster, policies: [...propagation, ...override], templates: template };
}

function mapsOf(
  { drafts, items, touched }: Joined,
  { simulations }: SimulationRun,
): Pick<Snapshot, 'templates' | 'otherTemplates' | 'itemOf' | 'itemOfSource'> {
  const simulationOf = new Map(simulations.map((simulation) => [simulation.key, simulation]));
  const templates = new Map<string, Template>();
  const otherTemplates: Template[] = [];
  const itemOf = new Map<JsonObject, Item>();
  const itemOfSource = new Map<JsonObject, Item>();
  const toTemplate = (item: Item): Template => {
    const { key, stored } = item;
    const simulation = stored && simulationOf.get(key);
    return simulation ? { key, item, simulation } : { key, item };
  };
  for (const item of drafts) {
    itemOfSource.set(item.source, item);
    if (item.stored) itemOf.set(item.stored, item);
    if (item.role === 'template') templates.set(item.key, toTemplate(item));
  }
  for (const item of items) {
    itemOfSource.set(item.source, item);
    if (item.role !== 'template') {
      if (item.stored) itemOf.set(item.stored, item);
    } else if (!touched.has(item)) otherTemplates.push(toTemplate(item));
    else if (!templates.has(item.key)) templates.set(item.key, toTemplate(item));
  }
  return { templates, otherTemplates, itemOf, itemOfSource };
}
