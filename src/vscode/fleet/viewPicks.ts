import { window, type QuickPickItem } from 'vscode';
import { sortNaturally } from '../../analysis/index.ts';
import { isHelmRelease, type FleetModel, type Grouping } from '../../live/index.ts';
import { plainLabel } from '../plainLabel.ts';
import type { ViewChoices } from './viewChoices.ts';

/** Asks for a filter; the view follows while it is typed, and goes back when it is given up. */
export async function typeFilter(choices: ViewChoices, placeholder: string): Promise<void> {
  const before = choices.options.filter;
  const input = window.createInputBox();
  input.title = 'Filter';
  input.placeholder = placeholder;
  input.value = before;
  const isTaken = await new Promise<boolean>((resolve) => {
    input.onDidChangeValue((filter) => choices.change({ filter }));
    input.onDidAccept(() => resolve(true));
    input.onDidHide(() => resolve(false));
    input.show();
  });
  input.dispose();
  if (!isTaken && choices.options.filter !== before) choices.change({ filter: before });
}

/** Asks by what clusters are to be grouped; `undefined` when nothing was picked. */
export async function pickGrouping(
  model: FleetModel,
  now: Grouping,
): Promise<Grouping | undefined> {
  const keys = new Set([...model.clusters.values()].flatMap(({ labels }) => Object.keys(labels)));
  const item = (label: string, grouping: Grouping): QuickPickItem & { grouping: Grouping } => ({
    label: plainLabel(label),
    grouping,
    ...(isSame(grouping, now) ? { description: 'current' } : {}),
  });
  const picked = await window.showQuickPick(
    [
      item('Not grouped', { type: 'none' }),
      item('Provider', { type: 'provider' }),
      item('Region', { type: 'region' }),
      item('Readiness', { type: 'readiness' }),
      ...sortNaturally(keys, (key) => key).map((key) =>
        item(`Label ${key}`, { type: 'label', key }),
      ),
    ],
    { title: 'Group Clusters By', placeHolder: 'What clusters have in common' },
  );
  return picked?.grouping;
}

function isSame(a: Grouping, b: Grouping): boolean {
  return a.type === b.type && (a.type !== 'label' || (b.type === 'label' && a.key === b.key));
}

/** Asks for the namespaces to show, none for all; `undefined` when it was given up. */
export async function pickNamespaces(
  model: FleetModel,
  now: readonly string[],
): Promise<readonly string[] | undefined> {
  const releases = [...model.releases.values()].filter(({ reference }) => isHelmRelease(reference));
  const found = new Set([...now, ...releases.map(({ reference }) => reference.namespace)]);
  const items = sortNaturally(found, (name) => name).map((namespace) => ({
    label: plainLabel(namespace),
    picked: now.includes(namespace),
    namespace,
  }));
  const picked = await window.showQuickPick(items, {
    title: 'Show Namespaces',
    placeHolder: items.length === 0 ? 'There are no releases yet' : 'None picked: all are shown',
    canPickMany: true,
  });
  return picked?.map(({ namespace }) => namespace);
}
