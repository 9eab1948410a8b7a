import { policyId } from '../../engine/index.ts';
import { rolloutBaseline } from '../../live/index.ts';
import type { PlanOptions } from '../plan/planPush.ts';
import type { CancelSignal } from '../ports.ts';
import type { PreparePorts } from '../prepare/preparePush.ts';
import { inShortSteps } from '../prepare/inShortSteps.ts';
import { readGround } from '../prepare/readGround.ts';
import type { PushPlan, PushReview, Question } from '../types.ts';
import { expectationsOf } from './expectations.ts';
import { readHolders, sendingPolicies } from './holders.ts';
import { planWavesInSteps } from './planWaves.ts';

/**
 * The review of the same push in waves. What there is now on members is noted in it, so that a wave is not taken for ready
 * by what was reported before. Rejects with `KubeError` when the server cannot be asked.
 */
export async function wavesReview(
  ports: PreparePorts,
  review: PushReview,
  waves: readonly (readonly string[])[],
  { signal, ...options }: PlanOptions & { readonly signal?: CancelSignal } = {},
): Promise<PushReview> {
  const sound = review.changes.filter(
    ({ type, after }) => type === 'delete' || after !== undefined,
  );
  const { ground } = await readGround(ports, sound, signal);
  const { model } = ports.model;
  const changed = sound.map(({ reference }) => policyId(reference));
  const policies = new Set([...sendingPolicies(model, review.effects), ...changed]);
  const held = { plane: ground.live, policies, server: review.server };
  const holders = await readHolders(ports, held);
  const planning = planWavesInSteps(ground, sound, { ...options, waves, holders });
  const plan = await inShortSteps(planning, ports.clock, signal);
  // Everything goes at once: it is a push like any other.
  if (plan.steps.every(({ type }) => type !== 'ready')) return review;
  const templates = expectationsOf({ ...review, ...plan }).map(({ template }) => template);
  return {
    ...review,
    ...plan,
    type: 'waves',
    questions: unique([...review.questions.filter(isOpen(plan)), ...plan.questions]),
    baseline: rolloutBaseline(model, templates),
  };
}

/** Where waves cannot begin because something is held, it is not said as well that it does not arrive. */
function isOpen({ questions }: PushPlan): (question: Question) => boolean {
  const held = questions.flatMap(({ code, reference }) =>
    code === 'held' && reference ? [policyId(reference)] : [],
  );
  return ({ code, reference }) =>
    code !== 'held' || !reference || !held.includes(policyId(reference));
}

function unique(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((one) => [`${one.code}\n${one.message}`, one])).values()];
}
