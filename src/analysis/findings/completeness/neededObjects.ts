import {
  deepEqual,
  isObject,
  member,
  memberAt,
  references,
  stringMember,
} from '../../../engine/index.ts';
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
/** By the references of a template: what they came to when all of its clusters had them. */
const common = new WeakMap<readonly FluxReference[], Common>();

interface Common {
  readonly clusters: readonly string[];
  readonly needed: readonly Needed[];
}

/** What the delivered manifests of a template refer to and cannot go without. Worked out once a simulation. */
export function neededBy(simulation: Simulation): readonly Needed[] {
  const answered = known.get(simulation);
  if (answered) return answered;
  const { template, outcome } = simulation;
  const { variants, clusters = [] } = outcome;
  const lists = variants.map(({ manifest }) => manifest && referencesOf(manifest, template));
  const [first] = lists;
  const isCommon = first !== undefined && lists.every((list) => list === first);
  const before = isCommon ? common.get(first) : undefined;
  const needed =
    before?.clusters === clusters
      ? before.needed
      : collect(
          simulation,
          isCommon
            ? [[first, clusters]]
            : variants.flatMap((variant, i) => {
                const list = lists[i];
                return list ? [[list, variant.clusters] as const] : [];
              }),
        );
  if (isCommon && needed !== before?.needed) common.set(first, { clusters, needed });
  known.set(simulation, needed);
  return needed;
}

function collect(
  simulation: Simulation,
  lists: readonly (readonly [readonly FluxReference[], readonly string[]])[],
): readonly Needed[] {
  const found = new Map<string, Needed>();
  for (const [references, clusters] of lists) {
    for (const reference of references) {
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
  return [...found.values()];
}

const knownReferences = new WeakMap<JsonObject, readonly FluxReference[]>();

/** The references of a manifest: those of the template where nothing that refers is another. */
function referencesOf(manifest: JsonObject, template: JsonObject): readonly FluxReference[] {
  const source = refersAlike(manifest, template) ? template : manifest;
  let found = knownReferences.get(source);
  if (!found) knownReferences.set(source, (found = references(source)));
  return found;
}

/** Whether two releases share every mapping and list of their specs but the values, which refer to nothing. */
function refersAlike(manifest: JsonObject, template: JsonObject): boolean {
  const [now, before] = [member(manifest, 'spec'), member(template, 'spec')];
  if (!isObject(now) || !isObject(before)) return false;
  const keys = Object.keys(now);
  return (
    keys.length === Object.keys(before).length &&
    stringMember(manifest, 'kind') === 'HelmRelease' &&
    memberAt(manifest, 'metadata', 'namespace') === memberAt(template, 'metadata', 'namespace') &&
    keys.every((key) => {
      const value = now[key];
      if (value === member(before, key) || key === 'values') return true;
      return (
        typeof value !== 'object' && key !== 'serviceAccountName' && Object.hasOwn(before, key)
      );
    })
  );
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
