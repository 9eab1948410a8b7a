import { ProgressLocation, window } from 'vscode';
import { listClusters } from '../../analysis/index.ts';
import type { ControlPlaneSession } from '../../kube/index.ts';
import { isCordoned, isKubeError, type ClusterRow, type FleetModel } from '../../live/index.ts';
import { confirmByName, confirmWrite } from '../confirmWrite.ts';
import { showError, showInformation, showWarning } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';
import { plainMessage } from '../plainMessage.ts';
import { act, type ActingParts } from './acting.ts';
import { atOnce, type Turn } from './atOnce.ts';
import { setCordoned } from './cordonCluster.ts';
import { clusterNames, treeTargets } from './treeTargets.ts';

type Wanted = Parameters<typeof setCordoned>[2];

interface Words {
  readonly verb: string;
  readonly done: string;
  readonly detail: string;
}

const words: Readonly<Record<Wanted, Words>> = {
  cordoned: {
    verb: 'Cordon',
    done: 'Cordoned',
    detail:
      'Karmada will schedule nothing new there. What runs there stays and is still updated. ' +
      'Releases whose policy tolerates the taint cluster.karmada.io/unschedulable still go there.',
  },
  schedulable: {
    verb: 'Uncordon',
    done: 'Uncordoned',
    detail: 'Karmada may schedule releases there again.',
  },
};

/** Cordons or uncordons the clusters of the view that were chosen, or those that the user picks. */
export async function cordonClusters(
  parts: ActingParts,
  wanted: Wanted,
  args: readonly unknown[],
): Promise<void> {
  const outcome = await act(parts, { interests: ['clusters'], writes: true }, async (acting) => {
    const given = clusterNames(treeTargets(args));
    const names = given.length > 0 ? given : await pickClusters(acting.model, wanted);
    if (!names || names.length === 0) return undefined;
    const { verb, detail } = words[wanted];
    const { connection } = parts;
    const { context, isProtected } = connection;
    const question = `${verb} ${listClusters(names)} on ${context}?`;
    if (!(await confirmWrite({ question, detail, verb }, { context, isProtected }))) {
      return undefined;
    }
    // While dialogs are open the window may go on to another control plane.
    if (connection.session !== acting.session) {
      void showWarning(`The window is no longer connected to ${context}.`);
      return undefined;
    }
    return apply(acting.session, { names, wanted, context });
  });
  if (outcome) await tell(parts, outcome);
}

async function pickClusters(
  model: FleetModel,
  wanted: Wanted,
): Promise<readonly string[] | undefined> {
  const { verb } = words[wanted];
  const fitting = [...model.clusters.values()].filter(
    ({ taints }) => isCordoned(taints) !== (wanted === 'cordoned'),
  );
  if (fitting.length === 0) {
    const state = wanted === 'cordoned' ? 'cordoned already' : 'cordoned';
    const which = wanted === 'cordoned' ? 'Every cluster is' : 'No cluster is';
    void showInformation(`${which} ${state}.`);
    return undefined;
  }
  const picked = await window.showQuickPick(fitting.map(toItem), {
    title: `${verb} clusters`,
    placeHolder: 'Which clusters?',
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map(({ cluster }) => cluster);
}

function toItem({ name, version, provider, region, ready }: ClusterRow) {
  const readiness = ready.status === 'True' ? '' : 'not ready';
  const description = [version, provider, region, readiness].filter((part) => part !== '');
  return {
    label: plainLabel(name),
    description: plainLabel(description.join(' · ')),
    cluster: name,
  };
}

interface CordonRequest {
  readonly names: readonly string[];
  readonly wanted: Wanted;
  readonly context: string;
}

interface CordonOutcome extends Omit<CordonRequest, 'names'> {
  readonly session: ControlPlaneSession;
  readonly turns: readonly Turn<string, boolean>[];
}

async function apply(
  session: ControlPlaneSession,
  { names, wanted, context }: CordonRequest,
): Promise<CordonOutcome> {
  const title = plainMessage(`${words[wanted].verb} ${listClusters(names)} on ${context}`);
  const turns = await window.withProgress({ location: ProgressLocation.Notification, title }, () =>
    atOnce(names, 5, (name) => setCordoned(session, name, wanted)),
  );
  return { session, wanted, context, turns };
}

async function tell(
  parts: ActingParts,
  { session, wanted, context, turns }: CordonOutcome,
): Promise<void> {
  const changed = turns.flatMap((turn) => (turn.type === 'done' && turn.value ? turn.item : []));
  const failures = turns.filter((turn) => turn.type === 'failed').map(failureText);
  if (failures.length > 0) void showError(failures.join(' '));
  if (changed.length === 0) {
    const isSo = failures.length === 0;
    if (isSo) void showInformation('Nothing had to be changed: it is so already.');
    return;
  }
  const done = `${words[wanted].done} ${listClusters(changed)} on ${context}.`;
  const choice = await showInformation(done, 'Undo');
  if (!choice) return;
  const isMeant = !parts.connection.isProtected || (await confirmByName(context, 'Undo'));
  if (!isMeant) return;
  const reverse = wanted === 'cordoned' ? 'schedulable' : 'cordoned';
  const undone = await act(parts, { interests: [], writes: true }, async (now) =>
    // Not on another control plane that the window is connected to by now.
    now.session.target.server === session.target.server && parts.connection.context === context
      ? apply(now.session, { names: changed, wanted: reverse, context })
      : undefined,
  );
  if (undone) await tell(parts, undone);
}

function failureText(turn: Turn<string, boolean> & { readonly type: 'failed' }): string {
  if (!isKubeError(turn.error)) throw turn.error;
  return `${turn.item}: ${turn.error.message}`;
}
