import type { ContextTarget } from './types.ts';

/** Whom a request is for, in words that may be shown: without user names, passwords and queries of URLs. */
export interface Place {
  /** `https://host:port/path` */
  readonly server: string;
  /** `host:port` of the kubeconfig's proxy; '' without one. */
  readonly proxy: string;
  /** The kubeconfig's user. */
  readonly user: string;
  /** How the server's host is written in the URL. */
  readonly host: string;
}

/** Reads the target's URLs. One that cannot be read is shown as nothing, for it may hold a password anywhere. */
export function placeOf({
  server,
  proxyUrl,
  user,
}: Pick<ContextTarget, 'server' | 'proxyUrl' | 'user'>): Place {
  const url = URL.parse(server);
  return {
    server: url ? `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}` : 'the server',
    proxy: proxyUrl === '' ? '' : (URL.parse(proxyUrl)?.host ?? 'the proxy'),
    user,
    host: url?.hostname ?? '',
  };
}

/** As much as a server's URL tells. */
export function placeOfServer(server: string): Place {
  return placeOf({ server, proxyUrl: '', user: '' });
}

/** Whether a host is this machine: compression only costs there. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host);
}
