import type { EchoServers } from './echoServers.ts';
import { base64, config, fails, seen } from './situation.ts';
import type { Failure, Situation } from './situation.ts';

type Json = Readonly<Record<string, unknown>>;

const group = 'client.authentication.k8s.io';

/** A plugin as a shell script. */
function script(...lines: readonly string[]): string {
  return ['#!/bin/sh', ...lines, ''].join('\n');
}

function prints(status: Json | undefined, version = 'v1'): string {
  const credential = {
    kind: 'ExecCredential',
    apiVersion: `${group}/${version}`,
    ...(status && { status }),
  };
  return script("cat <<'END'", JSON.stringify(credential), 'END');
}

/** Users with an exec plugin. */
export function execSituations(servers: EchoServers): readonly Situation[] {
  const cluster = { server: servers.one, 'certificate-authority-data': base64(servers.ca) };
  const { alice, bob } = servers;
  const v1 = { apiVersion: `${group}/v1`, interactiveMode: 'Never', command: './plugin' };
  const beta = { apiVersion: `${group}/v1beta1`, command: './plugin' };
  const single = (
    name: string,
    exec: Json,
    plugin: string,
    result: Situation['result'],
    more: { user?: Json; cluster?: Json; path?: string } = {},
  ): Situation => ({
    name: `exec plugin: ${name}`,
    files: {
      config: config({ cluster: { ...cluster, ...more.cluster }, user: { exec, ...more.user } }),
      [more.path ?? 'plugin']: plugin,
    },
    result,
  });
  const broken = (
    name: string,
    plugin: string,
    kubectl: RegExp,
    message: RegExp,
    detail?: RegExp,
  ): Situation => single(name, v1, plugin, fails(kubectl, 'credentials', message, detail));
  const misconfigured = (name: string, exec: Json, result: Failure): Situation =>
    single(name, exec, prints({ token: 't' }), result);
  const token = prints({ token: 'from-plugin' });
  const echoInfo = (version: string): string =>
    script(
      'info=$(printf %s "$KUBERNETES_EXEC_INFO" | tr -d "\\n" | base64 | tr -d "\\n")',
      `echo '{"kind":"ExecCredential","apiVersion":"${group}/${version}","status":{"token":"'$info'"}}'`,
    );
  const withInfo = { provideClusterInfo: true };
  const infoCluster = {
    'tls-server-name': 'api.test',
    'disable-compression': true,
    extensions: [
      { name: `${group}/exec`, extension: { audience: 'karmada', 'a<b>': [1, true, null] } },
    ],
  };
  return [
    single('v1 with a token', v1, token, seen({ authorization: 'Bearer from-plugin', client: '' })),
    single(
      'v1beta1 with a token',
      beta,
      prints({ token: 'old' }, 'v1beta1'),
      seen({ authorization: 'Bearer old' }),
    ),
    single(
      'a client certificate',
      v1,
      prints({ clientCertificateData: alice.cert, clientKeyData: alice.key }),
      seen({ client: 'alice', authorization: '' }),
    ),
    single(
      'a client certificate and a token',
      v1,
      prints({ token: 't', clientCertificateData: alice.cert, clientKeyData: alice.key }),
      seen({ client: 'alice', authorization: 'Bearer t' }),
    ),
    single(
      'YAML in the place of JSON',
      v1,
      script(`printf 'kind: ExecCredential\\napiVersion: ${group}/v1\\nstatus: {token: yaml}\\n'`),
      seen({ authorization: 'Bearer yaml' }),
    ),
    single('what v1 is told', v1, echoInfo('v1'), seen({ server: 'one' })),
    single(
      'what v1 is told of the cluster',
      { ...v1, ...withInfo },
      echoInfo('v1'),
      seen({ sni: 'api.test' }),
      { cluster: infoCluster },
    ),
    single(
      'what v1beta1 is told of the cluster and its proxy',
      { ...beta, ...withInfo },
      echoInfo('v1beta1'),
      seen({ proxy: 'http' }),
      { cluster: { 'proxy-url': servers.httpProxy } },
    ),
    single(
      'arguments and environment',
      { ...v1, args: ['a b', '$HOME', '"'], env: [{ name: 'MINE', value: 'x=y' }] },
      script(
        't=$(printf %s "$1|$2|$3|$MINE" | base64)',
        `echo '{"kind":"ExecCredential","apiVersion":"${group}/v1","status":{"token":"'$t'"}}'`,
      ),
      seen({ authorization: `Bearer ${base64('a b|$HOME|"|x=y')}` }),
    ),
    single(
      'a command in PATH',
      { ...v1, command: 'my-plugin' },
      token,
      seen({ authorization: 'Bearer from-plugin' }),
      { path: 'bin/my-plugin' },
    ),
    single(
      'a command in a folder beside the kubeconfig',
      { ...v1, command: 'tools/plugin' },
      token,
      seen({ authorization: 'Bearer from-plugin' }),
      { path: 'tools/plugin' },
    ),
    single(
      'IfAvailable',
      { ...v1, interactiveMode: 'IfAvailable' },
      token,
      seen({ authorization: 'Bearer from-plugin' }),
    ),
    single('left alone for a token', v1, token, seen({ authorization: 'Bearer first' }), {
      user: { token: 'first' },
    }),
    single(
      'left alone for a client certificate',
      v1,
      token,
      seen({ client: 'alice', authorization: '' }),
      {
        user: {
          'client-certificate-data': base64(alice.cert),
          'client-key-data': base64(alice.key),
        },
      },
    ),
    single(
      'left alone for a password',
      v1,
      token,
      seen({ authorization: `Basic ${base64('u:p')}` }),
      { user: { username: 'u', password: 'p' } },
    ),
    single(
      'left alone over plain HTTP',
      v1,
      script('exit 1'),
      seen({ server: 'plain', authorization: '' }),
      { cluster: { server: servers.plain } },
    ),
    single(
      'a program that is missing',
      { ...v1, command: 'no-such-plugin', installHint: 'Install it from example.test.' },
      '',
      fails(
        /executable no-such-plugin not found[^]*Install it from example\.test/,
        'credentials',
        /exec plugin no-such-plugin of user “main” is not in PATH/,
        /Install it from example\.test/,
      ),
    ),
    broken(
      'that fails',
      script('echo "please sign in first" >&2', 'exit 3'),
      /please sign in first[^]*failed with exit code 3/,
      /exec plugin plugin of user “main” failed with exit code 3/,
      /please sign in first/,
    ),
    broken(
      'that prints something else',
      script('echo hello: world'),
      /plugin returned version/,
      /printed no ExecCredential/,
    ),
    broken(
      'that prints nothing',
      script('exit 0'),
      /plugin returned version/,
      /printed no ExecCredential/,
    ),
    broken(
      'that prints another version',
      prints({ token: 't' }, 'v1beta1'),
      /configured to use API version client\.authentication\.k8s\.io\/v1, plugin returned version client\.authentication\.k8s\.io\/v1beta1|decoding stdout/,
      /is configured for client\.authentication\.k8s\.io\/v1 and printed client\.authentication\.k8s\.io\/v1beta1/,
    ),
    broken('without status', prints(undefined), /didn't return a status field/, /without status/),
    broken(
      'without token and certificate',
      prints({}),
      /didn't return a token or cert\/key pair/,
      /neither token nor certificate/,
    ),
    broken(
      'with a certificate without key',
      prints({ clientCertificateData: alice.cert }),
      /only certificate or key, not both/,
      /only one of certificate and key/,
    ),
    broken(
      "with another one's key",
      prints({ clientCertificateData: alice.cert, clientKeyData: bob.key }),
      /private key does not match public key/,
      /does not belong to its certificate/,
    ),
    broken(
      'with a time that is none',
      prints({ token: 't', expirationTimestamp: 'soon' }),
      /decoding stdout/,
      /expirationTimestamp that is no time/,
    ),
    misconfigured(
      'that needs a terminal',
      { ...v1, interactiveMode: 'Always' },
      fails(
        /standard input is not a terminal/,
        'kubeconfig',
        /needs a terminal \(interactiveMode Always\)/,
      ),
    ),
    misconfigured(
      'v1 without interactiveMode',
      { ...v1, interactiveMode: undefined },
      fails(/interactiveMode must be specified/, 'kubeconfig', /has no interactiveMode/),
    ),
    misconfigured(
      'an interactiveMode that nobody knows',
      { ...v1, interactiveMode: 'Sometimes' },
      fails(/invalid interactiveMode/, 'kubeconfig', /has the interactiveMode Sometimes/),
    ),
    misconfigured(
      'v1alpha1',
      { ...v1, apiVersion: `${group}/v1alpha1` },
      fails(
        /invalid apiVersion/,
        'kubeconfig',
        /apiVersion client\.authentication\.k8s\.io\/v1alpha1/,
      ),
    ),
    misconfigured(
      'without apiVersion',
      { ...v1, apiVersion: undefined },
      fails(/apiVersion must be specified/, 'kubeconfig', /has no apiVersion/),
    ),
    misconfigured(
      'without command',
      { ...v1, command: '' },
      fails(/command must be specified/, 'kubeconfig', /has no command/),
    ),
    misconfigured(
      'with a variable without name',
      { ...v1, env: [{ value: 'x' }] },
      fails(
        /env variable name must be specified/,
        'kubeconfig',
        /environment variable without a name/,
      ),
    ),
    single(
      'that needs a terminal and is not needed',
      { ...v1, interactiveMode: 'Always' },
      token,
      seen({ authorization: 'Bearer first' }),
      { user: { token: 'first' } },
    ),
    single(
      'v1alpha1 over plain HTTP',
      { ...v1, apiVersion: `${group}/v1alpha1` },
      token,
      seen({ server: 'plain', authorization: '' }),
      { cluster: { server: servers.plain } },
    ),
    single(
      'v1alpha1 beside a token',
      { ...v1, apiVersion: `${group}/v1alpha1` },
      token,
      fails(/invalid apiVersion/, 'kubeconfig', /v1 and v1beta1 are known/),
      { user: { token: 'first' } },
    ),
    single(
      'beside an auth-provider',
      v1,
      token,
      fails(
        /authProvider cannot be provided in combination with an exec plugin/,
        'kubeconfig',
        /both an exec plugin and an auth-provider/,
      ),
      { user: { 'auth-provider': { name: 'oidc' } } },
    ),
  ];
}
