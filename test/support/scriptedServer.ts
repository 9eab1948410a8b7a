import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type {
  ContextTarget,
  Credentials,
  RequestCredentials,
  TlsMaterial,
} from '../../src/kube/index.ts';

/** A local server that answers as a test says. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:PORT` or `https://…` */
  readonly url: string;
  /** Connections ever accepted, and those open now. */
  readonly accepted: number;
  readonly open: ReadonlySet<Socket>;
  /** What was asked, oldest first. */
  readonly requests: readonly IncomingMessage[];
}

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => unknown;

export async function scriptedServer(
  handler: Handler,
  tls?: SecureContextOptions & TlsOptions,
): Promise<ScriptedServer> {
  const requests: IncomingMessage[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request);
    response.on('error', () => {});
    handler(request, response, requests.length);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  return await listen(server, tls ? 'https' : 'http', requests);
}

/** The same for anything over TCP. */
export function tcpServer(onSocket: (socket: Socket) => void): Promise<ScriptedServer> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  return listen(server, 'tcp', []);
}

async function listen(
  server: Server,
  scheme: string,
  requests: readonly IncomingMessage[],
): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted++;
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    open,
    requests,
    get accepted() {
      return accepted;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** A target as a kubeconfig would give it. */
export function targetOf(
  server: string,
  {
    tls = { rejectUnauthorized: true },
    proxyUrl = '',
    ...credentials
  }: { tls?: TlsMaterial; proxyUrl?: string } & Partial<Credentials> = {},
): ContextTarget {
  const fixed: RequestCredentials = { headers: {}, tls };
  return {
    context: 'test',
    cluster: 'test',
    user: 'jane',
    namespace: 'default',
    server,
    proxyUrl,
    credentials: {
      get: () => Promise.resolve(fixed),
      renew: () => false,
      forgetFailure: () => {},
      dispose: () => {},
      ...credentials,
    },
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
