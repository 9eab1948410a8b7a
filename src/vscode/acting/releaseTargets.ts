import { window, type QuickPickItem } from 'vscode';
import {
  isReleaseKind,
  objectKey,
  stateText,
  type FleetModel,
  type ObjectReference,
  type Release,
} from '../../live/index.ts';
import { showInformation, showWarning } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';
import { isCluster, type TreeTarget } from './treeTargets.ts';

/** A release or source on one cluster. */
export interface OnCluster {
  readonly reference: ObjectReference;
  readonly cluster: string;
}

/** What to ask when the lines chosen do not say it. */
export interface Question {
  readonly title: string;
  /** Whether a release can be meant at all. */
  readonly isMeant: (release: Release) => boolean;
  /** Why the command would do nothing there, a sentence; `undefined` where it can be done. */
  readonly refusal: (target: OnCluster) => string | undefined;
}

/**
 * The releases and clusters that a command is about. A line of a release on a cluster says both; of a release the user
 * chooses the clusters, of a cluster the releases, without any line first the release. Undefined when the user gives up.
 */
export async function releaseTargets(
  model: FleetModel,
  given: readonly TreeTarget[],
  question: Question,
): Promise<readonly OnCluster[] | undefined> {
  const exact = given.flatMap(({ reference, cluster }) =>
    cluster !== undefined && isReleaseKind(reference) ? { reference, cluster } : [],
  );
  if (exact.length > 0 && exact.length === given.length) return exact;
  const offered = given.length > 0 ? offeredBy(model, given) : await offeredByOne(model, question);
  if (!offered) return undefined;
  if (offered.length === 0) {
    void showInformation('Nothing of it is on any cluster.');
    return undefined;
  }
  return pick(model, offered, question);
}

function offeredBy(model: FleetModel, given: readonly TreeTarget[]): readonly OnCluster[] {
  const offered = new Map<string, OnCluster>();
  const offer = (reference: ObjectReference, cluster: string): void => {
    offered.set(`${objectKey(reference)} ${cluster}`, { reference, cluster });
  };
  for (const { reference, cluster } of given) {
    if (cluster !== undefined && isReleaseKind(reference)) offer(reference, cluster);
    else if (isCluster(reference)) {
      for (const release of model.releases.values()) {
        if (release.states.has(reference.name)) offer(release.reference, reference.name);
      }
    } else {
      const release = model.releases.get(objectKey(reference));
      for (const name of release?.states.keys() ?? []) offer(reference, name);
    }
  }
  return [...offered.values()];
}

async function offeredByOne(
  model: FleetModel,
  { title, isMeant }: Question,
): Promise<readonly OnCluster[] | undefined> {
  const items = [...model.releases.values()]
    .filter((release) => release.states.size > 0 && isMeant(release))
    .map((release) => {
      const { kind, namespace, name } = release.reference;
      return {
        label: plainLabel(name),
        description: plainLabel(`${kind} · ${namespace}`),
        release,
      };
    })
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  if (items.length === 0) {
    void showInformation('No release is on any cluster.');
    return undefined;
  }
  const placeHolder = 'Which release?';
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder,
    matchOnDescription: true,
  });
  return picked && offeredBy(model, [{ reference: picked.release.reference }]);
}

interface TargetItem extends QuickPickItem {
  readonly target: OnCluster;
}

async function pick(
  model: FleetModel,
  offered: readonly OnCluster[],
  { title, refusal }: Question,
): Promise<readonly OnCluster[] | undefined> {
  const releases = new Set(offered.map(({ reference }) => objectKey(reference)));
  const clusters = new Set(offered.map(({ cluster }) => cluster));
  const items = offered.map((target): TargetItem => {
    const { reference, cluster } = target;
    const key = objectKey(reference);
    const judgement = model.judge(key, cluster);
    const reason = refusal(target);
    const name = `${reference.namespace}/${reference.name}`;
    const label =
      releases.size === 1 ? cluster : clusters.size === 1 ? name : `${name} on ${cluster}`;
    return {
      label: plainLabel(label),
      description: judgement ? stateText(judgement.state) : '',
      ...(reason === undefined ? {} : { detail: plainLabel(`Not possible: ${reason}`) }),
      picked: reason === undefined,
      target,
    };
  });
  const possible = items.filter(({ picked }) => picked);
  const [only] = possible;
  if (!only) {
    void showWarning(items[0]?.detail ?? 'Nothing can be done there.');
    return undefined;
  }
  const picked = await window.showQuickPick(
    [...possible, ...items.filter((item) => item.picked !== true)],
    {
      title,
      placeHolder: clusters.size === 1 ? 'Which releases?' : 'On which clusters?',
      canPickMany: true,
      matchOnDescription: true,
    },
  );
  return picked?.map(({ target }) => target);
}
