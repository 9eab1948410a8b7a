import { QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { Workspace } from '../analysis/index.ts';
import { namesOf, openComparison } from './previewViews.ts';
import { plainLabel } from './plainLabel.ts';

interface ClusterItem extends QuickPickItem {
  readonly cluster: string;
}

/** Asks for two clusters and opens what they get of a template side by side. */
export async function compareClusters(
  workspace: Workspace,
  template: string,
  bookkeeping: boolean,
): Promise<void> {
  const name = namesOf([template]);
  const items = clusterItems(workspace, template);
  const first = await pick(items, `Compare clusters: ${name} (1/2)`, 'First cluster');
  if (!first) return;
  const others = items.filter((item) => item.cluster !== first);
  const second = await pick(others, `Compare clusters: ${name} (2/2)`, `Compare ${first} with…`);
  if (!second) return;
  await openComparison(template, [first, second], bookkeeping);
}

async function pick(
  items: readonly ClusterItem[],
  title: string,
  placeHolder: string,
): Promise<string | undefined> {
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder,
    matchOnDescription: true,
  });
  return picked?.cluster;
}

/** All clusters under the result that they get, so that two that differ are easy to find. */
function clusterItems(workspace: Workspace, template: string): readonly ClusterItem[] {
  const infos = new Map(workspace.clusters().map((info) => [info.name, info]));
  const groups = workspace
    .entries(template)
    .filter((entry) => entry.clusters.length > 0)
    .map(({ detail, clusters }) => ({ title: detail, clusters }));
  const grouped = new Set(groups.flatMap(({ clusters }) => clusters));
  const rest = [...infos.keys()].filter((cluster) => !grouped.has(cluster));
  if (rest.length > 0) groups.push({ title: 'Other clusters', clusters: rest });
  return groups.flatMap(({ title, clusters }) => [
    { label: plainLabel(title), kind: QuickPickItemKind.Separator, cluster: '' },
    ...clusters.map((cluster) => ({
      label: plainLabel(cluster),
      description: plainLabel(infos.get(cluster)?.description ?? ''),
      cluster,
    })),
  ]);
}
