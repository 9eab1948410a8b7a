import { window, type QuickPickItem } from 'vscode';
import { groupBy } from '../../base/groupBy.ts';
import { sortNaturally } from '../../analysis/index.ts';
import type { ClusterRow, FleetModel } from '../../live/index.ts';
import { plainLabel } from '../plainLabel.ts';

const title = 'Push in Waves';

/** Clusters that go together. */
interface Group {
  readonly label: string;
  readonly clusters: readonly string[];
}

/**
 * Asks in which order clusters get a push: what makes the groups, then which go first. `undefined` when it was given up.
 *
 * @param clusters those on which something changes
 */
export async function pickWaves(
  model: FleetModel,
  clusters: readonly string[],
): Promise<readonly (readonly string[])[] | undefined> {
  const groupings = groupingsOf(model, clusters);
  const picked = await window.showQuickPick(
    groupings.map(({ label, groups }) => ({
      label: plainLabel(label),
      description: `${groups.length} groups`,
      detail: plainLabel(groups.map(groupText).join(' · ')),
      groups,
    })),
    { title, placeHolder: 'What makes the waves?', matchOnDetail: true, ignoreFocusOut: true },
  );
  return picked && order(picked.groups);
}

function groupText({ label, clusters }: Group): string {
  return clusters.length === 1 && clusters[0] === label ? label : `${label} (${clusters.length})`;
}

interface Grouping {
  readonly label: string;
  readonly groups: readonly Group[];
}

/** Clusters by hand, and everything that tells them apart. */
function groupingsOf(model: FleetModel, clusters: readonly string[]): readonly Grouping[] {
  const names = sortNaturally([...new Set(clusters)], (name) => name);
  const labels = new Set(
    names.flatMap((name) => Object.keys(model.clusters.get(name)?.labels ?? {})),
  );
  const by = (label: string, valueOf: (row: ClusterRow) => string): Grouping => {
    const groups = groupBy(names, (name) => {
      const row = model.clusters.get(name);
      return row ? valueOf(row) : '';
    });
    const sorted = sortNaturally([...groups], ([value]) => value);
    return {
      label,
      groups: sorted.map(([value, some]) => ({
        label: value || `no ${label.toLowerCase()}`,
        clusters: some,
      })),
    };
  };
  const byHand = {
    label: 'Clusters by hand',
    groups: names.map((name) => ({ label: name, clusters: [name] })),
  };
  const others = [
    by('Region', ({ region }) => region),
    by('Provider', ({ provider }) => provider),
    ...sortNaturally([...labels], (key) => key).map((key) =>
      by(`Label ${key}`, (row) => (Object.hasOwn(row.labels, key) ? (row.labels[key] ?? '') : '')),
    ),
  ];
  return [
    byHand,
    ...others.filter(({ groups }) => groups.length > 1 && groups.length < names.length),
  ];
}

interface GroupItem extends QuickPickItem {
  readonly group: Group;
}

/** Asks for one wave after the other until nothing is left; what is not picked any more comes last, together. */
async function order(
  groups: readonly Group[],
): Promise<readonly (readonly string[])[] | undefined> {
  const waves: (readonly string[])[] = [];
  let left = groups;
  while (left.length > 1) {
    const number = waves.length + 1;
    const picked: readonly GroupItem[] | undefined = await window.showQuickPick(
      left.map((group): GroupItem => ({
        label: plainLabel(group.label),
        description: describe(group),
        picked: number === 1 && group === left[0],
        group,
      })),
      {
        title: `${title}: wave ${number}`,
        placeHolder:
          number === 1
            ? 'Which go first? The rest waits until they are ready.'
            : 'Which go next? None picked: all that are left.',
        canPickMany: true,
        ignoreFocusOut: true,
      },
    );
    if (!picked) return undefined;
    const taken = picked.length === 0 ? left : picked.map(({ group }) => group);
    waves.push(taken.flatMap(({ clusters }) => clusters));
    left = left.filter((group) => !taken.includes(group));
  }
  if (left.length > 0) waves.push(left.flatMap(({ clusters }) => clusters));
  return waves;
}

function describe({ label, clusters }: Group): string {
  if (clusters.length === 1 && clusters[0] === label) return '';
  const shown = clusters.slice(0, 5).join(', ');
  const more = clusters.length > 5 ? ` and ${clusters.length - 5} more` : '';
  return plainLabel(`${clusters.length} · ${shown}${more}`);
}
