import type { EchoServers } from './echoServers.ts';
import { base64, config, fails, seen } from './situation.ts';
import type { Situation } from './situation.ts';

/** How the server is reached and trusted. */
export function clusterSituations(servers: EchoServers): readonly Situation[] {
  const ca = { 'certificate-authority-data': base64(servers.ca) };
  const insecure = { 'insecure-skip-tls-verify': true };
  const user = { token: 'first' };
  const { host } = new URL(servers.one);
  const port = new URL(servers.one).port;
  const single = (
    name: string,
    cluster: Readonly<Record<string, unknown>>,
    result: Situation['result'],
    files = {},
  ): Situation => ({
    name,
    files: { config: config({ cluster, user }), ...files },
    result,
  });
  return [
    single(
      'no verification',
      { server: servers.stranger, ...insecure },
      seen({ server: 'stranger' }),
    ),
    single(
      'the authority of another',
      { server: servers.one, 'certificate-authority-data': base64(servers.otherCa) },
      fails(/certificate signed by unknown authority/, 'certificate', /certificate/),
    ),
    single(
      'no authority, and the system does not know it',
      { server: servers.one },
      fails(/certificate signed by unknown authority/, 'certificate', /certificate/),
    ),
    single(
      'a certificate for another name',
      { server: servers.stranger, ...ca },
      fails(
        /doesn't contain any IP SANs|cannot validate certificate/,
        'certificate',
        /certificate|name/,
      ),
    ),
    single(
      'a TLS server name',
      { server: servers.one, ...ca, 'tls-server-name': 'api.test' },
      seen({ server: 'one', sni: 'api.test' }),
    ),
    single(
      'a TLS server name that the certificate is for',
      { server: servers.stranger, ...ca, 'tls-server-name': 'stranger.test' },
      seen({ server: 'stranger', sni: 'stranger.test' }),
    ),
    single(
      'a TLS server name that the certificate is not for',
      { server: servers.one, ...ca, 'tls-server-name': 'stranger.test' },
      fails(/certificate is valid for/, 'certificate', /certificate|name/),
    ),
    single(
      'a host name',
      { server: `https://localhost:${port}`, ...ca },
      seen({ server: 'one', sni: 'localhost' }),
    ),
    single(
      'an authority file next to the kubeconfig',
      { server: servers.one, 'certificate-authority': 'pki/ca.crt' },
      seen({ server: 'one' }),
      { 'pki/ca.crt': servers.ca },
    ),
    single(
      'an authority file that is missing',
      { server: servers.one, 'certificate-authority': 'pki/ca.crt' },
      fails(
        /unable to read certificate-authority.*pki\/ca\.crt/,
        'kubeconfig',
        /certificate authority of cluster “main”, .*pki\/ca\.crt, is not there/,
      ),
    ),
    single(
      'authority data and an authority file',
      { server: servers.one, ...ca, 'certificate-authority': 'ca.crt' },
      fails(
        /certificate-authority-data and certificate-authority are both specified/,
        'kubeconfig',
        /both certificate-authority and certificate-authority-data/,
      ),
      { 'ca.crt': servers.ca },
    ),
    single(
      'an authority and no verification',
      { server: servers.one, ...ca, ...insecure },
      fails(
        /root certificates file with the insecure flag/,
        'kubeconfig',
        /a certificate authority and insecure-skip-tls-verify/,
      ),
    ),
    single(
      'an authority that is no certificate',
      { server: servers.one, 'certificate-authority-data': base64('nothing') },
      fails(/unable to load root certificates/, 'kubeconfig', /holds no PEM certificate/),
    ),
    single(
      'an authority among others, one of them broken',
      {
        server: servers.one,
        'certificate-authority-data': base64(
          `text\n${servers.otherCa}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${servers.ca}`,
        ),
      },
      seen({ server: 'one' }),
    ),
    single(
      'an HTTP proxy',
      { server: servers.one, ...ca, 'proxy-url': servers.httpProxy },
      seen({ server: 'one', proxy: 'http' }),
    ),
    single(
      'a SOCKS proxy',
      { server: servers.one, ...ca, 'proxy-url': servers.socksProxy },
      seen({ server: 'one', proxy: 'socks' }),
    ),
    single(
      'a proxy that is down',
      { server: servers.one, ...ca, 'proxy-url': servers.dead.replace('https', 'http') },
      fails(/proxyconnect|connection to the server|refused/, 'unreachable', /proxy/i),
    ),
    single(
      'a proxy of another kind',
      { server: servers.one, ...ca, 'proxy-url': 'ftp://127.0.0.1:1' },
      fails(/invalid 'proxy-url'|unsupported scheme/, 'kubeconfig', /proxy-url of cluster “main”/),
    ),
    single(
      'a proxy without a scheme',
      { server: servers.one, ...ca, 'proxy-url': 'proxy.test' },
      fails(/invalid 'proxy-url'|unsupported scheme/, 'kubeconfig', /proxy-url of cluster “main”/),
    ),
    single(
      'a server that is down',
      { server: servers.dead, ...ca },
      fails(/refused/, 'unreachable', /127\.0\.0\.1/),
    ),
    single(
      'plain HTTP, which gets no token',
      { server: servers.plain },
      seen({ server: 'plain', authorization: '' }),
    ),
    single(
      'a host and port alone, which is plain HTTP',
      { server: new URL(servers.plain).host, ...ca },
      seen({ server: 'plain', authorization: '' }),
    ),
    single(
      'a server with a path',
      { server: `${servers.one}/k8s/clusters/c-1`, ...ca },
      seen({ path: '/k8s/clusters/c-1/version' }),
    ),
    single(
      'a server with a path and a slash at its end',
      { server: `${servers.one}/k8s/`, ...ca },
      seen({ path: '/k8s/version' }),
    ),
    single(
      'a server with a query, which is dropped',
      { server: `${servers.one}/k8s?a=b#c`, ...ca },
      seen({ path: '/k8s/version' }),
    ),
    single(
      'a host with a path and no scheme',
      { server: `${host}/k8s`, ...ca },
      fails(
        /host must be a URL or a host:port pair/,
        'kubeconfig',
        /neither a URL nor a host and port/,
      ),
    ),
    single(
      'a server of another scheme',
      { server: `ftp://${host}`, ...ca },
      fails(/unsupported protocol scheme/, 'kubeconfig', /scheme ftp/),
    ),
  ];
}
