import { liveName, nameOfObject } from '../../analysis/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import {
  apiGroup,
  compileResourceSelectors,
  existingClaim,
  memberAt,
  stringMember,
} from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ObjectChange } from '../types.ts';
import { dependsOnOverride } from './dependsOnOverride.ts';

/** Names of the templates that each change may have to do with, and all of them. */
export interface Touched {
  readonly byChange: ReadonlyMap<ObjectChange, ReadonlySet<string>>;
  readonly names: ReadonlySet<string>;
}

/** What a change may touch: a template itself; of a policy all that it selects or has claimed, before or after. */
export function touchedBy(plane: LiveControlPlane, changes: readonly ObjectChange[]): Touched {
  const written = changes.flatMap(({ after }) => (after ? [after] : []));
  const templates = [...plane.objects, ...written].filter((object) => !isPolicy(object));
  const policies = [...plane.objects, ...written].filter(isPolicy);
  const reachedByCluster = policies
    .filter(({ kind }) => kind === 'ClusterOverridePolicy')
    .flatMap((policy) => selectedBy(policy, templates));
  const byChange = new Map<ObjectChange, ReadonlySet<string>>();
  for (const change of changes) {
    const { reference, before, after } = change;
    const group = apiGroup(reference.apiVersion);
    if (group === 'cluster.karmada.io') byChange.set(change, new Set(templates.map(nameOfObject)));
    else if (group !== 'policy.karmada.io') {
      const inside = change.type === 'delete' ? inNamespace(reference, templates) : [];
      byChange.set(change, new Set([liveName(reference), ...inside]));
    } else {
      const states = [before, after].flatMap((object) => (object ? [object] : []));
      const names = states.flatMap((policy) => selectedBy(policy, templates));
      // A ClusterOverridePolicy may change what an OverridePolicy is matched with.
      const more = reference.kind === 'OverridePolicy' ? reachedByCluster : [];
      const waiting = policies
        .filter((policy) => dependsOnOverride(policy, reference))
        .flatMap((policy) => selectedBy(policy, templates));
      const found = [...names, ...more, ...waiting, ...claimedBy(reference, templates)];
      byChange.set(change, new Set(found.filter(isInside(reference.namespace))));
    }
  }
  return { byChange, names: new Set([...byChange.values()].flatMap((names) => [...names])) };
}

/** The control plane with no other templates than these. */
export function reducedTo(plane: LiveControlPlane, names: ReadonlySet<string>): LiveControlPlane {
  const objects = plane.objects.filter(
    (object) => isPolicy(object) || names.has(nameOfObject(object)),
  );
  return objects.length === plane.objects.length ? plane : { ...plane, objects };
}

function isPolicy(object: JsonObject): boolean {
  return apiGroup(stringMember(object, 'apiVersion')) === 'policy.karmada.io';
}

/** A policy with a namespace is about templates in it alone. Names are `GROUP/KIND/NAMESPACE/NAME`. */
function isInside(namespace: string): (name: string) => boolean {
  return (name) => namespace === '' || name.split('/').at(-2) === namespace;
}

function selectedBy(policy: JsonObject, templates: readonly JsonObject[]): readonly string[] {
  const selectors = memberAt(policy, 'spec', 'resourceSelectors');
  const isForAll =
    stringMember(policy, 'kind').endsWith('OverridePolicy') &&
    !(Array.isArray(selectors) && selectors.length > 0);
  const fits = compileResourceSelectors(selectors);
  return templates.filter((object) => isForAll || fits(object) > 0).map(nameOfObject);
}

/** What goes with a namespace. */
function inNamespace(
  { apiVersion, kind, name }: ObjectChange['reference'],
  templates: readonly JsonObject[],
): readonly string[] {
  if (apiVersion !== 'v1' || kind !== 'Namespace') return [];
  return templates
    .filter((template) => stringMember(memberAt(template, 'metadata'), 'namespace') === name)
    .map(nameOfObject);
}

function claimedBy(
  { kind, namespace, name }: ObjectChange['reference'],
  templates: readonly JsonObject[],
): readonly string[] {
  if (!kind.endsWith('PropagationPolicy')) return [];
  return templates
    .filter((template) => {
      const claim = existingClaim(template);
      return claim?.kind === kind && claim.namespace === namespace && claim.name === name;
    })
    .map(nameOfObject);
}
