import { createServer, Agent, request } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateAuthority } from '../../scripts/apiServerCertificates.mjs';

/** A request as it arrived. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  /** performance.now() */
  readonly at: number;
  /** What was sent on of its body. */
  readonly body: Buffer[];
}

/** What is done to a request. */
export type Fault =
  /** Answered here with a Status of Kubernetes; the server never sees it. */
  | { readonly type: 'status'; readonly status: number; readonly retryAfter?: number }
  /** The connection is broken; the server never sees the request. */
  | { readonly type: 'drop' }
  /** Answered here with a body of 200, whatever it is. */
  | { readonly type: 'body'; readonly body: string }
  /** The server's answer until so many bytes of its body, then the connection is broken. */
  | { readonly type: 'cut'; readonly after: number }
  /** The same, but the answer ends as if it were whole. */
  | { readonly type: 'truncate'; readonly after: number }
  /** The same, but then there is silence; the connection stays. */
  | { readonly type: 'freeze'; readonly after: number }
  | { readonly type: 'delay'; readonly milliseconds: number }
  /** The text of the server's answer is replaced. */
  | { readonly type: 'rewrite'; readonly change: (text: string) => string };

export interface Rule {
  readonly fault: Fault;
  /** Default: every request. */
  readonly when?: (seen: Seen) => boolean;
  /** How often; default: until it is removed. */
  readonly times?: number;
}

/** Stands between a client and an API server and is as bad a network, or server, as it is told to be. */
export interface FaultProxy {
  /** https://127.0.0.1:PORT */
  readonly address: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** What clients asked for, oldest first. */
  readonly seen: readonly Seen[];
  /** Connections that are open now, and the most there ever were since the last `forget`. */
  readonly connections: number;
  readonly mostConnections: number;
  /** Watches that are open now. */
  readonly watches: number;
  /** Empties `seen` and counts the most connections anew. */
  forget(): void;
  /** Behaves from here on. */
  reset(): void;
  /** The first rule that fits a request counts. Returns what removes the rule. */
  add(rule: Rule): () => void;
  /** Breaks all connections. */
  cut(): void;
  /** Everything open, and everything that comes, falls silent without being closed; `thaw` lets new requests pass. */
  freeze(): void;
  thaw(): void;
  /** Writes a text to every open watch and ends it. */
  endWatches(text: string): void;
  /** Shows a certificate by somebody else, or one that is over, from the next connection on; breaks those there are. */
  certificate(kind: 'good' | 'foreign' | 'expired' | 'otherName'): void;
  dispose(): Promise<void>;
}

/** One request on its way. */
interface Passage {
  readonly seen: Seen;
  readonly answer: ServerResponse;
  isSilent: boolean;
}

export async function startFaultProxy(target: {
  address: string;
  ca: string;
}): Promise<FaultProxy> {
  const authority = certificateAuthority('fault-proxy');
  const certificates = {
    good: authority.issue({ name: 'proxy' }),
    foreign: certificateAuthority('somebody-else').issue({ name: 'proxy' }),
    expired: authority.issue({ name: 'proxy', from: -2 * 86_400_000, until: -60_000 }),
    otherName: authority.issue({ name: 'proxy', addresses: ['elsewhere.example.com'] }),
  };
  const agent = new Agent({ keepAlive: true, ca: target.ca });
  const sockets = new Set<Socket>();
  const passages = new Set<Passage>();
  const rules: { rule: Rule; left: number }[] = [];
  let seen: Seen[] = [];
  let mostConnections = 0;
  let isFrozen = false;

  const faultOf = (one: Seen): Fault | undefined => {
    const found = rules.find(({ rule, left }) => left > 0 && (rule.when?.(one) ?? true));
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule.fault;
  };
  const server = createServer(certificates.good, (incoming, answer) => {
    const one = seenOf(incoming);
    seen.push(one);
    const passage = { seen: one, answer, isSilent: isFrozen };
    passages.add(passage);
    answer.once('close', () => passages.delete(passage));
    answer.on('error', () => undefined);
    if (isFrozen) return;
    const fault = faultOf(one);
    void pass({ target, agent, incoming, passage, fault }).catch(() => answer.destroy());
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    mostConnections = Math.max(mostConnections, sockets.size);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  // A client that does not like the certificate.
  server.on('tlsClientError', () => undefined);
  // Watches are long, and silence is what this is for.
  server.requestTimeout = 0;
  server.timeout = 0;
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    address: `https://127.0.0.1:${port}`,
    ca: authority.cert,
    get seen() {
      return seen;
    },
    get connections() {
      return sockets.size;
    },
    get mostConnections() {
      return mostConnections;
    },
    get watches() {
      return [...passages].filter(({ seen: { isWatch } }) => isWatch).length;
    },
    forget() {
      seen = [];
      mostConnections = sockets.size;
    },
    reset() {
      rules.length = 0;
      isFrozen = false;
      server.setSecureContext(certificates.good);
    },
    add(rule) {
      const entry = { rule, left: rule.times ?? Infinity };
      rules.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    cut,
    freeze() {
      isFrozen = true;
      for (const passage of passages) passage.isSilent = true;
    },
    thaw() {
      isFrozen = false;
    },
    endWatches(text) {
      for (const { seen: one, answer } of passages) if (one.isWatch) answer.end(text);
    },
    certificate(kind) {
      server.setSecureContext(certificates[kind]);
      cut();
    },
    async dispose() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await closed;
    },
  };
}

function seenOf(incoming: IncomingMessage): Seen {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'https://proxy');
  const isWatch = ['1', 'true'].includes(searchParams.get('watch') ?? '');
  const method = incoming.method ?? '';
  return { method, path: pathname, query: searchParams, isWatch, at: performance.now(), body: [] };
}

async function pass(job: {
  target: { address: string; ca: string };
  agent: Agent;
  incoming: IncomingMessage;
  passage: Passage;
  fault: Fault | undefined;
}): Promise<void> {
  const { target, agent, incoming, passage, fault } = job;
  const { answer } = passage;
  if (fault?.type === 'status') return answerStatus(answer, fault);
  if (fault?.type === 'drop') {
    answer.socket?.resetAndDestroy();
    return;
  }
  if (fault?.type === 'body') {
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.end(fault.body);
    return;
  }
  if (fault?.type === 'delay') await sleep(fault.milliseconds, undefined, { ref: false });
  const { host: _, ...headers } = incoming.headers;
  // What is cut or rewritten is counted in plain text.
  if (fault) delete headers['accept-encoding'];
  const asked = request(new URL(incoming.url ?? '/', target.address), {
    method: incoming.method ?? 'GET',
    headers,
    agent,
  });
  asked.on('error', () => answer.destroy());
  asked.on('response', (got) => {
    got.on('error', () => answer.destroy());
    if (passage.isSilent) got.resume();
    else forward(got, passage, fault);
  });
  answer.once('close', () => asked.destroy());
  incoming.on('data', (chunk: Buffer) => passage.seen.body.push(chunk));
  incoming.pipe(asked);
}

function answerStatus(
  answer: ServerResponse,
  { status, retryAfter }: { status: number; retryAfter?: number },
): void {
  const [reason, message] = statusTexts[status] ?? ['InternalError', 'an injected failure'];
  answer.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  answer.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      details: retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter },
      code: status,
    }),
  );
}

/** Reasons and messages as an API server writes them. */
const statusTexts: Readonly<Record<number, readonly [string, string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden: User "viewer" cannot list resource'],
  410: ['Expired', 'The resourceVersion for the provided watch is too old.'],
  429: ['TooManyRequests', 'The server has received too many requests, please try again later.'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
};

function forward(got: IncomingMessage, passage: Passage, fault: Fault | undefined): void {
  const { answer } = passage;
  const { 'content-length': _, ...headers } = got.headers;
  answer.writeHead(got.statusCode ?? 502, fault ? headers : got.headers);
  answer.flushHeaders();
  if (fault?.type === 'rewrite') {
    const chunks: Buffer[] = [];
    got.on('data', (chunk: Buffer) => chunks.push(chunk));
    got.on('end', () => answer.end(fault.change(Buffer.concat(chunks).toString('utf8'))));
    return;
  }
  const limit = fault && 'after' in fault ? fault.after : Infinity;
  let passed = 0;
  got.on('data', (chunk: Buffer) => {
    if (passage.isSilent || passed >= limit) return;
    const piece = chunk.subarray(0, limit - passed);
    passed += piece.length;
    const isLast = passed >= limit;
    const isFree = answer.write(piece, () => {
      if (isLast) spoil(passage, fault);
    });
    if (!isLast && !isFree) {
      got.pause();
      answer.once('drain', () => got.resume());
    }
  });
  got.on('end', () => {
    if (!passage.isSilent && passed < limit) answer.end();
  });
  // The server broke it off; so does this.
  got.on('close', () => {
    if (!got.complete && !passage.isSilent) answer.destroy();
  });
}

/** What was let through is on its way: now what comes after. */
function spoil(passage: Passage, fault: Fault | undefined): void {
  const { answer } = passage;
  if (fault?.type === 'truncate') answer.end();
  else if (fault?.type === 'freeze') passage.isSilent = true;
  else answer.socket?.destroy();
}

/** The line with which an API server ends a watch whose start is too old. */
export const expiredWatchLine = `${JSON.stringify({
  type: 'ERROR',
  object: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'too old resource version: 1 (2)',
    reason: 'Expired',
    code: 410,
  },
})}\n`;
