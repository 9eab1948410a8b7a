import type { EventRow, ObjectReference } from '../rows.ts';

/** Names an object whatever the version of its API: `KIND/NAMESPACE/NAME`, as object rows are keyed. */
export function objectKey({
  kind,
  namespace,
  name,
}: Pick<ObjectReference, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** Events by the object that they are about. */
export interface EventIndex {
  change(before: EventRow | undefined, after: EventRow | undefined): void;
  /** Events about an object, the latest last. Those about a namesake that is gone are left out where the uid is given. */
  about(key: string, uid?: string): readonly EventRow[];
}

export function createEventIndex(): EventIndex {
  const byObject = new Map<string, Map<string, EventRow>>();
  return {
    change(before, after) {
      if (before) {
        const key = objectKey(before.about);
        const events = byObject.get(key);
        events?.delete(before.key);
        if (events?.size === 0) byObject.delete(key);
      }
      if (after) {
        const key = objectKey(after.about);
        const events = byObject.get(key) ?? new Map<string, EventRow>();
        byObject.set(key, events.set(after.key, after));
      }
    },
    about(key, uid = '') {
      const events = [...(byObject.get(key)?.values() ?? [])];
      return events
        .filter(({ about }) => uid === '' || about.uid === '' || about.uid === uid)
        .sort(compareEvents);
    },
  };
}

/** Earlier first. Events of one second are in the order in which the server wrote them, where that can be told. */
export function compareEvents(a: EventRow, b: EventRow): number {
  if (a.lastAt !== b.lastAt) return a.lastAt < b.lastAt ? -1 : 1;
  const byVersion = Number(a.resourceVersion) - Number(b.resourceVersion);
  if (byVersion) return byVersion;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

const failedOn = /^Apply (?:cluster )?override policy\((.*)\) for cluster\(([^()]*)\) failed\.?$/;

/**
 * Clusters whose rendering failed, each with why (`pkg/util/overridemanager/overridemanager.go`, `ensureWork` of
 * `pkg/controllers/binding/common.go`). Karmada keeps the Work that was there and goes on to call it applied; only
 * events tell. A later success of the whole binding ends it.
 *
 * @param events about the template and its binding
 */
export function overrideErrors(events: readonly EventRow[]): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  let cause = '';
  for (const event of events.toSorted(compareEvents)) {
    if (event.reason === 'SyncWorkSucceed') errors.clear();
    else if (event.reason === 'SyncWorkFailed') cause = event.message;
    else if (event.reason === 'ApplyOverridePolicyFailed') {
      const [, policy = '', cluster] = failedOn.exec(event.message) ?? [];
      if (cluster !== undefined) errors.set(cluster, policy);
    }
  }
  const because = cause === '' ? '' : `: ${cause}`;
  return new Map(
    [...errors].map(([cluster, policy]) => [cluster, `Override ${policy} fails${because}`]),
  );
}

/** What servers say of an object that is larger than they take. */
const tooLarge = /request (?:entity|is) too large|ResourceExhausted|trying to send message larger/i;

/**
 * Whether Karmada could not write the binding's status because it grew too large for the API server. The same events
 * tell of other failures, which pass.
 */
export function isBindingTooLarge(events: readonly EventRow[]): boolean {
  return events.some(({ type, message }) => type !== 'Normal' && tooLarge.test(message));
}
