/** Where a cluster's requests go. */
export interface ServerUrl {
  /** With a scheme, without query and fragment. */
  readonly url: string;
  readonly isTls: boolean;
}

/**
 * Reads a cluster's `server` as client-go does (`rest/url_utils.go`, `tools/clientcmd/client_config.go`): without a
 * scheme it is plain HTTP, and then it must be no more than a host and a port.
 */
export function serverUrl(server: string): ServerUrl | { readonly problem: string } {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/].*)$/i.exec(server) ?? [];
  if (scheme === undefined && /[/?#]./.test(server)) {
    return { problem: 'is neither a URL nor a host and port' };
  }
  const protocol = scheme?.toLowerCase() ?? 'http';
  if (protocol !== 'http' && protocol !== 'https') {
    return { problem: `has the scheme ${protocol}, not http or https` };
  }
  const url = `${protocol}://${scheme === undefined ? server : rest.replace(/[?#].*$/s, '')}`;
  if (!URL.canParse(url)) return { problem: 'is no URL' };
  return { url, isTls: protocol === 'https' };
}

/** What is wrong with a `proxy-url`, '' when nothing is. */
export function proxyProblem(proxyUrl: string): string {
  if (proxyUrl === '') return '';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(proxyUrl)?.[1]?.toLowerCase() ?? '';
  if (!['http', 'https', 'socks5'].includes(scheme)) return 'is none for http, https or socks5';
  return URL.canParse(proxyUrl) ? '' : 'is no URL';
}
