import type { LiveSettings } from '../../analysis/index.ts';
import type { ObjectChange, PushGround, PushPlan, PushStep } from '../types.ts';
import { effectsOf } from './effects.ts';
import { standardOrder } from './order.ts';
import { statesOf } from './states.ts';

/** What is known of the control plane beside its objects. */
export type PlanOptions = LiveSettings;

/**
 * Plans the writes of a push: in which order, what members get of them, what has to be asked. Deterministic, and never
 * throws.
 */
export function planPush(
  ground: PushGround,
  changes: readonly ObjectChange[],
  options: PlanOptions = {},
): PushPlan {
  const writes = standardOrder(changes);
  const states = statesOf(ground.live, writes, options);
  const [first, last] = [states[0], states.at(-1)];
  const effects = first && last ? effectsOf(ground, changes, first, last) : [];
  return { steps: writes.map(toStep), effects, questions: [] };
}

function toStep(change: ObjectChange, index: number): PushStep {
  const id = String(index + 1);
  if (change.type === 'delete') return { type: 'delete', id, change };
  return { type: change.source ? 'apply' : 'restore', id, change };
}
