import { idToken, renewedToken } from './issuer.ts';
import type { EchoServers } from './echoServers.ts';
import { base64, config, fails, seen } from './situation.ts';
import type { Situation } from './situation.ts';

type Json = Readonly<Record<string, unknown>>;

/** Who asks. */
export function userSituations(servers: EchoServers): readonly Situation[] {
  const cluster = { server: servers.one, 'certificate-authority-data': base64(servers.ca) };
  const { alice, bob, expired } = servers;
  const data = {
    'client-certificate-data': base64(alice.cert),
    'client-key-data': base64(alice.key),
  };
  const single = (
    name: string,
    user: Json,
    result: Situation['result'],
    files = {},
  ): Situation => ({
    name,
    files: { config: config({ cluster, user }), ...files },
    result,
  });
  const pair = { 'alice.crt': alice.cert, 'alice.key': alice.key };
  const extra = {
    as: 'Éve →',
    'as-uid': 'u-1',
    'as-groups': ['g1', 'g2, g3'],
    'as-user-extra': { 'acme.io/Scope%': ['view', 'dev'], reason: ['x'] },
  };
  const impersonates = [
    'impersonate-extra-acme.io%2fscope%25: dev',
    'impersonate-extra-acme.io%2fscope%25: view',
    'impersonate-extra-reason: x',
    'impersonate-group: g1',
    'impersonate-group: g2, g3',
    'impersonate-uid: u-1',
    `impersonate-user: ${Buffer.from('Éve →').toString('latin1')}`,
  ];
  return [
    single('a client certificate as data', data, seen({ client: 'alice', authorization: '' })),
    single(
      'client certificate and key as files',
      { 'client-certificate': 'alice.crt', 'client-key': 'alice.key' },
      seen({ client: 'alice' }),
      pair,
    ),
    {
      name: 'files beside a kubeconfig in another folder',
      files: {
        'a/config': config({ cluster, more: { users: [] } }),
        'b/config': config({
          user: { 'client-certificate': '../pki/alice.crt', 'client-key': './alice.key' },
          more: { clusters: [] },
        }),
        'pki/alice.crt': alice.cert,
        'b/alice.key': alice.key,
      },
      list: ['a/config', 'b/config'],
      result: seen({ client: 'alice' }),
    },
    single(
      'certificate data and a key file',
      { 'client-certificate-data': base64(alice.cert), 'client-key': 'alice.key' },
      seen({ client: 'alice' }),
      pair,
    ),
    single(
      'certificate data and a certificate file',
      { ...data, 'client-certificate': 'bob.crt' },
      fails(
        /client-cert-data and client-cert are both specified/,
        'kubeconfig',
        /both client-certificate and client-certificate-data/,
      ),
      { 'bob.crt': bob.cert },
    ),
    single(
      'key data and a key file',
      { ...data, 'client-key': 'alice.key' },
      fails(
        /client-key-data and client-key are both specified/,
        'kubeconfig',
        /both client-key and client-key-data/,
      ),
      pair,
    ),
    single(
      'a client certificate without key',
      { 'client-certificate-data': base64(alice.cert) },
      fails(
        /client-key-data or client-key must be specified/,
        'kubeconfig',
        /without a client key/,
      ),
    ),
    single(
      'a client certificate file that is missing',
      { 'client-certificate': 'gone.crt', 'client-key': 'alice.key' },
      fails(
        /unable to read client-cert .*gone\.crt/,
        'kubeconfig',
        /client certificate of user “main”, .*gone\.crt, is not there/,
      ),
      pair,
    ),
    single(
      'a client key that is no key',
      { ...data, 'client-key-data': base64('nothing') },
      fails(
        /failed to find any PEM data in key/,
        'kubeconfig',
        /client key of user “main” is no PEM private key/,
      ),
    ),
    single(
      'a client certificate that is none',
      { ...data, 'client-certificate-data': base64('nothing') },
      fails(
        /failed to find any PEM data in certificate/,
        'kubeconfig',
        /client certificate of user “main” is no PEM/,
      ),
    ),
    single(
      "another one's key",
      { ...data, 'client-key-data': base64(bob.key) },
      fails(
        /private key does not match public key/,
        'kubeconfig',
        /does not belong to its certificate/,
      ),
    ),
    single(
      'a client certificate that has expired',
      { 'client-certificate-data': base64(expired.cert), 'client-key-data': base64(expired.key) },
      fails(/Unauthorized|must be logged in|provide credentials/, 'unauthorized', /./),
    ),
    single(
      'a token with letters beyond ASCII',
      { token: 'tä→' },
      seen({ authorization: Buffer.from('Bearer tä→').toString('latin1') }),
    ),
    single(
      'a token that no header can hold',
      { token: 'one\ntwo' },
      fails(/invalid header field value/, 'credentials', /characters that no header can hold/),
    ),
    single(
      'a token that the server refuses',
      { token: 'refused' },
      fails(/Unauthorized|must be logged in|provide credentials/, 'unauthorized', /./),
    ),
    single(
      'a client certificate and a token',
      { ...data, token: 'first' },
      seen({ client: 'alice', authorization: 'Bearer first' }),
    ),
    single(
      'a client certificate and a password',
      { ...data, username: 'u', password: 'p' },
      seen({ client: 'alice', authorization: `Basic ${base64('u:p')}` }),
    ),
    single(
      'a key without certificate',
      { 'client-key-data': base64(alice.key) },
      fails(/enter Username/, 'kubeconfig', /User “main” has no credentials/),
    ),
    single('a token file', { tokenFile: 'token' }, seen({ authorization: 'Bearer from-file' }), {
      token: ' from-file\n',
    }),
    single(
      'a token and a token file',
      { token: 'first', tokenFile: 'token' },
      seen({ authorization: 'Bearer from-file' }),
      { token: 'from-file' },
    ),
    single(
      'a token and a token file that is missing',
      { token: 'first', tokenFile: 'token' },
      seen({ authorization: 'Bearer first' }),
    ),
    single(
      'a token and a token file that is empty',
      { token: 'first', tokenFile: 'token' },
      seen({ authorization: 'Bearer first' }),
      { token: '\n' },
    ),
    single(
      'a token file that is missing',
      { tokenFile: 'token' },
      fails(
        /token: no such file/,
        'credentials',
        /token file of user “main”, .*token, is not there/,
      ),
    ),
    single(
      'a token file that is empty',
      { tokenFile: 'token' },
      fails(/enter Username|empty token/, 'credentials', /token, is empty/),
      { token: '' },
    ),
    single(
      'a user name and a password',
      { username: 'ada', password: 'p:ä' },
      seen({ authorization: `Basic ${base64('ada:p:ä')}` }),
    ),
    single(
      'a password without user name',
      { password: 'p' },
      fails(/enter Username/, 'kubeconfig', /has no credentials/),
    ),
    single(
      'a token and a password',
      { token: 'first', username: 'u', password: 'p' },
      fails(/more than one authentication method/, 'kubeconfig', /both a token and a user name/),
    ),
    single(
      'a token file and a password',
      { tokenFile: 'token', username: 'u', password: 'p' },
      fails(
        /username\/password or bearer token may be set, but not both/,
        'kubeconfig',
        /both a token and a user name/,
      ),
      { token: 'x' },
    ),
    single('nothing', {}, fails(/enter Username/, 'kubeconfig', /User “main” has no credentials/)),
    single('impersonation', { ...data, ...extra }, seen({ client: 'alice', impersonates })),
    single(
      'groups without a user to impersonate',
      { ...data, 'as-groups': ['g'] },
      fails(/without impersonating a user/, 'kubeconfig', /without as/),
    ),
    {
      name: 'impersonation over plain HTTP',
      files: {
        config: config({ cluster: { server: servers.plain }, user: { token: 't', as: 'eve' } }),
      },
      result: seen({ server: 'plain', authorization: '', impersonates: ['impersonate-user: eve'] }),
    },
    {
      name: 'plain HTTP with a token file and a user name',
      files: {
        config: config({
          cluster: { server: servers.plain },
          user: { tokenFile: 'gone', username: 'u' },
        }),
      },
      result: seen({ server: 'plain', authorization: '' }),
    },
    {
      name: 'plain HTTP with a client certificate that is missing',
      files: {
        config: config({
          cluster: { server: servers.plain },
          user: { 'client-certificate': 'gone.crt', 'client-key': 'gone.key' },
        }),
      },
      result: fails(
        /unable to read client-cert .*gone\.crt/,
        'kubeconfig',
        /gone\.crt, is not there/,
      ),
    },
    {
      name: 'plain HTTP with the auth-provider gcp',
      files: {
        config: config({
          cluster: { server: servers.plain },
          user: { 'auth-provider': { name: 'gcp' } },
        }),
      },
      result: seen({ server: 'plain', authorization: '' }),
    },
    {
      name: 'plain HTTP with nothing',
      files: { config: config({ cluster: { server: servers.plain } }) },
      result: seen({ server: 'plain' }),
    },
    single(
      'the auth-provider gcp',
      { 'auth-provider': { name: 'gcp' } },
      fails(
        /gcp auth plugin has been removed|no Auth Provider found for name "gcp"/,
        'kubeconfig',
        /auth-provider gcp, which Kubernetes removed in 1\.26; use gke-gcloud-auth-plugin/,
      ),
    ),
    single(
      'the auth-provider azure',
      { 'auth-provider': { name: 'azure', config: { a: 'b' } } },
      fails(/azure auth plugin has been removed/, 'kubeconfig', /use kubelogin/),
    ),
    single(
      'an auth-provider that nobody knows',
      { 'auth-provider': { name: 'own' } },
      fails(
        /no Auth Provider found for name "own"/,
        'kubeconfig',
        /auth-provider own, which is not known/,
      ),
    ),
    single(
      'OIDC with a token that holds',
      { 'auth-provider': oidc(servers, idToken(3600)) },
      seen({ authorization: `Bearer ${idToken(3600)}` }),
    ),
    single(
      'OIDC with a token that has expired and nothing to renew it',
      { 'auth-provider': oidc(servers, idToken(-60)) },
      fails(
        /cannot refresh without refresh-token/,
        'credentials',
        /sign-in of user “main” has expired/,
      ),
    ),
    single(
      'OIDC with a token that is renewed',
      { 'auth-provider': oidc(servers, idToken(-60), { 'refresh-token': 'good' }) },
      seen({ authorization: `Bearer ${renewedToken}` }),
    ),
    single(
      'OIDC without token, with one to renew it by',
      { 'auth-provider': oidc(servers, '', { 'refresh-token': 'good', 'client-secret': 's' }) },
      seen({ authorization: `Bearer ${renewedToken}` }),
    ),
    single(
      'OIDC whose issuer refuses to renew',
      { 'auth-provider': oidc(servers, idToken(-60), { 'refresh-token': 'old' }) },
      fails(
        /failed to refresh token/,
        'credentials',
        /could not be renewed: the issuer says invalid_grant\.$/,
      ),
    ),
    single(
      'OIDC whose issuer is down',
      {
        'auth-provider': oidc(servers, '', {
          'refresh-token': 'r',
          'idp-issuer-url': servers.dead,
        }),
      },
      fails(/refused/, 'credentials', /does not answer \(ECONNREFUSED\)\.$/),
    ),
    single(
      'OIDC with a token that is none',
      { 'auth-provider': oidc(servers, 'text') },
      fails(/not a valid JWT/, 'credentials', /no JSON web token/),
    ),
    single(
      'OIDC without issuer',
      { 'auth-provider': { name: 'oidc', config: { 'client-id': 'c' } } },
      fails(/Must provide idp-issuer-url/, 'kubeconfig', /has no idp-issuer-url/),
    ),
    single(
      'OIDC and a password without user name',
      { password: 'p', 'auth-provider': oidc(servers, idToken(3600)) },
      seen({ authorization: `Bearer ${idToken(3600)}` }),
    ),
    single(
      'OIDC and a token',
      { token: 'first', 'auth-provider': oidc(servers, idToken(3600)) },
      seen({ authorization: 'Bearer first' }),
    ),
  ];
}

function oidc(servers: EchoServers, token: string, more: Json = {}): Json {
  const config = {
    'idp-issuer-url': servers.issuer,
    'client-id': 'c',
    'id-token': token,
    ...more,
  };
  return { name: 'oidc', config };
}
