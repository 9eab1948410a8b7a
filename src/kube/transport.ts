import type { Socket } from 'net';
import type { JsonObject } from '../engine/index.ts';
import { isKubeError, KubeError } from '../live/index.ts';
import { abortError, exchange } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { createJsonLines, parseObject } from './jsonLines.ts';
import { toNetworkError } from './networkError.ts';
import { createPermits } from './permits.ts';
import { isLoopback, placeOf } from './place.ts';
import { createPool } from './pool.ts';
import type { Pool } from './pool.ts';
import { toStatusError } from './statusError.ts';
import type { ContextTarget, KubeRequest, RequestCredentials, Transport } from './types.ts';

const defaultIdleLimit = 30_000;
/** Plain requests at a time; streams have connections of their own. */
const parallelRequests = 4;
const longestErrorBody = 256 * 1024;
/** V8's longest string is about twice as long. */
const longestBody = 256 * 1024 * 1024;
const keepAliveDelay = 20_000;

/** A request while it runs: its own signal is aborted by the caller's and by the transport's end. */
interface Call {
  readonly request: KubeRequest;
  readonly signal: AbortSignal;
  readonly isStream: boolean;
}

/**
 * The way to one API server. Nothing is contacted before the first request. Every failure is a `KubeError`; none
 * carries a header, a token or a body. The target's credentials stay their owner's to dispose.
 */
export function createTransport(target: ContextTarget): Transport {
  const place = placeOf(target);
  const ended = new AbortController();
  const permits = createPermits(parallelRequests);
  const sockets = new Set<Socket>();
  let pool: Pool | undefined;

  const poolFor = ({ tls }: RequestCredentials): Pool => {
    if (pool?.tls === tls) return pool;
    const next = createPool(serverUrl(target), target.proxyUrl, tls);
    pool?.drain();
    pool = next;
    return next;
  };
  const onSocket = (socket: Socket): void => {
    if (sockets.has(socket)) return;
    sockets.add(socket);
    socket.setKeepAlive(true, keepAliveDelay);
    // Stays for good: a free connection that breaks must not throw.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    if (ended.signal.aborted) socket.destroy();
  };
  const attempt = async (
    call: Call,
    credentials: RequestCredentials,
    isAgain = false,
  ): Promise<Answer> => {
    const { request, signal, isStream } = call;
    const method = request.method ?? 'GET';
    const idleLimit = request.idleLimit ?? defaultIdleLimit;
    const body = bodyText(request.body);
    const made = makeRequest(() =>
      poolFor(credentials).request(urlOf(target, request), {
        method,
        headers: headersOf(request, credentials, !isStream && !isLoopback(place.host), body),
      }),
    );
    const headerLimit = isStream ? Math.min(idleLimit, defaultIdleLimit) : idleLimit;
    try {
      return await exchange(made, { body, signal, headerLimit, idleLimit, place, onSocket });
    } catch (error) {
      // The server closed a kept connection just when it was used again: it has not seen the request.
      const isStale = made.reusedSocket && (error as KubeError).detail === 'ECONNRESET';
      if (!isStale || isAgain || method !== 'GET') throw error;
      return attempt(call, credentials, true);
    }
  };
  const credentialsFor = async ({ signal }: Call): Promise<RequestCredentials> => {
    const credentials = await target.credentials.get(signal);
    signal.throwIfAborted();
    return credentials;
  };
  const makeRequest = (make: () => ReturnType<Pool['request']>): ReturnType<Pool['request']> => {
    try {
      return make();
    } catch (error) {
      throw toNetworkError(error, place);
    }
  };
  /** An answer with a status of success; others become errors. */
  const open = async (call: Call): Promise<Answer> => {
    const credentials = await credentialsFor(call);
    let answer = await attempt(call, credentials);
    if (answer.status === 401 && target.credentials.renew(credentials)) {
      answer.discard();
      answer = await attempt(call, await credentialsFor(call));
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw toStatusError(
      {
        status: answer.status,
        contentType: answer.header('content-type'),
        retryAfter: answer.header('retry-after'),
        body: await errorBody(answer),
      },
      place,
    );
  };
  const text = (request: KubeRequest): Promise<string> =>
    scoped(request, ended.signal, (signal) =>
      permits.run(async () => {
        const answer = await open({ request, signal, isStream: false });
        const pieces: Buffer[] = [];
        let length = 0;
        await answer.read((bytes) => {
          pieces.push(bytes);
          length += bytes.length;
          if (length > longestBody) {
            throw new KubeError('malformed', `The answer of ${place.server} is too large.`);
          }
        });
        return Buffer.concat(pieces, length).toString('utf8');
      }, signal),
    );
  return {
    server: target.server,
    text,
    async request<T = JsonObject>(request: KubeRequest): Promise<T> {
      return parseObject(await text(request), place.server) as T;
    },
    stream: (request, onLine, onOpen) =>
      scoped(request, ended.signal, async (signal) => {
        const answer = await open({ request, signal, isStream: true });
        onOpen?.();
        const lines = createJsonLines(place.server, onLine);
        await answer.read((bytes) => lines.push(bytes));
        if (lines.isInLine) {
          throw new KubeError('malformed', `The answer of ${place.server} ends in the middle.`);
        }
      }),
    get socketCount() {
      return sockets.size;
    },
    dispose() {
      ended.abort(abortError());
      for (const socket of sockets) socket.destroy();
      pool?.drain();
    },
  };
}

/**
 * Runs with a signal that the caller's signal or the end of the transport aborts, and makes a `KubeError` of whatever
 * is thrown.
 */
async function scoped<T>(
  request: KubeRequest,
  ended: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(abortError());
  const sources = [ended, ...(request.signal ? [request.signal] : [])];
  for (const source of sources) {
    if (source.aborted) abort();
    source.addEventListener('abort', abort);
  }
  try {
    controller.signal.throwIfAborted();
    return await run(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) throw abortError();
    if (isKubeError(error)) throw error;
    const detail = error instanceof Error ? error.message : '';
    throw new KubeError('malformed', 'An answer could not be worked on.', { detail, cause: error });
  } finally {
    for (const source of sources) source.removeEventListener('abort', abort);
  }
}

function serverUrl({ server, cluster }: ContextTarget): URL {
  const url = URL.parse(server);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new KubeError(
    'kubeconfig',
    `The server of the cluster “${cluster}” in the kubeconfig is no URL that begins with https:// or http://.`,
  );
}

/** The server's own path goes before the request's. */
function urlOf(target: ContextTarget, { path, query }: KubeRequest): URL {
  const url = serverUrl(target);
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.append(name, String(value));
  }
  const joined = new URL(url.pathname.replace(/\/+$/, '') + path, url.origin);
  joined.search = search.toString();
  return joined;
}

function headersOf(
  { accept, contentType }: KubeRequest,
  { headers }: RequestCredentials,
  canCompress: boolean,
  body: string | undefined,
): Record<string, string | string[]> {
  return {
    Accept: accept ?? 'application/json',
    'User-Agent': 'karmada-flux-vscode',
    ...(canCompress ? { 'Accept-Encoding': 'gzip' } : {}),
    ...(body === undefined
      ? {}
      : {
          'Content-Type': contentType ?? 'application/json',
          'Content-Length': String(Buffer.byteLength(body)),
        }),
    ...headers,
  };
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || typeof body === 'string') return body;
  return JSON.stringify(body);
}

async function errorBody(answer: Answer): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    await answer.read((bytes) => {
      pieces.push(bytes);
      length += bytes.length;
      if (length > longestErrorBody) throw new KubeError('malformed', '');
    });
  } catch {
    // The status alone says enough.
  }
  return Buffer.concat(pieces).toString('utf8', 0, longestErrorBody);
}
