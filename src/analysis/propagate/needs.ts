import { references, servesApi, stringMember } from '../../engine/index.ts';
import type { ClusterFacts, FluxReference, JsonObject } from '../../engine/index.ts';
import { neededBy } from '../findings/completeness/neededObjects.ts';
import { listName } from '../listName.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { findTemplate } from '../templateIndex.ts';

/** What an object cannot do without on its clusters. */
export interface Needs {
  readonly templates: readonly Template[];
  /** What is neither in the documents nor on the control plane. */
  readonly absent: readonly FluxReference[];
}

/**
 * What a template refers to in the same cluster: as written, and on these clusters after overrides. What is optional,
 * and a ServiceAccount, which Flux does not bring along, is needed only where it is known.
 */
export function needsOf(
  snapshot: Snapshot,
  { item, simulation }: Template,
  clusters: ReadonlySet<string>,
): Needs {
  const overridden = simulation
    ? neededBy(simulation).filter((needed) => needed.clusters.some((name) => clusters.has(name)))
    : [];
  const written = references(item.stored ?? item.source);
  const all = [...written, ...overridden.map(({ reference }) => reference)];
  const templates = new Map<string, Template>();
  const absent = new Map<string, FluxReference>();
  for (const reference of all) {
    const target = findTemplate(snapshot, reference);
    if (target) templates.set(target.key, target);
    else if (!reference.optional && reference.kind !== 'ServiceAccount') {
      absent.set(nameOf(reference), reference);
    }
  }
  return { templates: [...templates.values()], absent: [...absent.values()] };
}

/** Whether the kind of an absent reference has been read at all; else nothing can be said. */
export function isKnownAbsent({ live }: Snapshot, { group, kind }: FluxReference): boolean {
  return !live?.unread.has(`${group}/${kind}`);
}

/** `Secret apps/registry` */
export function nameOf({ kind, namespace, name }: FluxReference): string {
  return listName(kind, namespace, name);
}

/** Whether a cluster takes objects of a template's kind in the version that Karmada sees. */
export function takes(cluster: ClusterFacts, { item, simulation }: Template): boolean {
  const object: JsonObject = simulation?.template ?? item.stored ?? item.source;
  return servesApi(cluster, stringMember(object, 'apiVersion'), stringMember(object, 'kind'));
}
