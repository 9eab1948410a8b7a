import { arrayMember, isObject, member, stringMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { ObjectReference } from '../live/index.ts';
import { collectionPath, objectPath } from './resourcePath.ts';
import { createObjectWrites } from './objectWrites.ts';
import { createTypeFinder } from './typeFinder.ts';
import type { ObjectWrites, ResourceType, Transport } from './types.ts';

/** Single objects of one API server: the control plane's own or a member's behind the cluster proxy. */
export interface ObjectApi extends ObjectWrites {
  get(reference: ObjectReference, signal?: AbortSignal): Promise<JsonObject>;
  /** Newest last. */
  events(
    reference: ObjectReference & { uid?: string },
    signal?: AbortSignal,
  ): Promise<readonly JsonObject[]>;
  /** A JSON merge patch. */
  patch(
    reference: ObjectReference,
    patch: JsonObject,
    options?: { dryRun?: boolean; signal?: AbortSignal },
  ): Promise<JsonObject>;
}

export interface ObjectApiOptions {
  /** Below which path the API lies; '' for the server's root. */
  readonly base: string;
  /** Kinds that are known without asking. */
  readonly known: () => readonly ResourceType[];
  /** Milliseconds without any byte after which a request fails. */
  readonly idleLimit: number;
}

/** Single objects by their kinds' names, which are found out and kept. Rejects with `KubeError` only. */
export function createObjectApi(transport: Transport, options: ObjectApiOptions): ObjectApi {
  const { base, idleLimit } = options;
  const typeOf = createTypeFinder(transport, options);
  const withSignal = (signal: AbortSignal | undefined) => ({
    idleLimit,
    ...(signal ? { signal } : {}),
  });
  return {
    ...createObjectWrites(transport, { base, typeOf, idleLimit, fieldManager }),
    async get(reference, signal) {
      const type = await typeOf(reference, signal);
      const path = `${base}${objectPath(type, reference)}`;
      return transport.request({ path, ...withSignal(signal) });
    },
    async events(reference, signal) {
      const list = await transport.request({
        path: `${base}${collectionPath(eventType, reference.namespace || 'default')}`,
        query: { fieldSelector: aboutSelector(reference), limit: 500 },
        ...withSignal(signal),
      });
      return arrayMember(list, 'items').filter(isObject).sort(byTime);
    },
    async patch(reference, patch, { dryRun, signal } = {}) {
      const type = await typeOf(reference, signal);
      return transport.request({
        method: 'PATCH',
        path: `${base}${objectPath(type, reference)}`,
        query: { fieldManager, dryRun: dryRun === true ? 'All' : undefined },
        body: patch,
        contentType: 'application/merge-patch+json',
        ...withSignal(signal),
      });
    },
  };
}

/** Who changed a field, in `metadata.managedFields`. */
const fieldManager = 'vscode-karmada-flux';

/** Events on a cluster-scoped object lie in the namespace `default`. */
const eventType: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  isNamespaced: true,
};

function aboutSelector({ kind, namespace, name, uid }: ObjectReference & { uid?: string }): string {
  const fields: readonly (readonly [string, string])[] = [
    ['kind', kind],
    ['namespace', namespace],
    ['name', name],
    ['uid', uid ?? ''],
  ];
  return fields
    .filter(([, value]) => value !== '')
    .map(([field, value]) => `involvedObject.${field}=${value.replaceAll(/[\\,=]/g, '\\$&')}`)
    .join(',');
}

function byTime(a: JsonObject, b: JsonObject): number {
  const [first, second] = [timeOf(a), timeOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function timeOf(event: JsonObject): string {
  return (
    stringMember(member(event, 'series'), 'lastObservedTime') ||
    stringMember(event, 'lastTimestamp') ||
    stringMember(event, 'eventTime') ||
    stringMember(member(event, 'metadata'), 'creationTimestamp')
  );
}
