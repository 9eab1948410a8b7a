import { arrayMember, member, stringMember } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { findingsIn } from '../findings/index.ts';
import { isClusterScoped } from '../scope.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { ItemChange } from './changes.ts';
import type { Fix } from './fix.ts';

/**
 * Takes away the namespace that a kind does not have, from a selector or from a policy for such kinds alone; else the
 * selectors that can match nothing.
 */
export function policyNeverMatches(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const { item, path } = finding;
  const { circumstances } = snapshot;
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
  if (path[1] !== 'resourceSelectors') return [];
  if (item.kind.startsWith('Cluster') || !selectors.every(isScoped)) {
    return withoutSelectors(snapshot, finding, selectors.length);
  }
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

/** All that can match nothing, so that none takes the place of another. A policy needs a selector. */
function withoutSelectors(
  snapshot: Snapshot,
  { item, code }: Finding,
  count: number,
): readonly Fix[] {
  const indices = findingsIn(snapshot, item.file.uri)
    .filter((other) => other.code === code && other.item.source === item.source)
    .filter(({ path }) => path[1] === 'resourceSelectors')
    .map(({ path }) => Number(path[2]))
    .sort((a, b) => b - a);
  if (indices.length >= count) return [];
  return fixBy(
    indices.length === 1 ? 'Remove the selector' : 'Remove the selectors that can match nothing',
    indices.map((i) => ({
      item,
      change: { type: 'remove', path: ['spec', 'resourceSelectors', i] } as const,
    })),
  );
}

function removedNamespace(item: Item): readonly ItemChange[] {
  return item.namespaceAssumed
    ? []
    : [{ item, change: { type: 'remove', path: ['metadata', 'namespace'] } }];
}
