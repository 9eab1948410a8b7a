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
import { newestToUndo, passedText } from './newestToUndo.ts';
import type { PushParts, Pushes } from './pushes.ts';
import { changeCounts, headline, nameOf } from './pushTexts.ts';
import { resumeJournal, revealPush, reviewUndo, undoJournal } from './runReview.ts';

/** Takes back the last push to this control plane that can be; those of which nothing is left to undo are passed over. */
export async function undoLast(pushes: Pushes): Promise<void> {
  const { connection } = pushes.parts;
  const server = connection.session?.target.server;
  const all = await undoableJournals(pushes.parts);
  // Without a connection there is nothing to compare with: preparing the undo offers to connect.
  const here = all.filter(({ review }) => server === undefined || review.server === server);
  const undoable = here.filter((journal) => undoVerb(journal) === 'Undo');
  const isToGoOn = await askOfUnreadable(pushes);
  if (undoable.length === 0 && !(await isToGoOn())) return;
  const { review, passed, isCutShort } = await newestToUndo(undoable, async (journal) =>
    (await isToGoOn(journal)) ? reviewUndo(pushes, journal) : undefined,
  );
  if (review) {
    const news = passed.filter(({ journal }) => !pushes.passedOver.has(journal.id));
    for (const { journal } of news) pushes.passedOver.add(journal.id);
    await revealPush();
    if (news.length > 0)
      void showInformation(`${passedText(news)} This is an earlier one: ${review.title}.`);
    return;
  }
  if (passed.length > 0) pushes.discard();
  if (isCutShort) return;
  const undone = here.find((journal) => undoVerb(journal) === 'Redo');
  const nothing =
    server === undefined || all.length === 0
      ? 'There is no push that could be undone.'
      : `There is no push to ${connection.context} that could be undone.`;
  if (undone) await offerRedo(pushes, undone, passedText(passed));
  else void showInformation(passed.length > 0 ? passedText(passed) : nothing);
}

/** Asks once where a journal that cannot be read may be of a later push than the one that would be undone. */
async function askOfUnreadable({
  parts,
}: Pushes): Promise<(journal?: Journal) => Promise<boolean>> {
  const { unreadable } = await readHistory(parts);
  let [newest] = unreadable;
  return async (journal) => {
    if (newest === undefined || (journal && journal.id > newest)) return true;
    const sentence = `${unreadableText(newest)} It cannot be undone from here.`;
    newest = undefined;
    const answer = 'Undo the One Before';
    return (await showWarning(sentence, ...(journal ? [answer] : []))) === answer;
  };
}

/** Undoing twice does not bring back what the first took away: that is asked for by its name. */
async function offerRedo(pushes: Pushes, undone: Journal, passed: string): Promise<void> {
  const { context, title } = undone.review;
  const nothing = passed === '' ? `Nothing is left to undo on ${context}.` : passed;
  const sentence = `${nothing} The last that was undone: ${title}.`;
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
