import { window, type QuickPickItem } from 'vscode';
import type { EntryState, PreviewEntry, TemplateInfo, Workspace } from '../analysis/index.ts';
import { plainLabel } from './plainLabel.ts';

interface TemplateItem extends QuickPickItem {
  readonly templates: readonly string[];
}

/** Asks which of several templates is meant; one alone is not asked for. `undefined` when the user gives up. */
export async function pickTemplates(
  workspace: Workspace,
  templates: readonly string[],
  { title, withAll }: { readonly title: string; readonly withAll: boolean },
): Promise<readonly string[] | undefined> {
  if (templates.length <= 1) return templates;
  const infos = new Map(workspace.templates().map((info) => [info.key, info]));
  const items = templates.map((key) => toItem(workspace, key, infos.get(key)));
  const all: TemplateItem = {
    label: `$(diff-multiple) All ${templates.length}`,
    description: 'in one view',
    templates,
  };
  const picked = await window.showQuickPick(withAll ? [all, ...items] : items, {
    title,
    placeHolder: 'Which one?',
    matchOnDescription: true,
  });
  return picked?.templates;
}

function toItem(workspace: Workspace, key: string, info: TemplateInfo | undefined): TemplateItem {
  const [kind = '', namespace = '', name = ''] = key.split('/').slice(-3);
  return {
    label: plainLabel(info?.name ?? name),
    description: plainLabel(
      [
        info?.kind ?? kind,
        info?.namespace ?? namespace,
        info?.context === undefined ? '' : `from ${info.context}`,
      ]
        .filter(Boolean)
        .join(' · '),
    ),
    detail: plainLabel(summary(workspace.entries(key))),
    templates: [key],
  };
}

/** Such as `12 clusters · 4 changed · 1 not scheduled`. */
function summary(entries: readonly PreviewEntry[]): string {
  const count = (...states: readonly EntryState[]) =>
    entries
      .filter(({ state }) => states.includes(state))
      .reduce((sum, { clusters }) => sum + clusters.length, 0);
  const clusters = count('changed', 'unchanged');
  const parts = [
    { number: clusters, what: clusters === 1 ? 'cluster' : 'clusters' },
    { number: count('changed'), what: 'changed' },
    { number: count('failed'), what: 'failed' },
    { number: count('lost'), what: 'taken away' },
    { number: count('unscheduled'), what: 'not scheduled' },
  ].filter(({ number }) => number > 0);
  return parts.length > 0
    ? parts.map(({ number, what }) => `${number} ${what}`).join(' · ')
    : entries.map(({ label }) => label).join(' · ');
}
