import { createServer as createPlainServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { issuer } from './issuer.ts';
import { certificateAuthority } from '../../scripts/apiServerCertificates.mjs';

/** What a server saw of a request: enough to tell who asked whom. */
export interface Seen {
  readonly server: string;
  readonly path: string;
  /** The TLS name asked for; '' without. */
  readonly sni: string;
  /** Common name of the client certificate; '' without. */
  readonly client: string;
  readonly authorization: string;
  /** `name: value` of the headers that impersonate, each, sorted. */
  readonly impersonates: readonly string[];
  /** Whether it came through the proxy of the tests. */
  readonly proxy: string;
}

export interface EchoServers {
  /** Two servers with certificates of the same authority for 127.0.0.1, localhost and api.test. */
  readonly one: string;
  readonly two: string;
  /** Its certificate is for stranger.test alone. */
  readonly stranger: string;
  readonly plain: string;
  readonly issuer: string;
  readonly httpProxy: string;
  readonly socksProxy: string;
  /** Nobody listens there. */
  readonly dead: string;
  readonly ca: string;
  readonly otherCa: string;
  readonly alice: { readonly cert: string; readonly key: string };
  readonly bob: { readonly cert: string; readonly key: string };
  readonly expired: { readonly cert: string; readonly key: string };
  close(): Promise<void>;
}

/** The header that is answered with 401. */
const refused = 'Bearer refused';

/** Servers that answer every request with what they saw, and 401 to certificates that do not hold. */
export async function startEchoServers(): Promise<EchoServers> {
  const ca = certificateAuthority('parity-ca');
  const proxied = new Map<number, string>();
  const names = ['127.0.0.1', 'localhost', 'api.test'];
  const secure = (name: string, addresses: readonly string[]): Server => {
    const { cert, key } = ca.issue({ name, addresses });
    const options = { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: false };
    return createServer(options, echo(name, proxied));
  };
  let issuerUrl = '';
  const sockets = new Set<Socket>();
  const servers = [
    secure('one', names),
    secure('two', names),
    secure('stranger', ['stranger.test']),
    createPlainServer(echo('plain', proxied)),
    createPlainServer(issuer(() => issuerUrl)),
    httpProxy(proxied),
    socksProxy(proxied),
  ];
  const ports = await Promise.all(servers.map(listen));
  for (const server of servers) {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    });
  }
  const gone = createTcpServer();
  const deadPort = await listen(gone);
  gone.close();
  const [one = 0, two = 0, stranger = 0, plain = 0, signIn = 0, http = 0, socks = 0] = ports;
  issuerUrl = `http://127.0.0.1:${signIn}`;
  const hour = 3_600_000;
  return {
    one: `https://127.0.0.1:${one}`,
    two: `https://127.0.0.1:${two}`,
    stranger: `https://127.0.0.1:${stranger}`,
    plain: `http://127.0.0.1:${plain}`,
    issuer: issuerUrl,
    httpProxy: `http://127.0.0.1:${http}`,
    socksProxy: `socks5://127.0.0.1:${socks}`,
    dead: `https://127.0.0.1:${deadPort}`,
    ca: ca.cert,
    otherCa: certificateAuthority('other-ca').cert,
    alice: ca.issue({ name: 'alice', usage: 'client' }),
    bob: ca.issue({ name: 'bob', usage: 'client' }),
    expired: ca.issue({ name: 'late', usage: 'client', from: -3 * hour, until: -hour }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function echo(server: string, proxied: ReadonlyMap<number, string>): RequestListener {
  return (request, response) => {
    const socket = request.socket as TLSSocket;
    const client = clientOf(socket);
    const { authorization = '' } = request.headers;
    const isRefused = authorization === refused || (client !== '' && !socket.authorized);
    const seen: Seen = {
      server,
      path: request.url ?? '',
      sni: typeof socket.servername === 'string' ? socket.servername : '',
      client,
      authorization,
      impersonates: impersonationOf(request),
      proxy: proxied.get(socket.remotePort ?? 0) ?? '',
    };
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Unauthorized' };
    response.writeHead(isRefused ? 401 : 200, { 'Content-Type': 'application/json' });
    response.end(
      JSON.stringify(isRefused ? { ...status, message: 'Unauthorized', code: 401 } : seen),
    );
  };
}

function clientOf(socket: Partial<TLSSocket>): string {
  const subject = socket.getPeerCertificate?.()?.subject;
  return subject === undefined ? '' : String(subject.CN);
}

function impersonationOf(request: IncomingMessage): readonly string[] {
  const { rawHeaders } = request;
  return rawHeaders
    .flatMap((name, i) =>
      i % 2 === 0 && /^impersonate-/i.test(name)
        ? [`${name.toLowerCase()}: ${rawHeaders[i + 1]}`]
        : [],
    )
    .sort();
}

/** Connects the two sockets and remembers where the server's came from. */
function tunnel(
  from: Socket,
  host: string,
  port: number,
  name: string,
  proxied: Map<number, string>,
  opened: (to: Socket) => void,
): void {
  const to = connect(port, host);
  to.on('connect', () => {
    proxied.set(to.localPort ?? 0, name);
    opened(to);
    from.pipe(to).pipe(from);
  });
  to.on('error', () => from.destroy());
  from.on('error', () => to.destroy()).on('close', () => to.destroy());
}

function httpProxy(proxied: Map<number, string>): Server {
  const server = createPlainServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const { hostname, port } = new URL(`http://${request.url}`);
    tunnel(socket, hostname, Number(port), 'http', proxied, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    });
  });
  return server;
}

/** SOCKS 5 (RFC 1928) without sign-in, for IPv4 addresses and names. */
function socksProxy(proxied: Map<number, string>): Server {
  const server = createTcpServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (ask) => {
        const isName = ask[3] === 3;
        const length = isName ? (ask[4] ?? 0) : 4;
        const start = isName ? 5 : 4;
        const address = ask.subarray(start, start + length);
        const host = isName ? address.toString('ascii') : [...address].join('.');
        tunnel(socket, host, ask.readUInt16BE(start + length), 'socks', proxied, () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        });
      });
    });
  });
  return server as unknown as Server;
}
