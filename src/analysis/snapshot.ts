import { createSimulator, isObject, latestFluxMinor, stringMember } from '../engine/index.ts';
import type {
  FluxMinor,
  JsonObject,
  Simulation,
  SimulationRun,
  Simulator,
} from '../engine/index.ts';
import type { LineIndex } from '../base/position.ts';
import type { SourceDocument, SourceFile, SourcePath } from '../yaml/index.ts';
import { fleetOf, fluxVersionOf } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { ingest } from './ingest.ts';
import type { Ingested, IngestContext } from './ingest.ts';
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
  /** As written. */
  readonly source: JsonObject;
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

/** Everything that follows from the documents at one moment. Immutable. */
export interface Snapshot {
  readonly settings: Settings;
  readonly files: readonly OpenFile[];
  readonly items: readonly Item[];
  readonly fleet: Fleet;
  readonly flux: FluxInForce;
  readonly run: SimulationRun;
  /** By key, in the order of documents. Of several objects with one key the last counts. */
  readonly templates: ReadonlyMap<string, Template>;
  /** The item behind a stored policy or template. */
  readonly itemOf: ReadonlyMap<JsonObject, Item>;
}

/** Makes snapshots; what did not change between two of them is the identical object in both. */
export type SnapshotMaker = (files: readonly OpenFile[]) => Snapshot;

export function createSnapshotMaker(settings: Settings): SnapshotMaker {
  const simulate: Simulator = createSimulator();
  let known = new WeakMap<JsonObject, Ingested | undefined>();
  let knownContext = '';
  let before: Snapshot | undefined;
  return (files) => {
    const found = files.flatMap(placesIn);
    const context = contextOf(settings, found);
    const key = JSON.stringify([context.fluxVersion, [...context.declaredScopes]]);
    if (key !== knownContext) {
      known = new WeakMap();
      knownContext = key;
    }
    const items = found.flatMap((place): Item[] => {
      if (!known.has(place.source)) known.set(place.source, ingest(place.source, context));
      const ingested = known.get(place.source);
      return ingested ? [{ ...ingested, ...place }] : [];
    });
    before = assemble({ settings, files, items, flux: context.flux, simulate, before });
    return before;
  };
}

interface Place {
  readonly file: OpenFile;
  readonly document: SourceDocument;
  readonly path: SourcePath;
  readonly source: JsonObject;
}

function placesIn(file: OpenFile): Place[] {
  const applied = file.source.documents.filter(({ ignored, templated }) => !ignored && !templated);
  return applied.flatMap((document) =>
    objectsIn(document.value).map(({ path, object }) => ({ file, document, path, source: object })),
  );
}

function contextOf(
  settings: Settings,
  places: readonly Place[],
): IngestContext & { readonly flux: FluxInForce } {
  const sources = places.map(({ source }) => source);
  const clusters = settings.fleet ?? sources.filter((source) => source['kind'] === 'Cluster');
  const flux = fluxInForce(settings, clusters);
  return {
    defaultNamespace: settings.defaultNamespace,
    fluxVersion: flux.version,
    declaredScopes: declaredScopes(sources),
    flux,
  };
}

function fluxInForce(settings: Settings, clusters: readonly JsonObject[]): FluxInForce {
  if (settings.fluxVersion) return { version: settings.fluxVersion, origin: 'setting' };
  const shown = fluxVersionOf(clusters);
  return shown
    ? { version: shown, origin: 'clusters' }
    : { version: latestFluxMinor, origin: 'newest' };
}

interface Parts {
  readonly settings: Settings;
  readonly files: readonly OpenFile[];
  readonly items: readonly Item[];
  readonly flux: FluxInForce;
  readonly simulate: Simulator;
  readonly before: Snapshot | undefined;
}

function assemble({ settings, files, items, flux, simulate, before }: Parts): Snapshot {
  const storedOf = (role: Ingested['role']): JsonObject[] =>
    items.flatMap((item) => (item.role === role && item.stored ? [item.stored] : []));
  const policies = [...storedOf('propagation'), ...storedOf('override')];
  const templateObjects = storedOf('template');
  const clusters = storedOf('cluster');
  const fleet = fleetOf(settings.fleet, clusters, policies, templateObjects, before?.fleet);
  const run = simulate([...fleet.clusters, ...policies, ...templateObjects], {
    skippedNamespaces: settings.skippedPropagatingNamespaces,
    featureGates: settings.featureGates,
  });
  const itemOf = new Map<JsonObject, Item>();
  for (const item of items) if (item.stored) itemOf.set(item.stored, item);
  return { settings, files, items, fleet, flux, run, itemOf, templates: templatesOf(items, run) };
}

function templatesOf(items: readonly Item[], run: SimulationRun): ReadonlyMap<string, Template> {
  const simulationOf = new Map(run.simulations.map((simulation) => [simulation.key, simulation]));
  const templates = new Map<string, Template>();
  for (const item of items) {
    if (item.role !== 'template') continue;
    const key = keyOf(item);
    const simulation = item.stored && simulationOf.get(key);
    templates.set(key, { key, item, ...(simulation ? { simulation } : {}) });
  }
  return templates;
}

/** The key of a template: its version as stored, which differs from the written one after a conversion. */
export function keyOf(item: Item): string {
  const apiVersion = isObject(item.stored)
    ? stringMember(item.stored, 'apiVersion')
    : item.apiVersion;
  return `${apiVersion}/${item.kind}/${item.namespace}/${item.name}`;
}
