import type { LiveControlPlane } from '../../analysis/index.ts';
import { KubeError } from '../../live/index.ts';
import type { CancelSignal, PlaneModel, PushClock } from '../ports.ts';

/** How long the lists of a control plane are waited for, in ms. */
const patience = 30_000;
const pace = 100;

/** The control plane as its streams tell it, as soon as they have told all. Rejects with `KubeError` when they do not. */
export async function readyPlane(
  { model, clock }: { readonly model: PlaneModel; readonly clock: PushClock },
  signal?: CancelSignal,
): Promise<LiveControlPlane> {
  const deadline = clock.now() + patience;
  for (;;) {
    if (signal?.aborted) throw new KubeError('aborted', 'The review was given up.');
    const plane = model.plane();
    if (plane) return plane;
    if (clock.now() >= deadline) {
      throw new KubeError('timeout', 'The control plane could not be read in time. Try again.');
    }
    await clock.sleep(pace, signal);
  }
}
