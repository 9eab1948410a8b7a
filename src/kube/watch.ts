import { isObject, member, stringMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import { KubeError } from '../live/index.ts';
import { collectionRequest } from './collection.ts';
import type { Collection } from './collection.ts';
import { placeOfServer } from './place.ts';
import { fromStatus } from './statusError.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: JsonObject;
}

export interface WatchOptions extends Collection {
  /** Events after this version. */
  readonly resourceVersion: string;
  /** When the server is to end the watch, so that long-lived ones spread over its replicas. */
  readonly timeoutSeconds: number;
  /** Milliseconds of silence after which the connection counts as dead. */
  readonly idleLimit: number;
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  readonly onEvent: (event: WatchEvent) => void;
}

const types = new Set<unknown>(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

/**
 * Follows a collection until the server ends the watch (resolves). Rejects with `KubeError`; an ERROR event is one by
 * its `Status`, with reason `gone` when the version is too old.
 */
export function watchObjects(options: WatchOptions): Promise<void> {
  const { transport, resourceVersion, timeoutSeconds, idleLimit, signal } = options;
  const { query, ...request } = collectionRequest(options, true);
  const place = placeOfServer(transport.server);
  return transport.stream(
    {
      ...request,
      query: { ...query, watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds },
      idleLimit,
      signal,
    },
    (line) => {
      const type = member(line, 'type');
      const object = member(line, 'object');
      if (type === 'ERROR') throw fromStatus(object ?? null, place);
      if (types.has(type) && isObject(object)) {
        options.onEvent({ type: type as WatchEvent['type'], object });
      } else if (stringMember(line, 'kind') === 'Status') {
        throw fromStatus(line, place);
      } else {
        throw new KubeError('malformed', `${place.server} sends what is no event of a watch.`);
      }
    },
    options.onOpen,
  );
}
