import { isKubeError, KubeError } from '../live/index.ts';
import type { KubeErrorReason } from '../live/index.ts';
import type { Place } from './place.ts';

type Sentence = (place: Place) => string;

const checkAuthority =
  'Check certificate-authority of the cluster in the kubeconfig, or whether a proxy in between signs its own certificates.';
const unknownAuthority: Sentence = ({ server }) =>
  `The certificate of ${server} is signed by an authority that is not trusted. ${checkAuthority}`;
const selfSigned: Sentence = ({ server }) =>
  `The certificate of ${server} is self-signed and not trusted. ${checkAuthority}`;
const noTls: Sentence = ({ server }) =>
  `${server} does not speak TLS. Check whether its URL should begin with http://, and its port.`;
const refusedConnection: Sentence = (place) =>
  place.proxy === ''
    ? `${place.server} refuses the connection. Check that it runs, and the server in the kubeconfig.`
    : `The proxy ${place.proxy} refuses the connection. Check proxy-url in the kubeconfig.`;
const unknownHost: Sentence = (place) =>
  place.proxy === ''
    ? `The host of ${place.server} is not known. Check the network or VPN, and the server in the kubeconfig.`
    : `The host of the proxy ${place.proxy} is not known. Check proxy-url in the kubeconfig.`;
const noAnswer: Sentence = ({ server }) =>
  `${server} does not answer in time. Check the network or VPN.`;
const noRoute: Sentence = ({ server }) =>
  `There is no way to ${server} in the network. Check the network or VPN.`;
const broke: Sentence = ({ server }) => `The connection to ${server} broke.`;
const noHttp: Sentence = ({ server }) =>
  `What ${server} answers is not HTTP. Check the server's URL and port in the kubeconfig.`;
const badClientCertificate: Sentence = ({ user }) =>
  `The client certificate and key of the user “${user}” cannot be read or do not belong together. Check them in the kubeconfig.`;

/** By the codes of Node and OpenSSL. */
const rows: readonly (readonly [KubeErrorReason, Sentence, readonly string[]])[] = [
  ['unreachable', refusedConnection, ['ECONNREFUSED']],
  ['unreachable', unknownHost, ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']],
  ['timeout', noAnswer, ['ETIMEDOUT', 'ESOCKETTIMEDOUT']],
  ['unreachable', noRoute, ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL']],
  ['unreachable', broke, ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE']],
  ['certificate', selfSigned, ['DEPTH_ZERO_SELF_SIGNED_CERT']],
  [
    'certificate',
    unknownAuthority,
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'CERT_UNTRUSTED',
      'CERT_SIGNATURE_FAILURE',
      'INVALID_CA',
    ],
  ],
  [
    'certificate',
    ({ server, host }) =>
      `The certificate of ${server} is not for “${host}”. Check the server, or set tls-server-name in the kubeconfig.`,
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
  ],
  [
    'certificate',
    ({ server }) =>
      `The certificate of ${server} has expired. Renew it on the server, or check this machine's clock.`,
    ['CERT_HAS_EXPIRED'],
  ],
  [
    'certificate',
    ({ server }) => `The certificate of ${server} is not valid yet. Check this machine's clock.`,
    ['CERT_NOT_YET_VALID'],
  ],
  [
    'certificate',
    noTls,
    ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
  ],
];

const byCode = new Map(
  rows.flatMap(([reason, sentence, codes]) =>
    codes.map((code) => [code, { reason, sentence }] as const),
  ),
);

/** A failure below HTTP as a sentence: what, which server, what to do. A `KubeError` stays as it is. */
export function toNetworkError(cause: unknown, place: Place): KubeError {
  if (isKubeError(cause)) return cause;
  const { code, message } = codeAndMessage(cause);
  const { reason, sentence } = byCode.get(code) ?? byPattern(code, message, place);
  return new KubeError(reason, sentence(place), { detail: code === '' ? message : code });
}

/** `AggregateError`, when several addresses of a host were tried, says nothing itself. */
function codeAndMessage(cause: unknown): { code: string; message: string } {
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return codeAndMessage(cause.errors[0]);
  }
  const { code } = Object(cause) as { code?: unknown };
  const message = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : '';
  // Of a SOCKS proxy that is not there, only the words are handed on.
  const spoken = /^connect (E[A-Z]+)\b/.exec(message)?.[1] ?? '';
  return { code: typeof code === 'string' ? code : spoken, message };
}

function byPattern(
  code: string,
  message: string,
  { proxy }: Place,
): { reason: KubeErrorReason; sentence: Sentence } {
  if (/^ERR_SSL_.*ALERT_(?!PROTOCOL|HANDSHAKE|INTERNAL)/.test(code)) {
    const sentence: Sentence = ({ server, user }) =>
      `${server} refuses the client certificate of the user “${user}”. It may have expired or be signed by another authority; get a new one.`;
    return { reason: 'certificate', sentence };
  }
  if (/^ERR_(?:OSSL|CRYPTO)_/.test(code)) {
    return { reason: 'kubeconfig', sentence: badClientCertificate };
  }
  if (/^ERR_(?:SSL|TLS)_/.test(code)) {
    const sentence: Sentence = ({ server }) => `${server} and we agree on no way to speak TLS.`;
    return { reason: 'certificate', sentence };
  }
  if (code.startsWith('HPE_')) return { reason: 'malformed', sentence: noHttp };
  if (/\b(?:proxy|proxies|socks)/i.test(message)) {
    const sentence: Sentence = (place) =>
      proxy === ''
        ? `The proxy of VS Code's settings makes no connection to ${place.server}. Check http.proxy and http.noProxy.`
        : `The proxy ${place.proxy} makes no connection to ${place.server}. Check proxy-url in the kubeconfig, and that the server is up.`;
    return { reason: 'unreachable', sentence };
  }
  return { reason: 'unreachable', sentence: broke };
}
