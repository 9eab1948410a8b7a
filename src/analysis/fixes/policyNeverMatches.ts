import { arrayMember, member, stringMember } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { isClusterScoped } from '../scope.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { ItemChange } from './changes.ts';
import type { Fix } from './fix.ts';

/** Takes away the namespace that a kind does not have: from a selector, or from a policy for such kinds alone. */
export function policyNeverMatches(
  { circumstances }: Snapshot,
  { item, path }: Finding,
): readonly Fix[] {
  const selectors = arrayMember(item.source['spec'] ?? null, 'resourceSelectors');
  const isScoped = (selector: (typeof selectors)[number] | undefined): boolean =>
    selector !== undefined &&
    isClusterScoped(
      stringMember(selector, 'apiVersion'),
      stringMember(selector, 'kind'),
      circumstances.declaredScopes,
    );
  if (path.at(-1) === 'namespace') {
    const index = path[2];
    const isMeant = typeof index === 'number' && isScoped(selectors[index]);
    return isMeant
      ? fixBy('Remove namespace', [{ item, change: { type: 'remove', path } }], { preferred: true })
      : [];
  }
  if (item.kind.startsWith('Cluster') || !selectors.every(isScoped)) return [];
  const inSelectors = selectors.flatMap((selector, i): ItemChange[] =>
    member(selector, 'namespace') === undefined
      ? []
      : [{ item, change: { type: 'remove', path: ['spec', 'resourceSelectors', i, 'namespace'] } }],
  );
  const kind = `Cluster${item.kind}`;
  return fixBy(`Make it a ${kind}`, [
    { item, change: { type: 'set', path: ['kind'], value: kind } },
    ...removedNamespace(item),
    ...inSelectors,
  ]);
}

function removedNamespace(item: Item): readonly ItemChange[] {
  return item.namespaceAssumed
    ? []
    : [{ item, change: { type: 'remove', path: ['metadata', 'namespace'] } }];
}
