import { ProgressLocation, window, workspace } from 'vscode';
import { listClusters } from '../../analysis/index.ts';
import type { ControlPlaneSession } from '../../kube/index.ts';
import {
  accessManifest,
  accessText,
  isKubeError,
  reconcilePatch,
  reconcileRefusal,
  type AccessProblem,
} from '../../live/index.ts';
import { confirmWrite } from '../confirmWrite.ts';
import { problemIn, withUser } from '../memberAccess.ts';
import { showInformation, showWarning } from '../messages.ts';
import { plainMessage } from '../plainMessage.ts';
import { plainLabel } from '../plainLabel.ts';
import { act, type ActingParts } from './acting.ts';
import { atOnce } from './atOnce.ts';
import { releaseTargets, type OnCluster } from './releaseTargets.ts';
import { treeTargets } from './treeTargets.ts';

/** What came of one cluster; no problem means that Flux was asked. */
interface Answer {
  readonly target: OnCluster;
  readonly problem?: string;
  readonly access?: AccessProblem;
}

/** Asks Flux on the chosen clusters to reconcile the chosen releases, and tells what came of each. */
export async function reconcileNow(parts: ActingParts, args: readonly unknown[]): Promise<void> {
  const interests = ['clusters', 'releases'] as const;
  const { session } = parts.connection;
  const answers = await act(parts, { interests, writes: true }, async ({ session, model }) => {
    const refusal = ({ reference, cluster }: OnCluster) =>
      reconcileRefusal(model, reference, cluster);
    const targets = await releaseTargets(model, treeTargets(args), {
      title: 'Reconcile now',
      isMeant: () => true,
      refusal,
    });
    if (!targets || targets.length === 0) return undefined;
    return (await isMeant(parts, targets)) ? askAll(session, targets, refusal) : undefined;
  });
  if (answers && session) await tell(session, answers);
}

/** Flux does by itself sooner or later what it is asked for, so that only a protected context is asked about. */
async function isMeant(
  { connection }: ActingParts,
  targets: readonly OnCluster[],
): Promise<boolean> {
  const { context, isProtected, session } = connection;
  if (!isProtected) return true;
  const question = `Reconcile ${what(targets)} on ${context}?`;
  const detail = 'Flux is asked to act now, by an annotation on the member.';
  const place = { context, isProtected };
  if (!(await confirmWrite({ question, detail, verb: 'Reconcile' }, place))) return false;
  // While dialogs are open the window may go on to another control plane.
  return connection.session === session;
}

const mostAtOnce = 10;

async function askAll(
  session: ControlPlaneSession,
  targets: readonly OnCluster[],
  refusal: (target: OnCluster) => string | undefined,
): Promise<readonly Answer[]> {
  const title = `Asking Flux to reconcile ${what(targets)}`;
  const options = {
    location: ProgressLocation.Notification,
    title: plainMessage(title),
    cancellable: true,
  };
  const turns = await window.withProgress(options, async (progress, token) => {
    const cancelled = new AbortController();
    const listener = token.onCancellationRequested(() => cancelled.abort());
    const increment = 100 / targets.length;
    const ask = async (target: OnCluster): Promise<Answer> => {
      const reason = refusal(target);
      if (reason !== undefined) return { target, problem: reason };
      const patch = reconcilePatch(new Date().toISOString());
      const { cluster, reference } = target;
      await session.memberPatch(cluster, reference, patch, cancelled.signal);
      return { target };
    };
    const answers = await atOnce(targets, mostAtOnce, ask, {
      isOver: () => cancelled.signal.aborted,
      onTurn: () => progress.report({ increment }),
    });
    listener.dispose();
    return answers;
  });
  return turns.map((turn) => {
    if (turn.type === 'done') return turn.value;
    if (turn.type === 'skipped') return { target: turn.item, problem: 'Given up.' };
    return failed(turn.item, turn.error);
  });
}

function failed(target: OnCluster, error: unknown): Answer {
  if (!isKubeError(error)) throw error;
  if (error.reason === 'aborted') return { target, problem: 'Given up.' };
  const access = problemIn(error);
  if (!access) return { target, problem: error.message };
  return { target, problem: `Not allowed: ${accessText(access)}.`, access };
}

async function tell(session: ControlPlaneSession, answers: readonly Answer[]): Promise<void> {
  const failures = answers.filter(({ problem }) => problem !== undefined);
  const targets = answers.map(({ target }) => target);
  if (failures.length === 0) {
    void showInformation(`Asked Flux to reconcile ${what(targets)}.`);
    return;
  }
  const [only] = failures;
  const sentence =
    answers.length === 1 && only
      ? `${what(targets)}: ${only.problem ?? ''}`
      : `Flux could not be asked in ${failures.length} of ${answers.length} cases.`;
  const access = failures.find((answer) => answer.access);
  const actions = [
    ...(answers.length > 1 ? ['Show Results'] : []),
    ...(access ? ['Show Missing Rights'] : []),
  ];
  const choice = await showWarning(sentence, ...actions);
  if (choice === 'Show Results') await showResults(session, answers);
  if (choice === 'Show Missing Rights' && access) await showRights(session, access);
}

/** A line for each cluster; one that is for want of rights leads to what gives them. */
async function showResults(
  session: ControlPlaneSession,
  answers: readonly Answer[],
): Promise<void> {
  const isOfOne = new Set(answers.map(({ target }) => nameOf(target))).size === 1;
  const items = answers
    .map((answer) => ({
      label: `$(${answer.problem === undefined ? 'check' : 'error'}) ${plainLabel(answer.target.cluster)}`,
      description: isOfOne ? '' : plainLabel(nameOf(answer.target)),
      detail: plainLabel(answer.problem ?? 'Flux was asked.'),
      answer,
    }))
    .sort((a, b) => Number(b.label.includes('error')) - Number(a.label.includes('error')));
  const picked = await window.showQuickPick(items, {
    title: 'Reconcile now: results',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked?.answer.access) await showRights(session, picked.answer);
}

async function showRights(session: ControlPlaneSession, { access, target }: Answer): Promise<void> {
  if (!access) return;
  const content = accessManifest(await withUser(session, access), target.cluster);
  const document = await workspace.openTextDocument({ language: 'yaml', content });
  await window.showTextDocument(document);
}

function what(targets: readonly OnCluster[]): string {
  const names = new Set(targets.map(nameOf));
  const clusters = [...new Set(targets.map(({ cluster }) => cluster))];
  const [name = ''] = names;
  return `${names.size === 1 ? name : `${names.size} releases`} on ${listClusters(clusters)}`;
}

function nameOf({ reference }: OnCluster): string {
  return `${reference.namespace}/${reference.name}`;
}
