import { createSimulator, latestFluxMinor, stringMember } from '../engine/index.ts';
import type {
  FluxMinor,
  JsonObject,
  SimulateOptions,
  Simulation,
  SimulationRun,
  Simulator,
} from '../engine/index.ts';
import type { LineIndex } from '../base/position.ts';
import type { SourceDocument, SourceFile, SourcePath } from '../yaml/index.ts';
import { fleetOf, fluxVersionOf } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { ingest } from './ingest.ts';
import type { Ingested, IngestContext, Role } from './ingest.ts';
import type { LiveControlPlane } from './liveControlPlane.ts';
import { declaredScopes, objectsIn } from './scope.ts';
import type { Settings } from './settings.ts';

/** A document of the workspace with its text's lines. */
export interface OpenFile {
  readonly uri: string;
  readonly source: SourceFile;
  readonly lines: LineIndex;
}

/** One Kubernetes object of the workspace: where it stands and what the control plane makes of it. */
export interface Item extends Ingested {
  readonly file: OpenFile;
  readonly document: SourceDocument;
  /** From the document's root to the object: empty, or `items` and an index. */
  readonly path: SourcePath;
  /** As written. No two items of a snapshot have the same one, and it stays the same object while its document does. */
  readonly source: JsonObject;
  /** `APIVERSION/KIND/NAMESPACE/NAME`; the version as stored, which differs from the written one after a conversion. */
  readonly key: string;
}

/** A template with its item and, unless the server refuses it, its simulation. */
export interface Template {
  readonly key: string;
  readonly item: Item;
  readonly simulation?: Simulation;
}

export interface FluxInForce {
  readonly version: FluxMinor;
  readonly origin: 'setting' | 'clusters' | 'newest';
}

/** What every object is judged by. The same object in two snapshots as long as nothing in it differs. */
export interface Circumstances extends IngestContext {
  readonly settings: Settings;
  readonly flux: FluxInForce;
}

/** Everything that follows from the documents at one moment. Immutable. */
export interface Snapshot {
  readonly settings: Settings;
  readonly circumstances: Circumstances;
  readonly files: readonly OpenFile[];
  /** Files of Helm charts, which say what values there are; none of them is applied. */
  readonly chartFiles: readonly OpenFile[];
  readonly items: readonly Item[];
  readonly fleet: Fleet;
  readonly flux: FluxInForce;
  readonly run: SimulationRun;
  /** By key, in the order of documents. Of several objects with one key the last counts. */
  readonly templates: ReadonlyMap<string, Template>;
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
  const options: SimulateOptions = {
    skippedNamespaces: settings.skippedPropagatingNamespaces,
    featureGates: settings.featureGates,
  };
  const places = new WeakMap<OpenFile, readonly Place[]>();
  let itemsOf = createItemReader();
  let before: Snapshot | undefined;
  return (files, chartFiles = [], live = undefined) => {
    const found = files.map((file) => getOrMake(places, file, placesIn));
    const circumstances = circumstancesOf(settings, found, before?.circumstances);
    if (circumstances !== before?.circumstances) itemsOf = createItemReader();
    const items = files.flatMap((file, i) => itemsOf(file, found[i] ?? [], circumstances));
    const { clusters, policies, templates } = storedIn(items);
    const fleet = fleetOf(live?.clusters ?? settings.fleet, clusters, policies, templates, before?.fleet);
    // Only what nobody can do without is worked out at once: completion asks after every character.
    const run = lazily(() => simulate([...fleet.clusters, ...policies, ...templates], options));
    const maps = lazily(() => mapsOf(items, run()));
    const { flux } = circumstances;
    before = {
      ...{ settings, circumstances, files, chartFiles, items, fleet, flux },
      get run() {
        return run();
      },
      get templates() {
        return maps().templates;
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

function circumstancesOf(
  settings: Settings,
  places: readonly (readonly Place[])[],
  before: Circumstances | undefined,
): Circumstances {
  const clusters: JsonObject[] = [];
  const definitions: JsonObject[] = [];
  for (const { source } of places.flat()) {
    if (source['kind'] === 'Cluster') clusters.push(source);
    else if (source['kind'] === 'CustomResourceDefinition') definitions.push(source);
  }
  const flux = fluxInForce(settings, settings.fleet ?? clusters);
  const scopes = declaredScopes(definitions);
  const isSame =
    before?.flux.version === flux.version &&
    before.flux.origin === flux.origin &&
    isSameMap(before.declaredScopes, scopes);
  if (isSame) return before;
  const { defaultNamespace } = settings;
  return { settings, flux, defaultNamespace, fluxVersion: flux.version, declaredScopes: scopes };
}

function isSameMap<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function fluxInForce(settings: Settings, clusters: readonly JsonObject[]): FluxInForce {
  if (settings.fluxVersion) return { version: settings.fluxVersion, origin: 'setting' };
  const shown = fluxVersionOf(clusters);
  return shown
    ? { version: shown, origin: 'clusters' }
    : { version: latestFluxMinor, origin: 'newest' };
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
function storedIn(items: readonly Item[]) {
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
  items: readonly Item[],
  { simulations }: SimulationRun,
): Pick<Snapshot, 'templates' | 'itemOf' | 'itemOfSource'> {
  const simulationOf = new Map(simulations.map((simulation) => [simulation.key, simulation]));
  const templates = new Map<string, Template>();
  const itemOf = new Map<JsonObject, Item>();
  const itemOfSource = new Map<JsonObject, Item>();
  for (const item of items) {
    const { key, role, stored, source } = item;
    itemOfSource.set(source, item);
    if (stored) itemOf.set(stored, item);
    if (role !== 'template') continue;
    const simulation = stored && simulationOf.get(key);
    templates.set(key, simulation ? { key, item, simulation } : { key, item });
  }
  return { templates, itemOf, itemOfSource };
}
