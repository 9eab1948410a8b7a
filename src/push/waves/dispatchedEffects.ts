import { displayedObject } from '../../analysis/index.ts';
import { workGroups } from '../plan/workGroups.ts';
import { readWorks } from '../prepare/readWorks.ts';
import type { CancelSignal, PlaneModel, PushApi } from '../ports.ts';
import type { Effect, PushReview } from '../types.ts';
import { bindingsOf, type DispatchRequest } from './dispatchReview.ts';

const reason = 'sent as its Work says now; the cluster may have it already';

/**
 * A review of the end of a hold with what is sent then: the manifests of the Works that are held now on these clusters.
 * What members were sent last is in no Work, so that they may have it already. Rejects with `KubeError` when the server
 * cannot be asked.
 */
export async function withDispatched(
  review: PushReview,
  { policies, clusters }: Pick<DispatchRequest, 'policies' | 'clusters'>,
  { api, model, signal }: DispatchPorts,
): Promise<PushReview> {
  const live = model.plane();
  if (!live || review.steps.length === 0) return review;
  const effects: Effect[] = [];
  const questions = [...review.questions];
  const asked = clusters === 'all' ? undefined : new Set(clusters);
  for (const { reference } of policies) {
    const bindings = bindingsOf(model.model, reference);
    const works = await readWorks(bindings, { api, live, ...(signal && { signal }) });
    questions.push(...works.questions);
    for (const [template, states] of works.states) {
      const held = [...states].filter(
        ([cluster, { isHeld }]) => isHeld && (!asked || asked.has(cluster)),
      );
      for (const { manifest, clusters: on } of workGroups(held)) {
        const after = displayedObject(manifest, { side: 'after', bookkeeping: false });
        effects.push({ template, type: 'changes', reason, clusters: on, after });
      }
    }
  }
  return { ...review, effects, questions };
}

interface DispatchPorts {
  readonly api: PushApi;
  readonly model: PlaneModel;
  readonly signal?: CancelSignal;
}
