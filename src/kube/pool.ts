// Without `node:`: VS Code patches these names, and so its proxy settings and certificates hold for us.
import http from 'http';
import https from 'https';
// With `node:`: left alone by VS Code, for a proxy that the kubeconfig names takes the place of VS Code's.
import plainHttp from 'node:http';
import plainHttps from 'node:https';
import type { Socket } from 'net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SocksProxyAgent } from 'socks-proxy-agent';
import { KubeError } from '../live/index.ts';
import type { TlsMaterial } from './types.ts';

/** Kept connections to one server under one TLS material. */
export interface Pool {
  readonly tls: TlsMaterial;
  /** Makes a request whose connection comes from the pool and returns to it. */
  request(url: URL, options: PoolRequest): http.ClientRequest;
  /** Closes what is free now and whatever becomes free. */
  drain(): void;
}

export interface PoolRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

const agentOptions = {
  keepAlive: true,
  scheduling: 'lifo',
  /** Beside the streams one connection is kept; what a burst opened more goes with it. */
  maxFreeSockets: 1,
  /** A free connection is closed after this long; API servers and balancers keep theirs longer. */
  timeout: 30_000,
} as const;

/** Throws `KubeError` when the proxy's URL is none that can be used. */
export function createPool(server: URL, proxyUrl: string, tls: TlsMaterial): Pool {
  const isSecure = server.protocol === 'https:';
  const agent = agentFor(isSecure, proxyUrl, tls);
  const client = clientFor(isSecure, proxyUrl !== '');
  const target = {
    protocol: server.protocol,
    hostname: server.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: server.port === '' ? (isSecure ? 443 : 80) : Number(server.port),
    agent,
    // On the request too: VS Code may put an agent of its own in the place of ours.
    ...(isSecure ? tlsOptions(tls) : {}),
  };
  return {
    tls,
    request: (url, { method, headers }) =>
      client.request({ ...target, path: url.pathname + url.search, method, headers }),
    drain() {
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    },
  };
}

function clientFor(isSecure: boolean, hasProxy: boolean): typeof http | typeof https {
  if (hasProxy) return isSecure ? plainHttps : plainHttp;
  return isSecure ? https : http;
}

function tlsOptions({ ca, cert, key, servername, rejectUnauthorized }: TlsMaterial) {
  return {
    rejectUnauthorized,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined || servername === '' ? {} : { servername }),
  };
}

function agentFor(isSecure: boolean, proxyUrl: string, tls: TlsMaterial): http.Agent {
  if (proxyUrl === '') {
    return isSecure ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
  }
  const proxy = URL.parse(proxyUrl);
  switch (proxy?.protocol) {
    case 'http:':
    case 'https:':
      // As in Go's net/http, the cluster's TLS material holds for a proxy with TLS as well.
      return new TunnelAgent(proxy, { ...agentOptions, ...tlsOptions(tls) });
    case 'socks5:':
    case 'socks5h:':
      // As in Go, the proxy looks up the host's name.
      return new SocksProxyAgent(withProtocol(proxy, 'socks5h:'), agentOptions);
    default: {
      const scheme = proxy ? `${proxy.protocol}//` : '';
      throw new KubeError(
        'kubeconfig',
        `The proxy-url in the kubeconfig ${scheme === '' ? 'is no URL' : `begins with ${scheme}`}. It must begin with http://, https:// or socks5://.`,
      );
    }
  }
}

function withProtocol(url: URL, protocol: string): URL {
  return new URL(url.href.replace(/^[^:]+:/, protocol));
}

/** Gives up the connection to the proxy together with the request: a proxy that hangs must not hold sockets. */
class TunnelAgent extends HttpsProxyAgent<string> {
  override async connect(
    ...[request, options]: Parameters<HttpsProxyAgent<string>['connect']>
  ): Promise<Socket> {
    const abandoned = new AbortController();
    const abandon = (): void => abandoned.abort();
    request.once('abandon', abandon);
    const tunnel = new HttpsProxyAgent(this.proxy, {
      ...this.connectOpts,
      signal: abandoned.signal,
    });
    try {
      return await tunnel.connect(request, options);
    } finally {
      request.off('abandon', abandon);
    }
  }
}
