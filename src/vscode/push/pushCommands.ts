import { commands, Uri, window, workspace, type LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import { registerHandlers } from '../commands.ts';
import { toRange } from '../convert.ts';
import { showInformation, showWarning } from '../messages.ts';
import { pushCommandIds } from '../names.ts';
import { overwrite } from './overwriteUnmanaged.ts';
import { deleteObjects } from './deleteObjects.ts';
import { chosenDeletions, chosenUris, documentSubject } from './documentSubject.ts';
import { compareAll, compareChange, compareEffect, openAccount } from './pushDocuments.ts';
import type { ConflictChoice } from '../../push/index.ts';
import { giveUp, resumeLast, showHistory, undoLast } from './pushHistory.ts';
import type { PushLine, PushTarget } from './pushLine.ts';
import type { Pushes } from './pushes.ts';
import { reviewSubject } from './reviewSubject.ts';
import { offerHolding, resumeJournal, runReview, settleEmpty, undoJournal } from './runReview.ts';

/** Registers what can be done about pushes. */
export function registerPushCommands(pushes: Pushes, log: LogOutputChannel): Disposable {
  return registerHandlers(
    pushCommandIds,
    {
      push: (args) => push(pushes, args),
      delete: (args) => deleteObjects(pushes, args),
      undoLast: () => {
        const { stage } = pushes;
        return stage.type === 'stopped' ? undoJournal(pushes, stage.journal) : undoLast(pushes);
      },
      resume: () => resumeLast(pushes),
      showHistory: () => showHistory(pushes),
      run: () => runReview(pushes),
      runDelete: () => runReview(pushes),
      runUndo: () => runReview(pushes),
      runRedo: () => runReview(pushes),
      runDispatch: () => runReview(pushes),
      refresh: async () => {
        const review = await pushes.refresh();
        if (review) settleEmpty(pushes, review);
      },
      discard: () => discard(pushes),
      compareAll: async () => {
        const { stage } = pushes;
        if (stage.type !== 'none') await compareAll(stage.review);
        else void showInformation('There is no review to compare.');
      },
      compare: ([line]) => open(pushes, line),
      keepTheirs: ([clicked, all]) => choose(pushes, [clicked, all], 'keep'),
      takeOver: ([clicked, all]) => choose(pushes, [clicked, all], 'take'),
      goOn: ([line]) => goOn(pushes, isLine(line) ? line.target : undefined),
      overwrite: ([line]) => overwrite(pushes, isLine(line) ? line.target : undefined),
      showAccount: async ([id]) => {
        const { stage } = pushes;
        const own = 'journal' in stage && stage.journal ? stage.journal.id : undefined;
        const wanted = typeof id === 'string' ? id : own;
        if (wanted === undefined) void showInformation('No push has run yet.');
        else await openAccount(wanted);
      },
    },
    log,
  );
}

async function push(pushes: Pushes, args: readonly unknown[]): Promise<void> {
  const documents = await pushes.parts.documents();
  await documents.whenReady;
  const { engine } = pushes.parts;
  const uris = chosenUris(args);
  await documents.catchUp(uris);
  const subject = documentSubject(documents, engine, uris, chosenDeletions(args));
  await reviewSubject(pushes, subject);
}

async function discard(pushes: Pushes): Promise<void> {
  const { stage } = pushes;
  if (stage.type !== 'stopped') {
    pushes.discard();
    return;
  }
  await giveUp(pushes, stage.journal);
}

/** Leaves what a step waits for; members can then see what the review did not name, so that it is asked. */
async function goOn(pushes: Pushes, target: PushTarget | undefined): Promise<void> {
  const { stage } = pushes;
  if (target?.type !== 'step') return;
  if (stage.type === 'stopped') await resumeJournal(pushes, stage.journal, new Set([target.id]));
  if (stage.type !== 'running') return;
  const step = stage.review.steps.find(({ id }) => id === target.id);
  const detail =
    step?.type === 'ready'
      ? 'What comes next begins although this is not ready.'
      : 'Members can see for a moment what the review does not name.';
  const answer = 'Go On';
  const question = `Go on writing to ${stage.review.context} without waiting?`;
  if ((await showWarning(question, { modal: true, detail }, answer)) === answer) {
    stage.skip(target.id);
  }
}

/** What clicking a line does. */
async function open(pushes: Pushes, line: unknown): Promise<void> {
  const target = isLine(line) ? line.target : undefined;
  switch (target?.type) {
    case 'change':
      return compareChange(target.change);
    case 'effect':
      return compareEffect(target.effect);
    case 'conflict': {
      const { source } = target.change;
      if (!source) return;
      const { workspace: analysis } = await pushes.parts.documents();
      const selection = toRange(
        analysis.fieldRange(source.uri, source.item, target.conflict.field),
      );
      await window.showTextDocument(Uri.parse(source.uri), { selection });
      return;
    }
    case 'unsaved':
      for (const uri of target.uris) await workspace.save(Uri.parse(uri));
      pushes.redraw();
      return;
    case 'outdated':
      await commands.executeCommand(pushCommandIds.refresh);
      return;
    case 'question':
      return offerHolding(pushes, target.question);
    case 'step':
    case undefined:
  }
}

/** Settles the conflicts of the lines chosen; of an object's line all of its own. */
async function choose(
  pushes: Pushes,
  [clicked, lines]: readonly unknown[],
  choice: ConflictChoice['choice'],
): Promise<void> {
  const selection = Array.isArray(lines) && lines.includes(clicked) ? lines : [clicked];
  const choices = selection.filter(isLine).flatMap(({ target }): readonly ConflictChoice[] => {
    if (target?.type !== 'change' && target?.type !== 'conflict') return [];
    const { reference, conflicts: all } = target.change;
    // All owners of a field have one value of it, which stays or goes.
    const conflicts =
      target.type === 'conflict' ? all.filter(({ field }) => field === target.conflict.field) : all;
    return conflicts.map(({ manager, field }) => ({ reference, manager, field, choice }));
  });
  if (choices.length > 0) await pushes.choose(choices);
}

function isLine(value: unknown): value is PushLine {
  return typeof value === 'object' && value !== null && 'id' in value && 'children' in value;
}
