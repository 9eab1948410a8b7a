import { arrayMember, nearestName } from '../../../engine/index.ts';
import { propagationUses } from '../../propagationUses.ts';
import type { PropagationUse } from '../../propagationUses.ts';
import type { Item, Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { unfinishedKinds } from './unfinishedKinds.ts';

/** `dependent-override-missing` on each name in `dependentOverrides` that no override policy has. */
export function dependentOverrides(snapshot: Snapshot): readonly Finding[] {
  return propagationUses(snapshot).flatMap((use) => missingIn(snapshot, use));
}

function missingIn(snapshot: Snapshot, { item, policy }: PropagationUse): readonly Finding[] {
  const names = arrayMember(policy.spec, 'dependentOverrides');
  if (names.length === 0) return [];
  const kind = overrideKindFor(item);
  if (unfinishedKinds(snapshot).has(kind)) return [];
  // One that the server refuses is there, and what is wrong with it is told there.
  const present = snapshot.objects
    .filter((other) => other.kind === kind && other.namespace === policy.namespace)
    .map(({ name }) => name);
  return names.flatMap((name, i): Finding[] => {
    if (typeof name !== 'string' || present.includes(name)) return [];
    const near = nearestName(name, present);
    const scope = policy.namespace === '' ? '' : ` in namespace ${policy.namespace}`;
    const remedy = near === undefined ? 'add it or remove the name.' : `did you mean ${near}?`;
    const message = `There is no ${kind} ${name}${scope}, and until there is this policy propagates nothing new; ${remedy}`;
    return [
      {
        code: 'dependent-override-missing',
        item,
        path: ['spec', 'dependentOverrides', i],
        message,
      },
    ];
  });
}

/** The kind of override policies that a propagation policy may wait for. */
export function overrideKindFor({ kind }: Item): string {
  return kind === 'PropagationPolicy' ? 'OverridePolicy' : 'ClusterOverridePolicy';
}
