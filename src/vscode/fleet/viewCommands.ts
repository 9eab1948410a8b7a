import { env, window, type LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import type { FleetModel, Grouping } from '../../live/index.ts';
import { registerHandlers } from '../commands.ts';
import { viewCommandIds } from '../names.ts';
import { pickGrouping, pickNamespaces, typeFilter } from './viewPicks.ts';
import type { TreeElement } from './treeItem.ts';
import type { ViewChoices } from './viewChoices.ts';

/** What the commands change. */
export interface CommandTargets {
  readonly clusters: { readonly choices: ViewChoices };
  readonly releases: { readonly choices: ViewChoices };
}

/** Registers what the user can do with the views themselves. */
export function registerViewCommands(
  { clusters: { choices: clusters }, releases: { choices: releases } }: CommandTargets,
  connection: { readonly model: FleetModel },
  log: LogOutputChannel,
): Disposable {
  const clear = { filter: '', problemsOnly: false, namespaces: [] };
  return registerHandlers(
    viewCommandIds,
    {
      groupClusters: async () => {
        const groupBy = await pickGrouping(connection.model, clusters.options.groupBy);
        if (groupBy) clusters.change({ groupBy });
      },
      filterClusters: () => typeFilter(clusters, 'Name, provider, region or label of a cluster'),
      clearClustersFilter: () => clusters.change(clear),
      showClusterProblems: () => clusters.change({ problemsOnly: true }),
      showAllClusters: () => clusters.change({ problemsOnly: false }),
      groupReleases: () => releases.change({ groupBy: otherGrouping(releases.options.groupBy) }),
      filterReleases: () => typeFilter(releases, 'Name or namespace of a release, or a cluster'),
      clearReleasesFilter: () => releases.change(clear),
      showReleaseProblems: () => releases.change({ problemsOnly: true }),
      showAllReleases: () => releases.change({ problemsOnly: false }),
      chooseNamespaces: async () => {
        const namespaces = await pickNamespaces(connection.model, releases.options.namespaces);
        if (namespaces) releases.change({ namespaces });
      },
      pin: (args) => pin(clusters, releases, selected(args), true),
      unpin: (args) => pin(clusters, releases, selected(args), false),
      copyName: async (args) => {
        const names = selected(args).map(nameOf);
        if (names.length === 0) return;
        await env.clipboard.writeText(names.join('\n'));
        const what = names.length === 1 ? names[0] : `${names.length} names`;
        window.setStatusBarMessage(`Copied ${what}`, 3000);
      },
    },
    log,
  );
}

/** The lines that a command of a tree is for: the selection when the line that was clicked is part of it. */
function selected([clicked, all]: readonly unknown[]): readonly TreeElement[] {
  if (!isElement(clicked)) return [];
  const selection = Array.isArray(all) ? all.filter(isElement) : [];
  return selection.some(({ id }) => id === clicked.id) ? selection : [clicked];
}

function isElement(value: unknown): value is TreeElement {
  return (
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
  );
}

/** The name of the object, of the cluster for a release on a cluster; what the line says for a group. */
function nameOf({ label, reference, cluster }: TreeElement): string {
  return cluster === undefined || !reference ? (reference?.name ?? label) : label;
}

function otherGrouping({ type }: Grouping): Grouping {
  return { type: type === 'namespace' ? 'none' : 'namespace' };
}

function pin(
  clusters: ViewChoices,
  releases: ViewChoices,
  elements: readonly TreeElement[],
  isPinned: boolean,
): void {
  for (const choices of [clusters, releases]) {
    const prefix = choices === clusters ? 'cluster ' : 'release ';
    const ids = elements.map(({ id }) => id).filter((id) => id.startsWith(prefix));
    const others = choices.options.pins.filter((id) => !ids.includes(id));
    if (ids.length > 0) choices.change({ pins: isPinned ? [...others, ...ids] : others });
  }
}
