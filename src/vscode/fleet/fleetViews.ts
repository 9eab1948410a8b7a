import type { LogOutputChannel, Memento, TreeView } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import {
  createClustersTree,
  createReleasesTree,
  isFiltered,
  troubledReleases,
  type ViewOptions,
} from '../../live/index.ts';
import type { ControlPlaneSession } from '../../kube/index.ts';
import type { ConnectionParts } from '../connection/connectionParts.ts';
import { showConnection } from '../connection/connectionView.ts';
import { mayReadBindings } from '../connection/mayReadBindings.ts';
import { holdWhile } from '../holdWhile.ts';
import type { MemberAccess } from '../memberAccess.ts';
import { contextKeys, viewIds } from '../names.ts';
import { createTreeView } from './createTreeView.ts';
import { FleetTree } from './fleetTree.ts';
import type { TreeElement } from './treeItem.ts';
import { ViewChoices } from './viewChoices.ts';
import { registerViewCommands } from './viewCommands.ts';

/** One view with what feeds it. */
export interface FleetView {
  readonly view: TreeView<TreeElement>;
  readonly tree: FleetTree;
  readonly choices: ViewChoices;
}

/** Both views. */
export interface FleetViews extends Disposable {
  readonly clusters: FleetView;
  readonly releases: FleetView;
}

/** What the views are made from. */
export interface FleetParts extends ConnectionParts {
  readonly access: MemberAccess;
}

/** Registers the views of clusters and of releases. They read and contact nothing before they are seen. */
export function createFleetViews(
  memento: Memento,
  parts: FleetParts,
  log: LogOutputChannel,
): FleetViews {
  const store = new DisposableStore();
  const clusters = createClustersView(memento, parts, store);
  const releases = createReleasesView(memento, parts, store);
  store.add(registerViewCommands({ clusters, releases }, parts.connection, log));
  return { clusters, releases, dispose: () => store.dispose() };
}

function createClustersView(
  memento: Memento,
  parts: FleetParts,
  store: DisposableStore,
): FleetView {
  const choices = store.add(
    new ViewChoices(memento, viewIds.clusters, {
      isFiltered: contextKeys.clustersFiltered,
      isProblemsOnly: contextKeys.clustersProblemsOnly,
    }),
  );
  const { connection } = parts;
  const tree = store.add(
    new FleetTree({ connection, access: parts.access }, createClustersTree, choices),
  );
  const view = createTreeView(viewIds.clusters, tree, store);
  // Releases are read only when somebody looks below a cluster or filters by their problems.
  let isExpanded = false;
  const { follow } = store.add(
    holdWhile(
      () => view.visible && (isExpanded || choices.options.problemsOnly),
      () => connection.hold('releases'),
    ),
  );
  store.add(
    view.onDidExpandElement(({ element }) => {
      isExpanded ||= element.cluster !== undefined;
      follow();
    }),
  );
  store.add(view.onDidChangeVisibility(follow));
  store.add(choices.onDidChange(follow));
  showState({ view, tree, choices }, { id: viewIds.clusters, interest: 'clusters' }, parts, store);
  return { view, tree, choices };
}

function createReleasesView(
  memento: Memento,
  parts: FleetParts,
  store: DisposableStore,
): FleetView {
  const choices = store.add(
    new ViewChoices(memento, viewIds.releases, {
      isFiltered: contextKeys.releasesFiltered,
      isProblemsOnly: contextKeys.releasesProblemsOnly,
    }),
  );
  const { connection } = parts;
  const tree = store.add(
    new FleetTree({ connection, access: parts.access }, createReleasesTree, choices),
  );
  const view = createTreeView(viewIds.releases, tree, store);
  const count = () => {
    const value = troubledReleases(connection.model, mayReadBindings(connection.session));
    if (value === (view.badge?.value ?? 0)) return;
    const tooltip = value === 1 ? '1 release has problems' : `${value} releases have problems`;
    view.badge = value === 0 ? undefined : { value, tooltip };
  };
  store.add(tree.onDidRefresh(count));
  store.add(connection.onDidChangeModel(count));
  // Whether a cluster is ready is part of how a release does.
  const held = store.add(
    holdWhile(
      () => view.visible,
      () => connection.hold('clusters'),
    ),
  );
  store.add(view.onDidChangeVisibility(held.follow));
  showState({ view, tree, choices }, { id: viewIds.releases, interest: 'releases' }, parts, store);
  return { view, tree, choices };
}

/** The connection and what is chosen, above the lines. */
function showState(
  { view, tree, choices }: FleetView,
  options: { readonly id: string; readonly interest: 'clusters' | 'releases' },
  parts: ConnectionParts,
  store: DisposableStore,
): void {
  const message = () => {
    const refused = options.interest === 'releases' ? refusedText(parts.connection.session) : '';
    // VS Code shows a message or the welcome text, which has more to say when nothing fits.
    const isOfUse = isFiltered(choices.options) && !tree.isEmpty;
    return [refused, isOfUse ? choiceText(choices.options) : ''].filter(Boolean).join('\n');
  };
  const shown = store.add(showConnection(view, { ...options, message }, parts));
  store.add(choices.onDidChange(() => shown.refresh()));
  store.add(
    tree.onDidRefresh(() => {
      if (isFiltered(choices.options)) shown.refresh();
    }),
  );
}

/** What is left out, so that nobody takes a part for the whole. */
function choiceText(options: ViewOptions): string {
  const { filter, problemsOnly, namespaces } = options;
  const parts = [
    filter.trim() === '' ? '' : `matching “${filter.trim()}”`,
    problemsOnly ? 'with problems' : '',
    namespaces.length === 0 ? '' : `in ${namespaces.join(', ')}`,
  ];
  return `Only ${parts.filter(Boolean).join(', ')}.`;
}

/** What is missing in the lines because a list is not to be had; the connection's details tell what it takes. */
function refusedText(session: Pick<ControlPlaneSession, 'state'> | undefined): string {
  const refused = [...(session?.state.streams ?? [])].filter(([, { type }]) => type === 'refused');
  if (refused.length === 0) return '';
  const plurals = refused.map(([origin]) => origin.slice(origin.lastIndexOf('/') + 1));
  const more = plurals.length - mostRefused;
  const names = plurals.slice(0, more === 1 ? plurals.length : mostRefused).join(', ');
  return `Not all can be read: ${names}${more > 1 ? ` and ${more} more` : ''}.`;
}

/** As many as fit in two lines. */
const mostRefused = 4;
