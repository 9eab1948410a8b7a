import { QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { ClusterChoice, PickedClusters } from '../../analysis/index.ts';
import { listClusters } from '../../analysis/index.ts';
import { DisposableStore } from '../../base/lifecycle.ts';
import { showInformation } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';
import { clustersWith, nameOf, pickedBy, traitValues, type Trait } from './clusterPicks.ts';

/** How clusters are asked for. */
export interface ClusterQuestion {
  readonly title: string;
  readonly choices: readonly ClusterChoice[];
  /** The names that are picked at the start. */
  readonly picked: ReadonlySet<string>;
  /** What those are called among the others; without it there is one list. */
  readonly pickedTitle?: string;
  /** Whether clusters can be chosen by what they have: later ones are meant as well then. */
  readonly hasTraits: boolean;
}

type Traits = readonly { readonly trait: Trait; readonly label: string; readonly icon: string }[];

const traits: Traits = [
  { trait: 'label', label: 'By label…', icon: 'tag' },
  { trait: 'region', label: 'By region…', icon: 'globe' },
  { trait: 'provider', label: 'By provider…', icon: 'server-environment' },
];

/** Asks for clusters: by name, or by label, region or provider. `undefined` when the user gives up. */
export async function pickClusters(question: ClusterQuestion): Promise<PickedClusters | undefined> {
  if (question.choices.length === 0) {
    void showInformation(
      'There are no clusters to choose from. Name a fleet file in the settings, or connect to Karmada.',
    );
    return undefined;
  }
  let picked = question.picked;
  for (;;) {
    const answer = await pickNames({ ...question, picked });
    if (!answer) return undefined;
    if ('names' in answer) return { type: 'names', names: answer.names };
    const byTrait = await pickTrait(question, answer.trait);
    if (byTrait === 'back') picked = answer.picked;
    else return byTrait;
  }
}

interface ClusterItem extends QuickPickItem {
  readonly cluster: string;
}

type NamesAnswer =
  | { readonly names: readonly string[] }
  | { readonly trait: Trait; readonly picked: ReadonlySet<string> };

function pickNames(question: ClusterQuestion): Promise<NamesAnswer | undefined> {
  return new Promise((resolve) => {
    const store = new DisposableStore();
    const pick = store.add(window.createQuickPick<ClusterItem>());
    pick.title = question.title;
    pick.canSelectMany = true;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    const usable = traits.filter(
      ({ trait }) => question.hasTraits && traitValues(question.choices, trait).length > 0,
    );
    pick.buttons = usable.map(({ label, icon }) => ({
      iconPath: new ThemeIcon(icon),
      tooltip: label,
    }));
    pick.placeholder =
      usable.length > 0
        ? 'Pick clusters by name, or with the buttons above by what they have'
        : 'Pick clusters';
    pick.items = itemsOf(question);
    pick.selectedItems = pick.items.filter(({ cluster }) => question.picked.has(cluster));
    const names = () => pick.selectedItems.map(({ cluster }) => cluster).filter(Boolean);
    let answer: NamesAnswer | undefined;
    const end = (given: NamesAnswer) => {
      answer = given;
      pick.hide();
    };
    store.add(
      pick.onDidTriggerButton((button) => {
        const found = usable[pick.buttons.indexOf(button)];
        if (found) end({ trait: found.trait, picked: new Set(names()) });
      }),
    );
    store.add(
      pick.onDidAccept(() => {
        if (names().length > 0) end({ names: names() });
        else pick.placeholder = 'Tick at least one cluster, or press Escape to give up';
      }),
    );
    store.add(
      pick.onDidHide(() => {
        store.dispose();
        resolve(answer);
      }),
    );
    pick.show();
  });
}

function itemsOf({ choices, picked, pickedTitle }: ClusterQuestion): ClusterItem[] {
  const toItem = ({ name, description, obstacle }: ClusterChoice): ClusterItem => ({
    label: plainLabel(name),
    description: plainLabel(description),
    ...(obstacle === '' ? {} : { detail: `$(warning) ${plainLabel(obstacle)}` }),
    cluster: name,
  });
  if (pickedTitle === undefined || picked.size === 0) return choices.map(toItem);
  const line = (label: string): ClusterItem => ({
    label,
    kind: QuickPickItemKind.Separator,
    cluster: '',
  });
  const there = choices.filter(({ name }) => picked.has(name));
  const others = choices.filter(({ name }) => !picked.has(name));
  return [
    line(pickedTitle),
    ...there.map(toItem),
    ...(others.length > 0 ? [line('Other clusters'), ...others.map(toItem)] : []),
  ];
}

/** Asks for values of a trait and says all the while how many clusters have them. */
function pickTrait(
  { title, choices }: ClusterQuestion,
  trait: Trait,
): Promise<PickedClusters | 'back' | undefined> {
  return new Promise((resolve) => {
    const store = new DisposableStore();
    const pick = store.add(window.createQuickPick<QuickPickItem & { readonly name: string }>());
    const values = traitValues(choices, trait);
    const chosen = () =>
      values.filter((value) => pick.selectedItems.some(({ name }) => name === nameOf(value)));
    const say = () => {
      const clusters = clustersWith(trait, chosen());
      const count = `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}`;
      pick.title = `${title}: ${count}`;
      pick.placeholder =
        clusters.length === 0
          ? placeholders[trait]
          : `Means ${listClusters(clusters)}, and later ones like them`;
    };
    pick.canSelectMany = true;
    const back = { iconPath: new ThemeIcon('arrow-left'), tooltip: 'Back to names' };
    pick.buttons = [back];
    pick.items = values.map((value) => ({
      label: plainLabel(nameOf(value)),
      description: plainLabel(listClusters(value.clusters)),
      name: nameOf(value),
    }));
    let answer: PickedClusters | 'back' | undefined;
    const end = (given: PickedClusters | 'back') => {
      answer = given;
      pick.hide();
    };
    store.add(pick.onDidChangeSelection(say));
    store.add(pick.onDidTriggerButton(() => end('back')));
    store.add(
      pick.onDidAccept(() => {
        if (clustersWith(trait, chosen()).length > 0) end(pickedBy(trait, chosen()));
        else pick.placeholder = 'No cluster has all of that. Tick something else, or press Escape';
      }),
    );
    store.add(
      pick.onDidHide(() => {
        store.dispose();
        resolve(answer);
      }),
    );
    say();
    pick.show();
  });
}

const placeholders: Readonly<Record<Trait, string>> = {
  label: 'Clusters that have all of these labels',
  region: 'Clusters in any of these regions',
  provider: 'Clusters of any of these providers',
};
