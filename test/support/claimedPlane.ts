import type { LiveControlPlane } from '../../src/analysis/index.ts';
import type { JsonObject, PreviousPlacement } from '../../src/engine/index.ts';
import { snapshotOf } from './snapshots.ts';
import type { Documents } from './snapshots.ts';

/** A control plane to which some documents were applied, and that has done its work on them. */
export function claimedPlane(documents: Documents): LiveControlPlane {
  const snapshot = snapshotOf(documents);
  const objects: JsonObject[] = [];
  const previous = new Map<string, PreviousPlacement>();
  for (const { role, stored } of snapshot.items) {
    if (role === 'propagation' && stored) objects.push(stored);
  }
  for (const { key, item, simulation } of snapshot.templates.values()) {
    const object = simulation?.claimed ?? item.stored;
    if (object) objects.push(identified(object));
    const { schedule } = simulation ?? {};
    if (schedule && schedule.error === undefined) {
      const { clusters, affinity } = schedule;
      previous.set(key, { clusters, ...(affinity === undefined ? {} : { affinity }) });
    }
  }
  return {
    context: 'prod',
    karmadaVersion: '1.18.2',
    served: new Map([
      ['helm.toolkit.fluxcd.io', ['v2']],
      ['source.toolkit.fluxcd.io', ['v1']],
    ]),
    clusters: snapshot.fleet.clusters,
    objects,
    previous,
    unread: new Set(),
  };
}

/** Policies get their permanent id when they are made, which no document tells: any will do. */
function identified(object: JsonObject): JsonObject {
  const metadata = object['metadata'] as JsonObject;
  const annotations = Object.keys((metadata['annotations'] ?? {}) as JsonObject);
  const kind = annotations.some((name) => name.startsWith('clusterpropagationpolicy.'))
    ? 'clusterpropagationpolicy'
    : annotations.some((name) => name.startsWith('propagationpolicy.'))
      ? 'propagationpolicy'
      : '';
  if (kind === '') return object;
  const labels = {
    ...(metadata['labels'] as JsonObject),
    [`${kind}.karmada.io/permanent-id`]: 'id',
  };
  return { ...object, metadata: { ...metadata, labels } };
}
