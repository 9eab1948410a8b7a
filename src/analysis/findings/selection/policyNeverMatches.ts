import { compileLabelSelector, compileSkips, member } from '../../../engine/index.ts';
import type { SkipReason } from '../../../engine/index.ts';
import { isClusterScoped } from '../../scope.ts';
import type { Settings } from '../../settings.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { idleSelectors } from './selectorUses.ts';
import type { IdleSelector } from './selectorUses.ts';
import { selectorNode } from './selectorNode.ts';

/** `policy-never-matches` on selectors that can match nothing, whatever there is. */
export function policyNeverMatches(snapshot: Snapshot): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const idle of idleSelectors(snapshot)) {
    const found = idle.lost.length === 0 ? neverMatches(snapshot, idle) : undefined;
    // Several selectors of a policy fail for its one namespace.
    if (found) findings.set(JSON.stringify([found.item.key, found.path]), found);
  }
  return [...findings.values()];
}

/** Why a selector can match nothing; `undefined` when it can. */
export function neverMatches(snapshot: Snapshot, idle: IdleSelector): Finding | undefined {
  const { item, index, selector, apiVersion, kind, namespace } = idle;
  const code = 'policy-never-matches';
  const node = selectorNode(item, index, selector);
  if (skipReason(snapshot, { ...idle, namespace: '' }) === 'skipped-api') {
    const message = `Karmada does not propagate ${apiVersion} ${kind}, so this selects nothing; remove it.`;
    return { code, ...node, message };
  }
  const isNamespacedPolicy = !item.kind.startsWith('Cluster');
  if (
    namespace !== '' &&
    isClusterScoped(apiVersion, kind, snapshot.circumstances.declaredScopes)
  ) {
    const message = isNamespacedPolicy
      ? `Objects of kind ${kind} have no namespace, and this policy selects in its own namespace only, so this selects nothing; use a Cluster${item.kind}.`
      : `Objects of kind ${kind} have no namespace, so this selects nothing; remove the namespace.`;
    const path = ['spec', 'resourceSelectors', index, 'namespace'];
    return isNamespacedPolicy ? { code, ...node, message } : { code, item, path, message };
  }
  const reason = namespace === '' ? undefined : skipReason(snapshot, idle);
  if (reason === 'reserved-namespace' || reason === 'skipped-namespace') {
    const why =
      reason === 'reserved-namespace'
        ? `${namespace} is a namespace of Karmada itself`
        : `Karmada is told to skip the namespace ${namespace}`;
    const message = `${why}, so nothing of it is propagated; use another namespace.`;
    const path = isNamespacedPolicy
      ? ['metadata', 'namespace']
      : ['spec', 'resourceSelectors', index, 'namespace'];
    return { code, item, path, message };
  }
  const labels = member(selector, 'labelSelector') ?? null;
  if (idle.name !== '' || labels === null || compileLabelSelector(labels)) return undefined;
  const message =
    'Kubernetes cannot read this label selector, so it selects nothing; check keys, operators and values.';
  return { code, ...node, message };
}

const skipTests = new WeakMap<Settings, ReturnType<typeof compileSkips>>();

function skipReason(
  { settings }: Snapshot,
  { apiVersion, kind, namespace }: IdleSelector,
): SkipReason | undefined {
  let skips = skipTests.get(settings);
  if (!skips) {
    skips = compileSkips({ skippedNamespaces: settings.skippedPropagatingNamespaces });
    skipTests.set(settings, skips);
  }
  return skips({ apiVersion, kind, metadata: { name: 'any', namespace } });
}
