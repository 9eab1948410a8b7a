import { Uri, window, workspace } from 'vscode';
import { savedFleet } from '../../live/index.ts';
import { showInformation } from '../messages.ts';
import { readFleetPath, writeFleetPath } from '../settings.ts';
import { act, type ActingParts } from './acting.ts';
import { openText, proposeText, showProposed } from './proposedText.ts';

const defaultName = 'fleet.yaml';

/** Writes the clusters of the control plane into a file that previews can be made from without it. */
export async function saveFleet(parts: ActingParts): Promise<void> {
  const fleet = await act(parts, { interests: ['clusters'], writes: false }, async ({ model }) => {
    const clusters = [...model.clusters.values()];
    return { text: savedFleet(clusters.map(({ object }) => object)), count: clusters.length };
  });
  if (!fleet) return;
  if (fleet.count === 0) {
    void showInformation('The control plane has no clusters.');
    return;
  }
  const [folder] = workspace.workspaceFolders ?? [];
  const named = folder ? readFleetPath(folder.uri) : '';
  const uri = await window.showSaveDialog({
    title: 'Save Fleet for Offline Previews',
    ...(folder ? { defaultUri: Uri.joinPath(folder.uri, named || defaultName) } : {}),
    filters: { YAML: ['yaml', 'yml'] },
  });
  if (uri) await write(uri, fleet);
}

interface FleetText {
  readonly text: string;
  readonly count: number;
}

/** A new file is written; of one that is there the difference is shown, for the user to save. */
async function write(uri: Uri, { text, count }: FleetText): Promise<void> {
  const path = workspace.asRelativePath(uri);
  const before = await openText(uri);
  if (!before) {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const clusters = `${count} ${count === 1 ? 'cluster' : 'clusters'}`;
    await offerToUse(uri, `Saved ${clusters} in ${path}.`);
  } else if (before.getText() === text) {
    await offerToUse(uri, `${path} is up to date.`);
  } else {
    await showProposed(await proposeText(uri, text));
    await offerToUse(uri, `See what changes in ${path}, and save it.`);
  }
}

/** Offers the setting that makes previews read the file, unless they do. */
async function offerToUse(uri: Uri, sentence: string): Promise<void> {
  const folder = workspace.getWorkspaceFolder(uri);
  const root = folder && (folder.uri.path.endsWith('/') ? folder.uri.path : `${folder.uri.path}/`);
  const relative = root && uri.path.startsWith(root) ? uri.path.slice(root.length) : undefined;
  if (!folder || relative === undefined || relative === readFleetPath(folder.uri)) {
    void showInformation(sentence);
    return;
  }
  const use = 'Use for Previews';
  if ((await showInformation(sentence, use)) === use) {
    await writeFleetPath(folder.uri, relative);
  }
}
