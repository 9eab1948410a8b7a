import type { LogOutputChannel } from 'vscode';
import { listClusters } from '../../analysis/index.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { policiesHeldBy } from '../../push/index.ts';
import { showWarning } from '../messages.ts';
import { pruneJournals, readHistory, stoppedJournals } from './journalHistory.ts';
import { offerRemoval } from './pushHistory.ts';
import { createPushPorts } from './pushPorts.ts';
import type { Pushes } from './pushes.ts';
import { headline, nameOf } from './pushTexts.ts';
import { answerStopped, revealPush } from './runReview.ts';

/** Looks, each time that a control plane is connected, for a push to it that did not come to its end, and offers it. */
export function registerInterruptedPushes(pushes: Pushes, log: LogOutputChannel): Disposable {
  const offered = new Set<string>();
  let server = '';
  const look = async (): Promise<void> => {
    const { parts } = pushes;
    const { unreadable } = await readHistory(parts);
    const damaged = unreadable.find((id) => !offered.has(id));
    if (damaged !== undefined) {
      offered.add(damaged);
      void offerRemoval(parts, damaged).catch((error) => log.error(error));
    }
    const found = (await stoppedJournals(parts)).find(
      ({ id, review }) => review.server === server && !offered.has(id),
    );
    void pruneJournals(parts).catch((error) => log.error(error));
    // What the window shows already is asked for when it goes on; two at one journal would be in each other's way.
    if (pushes.stage.type !== 'none') return;
    if (!found || parts.connection.session?.target.server !== server) return;
    offered.add(found.id);
    const ports = createPushPorts(parts.connection, server, parts.journals);
    const journal = await parts.engine.checkPush(ports, found);
    if (pushes.stage.type !== 'none') return;
    pushes.setStage({ type: 'stopped', review: journal.review, journal });
    const { context } = parts.connection;
    const review = { ...journal.review, context };
    const held = policiesHeldBy(journal).map(nameOf);
    const sentence = [
      `${headline(review)} was interrupted: ${review.title}.`,
      ...(held.length > 0 ? [`It holds dispatch of ${listClusters(held)}.`] : []),
      ...(journal.problem === undefined ? [] : [journal.problem]),
    ].join(' ');
    const choice = await showWarning(sentence, 'Resume', 'Undo', 'Show');
    if (choice === 'Show') await revealPush();
    else await answerStopped(pushes, journal, choice);
  };
  return pushes.parts.connection.onDidChangeState(({ type }) => {
    const now = pushes.parts.connection.session?.target.server ?? '';
    if (type !== 'live') {
      if (type === 'disconnected') server = '';
      return;
    }
    if (now === server) return;
    server = now;
    void look().catch((error) => log.error(error));
  });
}
