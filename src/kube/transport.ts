import type { ClientRequest } from 'http';
import type { Socket } from 'net';
import type { JsonObject } from '../engine/index.ts';
import { isKubeError, KubeError } from '../live/index.ts';
import { abortError, exchange } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { toExactJson } from './exactJson.ts';
import { createJsonLines, parseExactObject } from './jsonLines.ts';
import { toNetworkError } from './networkError.ts';
import { createPermits } from './permits.ts';
import { isLoopback, placeOf } from './place.ts';
import type { Place } from './place.ts';
import { createPool } from './pool.ts';
import type { Pool } from './pool.ts';
import { toStatusError } from './statusError.ts';
import type {
  ContextTarget,
  KubeAnswer,
  KubeRequest,
  RequestCredentials,
  Transport,
} from './types.ts';
import { warningsOf } from './warningHeader.ts';

const defaultIdleLimit = 30_000;
/** Plain requests at a time; streams have connections of their own. */
const parallelRequests = 4;
/** Requests that the server hands on to others, each of which may hang for long, have turns of their own. */
const handedOn = /\/proxy(?:\/|$)/;
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
  return new HttpTransport(target);
}

class HttpTransport implements Transport {
  readonly #target: ContextTarget;
  readonly #place: Place;
  readonly #ended = new AbortController();
  readonly #permits = createPermits(parallelRequests);
  readonly #handedOnPermits = createPermits(parallelRequests);
  readonly #sockets = new Set<Socket>();
  #pool: Pool | undefined;

  constructor(target: ContextTarget) {
    this.#target = target;
    this.#place = placeOf(target);
  }

  get server(): string {
    return this.#target.server;
  }

  get socketCount(): number {
    return this.#sockets.size;
  }

  async request<T = JsonObject>(request: KubeRequest): Promise<T> {
    return parseExactObject(await this.text(request), this.#place.server) as T;
  }

  async text(request: KubeRequest): Promise<string> {
    return (await this.answer(request)).text;
  }

  answer(request: KubeRequest): Promise<KubeAnswer> {
    const permits = handedOn.test(request.path) ? this.#handedOnPermits : this.#permits;
    return scoped(request, this.#ended.signal, (signal) =>
      permits.run(async () => {
        const answer = await this.#open({ request, signal, isStream: false });
        const pieces: Buffer[] = [];
        let length = 0;
        await answer.read((bytes) => {
          pieces.push(bytes);
          length += bytes.length;
          if (length > longestBody) {
            throw new KubeError('malformed', `The answer of ${this.#place.server} is too large.`);
          }
        });
        return {
          status: answer.status,
          text: Buffer.concat(pieces, length).toString('utf8'),
          warnings: warningsOf(answer.header('warning')),
        };
      }, signal),
    );
  }

  stream(
    request: KubeRequest,
    onLine: (value: JsonObject) => void,
    onOpen?: () => void,
  ): Promise<void> {
    return scoped(request, this.#ended.signal, async (signal) => {
      const answer = await this.#open({ request, signal, isStream: true });
      onOpen?.();
      const lines = createJsonLines(this.#place.server, onLine);
      await answer.read((bytes) => lines.push(bytes));
      if (lines.isInLine) {
        throw new KubeError('malformed', `The answer of ${this.#place.server} ends in the middle.`);
      }
    });
  }

  dispose(): void {
    this.#ended.abort(abortError());
    for (const socket of this.#sockets) socket.destroy();
    this.#pool?.drain();
  }

  /** An answer with a status of success; others become errors. */
  async #open(call: Call): Promise<Answer> {
    const credentials = await this.#credentialsFor(call);
    let answer = await this.#send(call, credentials);
    if (answer.status === 401 && this.#target.credentials.renew(credentials)) {
      answer.discard();
      answer = await this.#send(call, await this.#credentialsFor(call));
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    const failed = {
      status: answer.status,
      contentType: answer.header('content-type'),
      retryAfter: answer.header('retry-after'),
      body: await errorBody(answer),
    };
    throw toStatusError(failed, this.#place);
  }

  async #credentialsFor({ signal }: Call): Promise<RequestCredentials> {
    signal.throwIfAborted();
    // A program that asks for a password may take its time to end; nobody waits for it.
    return await new Promise((resolve, reject) => {
      const onAbort = (): void => reject(abortError());
      signal.addEventListener('abort', onAbort);
      const settled = (): void => signal.removeEventListener('abort', onAbort);
      this.#target.credentials.get(signal).then(resolve, reject).finally(settled);
    });
  }

  async #send(call: Call, credentials: RequestCredentials, isAgain = false): Promise<Answer> {
    const { request, signal, isStream } = call;
    const idleLimit = request.idleLimit ?? defaultIdleLimit;
    const body = bodyText(request.body);
    const made = this.#make(call, credentials, body);
    try {
      return await exchange(made, {
        body,
        signal,
        headerLimit: isStream ? Math.min(idleLimit, defaultIdleLimit) : idleLimit,
        idleLimit,
        place: this.#place,
        isStream,
        onSocket: (socket) => this.#track(socket),
      });
    } catch (error) {
      // The server closed a kept connection just when it was used again: it has not seen the request.
      const isStale = made.reusedSocket && isKubeError(error) && error.detail === 'ECONNRESET';
      if (!isStale || isAgain || !changesNothing(request)) throw error;
      return this.#send(call, credentials, true);
    }
  }

  #make(
    { request, isStream }: Call,
    credentials: RequestCredentials,
    body: string | undefined,
  ): ClientRequest {
    const canCompress = !isStream && !isLoopback(this.#place.host);
    try {
      return this.#poolFor(credentials).request(urlOf(this.#target, request), {
        method: request.method ?? 'GET',
        headers: headersOf(request, credentials, canCompress, body),
      });
    } catch (error) {
      // A certificate or key that cannot be read is found here.
      throw toNetworkError(error, this.#place);
    }
  }

  #poolFor({ tls }: RequestCredentials): Pool {
    if (this.#pool?.tls === tls) return this.#pool;
    const next = createPool(serverUrl(this.#target), this.#target.proxyUrl, tls);
    this.#pool?.drain();
    this.#pool = next;
    return next;
  }

  #track(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.setKeepAlive(true, keepAliveDelay);
    // Stays for good: a free connection that breaks must not throw.
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#ended.signal.aborted) socket.destroy();
  }
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
    // Said aloud: the agent that VS Code puts before ours keeps nothing and would have each connection closed.
    Connection: 'keep-alive',
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
  return toExactJson(body);
}

/** Whether a request may be sent again without knowing whether it has arrived. */
function changesNothing({ method = 'GET', query }: KubeRequest): boolean {
  return method === 'GET' || query?.['dryRun'] === 'All';
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
