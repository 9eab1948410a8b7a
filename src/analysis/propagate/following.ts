import { memberAt, stringMember } from '../../engine/index.ts';
import type { StoredPolicy } from '../../engine/index.ts';
import { interpreterOf, propagatesDependencies } from '../findings/completeness/interpreters.ts';
import { isCopiedWhole } from '../findings/placement/plainKinds.ts';
import { listName } from '../listName.ts';
import { listClusters } from '../previewText.ts';
import type { Snapshot } from '../snapshot.ts';
import { simulationOf } from './overrideResult.ts';
import type { PlannedOutcome } from './types.ts';

/** What goes along with templates by `propagateDeps` (`pkg/dependenciesdistributor`), which outcomes do not hold. */
export function followingWarnings(
  after: Snapshot,
  outcomes: readonly PlannedOutcome[],
): readonly string[] {
  const followed = new Map<StoredPolicy, Set<string>>();
  for (const { template: key, type } of outcomes) {
    if (type !== 'appears' && type !== 'leaves' && type !== 'keeps') continue;
    const { claim, template } = simulationOf(after, key) ?? {};
    if (!template || claim?.type !== 'claimed' || !propagatesDependencies(claim.policy.spec)) {
      continue;
    }
    const [apiVersion, kind] = [
      stringMember(template, 'apiVersion'),
      stringMember(template, 'kind'),
    ];
    const isKnown =
      !isCopiedWhole(apiVersion, kind) ||
      interpreterOf(after, { apiVersion, kind }, 'dependencyInterpretation') !== 'none';
    if (!isKnown) continue;
    const metadata = memberAt(template, 'metadata');
    const name = listName(
      kind,
      stringMember(metadata, 'namespace'),
      stringMember(metadata, 'name'),
    );
    followed.set(claim.policy, (followed.get(claim.policy) ?? new Set()).add(name));
  }
  return [...followed].map(([{ kind, namespace, name }, names]) => {
    const verb = names.size === 1 ? 'depends' : 'depend';
    return `${listName(kind, namespace, name)} says propagateDeps: what ${listClusters([...names])} ${verb} on follows to the same clusters, or goes from them, and is not shown here.`;
  });
}
