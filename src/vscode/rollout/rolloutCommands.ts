import { commands, type LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import {
  isReleaseKind,
  objectKey,
  type Expectation,
  type FleetModel,
  type ObjectReference,
} from '../../live/index.ts';
import { act } from '../acting/acting.ts';
import { isCluster, treeTargets } from '../acting/treeTargets.ts';
import { registerHandlers } from '../commands.ts';
import type { Connection } from '../connection/connection.ts';
import type { ViewChoices } from '../fleet/viewChoices.ts';
import { showInformation } from '../messages.ts';
import { rolloutCommandIds, viewIds } from '../names.ts';
import { pickRelease } from './pickRelease.ts';
import type { Rollouts } from './rollouts.ts';

interface Targets {
  readonly rollouts: Rollouts;
  readonly choices: ViewChoices;
}

/** Registers what the user can do with rollouts. */
export function registerRolloutCommands(
  { rollouts, choices }: Targets,
  { connection }: { readonly connection: Connection },
  log: LogOutputChannel,
): Disposable {
  return registerHandlers(
    rolloutCommandIds,
    {
      show: (args) => show(rollouts, connection, args),
      stop: () => {
        rollouts.stop();
        choices.change({ problemsOnly: false });
      },
      showProblems: () => choices.change({ problemsOnly: true }),
      showAll: () => choices.change({ problemsOnly: false }),
    },
    log,
  );
}

/** Shows what is followed; follows the releases of the lines or of the reference that it was called with. */
async function show(
  rollouts: Rollouts,
  connection: Connection,
  args: readonly unknown[],
): Promise<void> {
  const isAsked = args.length > 0;
  if (!isAsked && rollouts.isHere) {
    await commands.executeCommand(`${viewIds.rollout}.focus`);
    return;
  }
  const given = treeTargets(args).filter(({ reference }) => !isCluster(reference));
  const expectations = await act(
    { connection },
    { interests: ['clusters', 'releases'], writes: false },
    async ({ model }) => {
      const references =
        given.length > 0 ? given.map(({ reference }) => reference) : await pickRelease(model);
      return references && standing(model, references);
    },
  );
  if (!expectations) return;
  if (expectations.length === 0) {
    void showInformation('Nothing of it is on any cluster.');
    return;
  }
  rollouts.follow(titleOf(expectations), expectations);
  await commands.executeCommand(`${viewIds.rollout}.focus`);
}

/** Without a push there is nothing newer to wait for than what there is. */
function standing(
  model: FleetModel,
  references: readonly ObjectReference[],
): readonly Expectation[] {
  const byKey = new Map(references.filter(isReleaseKind).map((one) => [objectKey(one), one]));
  return [...byKey].flatMap(([key, template]): readonly Expectation[] => {
    const clusters = [...(model.releases.get(key)?.states.keys() ?? [])];
    if (clusters.length === 0) return [];
    return [{ template, clusters, type: 'stands', isSpecChanged: false }];
  });
}

function titleOf(expectations: readonly Expectation[]): string {
  const [first, ...others] = expectations.map(({ template }) => template.name);
  return others.length === 0 ? (first ?? '') : `${first} and ${others.length} more`;
}
