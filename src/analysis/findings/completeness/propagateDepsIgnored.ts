import { isObject, memberAt } from '../../../engine/index.ts';
import type { JsonObject } from '../../../engine/index.ts';
import { propagationUses } from '../../propagationUses.ts';
import type { Snapshot } from '../../snapshot.ts';
import { isCopiedWhole } from '../placement/plainKinds.ts';
import type { Finding } from '../finding.ts';
import { interpreterOf, propagatesDependencies, selectedKinds } from './interpreters.ts';

/**
 * `propagate-deps-ignored` on a `propagateDeps: true` whose selectors are all for kinds of which Karmada knows no
 * dependencies. Application failover needs the switch all the same.
 */
export function propagateDepsIgnored(snapshot: Snapshot): readonly Finding[] {
  return propagationUses(snapshot).flatMap(({ item, policy }): Finding[] => {
    const { spec } = policy;
    if (!ignoresDependencies(snapshot, spec)) return [];
    const kinds = selectedKinds(spec);
    const names = [...new Set(kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))];
    const message = `Karmada knows no dependencies of ${names.join(', ')}, so this propagates nothing more; select what they need, or add a ResourceInterpreterCustomization.`;
    return [{ code: 'propagate-deps-ignored', item, path: ['spec', 'propagateDeps'], message }];
  });
}

/** Whether a policy says `propagateDeps` and Karmada knows no dependencies of anything that it selects. */
export function ignoresDependencies(snapshot: Snapshot, spec: JsonObject): boolean {
  return (
    propagatesDependencies(spec) &&
    !isObject(memberAt(spec, 'failover', 'application')) &&
    selectedKinds(spec).every(
      (about) =>
        isCopiedWhole(about.apiVersion, about.kind) &&
        interpreterOf(snapshot, about, 'dependencyInterpretation') === 'none',
    )
  );
}
