import { window } from 'vscode';
import { isHelmRelease, type FleetModel, type ObjectReference } from '../../live/index.ts';
import { showInformation } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';

/** Asks which releases to follow; `undefined` when it was given up or there is none. */
export async function pickRelease(
  model: FleetModel,
): Promise<readonly ObjectReference[] | undefined> {
  const items = [...model.releases.values()]
    .filter(({ states, reference }) => states.size > 0 && isHelmRelease(reference))
    .map(({ reference }) => ({
      label: plainLabel(reference.name),
      description: plainLabel(reference.namespace),
      reference,
    }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  if (items.length === 0) {
    void showInformation('No release is on any cluster.');
    return undefined;
  }
  const picked = await window.showQuickPick(items, {
    title: 'Follow Rollout',
    placeHolder: 'Which releases?',
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked && picked.length > 0 ? picked.map(({ reference }) => reference) : undefined;
}
