import { workspace } from 'vscode';
import type { FilePlan, PickedClusters, Workspace } from '../../analysis/index.ts';
import type { Documents } from '../documents.ts';
import { showInformation } from '../messages.ts';
import { namesOf } from '../previewViews.ts';
import { pickClusters } from './pickClusters.ts';
import { whereText } from './pickedText.ts';
import { planned } from './planned.ts';
import type { Plans } from './plans.ts';

/** What these commands work with. */
export interface PropagateParts {
  readonly documents: Documents;
  readonly plans: Plans;
}

/** Asks for clusters and shows the files that bring templates there. */
export async function propagateToClusters(
  { documents, plans }: PropagateParts,
  templates: readonly string[],
): Promise<void> {
  const title = `Propagate ${namesOf(templates)}`;
  const choices = documents.workspace.clusterChoices(templates);
  const there = new Set(choices.filter(({ isPicked }) => isPicked).map(({ name }) => name));
  const clusters = await pickClusters({
    title: `${title} to clusters`,
    choices,
    picked: there,
    pickedTitle: 'There already',
    hasTraits: true,
  });
  if (!clusters) return;
  const leaving = left(clusters, there);
  const request = { templates, clusters, leaving, ...folderFor(documents.workspace, templates) };
  await plans.show({
    title: `${title} to ${whereText(clusters)}`,
    templates,
    make: () => planned(title, documents.workspace.propagateInSteps(request)),
    sources: (plan) => sourcesOf(documents.workspace, plan, templates),
  });
}

/** Asks for clusters and shows the files that take templates away from there. */
export async function stopPropagatingTo(
  { documents, plans }: PropagateParts,
  templates: readonly string[],
): Promise<void> {
  const title = `Stop propagating ${namesOf(templates)}`;
  const there = receiving(documents.workspace, templates);
  const choices = documents.workspace
    .clusterChoices(templates)
    .filter(({ name }) => there.has(name));
  if (choices.length === 0) {
    void showInformation(`${namesOf(templates)} is on no cluster.`);
    return;
  }
  const clusters = await pickClusters({
    title: `${title} to clusters`,
    choices,
    picked: new Set(),
    hasTraits: false,
  });
  if (!clusters) return;
  const request = { templates, clusters, ...folderFor(documents.workspace, templates) };
  await plans.show({
    title: `${title} to ${whereText(clusters)}`,
    templates,
    make: () => planned(title, documents.workspace.stopPropagatingInSteps(request)),
    sources: () => [],
  });
}

/** New files go beside the releases; for what is in no file into the first folder that is open. */
function folderFor(
  analysis: Workspace,
  templates: readonly string[],
): { readonly folder?: string } {
  const written = analysis.templates().filter((info) => info.context === undefined);
  const [first] = workspace.workspaceFolders ?? [];
  if (!first || written.some(({ key }) => templates.includes(key))) return {};
  return { folder: first.uri.toString() };
}

/** The clusters that have all of them and lost their tick: they are not to have them any more. */
function left(clusters: PickedClusters, there: ReadonlySet<string>): readonly string[] {
  return clusters.type === 'names'
    ? [...there].filter((name) => !clusters.names.includes(name))
    : [];
}

function receiving(analysis: Workspace, templates: readonly string[]): ReadonlySet<string> {
  const states = new Set(['changed', 'unchanged', 'failed']);
  const choices = analysis.clusterChoices(templates).filter(({ isPicked }) => isPicked);
  const entries = templates.flatMap((template) => analysis.entries(template));
  const previewed = entries.filter(({ state }) => states.has(state));
  return new Set([...choices.map(({ name }) => name), ...previewed.flatMap((one) => one.clusters)]);
}

/** The documents of all that the plan brings along: a push of the policies alone could bring nothing. */
function sourcesOf(
  analysis: Workspace,
  { outcomes }: FilePlan,
  templates: readonly string[],
): readonly string[] {
  const keys = new Set([...templates, ...outcomes.map(({ template }) => template)]);
  const written = analysis.templates().filter((info) => info.context === undefined);
  return [...new Set(written.filter(({ key }) => keys.has(key)).map(({ uri }) => uri))];
}
