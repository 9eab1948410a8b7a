import { createLineIndex } from '../base/position.ts';
import { latestFluxMinor } from '../engine/index.ts';
import { parseSource } from '../yaml/index.ts';
import type { PreviewEntry, PreviewRequest, Workspace } from './api.ts';
import { assumptionsOf, doubts, fleetSentence } from './assumptions.ts';
import { isChartFile } from './charts.ts';
import { clustersOf } from './clusterInfo.ts';
import { completionsOf } from './completion/completions.ts';
import { diagnosticsOf, findingsIn } from './findings/index.ts';
import type { Finding } from './findings/finding.ts';
import { groupOf } from './groupHash.ts';
import { hoverOf } from './hover/hover.ts';
import { inlayHintsOf } from './inlay/inlayHints.ts';
import type { LiveControlPlane } from './liveControlPlane.ts';
import { lensesOf, templatesConcerning } from './lenses.ts';
import { movementOf } from './live/movement.ts';
import { nameGroup } from './naturalOrder.ts';
import { partsOf } from './parts.ts';
import { listClusters } from './previewText.ts';
import { manifestFor, textOf } from './requestText.ts';
import { provenanceOf } from './provenanceNotes.ts';
import { rangeAt } from './place.ts';
import { manifestToEdit, planOverride } from './propagate/override.ts';
import { brokenTextsOf, unsentPartsOf } from './notPushed.ts';
import { fieldRangeOf, pushSourceAt, pushSourcesOf } from './pushSources.ts';
import { toSettings } from './settings.ts';
import type { Settings, WorkspaceOptions } from './settings.ts';
import { codeActionsOf } from './fixes/codeActions.ts';
import { fixAll } from './fixes/fixAll.ts';
import { toUriEdits } from './fixes/uriEdit.ts';
import { definitionOf, referencesOf } from './navigation/definition.ts';
import { documentLinksOf } from './navigation/documentLinks.ts';
import { renameAt, renamePlaceAt } from './navigation/rename.ts';
import { documentSymbolsOf, workspaceSymbolsOf } from './navigation/symbols.ts';
import { clusterChoices } from './propagate/clusterChoices.ts';
import { finished } from './propagate/planning.ts';
import type { Planning } from './propagate/planning.ts';
import { propagate } from './propagate/propagate.ts';
import { stopPropagating } from './propagate/stopPropagating.ts';
import type { Ground } from './propagate/world.ts';
import { createExclude } from './silencing/exclude.ts';
import { isKustomization, withoutLeftAlone } from './silencing/leftAlone.ts';
import { createSnapshotMaker } from './snapshot.ts';
import type { OpenFile, Snapshot, SnapshotMaker } from './snapshot.ts';
import { maskedOutcome } from './maskedOutcome.ts';

/** Opens an empty workspace. Pure: the answers depend on the options and the documents alone. */
export function createWorkspace(options: WorkspaceOptions = {}): Workspace {
  const settings = toSettings(options);
  const takeSnapshot = createSnapshotMaker(settings);
  const isExcluded = createExclude(settings.exclude, settings.roots);
  const files = new Map<string, OpenFile>();
  let live: LiveControlPlane | undefined;
  let current: Snapshot | undefined;

  const snapshot = (): Snapshot => (current ??= takeSnapshot(...partedFiles(files), live));
  const ground = (): Ground => groundOf(snapshot(), files, takeSnapshot);

  return {
    update(uri, text) {
      if (isExcluded(uri)) return;
      const before = files.get(uri);
      if (before?.source.text === text) return;
      const source = parseSource(text, before?.source);
      files.set(uri, { uri, source, lines: createLineIndex(text) });
      current = undefined;
    },
    remove(uri) {
      if (files.delete(uri)) current = undefined;
    },
    setLive(now) {
      if (live === now) return;
      live = now;
      current = undefined;
    },
    diagnostics: (uri) => diagnosticsOf(snapshot()).get(uri) ?? [],
    ...previewCalls(snapshot),
    ...navigationCalls(snapshot),
    ...authoringCalls(snapshot, files),
    ...propagateCalls(snapshot, ground),
    ...pushCalls(snapshot),
    sourceAction: (uri, type) =>
      toUriEdits(
        snapshot(),
        type === 'fixAll'
          ? fixedIn(uri, snapshot(), (edited) => takeSnapshot(edited, [], live))
          : migrated(snapshot(), settings),
      ),
    versions() {
      const at = snapshot();
      return {
        karmadaVersion: live?.karmadaVersion || settings.karmadaVersion,
        doubts: doubts(at),
        fluxVersion: at.flux.version,
        newestFlux: latestFluxMinor,
        fleet: fleetSentence(at),
        ...(live ? { context: live.context } : {}),
      };
    },
  };
}

function groundOf(
  before: Snapshot,
  files: ReadonlyMap<string, OpenFile>,
  takeSnapshot: SnapshotMaker,
): Ground {
  return {
    before,
    take: (edited) => takeSnapshot(edited, before.chartFiles, before.live),
    isTaken: (uri) => files.has(uri),
    kustomizations: [...files.values()].filter(isKustomization),
  };
}

function fixedIn(
  uri: string,
  { files }: Snapshot,
  take: (edited: readonly OpenFile[]) => Snapshot,
): ReturnType<typeof fixAll> {
  return fixAll(files, take, (at) => findingsIn(at, uri));
}

function migrated({ files }: Snapshot, settings: Settings): ReturnType<typeof fixAll> {
  const take = createSnapshotMaker({ ...settings, fluxVersion: latestFluxMinor, severities: {} });
  return fixAll(files, take, (at) => versionFindings(at));
}

type Now = () => Snapshot;

function pushCalls(snapshot: Now) {
  return {
    pushSources: (uris) => pushSourcesOf(snapshot(), uris),
    brokenTexts: (uris) => brokenTextsOf(snapshot(), uris),
    unsentParts: (uris) => unsentPartsOf(snapshot(), uris),
    pushSourceAt: (uri, position) => pushSourceAt(snapshot(), uri, position),
    fieldRange: (uri, item, field) => fieldRangeOf(snapshot(), uri, item, field),
  } satisfies Partial<Workspace>;
}

function previewCalls(snapshot: Now) {
  return {
    preview() {
      const at = snapshot();
      const problems = [...diagnosticsOf(at)].flatMap(([uri, list]) =>
        list.map((diagnostic) => ({ uri, ...diagnostic })),
      );
      const outcomes = at.run.simulations
        .filter(({ key }) => at.templates.has(key))
        .map(({ outcome, template }) => maskedOutcome(outcome, template));
      return { assumptions: assumptionsOf(at), problems, outcomes };
    },
    templates: () =>
      [...snapshot().templates.values()].map(({ key, item }) => ({
        key,
        apiVersion: item.apiVersion,
        kind: item.kind,
        namespace: item.namespace,
        name: item.name,
        uri: item.file.uri,
        range: rangeAt(item, ['metadata', 'name']),
        ...(item.context === undefined ? {} : { context: item.context }),
      })),
    templatesFor: (uri, position) => templatesConcerning(snapshot(), uri, position),
    lenses: (uri) => lensesOf(snapshot(), uri),
    entries: (template) => entriesOf(snapshot(), template),
    previewText: (request, textOptions) => textOf(snapshot(), request, textOptions),
    manifest: (request) => manifestFor(snapshot(), request),
    provenance: (request: PreviewRequest) => provenanceOf(snapshot(), request),
    clusters: () => clustersOf(snapshot()),
  } satisfies Partial<Workspace>;
}

function navigationCalls(snapshot: Now) {
  return {
    definition: (uri, position) => definitionOf(snapshot(), uri, position),
    references: (uri, position, includeDeclaration) =>
      referencesOf(snapshot(), uri, position, includeDeclaration),
    renamePlace: (uri, position) => renamePlaceAt(snapshot(), uri, position),
    rename(uri, position, newName) {
      const answer = renameAt(snapshot(), uri, position, newName);
      return 'reason' in answer ? answer : { edits: toUriEdits(snapshot(), answer.edits) };
    },
    documentSymbols: (uri) => documentSymbolsOf(snapshot(), uri),
    workspaceSymbols: (query) => workspaceSymbolsOf(snapshot(), query),
    documentLinks: (uri) => documentLinksOf(snapshot(), uri),
    codeActions: (uri, range) => codeActionsOf(snapshot(), uri, range),
  } satisfies Partial<Workspace>;
}

function authoringCalls(snapshot: Now, files: ReadonlyMap<string, OpenFile>) {
  return {
    completions: (uri, position, text) =>
      completionsOf(snapshot(), fileToComplete(files.get(uri), snapshot(), uri, text), position),
    hover: (uri, position) => hoverOf(snapshot(), uri, position),
    inlayHints: (uri, cluster) => inlayHintsOf(snapshot(), uri, cluster),
  } satisfies Partial<Workspace>;
}

function propagateCalls(snapshot: Now, ground: () => Ground) {
  return {
    clusterChoices: (templates) => clusterChoices(snapshot(), templates),
    propagate: (request) => finished(propagate(ground(), request)),
    propagateInSteps: (request) => kept(snapshot, () => propagate(ground(), request)),
    stopPropagating: (request) => finished(stopPropagating(ground(), request)),
    stopPropagatingInSteps: (request) => kept(snapshot, () => stopPropagating(ground(), request)),
    override: (request) => finished(planOverride(ground(), request)),
    overrideInSteps: (request) => kept(snapshot, () => planOverride(ground(), request)),
    manifestToEdit: (request) => manifestToEdit(ground(), request),
  } satisfies Partial<Workspace>;
}

/** An answer for the documents as they are when it is given: they may change between steps. */
function* kept<T>(snapshot: Now, plan: () => Planning<T>): Planning<T> {
  for (;;) {
    const before = snapshot();
    const answer = yield* plan();
    if (snapshot() === before) return answer;
  }
}

/** What is applied and what describes charts, each by name, so that the order of updates never shows in an answer. */
function partedFiles(
  files: ReadonlyMap<string, OpenFile>,
): readonly [applied: readonly OpenFile[], chartFiles: readonly OpenFile[]] {
  const all = [...files.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1));
  const chartFiles = all.filter(isChartFile);
  const applied = withoutLeftAlone(all);
  const isOther = (file: OpenFile): boolean => !chartFiles.includes(file);
  return [chartFiles.length > 0 ? applied.filter(isOther) : applied, chartFiles];
}

/** A document that is looked at, or one that the workspace does not hold because it says nothing yet. */
function fileToComplete(
  known: OpenFile | undefined,
  { files }: Snapshot,
  uri: string,
  text: string | undefined,
): OpenFile | undefined {
  if (known) return files.includes(known) ? known : undefined;
  if (text === undefined) return undefined;
  return { uri, source: parseSource(text), lines: createLineIndex(text) };
}

function versionFindings(snapshot: Snapshot): readonly Finding[] {
  return snapshot.files
    .flatMap(({ uri }) => findingsIn(snapshot, uri))
    .filter(({ code }) => code === 'api-version-removed');
}

const emptyLabels = {
  refused: 'Refused',
  lost: 'Taken away',
  unclaimed: 'No policy claims it',
  failed: 'Fails',
  changed: 'Changed',
  unchanged: 'Unchanged',
  undecided: 'Decided on the control plane',
  unscheduled: 'No cluster fits',
} as const;

function entriesOf(snapshot: Snapshot, key: string): readonly PreviewEntry[] {
  const template = snapshot.templates.get(key);
  if (!template) return [];
  const gained = new Set(movementOf(template.simulation?.schedule).gained);
  return partsOf(template).map(({ state, clusters, remarks }) => {
    const result =
      remarks[0] ?? (state === 'changed' ? 'Changed by overrides.' : 'As the template.');
    const come = clusters.filter((name) => gained.has(name));
    return {
      cluster: clusters[0] ?? '',
      label: clusters.length === 0 ? emptyLabels[state] : nameGroup(clusters),
      clusters,
      state,
      detail: come.length === 0 ? result : `${result} New on ${listClusters(come)}.`,
      group: groupOf(clusters),
    };
  });
}
