import type { LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import { registerHandlers } from '../commands.ts';
import { planCommandIds } from '../names.ts';
import type { PlanCommands } from './planCommands.ts';

/** Registers the commands that plan files; what they need is loaded when the first of them runs. */
export function registerPlanCommands(
  load: () => Promise<PlanCommands>,
  log: LogOutputChannel,
): Disposable {
  const lazily = (name: keyof typeof planCommandIds) => async (args: readonly unknown[]) =>
    (await load())[name](args);
  return registerHandlers(
    planCommandIds,
    {
      propagate: lazily('propagate'),
      stopPropagating: lazily('stopPropagating'),
      override: lazily('override'),
      createOverride: lazily('createOverride'),
      savePlan: lazily('savePlan'),
      pushPlan: lazily('pushPlan'),
      discardPlan: lazily('discardPlan'),
    },
    log,
  );
}
