import { commands, window, type QuickPickItem } from 'vscode';
import { policiesHeldBy, type Journal } from '../../push/index.ts';
import { showInformation, showWarning } from '../messages.ts';
import { pushCommandIds } from '../names.ts';
import { plainLabel } from '../plainLabel.ts';
import { stateText, timeText } from './accountText.ts';
import type { PushParts, Pushes } from './pushes.ts';
import { changeCounts, headline, nameOf, reviewType } from './pushTexts.ts';
import { resumeJournal, undoJournal } from './runReview.ts';

/** The journals there are, newest first. */
export async function readJournals({
  journals,
  engine,
}: Pick<PushParts, 'engine' | 'journals'>): Promise<readonly Journal[]> {
  const ids = await journals.list();
  const texts = await Promise.all(ids.map((id) => journals.read(id)));
  return texts
    .flatMap((text) => (text === undefined ? [] : (engine.readJournal(text) ?? [])))
    .toSorted((a, b) => b.startedAt - a.startedAt);
}

/** Whether a push can be taken back: something of it was written, and nothing took it back since. */
export function isUndoable({ state }: Journal): boolean {
  return state === 'done' || state === 'stopped';
}

/** What taking it back is called. */
function undoVerb({ review }: Journal): 'Undo' | 'Redo' {
  return reviewType(review) === 'undo' ? 'Redo' : 'Undo';
}

/** Removes what is long over, so that the storage does not grow for ever. */
export async function pruneJournals(parts: PushParts): Promise<void> {
  const over = (await readJournals(parts)).filter(
    ({ state }) => state !== 'running' && state !== 'stopped',
  );
  for (const { id } of over.slice(mostKept)) await parts.journals.remove(id);
}

const mostKept = 50;

/** Takes back the last push to this control plane that can be. */
export async function undoLast(pushes: Pushes): Promise<void> {
  const { session, context } = pushes.parts.connection;
  const all = (await readJournals(pushes.parts)).filter(isUndoable);
  // Without a connection there is nothing to compare with: preparing the undo offers to connect.
  const server = session?.target.server;
  const here = all.filter(({ review }) => server === undefined || review.server === server);
  const last = here.find((journal) => undoVerb(journal) === 'Undo');
  const [undone] = here;
  if (last) await undoJournal(pushes, last);
  else if (undone) await offerRedo(pushes, undone);
  else if (server === undefined || all.length === 0) {
    void showInformation('There is no push that could be undone.');
  } else void showInformation(`There is no push to ${context} that could be undone.`);
}

/** Undoing twice does not bring back what the first took away: that is asked for by its name. */
async function offerRedo(pushes: Pushes, undone: Journal): Promise<void> {
  const sentence = `Nothing is left to undo on ${undone.review.context}. The last was: ${undone.review.title}.`;
  if ((await showInformation(sentence, 'Redo…')) === 'Redo…') await undoJournal(pushes, undone);
}

/** Goes on with the push that stopped last. */
export async function resumeLast(pushes: Pushes): Promise<void> {
  const { stage, parts } = pushes;
  if (stage.type === 'stopped') return resumeJournal(pushes, stage.journal);
  const server = parts.connection.session?.target.server;
  const stopped = await stoppedJournals(parts);
  const last = stopped.find(({ review }) => server === undefined || review.server === server);
  if (last) return resumeJournal(pushes, last);
  void showInformation('No push is waiting to be resumed.');
}

/** Pushes that ended before their end, and that no window runs. */
export async function stoppedJournals(parts: PushParts): Promise<readonly Journal[]> {
  const open = (await readJournals(parts)).filter(
    ({ state }) => state === 'running' || state === 'stopped',
  );
  const claims = await Promise.all(open.map(({ id }) => parts.journals.isClaimed(id)));
  return open.filter((_, index) => claims[index] !== true);
}

interface JournalItem extends QuickPickItem {
  readonly journal: Journal;
}

/** Lists all pushes; the one chosen can be read, resumed or undone. */
export async function showHistory(pushes: Pushes): Promise<void> {
  const all = await readJournals(pushes.parts);
  if (all.length === 0) {
    void showInformation('Nothing has been pushed yet.');
    return;
  }
  const picked = await window.showQuickPick(all.map(toItem), {
    title: 'Pushes',
    placeHolder: 'Which one?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked) await act(pushes, picked.journal);
}

const stateIcons: Readonly<Record<string, string>> = {
  running: 'sync',
  done: 'pass',
  failed: 'error',
  interrupted: 'debug-pause',
  undone: 'discard',
  'given up': 'circle-slash',
};

function toItem(journal: Journal): JournalItem {
  const { review, startedAt } = journal;
  const state = stateText(journal);
  return {
    label: `$(${stateIcons[state] ?? 'circle-outline'}) ${plainLabel(headline(review))}`,
    description: `${state} · ${timeText(startedAt)}`,
    detail: plainLabel([review.title, changeCounts(review.changes)].filter(Boolean).join(' · ')),
    journal,
  };
}

async function act(pushes: Pushes, journal: Journal): Promise<void> {
  const isOpen = (await stoppedJournals(pushes.parts)).some(({ id }) => id === journal.id);
  const show = 'Show Account';
  const undo = undoVerb(journal);
  const actions = [
    show,
    ...(isOpen ? ['Resume'] : []),
    ...(isUndoable(journal) || journal.state === 'dropped' ? [undo] : []),
    ...(isOpen ? ['Give Up'] : []),
  ];
  const title = plainLabel(`${headline(journal.review)}, ${timeText(journal.startedAt)}`);
  const choice = actions.length === 1 ? show : await window.showQuickPick(actions, { title });
  if (choice === show) await commands.executeCommand(pushCommandIds.showAccount, journal.id);
  if (choice === 'Resume') await resumeJournal(pushes, journal);
  if (choice === undo) await undoJournal(pushes, journal);
  if (choice === 'Give Up') await giveUp(pushes, journal);
}

/** Asks, and offers nothing for it any more; what is done stays done. */
export async function giveUp(pushes: Pushes, journal: Journal): Promise<void> {
  const held = policiesHeldBy(journal).map(nameOf);
  const detail = [
    'What is done stays done. It can still be undone from the history of pushes.',
    held.length === 0
      ? ''
      : `Dispatch stays held: ${held.join(', ')}. Resume Dispatch lets it go, half written as it is; Undo takes all of it back.`,
  ];
  const answer = 'Give Up';
  const question = `Give up the rest of this push to ${journal.review.context}?`;
  const modal = { modal: true, detail: detail.filter(Boolean).join('\n\n') };
  if ((await showWarning(question, modal, answer)) !== answer) return;
  const given: Journal = { ...journal, state: 'dropped' };
  await pushes.parts.journals.write(journal.id, pushes.parts.engine.journalText(given));
  const { stage } = pushes;
  if (stage.type === 'stopped' && stage.journal.id === journal.id) pushes.discard();
}
