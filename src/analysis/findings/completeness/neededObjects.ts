import { deepEqual, member, memberAt, references } from '../../../engine/index.ts';
import type { FluxReference, JsonObject, Simulation } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import type { Code } from '../codes.ts';

/** An object that a propagated one needs on some of its clusters. */
export interface Needed {
  readonly code: Extract<
    Code,
    'source-not-propagated' | 'values-source-not-propagated' | 'depends-on-not-propagated'
  >;
  readonly reference: FluxReference;
  /** What it refers to, as `GROUP/KIND` and `NAMESPACE/NAME`. */
  readonly target: readonly [groupKind: string, place: string];
  /** Of the name in the template. */
  readonly path: SourcePath;
  readonly clusters: readonly string[];
  /** Whether an override set the reference. */
  readonly isOverridden: boolean;
}

const known = new WeakMap<Simulation, readonly Needed[]>();

/** What the delivered manifests of a template refer to and cannot go without. Worked out once a simulation. */
export function neededBy(simulation: Simulation): readonly Needed[] {
  const answered = known.get(simulation);
  if (answered) return answered;
  const found = new Map<string, Needed>();
  for (const { manifest, clusters } of simulation.outcome.variants) {
    if (!manifest) continue;
    for (const reference of referencesOf(manifest)) {
      const code = codeOf(reference);
      if (!code) continue;
      const { path, group, kind, namespace, name } = reference;
      const key = [...path, group, kind, namespace, name].join('\n');
      const before = found.get(key);
      found.set(
        key,
        before
          ? { ...before, clusters: [...before.clusters, ...clusters] }
          : {
              code,
              reference,
              target: [`${group}/${kind}`, `${namespace}/${name}`],
              path: [...path, 'name'],
              clusters,
              isOverridden: isOverridden(simulation, reference),
            },
      );
    }
  }
  const needed = [...found.values()];
  known.set(simulation, needed);
  return needed;
}

const knownReferences = new WeakMap<JsonObject, readonly FluxReference[]>();

/** Manifests that no override touches stay the same object, whatever becomes of others. */
function referencesOf(manifest: JsonObject): readonly FluxReference[] {
  let found = knownReferences.get(manifest);
  if (!found) knownReferences.set(manifest, (found = references(manifest)));
  return found;
}

function codeOf({ path, group, optional }: FluxReference): Needed['code'] | undefined {
  if (optional) return undefined;
  if (group === 'source.toolkit.fluxcd.io') return 'source-not-propagated';
  if (path[1] === 'valuesFrom') return 'values-source-not-propagated';
  return path[1] === 'dependsOn' ? 'depends-on-not-propagated' : undefined;
}

function isOverridden({ template }: Simulation, { path, name }: FluxReference): boolean {
  let at = memberAt(template);
  for (const step of path) {
    at = typeof step === 'number' ? (Array.isArray(at) ? at[step] : undefined) : member(at, step);
  }
  return !deepEqual(member(at, 'name'), name);
}
