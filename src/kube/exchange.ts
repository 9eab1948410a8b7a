import type { ClientRequest, IncomingMessage } from 'http';
import type { Socket } from 'net';
import { createGunzip } from 'zlib';
import { KubeError } from '../live/index.ts';
import { toNetworkError } from './networkError.ts';
import type { Place } from './place.ts';

export interface ExchangeOptions {
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds until the answer must begin. */
  readonly headerLimit: number;
  /** Milliseconds without any byte of the answer. */
  readonly idleLimit: number;
  readonly place: Place;
  /** One that ends in the middle is a connection that broke, not a bad answer. */
  readonly isStream: boolean;
  readonly onSocket: (socket: Socket) => void;
}

/** An answer whose head is here. */
export interface Answer {
  readonly status: number;
  header(name: string): string;
  /**
   * Hands over the answer's bytes, decompressed. Resolves at the end; rejects with `KubeError` when it is cut,
   * silent for too long, aborted, or when `onBytes` throws.
   */
  read(onBytes: (bytes: Buffer) => void): Promise<void>;
  /** Drops the connection, for an answer that is not read to its end. */
  discard(): void;
}

/** Sends a prepared request and waits for the head of the answer. Rejects with `KubeError`. */
export function exchange(request: ClientRequest, options: ExchangeOptions): Promise<Answer> {
  const { signal, place } = options;
  return new Promise((resolve, reject) => {
    let response: IncomingMessage | undefined;
    const fail = (error: KubeError): void => {
      reject(error);
      // A response tells its reader; without one the request is all there is.
      (response ?? request).destroy(error);
      // A request without a socket yet tells nobody that it is over.
      finish();
      request.emit('abandon');
    };
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => fail(abortError());
    const timer = setTimeout(() => {
      const limit = Math.round(options.headerLimit / 1000);
      fail(new KubeError('timeout', `${place.server} does not answer within ${limit} s.`));
    }, options.headerLimit);
    request.on('socket', options.onSocket);
    request.on('proxyConnect', (connect: { statusCode?: number; statusText?: string }) => {
      if (connect.statusCode !== 200) fail(tunnelError(connect.statusCode ?? 0, place));
    });
    // Stays for good: an 'error' after the end must find a listener.
    request.on('error', (error) => reject(toNetworkError(error, place)));
    request.once('response', (incoming) => {
      response = incoming;
      clearTimeout(timer);
      resolve(createAnswer(incoming, options));
    });
    request.once('close', () => {
      finish();
      reject(toNetworkError(Object.assign(new Error(), { code: 'ECONNRESET' }), place));
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else request.end(options.body);
  });
}

export function abortError(): KubeError {
  return new KubeError('aborted', 'The request was given up.');
}

function tunnelError(status: number, { proxy, server }: Place): KubeError {
  const message =
    status === 407
      ? `The proxy ${proxy} wants a user name and password. Add them to proxy-url in the kubeconfig.`
      : `The proxy ${proxy} makes no connection to ${server} (${status}).`;
  return new KubeError('unreachable', message, { status });
}

function createAnswer(response: IncomingMessage, options: ExchangeOptions): Answer {
  // An answer that is dropped must not throw.
  response.on('error', () => {});
  return {
    status: response.statusCode ?? 0,
    header(name) {
      const value = response.headers[name];
      return typeof value === 'string' ? value : '';
    },
    read: (onBytes) => readBody(response, options, onBytes),
    discard: () => response.destroy(),
  };
}

function readBody(
  response: IncomingMessage,
  options: ExchangeOptions,
  onBytes: (bytes: Buffer) => void,
): Promise<void> {
  const { idleLimit, place, signal } = options;
  const { socket } = response;
  const isPacked = /^(?:x-)?gzip$/i.test(response.headers['content-encoding'] ?? '');
  const source = isPacked ? createGunzip() : response;
  return new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(readError(error, options));
      response.destroy();
      if (source !== response) source.destroy();
    };
    if (response.destroyed && !response.complete) {
      return fail(signal.aborted ? abortError() : cutError(options));
    }
    const onSilence = (): void => {
      const limit = Math.round(idleLimit / 1000);
      fail(new KubeError('timeout', `Nothing has come from ${place.server} for ${limit} s.`));
    };
    socket.setTimeout(idleLimit);
    socket.on('timeout', onSilence);
    const onEnd = (): void => {
      socket.off('timeout', onSilence);
      if (!isPacked || response.complete) resolve();
    };
    source.on('data', (bytes: Buffer) => {
      try {
        onBytes(bytes);
      } catch (error) {
        fail(error);
      }
    });
    source.on('end', onEnd);
    response.on('error', fail);
    response.once('close', () => {
      socket.off('timeout', onSilence);
      if (!response.complete) fail(cutError(options));
    });
    if (source !== response) {
      source.on('error', fail);
      response.pipe(source as ReturnType<typeof createGunzip>);
    }
  });
}

function cutError({ place, isStream }: ExchangeOptions): KubeError {
  const { server } = place;
  if (isStream) return new KubeError('unreachable', `The connection to ${server} broke.`);
  return new KubeError('malformed', `The answer of ${server} ends in the middle.`);
}

function readError(error: unknown, options: ExchangeOptions): KubeError {
  const { place } = options;
  const code = (error as { code?: unknown }).code;
  const isCut = code === 'Z_BUF_ERROR' || code === 'ECONNRESET';
  if (isCut || code === 'ERR_STREAM_PREMATURE_CLOSE') return cutError(options);
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new KubeError('malformed', `The answer of ${place.server} is wrongly compressed.`);
  }
  return toNetworkError(error, place);
}
