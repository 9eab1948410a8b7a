import { listClusters, naturalOrder } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { templateLabel, templateReference } from '../plan/labels.ts';
import { manifestText } from '../plan/manifest.ts';
import type { Effect, Question } from '../types.ts';

/**
 * What an undo does not bring back although it restores every object: Karmada keeps a template with the policy that has
 * claimed it since, and leaves alone what no policy claims (`propagateResource` of `pkg/detector/policy.go`).
 *
 * @param pushed the effects of the push
 * @param undone the effects of undoing it
 */
export function notRestored(
  pushed: readonly Effect[],
  undone: readonly Effect[],
): readonly Question[] {
  const after = endsOf(undone);
  const known = new Set<string>();
  const apart = new Map<string, string[]>();
  const compare = ({ template, before }: Effect, cluster: string, end?: JsonObject): void => {
    if ((end && manifestText(end)) === (before && manifestText(before))) return;
    apart.set(template, [...(apart.get(template) ?? []), cluster]);
  };
  for (const effect of pushed) {
    if (effect.isPassing === true || effect.type === 'orphaned') continue;
    for (const cluster of effect.clusters) {
      const id = idOf(effect.template, cluster);
      known.add(id);
      compare(effect, cluster, after.has(id) ? after.get(id) : endOf(effect));
    }
  }
  // Where the push did nothing, what was is what is there before the undo.
  for (const effect of undone) {
    if (effect.isPassing === true || effect.type === 'unchanged') continue;
    for (const cluster of effect.clusters) {
      if (!known.has(idOf(effect.template, cluster))) compare(effect, cluster, endOf(effect));
    }
  }
  return [...apart].map(([template, clusters]) => ({
    severity: 'warning',
    code: 'not-restored',
    message: `${templateLabel(template)} does not become what it was on ${listClusters([...new Set(clusters)].sort(naturalOrder))}: Karmada keeps a template with the policy that has claimed it since, and leaves alone what none claims.`,
    reference: templateReference(template),
  }));
}

/** What Works hold in the end, by template and cluster. */
function endsOf(effects: readonly Effect[]): ReadonlyMap<string, JsonObject | undefined> {
  return new Map(
    effects
      .filter(({ isPassing }) => isPassing !== true)
      .flatMap((effect) =>
        effect.clusters.map((cluster) => [idOf(effect.template, cluster), endOf(effect)] as const),
      ),
  );
}

function endOf({ type, before, after }: Effect): JsonObject | undefined {
  if (type === 'removed' || type === 'kept') return undefined;
  return type === 'orphaned' || type === 'fails' ? (after ?? before) : after;
}

function idOf(template: string, cluster: string): string {
  return `${template} ${cluster}`;
}
