import { window, workspace, type Uri, type WorkspaceFolder } from 'vscode';
import { savedFleet } from '../../live/index.ts';
import { readFleetPath, writeFleetPath } from '../settings.ts';
import { act, type ActingParts } from './acting.ts';
import { askWhere, writePreviewed } from './previewedWrite.ts';

const defaultName = 'fleet.yaml';

/** Writes the clusters of the control plane into a file that previews can be made from without it. */
export async function saveFleet(parts: ActingParts): Promise<void> {
  const saved = await act(parts, { interests: ['clusters'], writes: false }, async ({ model }) => {
    const clusters = [...model.clusters.values()];
    if (clusters.length === 0) {
      void window.showInformationMessage('The control plane has no clusters.');
      return undefined;
    }
    const [folder] = workspace.workspaceFolders ?? [];
    const named = folder ? readFleetPath(folder.uri) : '';
    const uri = await askWhere(folder?.uri, named || defaultName);
    if (!uri) return undefined;
    const text = savedFleet(clusters.map(({ object }) => object));
    const outcome = await writePreviewed({ uri, text }, 'Save the fleet');
    return outcome === 'declined' ? undefined : { uri, outcome, count: clusters.length };
  });
  if (saved) await tell(saved);
}

async function tell({
  uri,
  outcome,
  count,
}: {
  readonly uri: Uri;
  readonly outcome: 'written' | 'unchanged';
  readonly count: number;
}): Promise<void> {
  const path = workspace.asRelativePath(uri);
  const clusters = `${count} ${count === 1 ? 'cluster' : 'clusters'}`;
  const sentence =
    outcome === 'written' ? `Saved ${clusters} in ${path}.` : `${path} is up to date.`;
  const folder = workspace.getWorkspaceFolder(uri);
  const relative = folder && pathIn(folder, uri);
  if (!folder || relative === undefined || relative === readFleetPath(folder.uri)) {
    void window.showInformationMessage(sentence);
    return;
  }
  const use = 'Use for Previews';
  if ((await window.showInformationMessage(sentence, use)) !== use) return;
  await writeFleetPath(folder.uri, relative);
}

function pathIn(folder: WorkspaceFolder, uri: Uri): string | undefined {
  const root = folder.uri.path.endsWith('/') ? folder.uri.path : `${folder.uri.path}/`;
  return uri.path.startsWith(root) ? uri.path.slice(root.length) : undefined;
}
