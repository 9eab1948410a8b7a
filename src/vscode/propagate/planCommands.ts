import { ProgressLocation, window } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { CommandHandlers } from '../commands.ts';
import type { Documents } from '../documents.ts';
import type { planCommandIds } from '../names.ts';
import { chosenTemplates } from './chosenTemplates.ts';
import { registerDraftLenses } from './planLenses.ts';
import { createOverrideDrafts } from './overrideDrafts.ts';
import { createOverride, overrideForClusters } from './overrideFlow.ts';
import { Plans } from './plans.ts';
import { propagateToClusters, stopPropagatingTo } from './propagateFlow.ts';

/** What the commands that plan files do. */
export type PlanCommands = Disposable & CommandHandlers<keyof typeof planCommandIds>;

/** The commands that plan files, and what they show. Registers nothing but what serves documents and lenses. */
export function createPlanCommands(documents: Documents): PlanCommands {
  const store = new DisposableStore();
  const plans = store.add(new Plans(documents));
  const drafts = store.add(createOverrideDrafts());
  store.add(registerDraftLenses(drafts));
  const parts = { documents, plans, drafts };
  const on =
    (title: string, run: (templates: readonly string[]) => Promise<void>) =>
    async (args: readonly unknown[]) => {
      await ready(documents);
      const held = documents.holdControlPlane();
      try {
        await held.whenRead;
        const templates = await chosenTemplates(documents, args, title);
        if (templates) await run(templates);
      } finally {
        held.dispose();
      }
    };
  return {
    propagate: on('Propagate to clusters', (templates) => propagateToClusters(parts, templates)),
    stopPropagating: on('Stop propagating', (templates) => stopPropagatingTo(parts, templates)),
    override: on('Override for clusters', async (templates) => {
      for (const template of templates) await overrideForClusters(parts, template);
    }),
    createOverride: ([uri]) => createOverride(parts, uri),
    savePlan: (args) => plans.save(args),
    pushPlan: (args) => plans.push(args),
    discardPlan: (args) => plans.discard(args),
    dispose: () => store.dispose(),
  };
}

async function ready(documents: Documents): Promise<void> {
  if (documents.isReady) return;
  await window.withProgress(
    { location: ProgressLocation.Window, title: 'Reading manifests' },
    () => documents.whenReady,
  );
}
