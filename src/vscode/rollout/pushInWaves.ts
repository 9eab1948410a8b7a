import { window } from 'vscode';
import { KubeError } from '../../live/index.ts';
import { wavesReview, type PushReview } from '../../push/index.ts';
import { showInformation, showWarning } from '../messages.ts';
import { chosenUris, documentSubject } from '../push/documentSubject.ts';
import type { Pushes, PushSubject } from '../push/pushes.ts';
import { hindrances } from '../push/pushTexts.ts';
import { revealPush, settleEmpty } from '../push/runReview.ts';
import { pickWaves } from './pickWaves.ts';

/** Reviews the push of documents in waves. */
export async function pushInWaves(pushes: Pushes, args: readonly unknown[]): Promise<void> {
  const { documents: load, engine, connection } = pushes.parts;
  const documents = await load();
  await documents.whenReady;
  const subject = documentSubject(documents, engine, chosenUris(args));
  if ('reason' in subject) {
    const choice = await showWarning(subject.reason, ...(subject.place ? ['Open'] : []));
    if (choice && subject.place) await window.showTextDocument(subject.place);
    return;
  }
  if (connection.readOnlyReason !== undefined) {
    void showWarning(connection.readOnlyReason);
    return;
  }
  const review = await pushes.review(inWaves(subject));
  if (!review || settleEmpty(pushes, review)) return;
  await revealPush();
  const [hindrance] = hindrances(review);
  if (hindrance !== undefined) void showWarning(hindrance);
}

/** The same push, with the clusters asked for once; a review that is made anew keeps the answer. */
function inWaves(subject: PushSubject): PushSubject {
  let waves: readonly (readonly string[])[] | undefined;
  return {
    ...subject,
    async prepare(ports, on, choices, signal) {
      const review = await subject.prepare(ports, on, choices, signal);
      const clusters = arrivingClusters(review);
      if (clusters.length < 2) {
        void showInformation(
          'The push changes something on one cluster at most, so there are no waves.',
        );
        return review;
      }
      waves ??= await pickWaves(ports.model.model, clusters);
      if (!waves) throw new KubeError('aborted', 'No waves were chosen.');
      return wavesReview(ports, review, waves, { signal });
    },
  };
}

function arrivingClusters({ effects }: PushReview): readonly string[] {
  const arriving = effects.filter(
    ({ type, isPassing }) =>
      isPassing !== true && (type === 'appears' || type === 'changes' || type === 'reinstalls'),
  );
  return [...new Set(arriving.flatMap(({ clusters }) => clusters))];
}
