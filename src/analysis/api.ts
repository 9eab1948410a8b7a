import type { JsonObject, Outcome } from '../engine/index.ts';
import type { Position } from '../base/position.ts';
import type { Completion } from './completion/types.ts';
import type { Diagnostic, LocatedDiagnostic, Range } from './diagnostic.ts';
import type { Hover } from './hover/types.ts';
import type { InlayHint } from './inlay/types.ts';
import type { LiveControlPlane } from './liveControlPlane.ts';
import type {
  ClusterChoice,
  FilePlanAnswer,
  OverrideRequest,
  PropagateRequest,
} from './propagate/types.ts';
import type { Planning } from './propagate/planning.ts';
import type { BrokenText, UnsentPart } from './notPushed.ts';
import type { PushableObject } from './pushSources.ts';

/**
 * What editors and the command line ask. Plain data in and out; documents are named by URI strings. Answers are
 * complete and current after each `update`; nothing is read from disk or network.
 */
export interface Workspace {
  /** Adds a document or replaces its text. Only the YAML documents that the edit touched are parsed again. */
  update(uri: string, text: string): void;
  remove(uri: string): void;
  /** Lays the documents over what a control plane holds; `undefined` goes back to files alone. */
  setLive(live: LiveControlPlane | undefined): void;
  /** Findings of one document; empty for an unknown one. */
  diagnostics(uri: string): readonly Diagnostic[];
  /** What every member cluster gets of every template. */
  preview(): Preview;
  /** Every template, in the order of documents. */
  templates(): readonly TemplateInfo[];
  /**
   * Keys of the templates that a document concerns: those it holds and those that its policies claim or override.
   * With a position: only what the YAML document there concerns.
   */
  templatesFor(uri: string, position?: Position): readonly string[];
  /** One line above each HelmRelease, PropagationPolicy and OverridePolicy (and their cluster-scoped forms). */
  lenses(uri: string): readonly Lens[];
  /** The parts of a template's preview: one per distinct result, then one per reason for clusters left out. */
  entries(template: string): readonly PreviewEntry[];
  /** The read-only text of one side of one entry; a sentence in comments when there is nothing to show. */
  previewText(request: PreviewRequest, options?: TextOptions): string;
  /** The object behind a cluster's side, masked as texts are; `undefined` when the cluster gets nothing. */
  manifest(request: PreviewRequest): JsonObject | undefined;
  /** Who set the changed lines of a preview text, for hovers and hints. */
  provenance(request: PreviewRequest): readonly ProvenanceNote[];
  /** The clusters of the fleet, for picking. */
  clusters(): readonly ClusterInfo[];
  /** The objects that a position speaks of: the one that it names, or those that a selector chooses. */
  definition(uri: string, position: Position): readonly DefinitionLink[];
  /** Every place that names or selects the object at a position. */
  references(uri: string, position: Position, includeDeclaration: boolean): readonly Location[];
  /** The name at a position, or a sentence on why it cannot be renamed. */
  renamePlace(uri: string, position: Position): RenamePlace | { readonly reason: string };
  /** The smallest edits that give an object another name everywhere, or a sentence on why there are none. */
  rename(uri: string, position: Position, newName: string): RenameAnswer;
  /** The Kubernetes objects of a document with their parts. */
  documentSymbols(uri: string): readonly DocumentSymbol[];
  /** The objects whose kind, namespace and name hold the letters of a query in their order. */
  workspaceSymbols(query: string): readonly WorkspaceSymbol[];
  /** Names in a document that lead to other objects. */
  documentLinks(uri: string): readonly DocumentLink[];
  /** What can be done about the findings that a range touches. */
  codeActions(uri: string, range: Range): readonly CodeAction[];
  /**
   * The edits of an action on a whole document (`fixAll`: every preferred fix of its findings, until none is left) or
   * on all documents (`migrateFlux`: to the API versions of the newest Flux). Empty when there is nothing to do.
   */
  sourceAction(uri: string, type: SourceActionType): readonly UriEdit[];
  /**
   * What can be written at a position. The text is needed for a document that the workspace does not hold because it
   * says nothing yet.
   */
  completions(uri: string, position: Position, text?: string): readonly Completion[];
  /** What is to be said about the word at a position; absent where nothing is. */
  hover(uri: string, position: Position): Hover | undefined;
  /** What one cluster gets in place of the values that overrides change there. */
  inlayHints(uri: string, cluster: string): readonly InlayHint[];
  /** The override policy after which clusters get an edited manifest, confirmed by a simulation. */
  override(request: OverrideRequest): FilePlanAnswer;
  /** The same in steps. When documents change between two of them it is planned anew. */
  overrideInSteps(request: OverrideRequest): Planning<FilePlanAnswer>;
  /** What the first of some clusters gets of a template, as YAML to be edited for `override`; '' for nothing known. */
  manifestToEdit(request: Pick<OverrideRequest, 'template' | 'clusters'>): string;
  /** The objects of documents that can be sent to a control plane, in their order. */
  pushSources(uris: readonly string[]): readonly PushableObject[];
  /** What is wrong with the texts of documents, so that what they say may not be what is read. */
  brokenTexts(uris: readonly string[]): readonly BrokenText[];
  /** What looks like an object in documents and is none that could be sent. */
  unsentParts(uris: readonly string[]): readonly UnsentPart[];
  /** The one of them that a position is in. */
  pushSourceAt(uri: string, position: Position): PushableObject | undefined;
  /** Where a field of such an object is written; the field as an API server names it, such as `spec.rules[0].name`. */
  fieldRange(uri: string, item: string, field: string): Range;
  /** The clusters of the fleet, with what matters when some templates are brought there. */
  clusterChoices(templates: readonly string[]): readonly ClusterChoice[];
  /** The edits that bring templates and all that they need to clusters, or a sentence on why there are none. */
  propagate(request: PropagateRequest): FilePlanAnswer;
  /** The same in steps. When documents change between two of them it is planned anew. */
  propagateInSteps(request: PropagateRequest): Planning<FilePlanAnswer>;
  /** The edits that take templates away from clusters, with what nothing else needs there. */
  stopPropagating(request: PropagateRequest): FilePlanAnswer;
  /** The same in steps. When documents change between two of them it is planned anew. */
  stopPropagatingInSteps(request: PropagateRequest): Planning<FilePlanAnswer>;
  /** The versions in force and where the clusters come from. */
  versions(): Versions;
}

export interface Location {
  readonly uri: string;
  readonly range: Range;
}

export interface DefinitionLink extends Location {
  /** What was asked about. */
  readonly origin: Range;
  /** In `range`, which is the whole object: its name. */
  readonly selection: Range;
}

export interface RenamePlace {
  readonly range: Range;
  readonly name: string;
}

export type RenameAnswer = { readonly edits: readonly UriEdit[] } | { readonly reason: string };

/** A replacement in one document. */
export interface UriEdit extends Location {
  readonly newText: string;
}

/** What a symbol stands for; `data` is a ConfigMap or Secret, `object` any other kind. */
export type SymbolType =
  'release' | 'source' | 'propagation' | 'override' | 'cluster' | 'data' | 'object' | 'part';

export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly type: SymbolType;
  readonly range: Range;
  readonly selection: Range;
  readonly children: readonly DocumentSymbol[];
}

export interface WorkspaceSymbol extends Location {
  readonly name: string;
  /** Kind and namespace. */
  readonly container: string;
  readonly type: SymbolType;
}

export interface DocumentLink {
  readonly range: Range;
  readonly title: string;
  readonly target: Location;
}

export interface CodeAction {
  /** `fix` mends the findings; `ignore` writes a comment that silences them. */
  readonly type: 'fix' | 'ignore';
  readonly title: string;
  readonly edits: readonly UriEdit[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether it is nearly always what is meant. */
  readonly isPreferred: boolean;
}

export type SourceActionType = 'fixAll' | 'migrateFlux';

export interface Versions {
  readonly karmadaVersion: string;
  /** Sentences on the fields in which Karmada differs from the modelled one; '' where it does not. */
  readonly doubts: string;
  readonly fluxVersion: string;
  /** The newest Flux minor that is known. */
  readonly newestFlux: string;
  /** A sentence such as `3 clusters from fleet.yaml.` */
  readonly fleet: string;
  /** The live control plane under the documents. */
  readonly context?: string;
}

export interface Preview {
  /** What the preview takes for granted, a sentence each. */
  readonly assumptions: readonly string[];
  readonly problems: readonly LocatedDiagnostic[];
  readonly outcomes: readonly Outcome[];
}

export interface TemplateInfo {
  /** `APIVERSION/KIND/NAMESPACE/NAME` as the control plane has it; the key for every other call. */
  readonly key: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uri: string;
  /** Of `metadata.name`. */
  readonly range: Range;
  /** The control plane that it is read from, for a live one that no document defines. */
  readonly context?: string;
}

export interface Lens {
  readonly range: Range;
  /** Such as `2 clusters · 1 changed`. */
  readonly title: string;
  /** What the lens previews; empty when there is nothing to preview and the title says why. */
  readonly templates: readonly string[];
}

export type EntryState =
  | 'changed'
  | 'unchanged'
  | 'failed'
  /** On the clusters now, by the live control plane, and no longer with the documents. */
  | 'lost'
  | 'unscheduled'
  | 'undecided'
  | 'unclaimed'
  | 'refused';

export interface PreviewEntry {
  /** The cluster that stands for the group; empty when the entry speaks of no cluster. Stable across edits. */
  readonly cluster: string;
  /** `member1`, `member2 + 11 more`, or what is the matter when there is no cluster. */
  readonly label: string;
  readonly clusters: readonly string[];
  readonly state: EntryState;
  /** One line: how many changes, or the reason. */
  readonly detail: string;
  /** Identifies the set of clusters, so that a later text can say that it changed. */
  readonly group: string;
}

/** Everything a preview text is a function of, beside the workspace. Goes into the query of its URI. */
export interface PreviewRequest {
  readonly template: string;
  readonly side: 'template' | 'cluster';
  /** The representative cluster; empty for a preview without clusters. */
  readonly cluster: string;
  /** The group when the view was opened; absent where it does not matter, as in a comparison of two clusters. */
  readonly group?: string;
  /** Whether Karmada's own labels and annotations are shown. */
  readonly bookkeeping?: boolean;
}

export interface TextOptions {
  /** Whether the assumptions stand at the top. Default true. */
  readonly assumptions?: boolean;
}

export interface ProvenanceNote {
  /** In the preview text. */
  readonly range: Range;
  /** Such as `OverridePolicy default/podinfo-replicas, rule 1`. */
  readonly label: string;
  /** Whole sentences. */
  readonly detail: string;
  /** The override entry that set it. */
  readonly target?: { readonly uri: string; readonly range: Range };
}

export interface ClusterInfo {
  readonly name: string;
  /** Version, provider, region, taints: what helps to pick. */
  readonly description: string;
  /** Only a name that the policies mention. */
  readonly assumed: boolean;
}
