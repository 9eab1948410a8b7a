import { commands, Uri } from 'vscode';
import type { Journal, PushReview, Question } from '../../push/index.ts';
import { KubeError } from '../../live/index.ts';
import { act } from '../acting/acting.ts';
import { showError, showInformation, showWarning } from '../messages.ts';
import { pushCommandIds, rolloutCommandIds, viewIds } from '../names.ts';
import { confirmPush, confirmResume } from './confirmPush.ts';
import type { PushPorts, RunOptions } from './pushEngine.ts';
import { isNothing } from './newestToUndo.ts';
import { createPushPorts } from './pushPorts.ts';
import { withCancel, type Pushes, type PushStage } from './pushes.ts';
import {
  count,
  emptyText,
  headline,
  hindrances,
  reviewType,
  type ReviewType,
} from './pushTexts.ts';

/** Says of a review without anything to do that it is so, and takes it away; answers whether it did. */
export function settleEmpty(pushes: Pushes, review: PushReview): boolean {
  if (!isNothing(review)) return false;
  pushes.discard();
  void showInformation(emptyText(review));
  return true;
}

/** Runs what is reviewed, after the user has confirmed it. What has changed since is reviewed anew instead. */
export async function runReview(pushes: Pushes): Promise<void> {
  const review = await pushes.askOnce(() => confirmedReview(pushes));
  if (!review) return;
  const { engine, rollouts } = pushes.parts;
  await run(pushes, review, (ports, options) => {
    // What there is now is what the rollout is compared with.
    const expectations = engine.expectationsOf(review);
    if (expectations.length > 0) rollouts.follow(review.title, expectations);
    return engine.runPush(ports, review, { ...options, id: newId() });
  });
}

/** What is reviewed, once the user has confirmed it; `undefined` when nothing is to be run, which the user is told. */
async function confirmedReview(pushes: Pushes): Promise<PushReview | undefined> {
  const { stage } = pushes;
  if (stage.type !== 'review') {
    void showInformation('There is nothing to push: review it first.');
    return undefined;
  }
  await pushes.catchUp();
  if (pushes.isOutdated) {
    const review = await pushes.refresh();
    if (review && !settleEmpty(pushes, review)) {
      void showWarning(
        'The documents have changed since the review. This is what they come to now.',
      );
    }
    return undefined;
  }
  const { review } = stage;
  if (hindrances(review).length > 0) {
    void sayHindrance(pushes, review);
    return undefined;
  }
  const { connection } = pushes.parts;
  if (!isOfReview(pushes, review)) return undefined;
  if (!(await confirmPush(review, connection.isProtected))) return undefined;
  await pushes.catchUp();
  // While dialogs are open the documents may go on, and the window to another control plane.
  if (pushes.stage !== stage || pushes.isOutdated) return confirmedReview(pushes);
  return isOfReview(pushes, review) ? review : undefined;
}

/** Whether the window is connected to what was reviewed: another context may have other rights and protection. */
function isOfReview({ parts }: Pushes, { context, server }: PushReview): boolean {
  const { connection } = parts;
  const { session } = connection;
  if (!session) return true;
  if (session.target.server === server && connection.context === context) return true;
  void showWarning(`This review is for ${context}. Connect to it to go on.`);
  return false;
}

/**
 * Goes on with a push that stopped, after the user has seen what is left of it.
 *
 * @param skipped ids of steps that are not waited for any more
 */
export async function resumeJournal(
  pushes: Pushes,
  journal: Journal,
  skipped: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (!isOfServer(pushes, journal)) return;
  const { connection, engine } = pushes.parts;
  const { context, isProtected, session } = connection;
  const review = { ...journal.review, context };
  const account = engine.accountOf(journal);
  const passed = account.flatMap(({ step, label }) => (skipped.has(step.id) ? [label] : []));
  if (session && !(await confirmResume(review, { account, passed, isProtected }))) return;
  if (connection.context !== context) {
    void showWarning(`The window is no longer connected to ${context}.`);
    return;
  }
  const sources = await secretSources(pushes, journal);
  await run(
    pushes,
    journal.review,
    (ports, options) => engine.resumePush(ports, journal, { ...options, sources }),
    skipped,
  );
}

/** Values of Secrets are in no journal: the documents are asked for them once more. */
async function secretSources({ parts }: Pushes, { review }: Journal) {
  const uris = review.changes.flatMap(({ source, reference }) =>
    source && reference.kind === 'Secret' ? [source.uri] : [],
  );
  if (uris.length === 0) return [];
  const documents = await parts.documents();
  await documents.whenReady;
  await documents.catchUp(uris.map((uri) => Uri.parse(uri)));
  return documents.workspace.pushSources([...new Set(uris)]);
}

/** In the order of time, so that the newest is the last. */
function newId(): string {
  return `${new Date().toISOString().replaceAll(/[^0-9]/g, '')}-${crypto.randomUUID().slice(0, 8)}`;
}

/** Reviews what takes a push back, and shows it. */
export async function undoJournal(pushes: Pushes, journal: Journal): Promise<void> {
  const review = await reviewUndo(pushes, journal);
  if (review && !settleEmpty(pushes, review)) await revealPush();
}

/** Reviews what takes a push back; `undefined` when there is no review, which the user is told. */
export async function reviewUndo(
  pushes: Pushes,
  journal: Journal,
): Promise<PushReview | undefined> {
  if (!isOfServer(pushes, journal)) return undefined;
  const { engine, journals } = pushes.parts;
  if (await journals.isClaimed(journal.id)) {
    void showWarning('Another window is at this push. Undo it when that has ended.');
    return undefined;
  }
  return pushes.review({
    progress: `Preparing to ${reviewType(journal.review) === 'undo' ? 'redo' : 'undo'}: ${journal.review.title}`,
    prepare: async (ports, on, _choices, signal) => {
      // As it was kept last: another window may have gone on with it.
      const text = await journals.read(journal.id);
      const kept = (text === undefined ? undefined : engine.readJournal(text)) ?? journal;
      // The window may have connected for this review, and to another control plane.
      if (kept.review.server !== on.server) throw new KubeError('conflict', madeFor(kept));
      return { ...(await engine.prepareUndo(ports, kept, { signal })), ...on };
    },
  });
}

/** Shows the view of the push. */
export async function revealPush(): Promise<void> {
  await commands.executeCommand(`${viewIds.push}.focus`);
}

async function run(
  pushes: Pushes,
  review: PushReview,
  work: (ports: PushPorts, options: RunOptions) => Promise<Journal>,
  passed: ReadonlySet<string> = new Set(),
): Promise<void> {
  const before = pushes.stage;
  if (before.type === 'running') {
    void showWarning('A push is running. It has to end first, or be cancelled.');
    return;
  }
  const { connection, journals, rollouts } = pushes.parts;
  const interests = ['clusters', 'releases', 'objects'] as const;
  const skipped = new Set(passed);
  const skip = (step: string) => void skipped.add(step);
  let journal: Journal | undefined;
  try {
    journal = await act(pushes.parts, { interests, writes: true }, () => {
      const ports = createPushPorts(connection, review.server, journals);
      rollouts.setPushing(true);
      pushes.setStage({ type: 'running', review, skip });
      return withCancel(headline(review), (signal, report) =>
        work(ports, {
          signal,
          isSkipped: (step) => skipped.has(step),
          onProgress({ journal: now, waitingFor }) {
            pushes.setStage({ type: 'running', review, journal: now, waitingFor, skip });
            report(progressText(pushes, now));
          },
        }),
      );
    });
  } finally {
    rollouts.setPushing(false);
    // Also after a fault: a push that is not at work must not look as if it were.
    if (!journal) pushes.setStage(before);
  }
  if (!journal) return;
  if (before.type === 'review' && isNothingWritten(journal)) {
    if (pushes.parts.engine.expectationsOf(review).length > 0) rollouts.stop();
    await tellOutdated(pushes, journal, before);
  } else tell(pushes, journal);
}

function progressText({ parts }: Pushes, journal: Journal): string {
  const account = parts.engine.accountOf(journal);
  const done = account.filter(({ state }) => state.type === 'done').length;
  const current = account.find(({ state }) => state.type === 'running');
  return `${done} of ${account.length}${current ? ` · ${current.label}` : ''}`;
}

/** Whether the first object that was to be written is not as it was reviewed, and so nothing was. */
function isNothingWritten({ states }: Journal): boolean {
  const isOutdated = states.some((state) => state.type === 'failed' && state.isOutdated === true);
  return isOutdated && states.every(({ type }) => type === 'failed' || type === 'waiting');
}

/** The review is made and shown anew; of the push that wrote nothing nothing is left. */
async function tellOutdated(pushes: Pushes, journal: Journal, before: PushStage): Promise<void> {
  const account = pushes.parts.engine.accountOf(journal);
  const failed = account.find(({ state }) => state.type === 'failed');
  await pushes.parts.journals.remove(journal.id);
  pushes.setStage(before);
  const review = await pushes.refresh();
  if (!review || settleEmpty(pushes, review)) return;
  const what = failed ? `${failed.label} has` : 'Objects have';
  const sentence = `${what} changed on the server since the review. Nothing was written; this is the review as it is now.`;
  void showWarning(sentence);
}

function tell(pushes: Pushes, journal: Journal): void {
  const { review } = journal;
  if (journal.state === 'done') {
    pushes.setStage({ type: 'none' });
    void tellDone(pushes, journal);
    return;
  }
  pushes.setStage({ type: 'stopped', review, journal });
  void tellStopped(pushes, journal);
}

async function tellDone(pushes: Pushes, journal: Journal): Promise<void> {
  const { review } = journal;
  const objects = review.changes.filter(({ type }) => type !== 'unchanged').length;
  const what = objects === 0 ? review.title : count(objects, 'object');
  const type = reviewType(review);
  const undo = type === 'undo' ? 'Redo' : 'Undo';
  const rollout = type === 'undo' ? [] : ['Show Rollout'];
  const said = `${doneWords[type]} ${review.context}: ${what}.`;
  const choice = await showInformation(said, ...rollout, undo);
  if (choice === 'Show Rollout') await commands.executeCommand(rolloutCommandIds.show);
  if (choice === undo) await undoJournal(pushes, journal);
}

const doneWords: Readonly<Record<ReviewType, string>> = {
  push: 'Pushed to',
  waves: 'Pushed to',
  delete: 'Deleted from',
  undo: 'Undone on',
  redo: 'Redone on',
  dispatch: 'Done on',
};

async function tellStopped(pushes: Pushes, journal: Journal): Promise<void> {
  const account = pushes.parts.engine.accountOf(journal);
  const done = account.filter(({ state }) => state.type === 'done').length;
  const failed = account.find(({ state }) => state.type === 'failed');
  const { problem = '' } = journal;
  const so = `${done} of ${count(account.length, 'step')} done`;
  const sentence = failed
    ? `${headline(journal.review)} failed at ${failed.label}: ${failed.detail} ${so}.`
    : [`${headline(journal.review)} stopped: ${so}.`, problem].filter(Boolean).join(' ');
  const show = failed ? showError : showWarning;
  await revealPush();
  await answerStopped(pushes, journal, await show(sentence, ...stoppedActions));
}

/** What can be done about a push that stopped. */
export const stoppedActions = ['Resume', 'Undo', 'Show Account'] as const;

/** Does what the user chose of it. */
export async function answerStopped(
  pushes: Pushes,
  journal: Journal,
  choice: string | undefined,
): Promise<void> {
  if (choice === 'Resume') await resumeJournal(pushes, journal);
  if (choice === 'Undo') await undoJournal(pushes, journal);
  if (choice === 'Show Account') {
    await commands.executeCommand(pushCommandIds.showAccount, journal.id);
  }
}

/** Says why a review cannot go on; where a push that stopped is in the way, that can be ended from there. */
export async function sayHindrance(pushes: Pushes, review: PushReview): Promise<void> {
  const [hindrance] = hindrances(review);
  if (hindrance === undefined) return;
  const question = review.questions.find(
    ({ severity, message, push }) =>
      severity === 'blocked' && message === hindrance && push !== undefined,
  );
  if (question) await offerHolding(pushes, question);
  else void showWarning(hindrance);
}

/** Offers to go on with the push that holds a policy, or to undo it. */
export async function offerHolding(
  pushes: Pushes,
  { message, push }: Pick<Question, 'message' | 'push'>,
): Promise<void> {
  if (push === undefined) return;
  const choice = await showWarning(message, ...stoppedActions);
  if (choice === undefined) return;
  const { engine, journals } = pushes.parts;
  const text = await journals.read(push);
  const journal = text === undefined ? undefined : engine.readJournal(text);
  if (journal) await answerStopped(pushes, journal, choice);
  else void showInformation('That push is not kept any more.');
}

function isOfServer({ parts }: Pushes, { review }: Journal): boolean {
  const { session } = parts.connection;
  if (!session || session.target.server === review.server) return true;
  void showWarning(madeFor({ review }));
  return false;
}

function madeFor({ review }: Pick<Journal, 'review'>): string {
  return `It was made for ${review.context} (${review.server}). Connect to it to go on; the window is connected to another control plane.`;
}
