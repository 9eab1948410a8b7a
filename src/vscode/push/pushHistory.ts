import { commands, window, type QuickPickItem } from 'vscode';
import { policiesHeldBy, type Journal } from '../../push/index.ts';
import { showInformation, showWarning } from '../messages.ts';
import { pushCommandIds } from '../names.ts';
import { plainLabel } from '../plainLabel.ts';
import { stateText, timeText } from './accountText.ts';
import {
  readHistory,
  stoppedJournals,
  timeOfId,
  undoableJournals,
  undoVerb,
} from './journalHistory.ts';
import type { PushParts, Pushes } from './pushes.ts';
import { changeCounts, headline, nameOf } from './pushTexts.ts';
import { resumeJournal, undoJournal } from './runReview.ts';

/** Takes back the last push to this control plane that can be. */
export async function undoLast(pushes: Pushes): Promise<void> {
  const { session, context } = pushes.parts.connection;
  const all = await undoableJournals(pushes.parts);
  // Without a connection there is nothing to compare with: preparing the undo offers to connect.
  const server = session?.target.server;
  const here = all.filter(({ review }) => server === undefined || review.server === server);
  const last = here.find((journal) => undoVerb(journal) === 'Undo');
  const [undone] = here;
  if (!(await isToGoOnDespite(pushes, last))) return;
  if (last) await undoJournal(pushes, last);
  else if (undone) await offerRedo(pushes, undone);
  else if (server === undefined || all.length === 0) {
    void showInformation('There is no push that could be undone.');
  } else void showInformation(`There is no push to ${context} that could be undone.`);
}

/** Asks where a journal that cannot be read may be of a later push than the one that would be undone. */
async function isToGoOnDespite({ parts }: Pushes, last: Journal | undefined): Promise<boolean> {
  const { unreadable } = await readHistory(parts);
  const [newest] = unreadable;
  if (newest === undefined || (last && last.id > newest)) return true;
  const answer = 'Undo the One Before';
  const sentence = `${unreadableText(newest)} It cannot be undone from here.`;
  return (await showWarning(sentence, ...(last ? [answer] : []))) === answer;
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

interface JournalItem extends QuickPickItem {
  /** Absent where it cannot be read. */
  readonly journal?: Journal;
  readonly id: string;
}

/** Lists all pushes; the one chosen can be read, resumed or undone. */
export async function showHistory(pushes: Pushes): Promise<void> {
  const { journals, unreadable } = await readHistory(pushes.parts);
  const items = [...journals.map(toItem), ...unreadable.map(toUnreadableItem)];
  if (items.length === 0) {
    void showInformation('Nothing has been pushed yet.');
    return;
  }
  const picked = await window.showQuickPick(items, {
    title: 'Pushes',
    placeHolder: 'Which one?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked?.journal) await act(pushes, picked.journal);
  else if (picked) await offerRemoval(pushes.parts, picked.id);
}

/** Says of a journal that it cannot be read, and takes it away if the user wants that. */
export async function offerRemoval({ journals }: PushParts, id: string): Promise<void> {
  const sentence = `${unreadableText(id)} What it wrote stays, and cannot be resumed or undone.`;
  if ((await showWarning(sentence, 'Remove Journal')) === 'Remove Journal') {
    await journals.remove(id);
  }
}

function unreadableText(id: string): string {
  return `The journal of the push of ${timeText(timeOfId(id))} cannot be read: it is damaged, or of a later version of the extension.`;
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
    id: journal.id,
    detail: plainLabel([review.title, changeCounts(review.changes)].filter(Boolean).join(' · ')),
    journal,
  };
}

function toUnreadableItem(id: string): JournalItem {
  return { label: '$(warning) Cannot be read', description: timeText(timeOfId(id)), id };
}

async function act(pushes: Pushes, journal: Journal): Promise<void> {
  const isSame = ({ id }: Journal): boolean => id === journal.id;
  const isOpen = (await stoppedJournals(pushes.parts)).some(isSame);
  const isUndone = (await undoableJournals(pushes.parts)).some(isSame);
  const show = 'Show Account';
  const undo = undoVerb(journal);
  const actions = [
    show,
    ...(isOpen ? ['Resume'] : []),
    ...(isUndone ? [undo] : []),
    ...(isOpen ? ['Give Up'] : []),
  ];
  const title = plainLabel(`${headline(journal.review)}, ${timeText(journal.startedAt)}`);
  const choice = actions.length === 1 ? show : await window.showQuickPick(actions, { title });
  if (choice === show) await commands.executeCommand(pushCommandIds.showAccount, journal.id);
  if (choice === 'Resume') await resumeJournal(pushes, journal);
  if (choice === undo) await undoJournal(pushes, journal);
  if (choice === 'Give Up') await giveUp(pushes, journal);
}

/** Asks, and offers nothing for it any more but to undo it; what is done stays done. */
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
  const given = await pushes.parts.engine.dropPush(pushes.parts, journal);
  if (given.problem !== undefined) void showWarning(given.problem);
  else if (given.state !== 'dropped') {
    void showInformation(`It is ${stateText(given)}: another window has gone on with it.`);
  }
  const { stage } = pushes;
  const isShown = stage.type === 'stopped' && stage.journal.id === journal.id;
  if (isShown && given.problem === undefined) pushes.discard();
}
