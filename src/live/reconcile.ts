import { arrayMember, isObject, member, memberAt, stringMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { ClusterRow, ObjectReference, WorkRow } from './rows.ts';

/** `apis/meta/annotations.go` of fluxcd/pkg: acted upon when it differs from `status.lastHandledReconcileAt`. */
export const requestedAtKey = 'reconcile.fluxcd.io/requestedAt';

/** What is known of an object and of the cluster on which Flux is to look at it again. */
export interface ReconcileTarget {
  readonly reference: ObjectReference;
  readonly cluster: string;
  /** The member cluster; `undefined` when it is not registered. */
  readonly member: ClusterRow | undefined;
  /** What Karmada sends there; `undefined` when it sends nothing. */
  readonly work: WorkRow | undefined;
  /** The object on the control plane; `undefined` when it is not known. */
  readonly template: JsonObject | undefined;
}

/** Whether Flux reconciles objects of this kind: HelmReleases and sources. */
export function isReconciled({ apiVersion }: Pick<ObjectReference, 'apiVersion'>): boolean {
  return /^[a-z0-9.-]+\.toolkit\.fluxcd\.io\//.test(apiVersion);
}

/** The merge patch that asks Flux to reconcile. `requestedAt` is RFC 3339 with fractions, as the Flux CLI writes it. */
export function reconcilePatch(requestedAt: string): JsonObject {
  return { metadata: { annotations: { [requestedAtKey]: requestedAt } } };
}

/**
 * Why asking Flux on a member to reconcile would do nothing, a sentence; `undefined` when it can be asked. Karmada
 * keeps annotations that a member has beside those of the template (`pkg/util/annotation.go`), but once the template
 * or an override sets this one, its value comes back.
 */
export function reconcileRefusal(target: ReconcileTarget): string | undefined {
  const { reference, cluster, member: row, work, template } = target;
  if (!isReconciled(reference)) return `Flux does not reconcile objects of kind ${reference.kind}.`;
  if (!row) return `There is no cluster ${cluster}.`;
  if (row.ready.status !== 'True') return `Cluster ${cluster} is not ready.`;
  if (!hasKind(row, reference)) {
    return `Cluster ${cluster} does not serve ${reference.kind}: Flux is not installed there.`;
  }
  if (!work) return `Karmada sends it no ${reference.kind} ${reference.name}.`;
  if (work.requestedAt !== '' || templateRequestedAt(template) !== '') {
    return (
      `${reference.kind} ${reference.name} on the control plane sets ${requestedAtKey} itself, so Karmada would ` +
      'overwrite it on the cluster. Remove it there, or set it there to reconcile everywhere.'
    );
  }
  if (work.isReleaseSuspended) return `It is suspended on ${cluster}. Resume it first.`;
  return undefined;
}

function templateRequestedAt(template: JsonObject | undefined): string {
  return template
    ? stringMember(memberAt(template, 'metadata', 'annotations'), requestedAtKey)
    : '';
}

/** Whether the cluster serves the kind in some version. A cluster that told nothing of its APIs is not doubted. */
function hasKind({ apiEnablements }: ClusterRow, { apiVersion, kind }: ObjectReference): boolean {
  if (apiEnablements.length === 0) return true;
  const group = apiVersion.split('/')[0] ?? '';
  return apiEnablements.some(
    (enablement) =>
      isObject(enablement) &&
      stringMember(enablement, 'groupVersion').startsWith(`${group}/`) &&
      arrayMember(enablement, 'resources').some((resource) => member(resource, 'kind') === kind),
  );
}
