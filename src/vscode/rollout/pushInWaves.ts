import { KubeError } from '../../live/index.ts';
import { wavesReview, type PushReview } from '../../push/index.ts';
import { showInformation } from '../messages.ts';
import { chosenUris, documentSubject } from '../push/documentSubject.ts';
import type { Pushes, PushSubject } from '../push/pushes.ts';
import { reviewSubject } from '../push/reviewSubject.ts';
import { pickWaves } from './pickWaves.ts';

/** Reviews the push of documents in waves. */
export async function pushInWaves(pushes: Pushes, args: readonly unknown[]): Promise<void> {
  const { documents: load, engine } = pushes.parts;
  const documents = await load();
  await documents.whenReady;
  const uris = chosenUris(args);
  await documents.catchUp(uris);
  const subject = documentSubject(documents, engine, uris);
  await reviewSubject(pushes, 'reason' in subject ? subject : inWaves(subject));
}

/** The same push, with the clusters asked for once on each control plane; a review that is made anew keeps the answer. */
function inWaves(subject: PushSubject): PushSubject {
  const picked = new Map<string, readonly (readonly string[])[]>();
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
      const place = JSON.stringify([on.context, on.server]);
      const waves = picked.get(place) ?? (await pickWaves(ports.model.model, clusters));
      if (!waves) throw new KubeError('aborted', 'No waves were chosen.');
      picked.set(place, waves);
      if (waves.length < 2) {
        void showInformation('All clusters are in one wave, so that they get the push at once.');
        return review;
      }
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
