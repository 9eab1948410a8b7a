import type { LiveState } from '../../analysis/index.ts';
import { contentsOf } from '../plan/between.ts';
import { manifestText } from '../plan/manifest.ts';
import type { Effect, PushStep } from '../types.ts';

/** What Karmada makes of the steps of a plan. */
export interface DeletionGround {
  readonly arriving: readonly Effect[];
  /** One more than steps: the first is before any. */
  readonly states: readonly LiveState[];
}

/**
 * The steps before the waves and the deletions behind them. Karmada does not hold removals
 * (`pkg/controllers/execution/execution_controller.go`), so these come last; but what clusters get must be complete
 * before the first wave goes, and may need that an override or a policy is gone.
 */
export function splitAtDeletions(
  steps: readonly PushStep[],
  ground: DeletionGround,
): { readonly writes: readonly PushStep[]; readonly deletions: readonly PushStep[] } {
  let end = steps.length;
  while (end > 0 && isEnd(steps[end - 1])) end -= 1;
  while (end < steps.length && !isComplete(ground, end)) end += 1;
  // What was written is waited for in any case, wave by wave.
  const behind = steps.slice(end);
  const from = behind.findIndex(({ type }) => type === 'delete');
  const isAnyLeft = from >= 0;
  return {
    writes: isAnyLeft ? steps.slice(0, end) : withoutEnd(steps.slice(0, end)),
    deletions: isAnyLeft ? behind.slice(from) : [],
  };
}

function isEnd(step: PushStep | undefined): boolean {
  return step?.type === 'delete' || step?.type === 'settle';
}

function withoutEnd(steps: readonly PushStep[]): readonly PushStep[] {
  const last = steps.findLastIndex(({ type }) => type !== 'settle');
  return steps.slice(0, last + 1);
}

/** Whether all that arrives is made after so many steps, and stays so. */
function isComplete({ arriving, states }: DeletionGround, done: number): boolean {
  const last = states.at(-1);
  return arriving.every(({ template, clusters }) => {
    const [now, then] = [states[done], last].map((state) =>
      contentsOf(state?.deliveries.get(template)),
    );
    return clusters.every((cluster) => textOf(now?.get(cluster)) === textOf(then?.get(cluster)));
  });
}

function textOf(content: Parameters<typeof manifestText>[0] | 'fails' | undefined): string {
  return content === undefined || content === 'fails' ? (content ?? '') : manifestText(content);
}
