import { rolloutBaseline } from '../../live/index.ts';
import type { PlanOptions } from '../plan/planPush.ts';
import type { CancelSignal } from '../ports.ts';
import { readGround, type GroundPorts } from '../prepare/readGround.ts';
import type { PushReview, Question } from '../types.ts';
import { expectationsOf } from './expectations.ts';
import { planWaves } from './planWaves.ts';

/**
 * The review of the same push in waves. What there is now on members is noted in it, so that a wave is not taken for ready
 * by what was reported before. Rejects with `KubeError` when the server cannot be asked.
 */
export async function wavesReview(
  ports: GroundPorts,
  review: PushReview,
  waves: readonly (readonly string[])[],
  { signal, ...options }: PlanOptions & { readonly signal?: CancelSignal } = {},
): Promise<PushReview> {
  const sound = review.changes.filter(
    ({ type, after }) => type === 'delete' || after !== undefined,
  );
  const { ground } = await readGround(ports, sound, signal);
  const plan = planWaves(ground, sound, { ...options, waves });
  const templates = expectationsOf({ ...review, ...plan }).map(({ template }) => template);
  return {
    ...review,
    ...plan,
    type: 'waves',
    questions: unique([...review.questions, ...plan.questions]),
    baseline: rolloutBaseline(ports.model.model, templates),
  };
}

function unique(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((one) => [`${one.code}\n${one.message}`, one])).values()];
}
