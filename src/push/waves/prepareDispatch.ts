import { KubeError, type ObjectReference } from '../../live/index.ts';
import { planeIdentity } from '../planeIdentity.ts';
import type { CancelSignal, JournalStore, PlaneModel, PushApi } from '../ports.ts';
import type { PushReview } from '../types.ts';
import { withDispatched } from './dispatchedEffects.ts';
import { dispatchReview, type DispatchRequest } from './dispatchReview.ts';
import { readPushHolds } from './pushHolds.ts';

/** What is to become of the dispatch of policies, which are read from the server. */
export interface DispatchChoice extends Omit<DispatchRequest, 'policies' | 'holdOf' | 'plane'> {
  readonly policies: readonly ObjectReference[];
}

/**
 * Reviews a hold of dispatch, or its end with what is sent then, from what the server holds now. Rejects with `KubeError`
 * when the server cannot be asked.
 */
export async function prepareDispatch(
  ports: {
    readonly api: PushApi;
    readonly model: PlaneModel;
    readonly journals: JournalStore;
  },
  choice: DispatchChoice,
  signal?: CancelSignal,
): Promise<PushReview> {
  const { api, model, journals } = ports;
  const policies = await Promise.all(
    choice.policies.map(async (reference) => ({
      reference,
      object: await api.get(reference, signal),
    })),
  );
  const plane = await planeIdentity(api, signal);
  if (signal?.aborted === true) throw new KubeError('aborted', 'It was cancelled.');
  const holdOf = await readPushHolds(journals, choice.server);
  const request: DispatchRequest = { ...choice, policies, plane, holdOf };
  const review = dispatchReview(model.model, request);
  return choice.action === 'hold'
    ? review
    : withDispatched(review, request, { api, model, ...(signal && { signal }) });
}
