import {
  apiGroup,
  arrayMember,
  isObject,
  member,
  memberAt,
  stringMember,
} from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import { isReleaseKind, objectKey, type FleetModel } from './model/index.ts';
import type { ClusterRow, ObjectReference } from './rows.ts';

/** `apis/meta/annotations.go` of fluxcd/pkg: acted upon when it differs from `status.lastHandledReconcileAt`. */
const requestedAtKey = 'reconcile.fluxcd.io/requestedAt';

/** The merge patch that asks Flux to reconcile. `requestedAt` is RFC 3339 with fractions, as the Flux CLI writes it. */
export function reconcilePatch(requestedAt: string): JsonObject {
  return { metadata: { annotations: { [requestedAtKey]: requestedAt } } };
}

/**
 * Why asking Flux on a member to reconcile an object would do nothing, a sentence; `undefined` when it can be asked.
 * Karmada keeps annotations that a member has beside those of the template (`pkg/util/annotation.go`), but once the
 * template or an override sets this one, its value comes back. What could not be read is not held against it.
 */
export function reconcileRefusal(
  model: FleetModel,
  reference: ObjectReference,
  cluster: string,
): string | undefined {
  const { kind, name } = reference;
  if (!isReleaseKind(reference)) return `Flux does not reconcile objects of kind ${kind}.`;
  const target = model.clusters.get(cluster);
  if (target && target.ready.status !== 'True') return 'The cluster is not ready.';
  if (target && !hasKind(target, reference)) {
    return `The cluster does not serve ${kind}: Flux is not installed there.`;
  }
  if (!target && model.clusters.size > 0) return 'There is no such cluster.';
  const key = objectKey(reference);
  const work = model.workOn(key, cluster);
  if (!work && model.rows('works').size > 0) return `Karmada sends no ${kind} ${name} there.`;
  const template = model.objects.get(key)?.object;
  if ((work?.requestedAt ?? '') !== '' || requestedAtOf(template) !== '') {
    return (
      `The ${kind} on the control plane sets ${requestedAtKey} itself, so Karmada would take back another value. ` +
      'Remove it there, or change it there to reconcile on every cluster.'
    );
  }
  const isSuspended = work
    ? work.isReleaseSuspended
    : memberAt(template, 'spec', 'suspend') === true;
  return isSuspended ? 'It is suspended there. Resume it first.' : undefined;
}

function requestedAtOf(template: JsonObject | undefined): string {
  return stringMember(memberAt(template, 'metadata', 'annotations'), requestedAtKey);
}

/** Whether the cluster serves the kind in some version. A cluster that told nothing of its APIs is not doubted. */
function hasKind({ apiEnablements }: ClusterRow, { apiVersion, kind }: ObjectReference): boolean {
  if (apiEnablements.length === 0) return true;
  const group = apiGroup(apiVersion);
  return apiEnablements.some(
    (enablement) =>
      isObject(enablement) &&
      stringMember(enablement, 'groupVersion').startsWith(`${group}/`) &&
      arrayMember(enablement, 'resources').some((resource) => member(resource, 'kind') === kind),
  );
}
