import type { IncomingMessage, ServerResponse } from 'node:http';
import { json, scriptedServer } from './scriptedServer.ts';
import type { ScriptedServer } from './scriptedServer.ts';

interface StoredObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
  readonly spec: unknown;
}

interface StoredEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: StoredObject;
  readonly version: number;
}

/** What one request gets instead of an answer; after `go on`, it gets its answer all the same. */
export type Trouble = (request: IncomingMessage, response: ServerResponse) => unknown;

/** One collection as an API server serves it: lists in pages, watches with history, versions that grow. */
export interface CollectionServer extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly version: number;
  readonly watches: number;
  /** Paths and queries, oldest first. */
  readonly lists: readonly URLSearchParams[];
  readonly watchQueries: readonly URLSearchParams[];
  put(name: string, spec?: unknown): void;
  delete(name: string): void;
  /** Forgets history: watches from before and lists under way are too old. */
  compact(): void;
  /** Lists under way are too old; watches are not. */
  forgetLists(): void;
  bookmark(): void;
  /** Ends the watches as their time-out does, or breaks their connections. */
  endWatches(): void;
  breakWatches(): void;
  /** Writes to every watch, whatever it is. */
  write(text: string): void;
  /** For the next requests, in turn; `undefined` lets one through. */
  readonly troubles: (Trouble | undefined)[];
  /** Too old is told by an ERROR event and not by the status. */
  tellsByEvent: boolean;
  /** An expired list goes on with a token of the present version. */
  givesInconsistentToken: boolean;
}

export function failWith(status: number, headers: Record<string, string> = {}): Trouble {
  return (_, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    json(response, { kind: 'Status', code: status, message: `status ${status}` }, status);
  };
}

export async function collectionServer(): Promise<CollectionServer> {
  const objects = new Map<string, StoredObject>();
  const open = new Set<ServerResponse>();
  const lists: URLSearchParams[] = [];
  const watchQueries: URLSearchParams[] = [];
  const troubles: (Trouble | undefined)[] = [];
  const snapshots = new Map<string, { rest: StoredObject[]; version: number }>();
  let history: StoredEvent[] = [];
  let version = 100;
  let oldest = 100;
  let made = 0;

  const expired = (extra = {}) => ({
    kind: 'Status',
    apiVersion: 'v1',
    code: 410,
    reason: 'Expired',
    message: 'too old resource version',
    metadata: extra,
  });
  const list = (query: URLSearchParams, response: ServerResponse): void => {
    lists.push(query);
    const token = query.get('continue');
    const found = token === null ? undefined : snapshots.get(token);
    if (token !== null && !found) {
      const next = `now-${++made}`;
      const after = [...objects.values()].filter(
        ({ metadata }) => metadata.name > (token.split('|')[1] ?? ''),
      );
      snapshots.set(next, { rest: after, version });
      return json(response, expired(self.givesInconsistentToken ? { continue: next } : {}), 410);
    }
    const all = found ?? { rest: [...objects.values()].sort(byName), version };
    const limit = Number(query.get('limit') ?? all.rest.length);
    const items = all.rest.slice(0, limit);
    const rest = all.rest.slice(limit);
    const next = rest.length === 0 ? '' : `${++made}|${items.at(-1)?.metadata.name}`;
    if (next !== '') snapshots.set(next, { rest, version: all.version });
    json(response, {
      kind: 'List',
      metadata: {
        resourceVersion: String(all.version),
        ...(next === '' ? {} : { continue: next }),
      },
      items: items.length === 0 ? null : items,
    });
  };
  const watch = (query: URLSearchParams, response: ServerResponse): void => {
    watchQueries.push(query);
    const from = Number(query.get('resourceVersion'));
    if (from < oldest && !self.tellsByEvent) return json(response, expired(), 410);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (from < oldest) return void response.end(line('ERROR', expired()));
    for (const event of history) {
      if (event.version > from) response.write(line(event.type, event.object));
    }
    open.add(response);
    response.once('close', () => open.delete(response));
  };
  const record = (type: StoredEvent['type'], object: StoredObject): void => {
    history.push({ type, object, version });
    for (const response of open) response.write(line(type, object));
  };
  const server = await scriptedServer((request, response) => {
    const trouble = troubles.shift();
    if (trouble && trouble(request, response) !== 'go on') return;
    const { searchParams } = new URL(request.url ?? '', 'http://server');
    (searchParams.has('watch') ? watch : list)(searchParams, response);
  });
  const self: CollectionServer = {
    server,
    objects,
    lists,
    watchQueries,
    troubles,
    tellsByEvent: false,
    givesInconsistentToken: false,
    get version() {
      return version;
    },
    get watches() {
      return open.size;
    },
    put(name, spec = {}) {
      const old = objects.get(name);
      const uid = old?.metadata.uid ?? `uid-${++made}`;
      const metadata = { name, namespace: 'ns', uid, resourceVersion: String(++version) };
      const object = { metadata, spec };
      objects.set(name, object);
      record(old ? 'MODIFIED' : 'ADDED', object);
    },
    delete(name) {
      const old = objects.get(name);
      if (!old) return;
      objects.delete(name);
      const metadata = { ...old.metadata, resourceVersion: String(++version) };
      record('DELETED', { ...old, metadata });
    },
    compact() {
      history = [];
      oldest = ++version;
      snapshots.clear();
    },
    forgetLists: () => snapshots.clear(),
    bookmark() {
      const metadata = { resourceVersion: String(version) };
      for (const response of open) response.write(line('BOOKMARK', { kind: 'X', metadata }));
    },
    endWatches() {
      for (const response of open) response.end();
    },
    breakWatches() {
      for (const response of open) response.destroy();
    },
    write(text) {
      for (const response of open) response.write(text);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return self;
}

function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function byName(one: StoredObject, other: StoredObject): number {
  return one.metadata.name < other.metadata.name ? -1 : 1;
}
