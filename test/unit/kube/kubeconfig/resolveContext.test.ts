import assert from 'node:assert/strict';
import { delimiter } from 'node:path';
import { test } from 'node:test';
import {
  contextFingerprint,
  listContexts,
  loadKubeconfig,
  resolveContext,
  watchedPaths,
} from '../../../../src/kube/index.ts';
import type { Kubeconfig } from '../../../../src/kube/index.ts';
import { isKubeError } from '../../../../src/live/index.ts';
import { proxyProblem, serverUrl } from '../../../../src/kube/kubeconfig/serverUrl.ts';
import { fakeFiles } from './files.ts';

const skip = delimiter === ':' ? false : 'the paths are of POSIX';

const text = `
current-context: prod
clusters:
- name: c
  cluster: {server: "https://karmada.test:5443/base", certificate-authority: ca.crt, proxy-url: "http://proxy.test:1"}
- name: plain
  cluster: {server: "127.0.0.1:8080"}
users:
- name: cert
  user: {client-certificate: u.crt, client-key: u.key}
- name: exec
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: plugin, env: [{name: A, value: s3cret}]}}
- name: token
  user: {token: s3cret, password: s3cret}
contexts:
- name: prod
  context: {cluster: c, user: cert, namespace: team}
- name: exec
  context: {cluster: c, user: exec}
- name: plain
  context: {cluster: plain, user: gone}
- name: lost
  context: {cluster: gone, user: token}
- name: both
  context: {cluster: c, user: token, namespace: x}
`;

async function load(content = text): Promise<Kubeconfig> {
  const { readFile } = fakeFiles({ '/k/config': content });
  return await loadKubeconfig({ paths: ['/k/config'], readFile });
}

const untouched = {
  readFile: () => assert.fail('a file was read'),
  spawn: () => assert.fail('a program was started'),
};

test('a context becomes a target without reading or starting anything', { skip }, async () => {
  const kubeconfig = await load();
  const { credentials, ...target } = resolveContext(kubeconfig, '', untouched);
  credentials.dispose();
  assert.deepEqual(target, {
    context: 'prod',
    cluster: 'c',
    user: 'cert',
    namespace: 'team',
    server: 'https://karmada.test:5443/base',
    proxyUrl: 'http://proxy.test:1',
  });
  for (const name of ['exec', 'plain']) {
    resolveContext(kubeconfig, name, untouched).credentials.dispose();
  }
  assert.equal(resolveContext(kubeconfig, 'plain', untouched).server, 'http://127.0.0.1:8080');
});

test('the list of contexts says what is wrong with each and nothing secret', { skip }, async () => {
  const found = listContexts(await load());
  assert.deepEqual(
    found.map(({ name, isCurrent, namespace, problem }) => [name, isCurrent, namespace, problem]),
    [
      ['prod', true, 'team', ''],
      ['exec', false, 'default', ''],
      ['plain', false, 'default', ''],
      ['lost', false, 'default', 'Context “lost” names the cluster “gone”, which is not there.'],
      [
        'both',
        false,
        'x',
        'User “token” has both a token and a user name with a password; only one can hold.',
      ],
    ],
  );
  assert.equal(found[3]?.server, '');
  assert.doesNotMatch(JSON.stringify(found), /s3cret/);
});

test('what is wrong is thrown as a sentence', { skip }, async () => {
  const kubeconfig = await load();
  for (const { name, problem } of listContexts(kubeconfig).filter(
    (found) => found.problem !== '',
  )) {
    assert.throws(
      () => resolveContext(kubeconfig, name),
      (error) => isKubeError(error) && error.reason === 'kubeconfig' && error.message === problem,
    );
  }
  const empty = await loadKubeconfig({ env: { HOME: '/none' }, readFile: fakeFiles({}).readFile });
  assert.throws(
    () => resolveContext(empty, ''),
    /^KubeError: There is no kubeconfig at \/none\/\.kube\/config\.$/,
  );
});

test('watched are the kubeconfigs and the files that a context names', { skip }, async () => {
  const kubeconfig = await load();
  assert.deepEqual(watchedPaths(kubeconfig, 'exec'), ['/k/config', '/k/ca.crt']);
  assert.deepEqual(watchedPaths(kubeconfig), ['/k/config', '/k/ca.crt', '/k/u.crt', '/k/u.key']);
});

test("a context's fingerprint follows its cluster and user, not the rest", { skip }, async () => {
  const before = await load();
  const elsewhere = await load(text.replace('current-context: prod', 'current-context: exec'));
  const otherUser = await load(text.replace('u.key', 'v.key'));
  assert.equal(contextFingerprint(elsewhere, 'prod'), contextFingerprint(before, 'prod'));
  assert.notEqual(contextFingerprint(otherUser, 'prod'), contextFingerprint(before, 'prod'));
  assert.equal(contextFingerprint(otherUser, 'exec'), contextFingerprint(before, 'exec'));
  assert.equal(contextFingerprint(before, 'none'), '');
  const asUser = (groups: string): string =>
    text.replace('client-key: u.key', `client-key: u.key, as: a, as-user-extra: {k: [${groups}]}`);
  assert.notEqual(
    contextFingerprint(await load(asUser('p')), 'prod'),
    contextFingerprint(await load(asUser('q')), 'prod'),
  );
});

test('servers are read as client-go reads them', () => {
  const rows: readonly (readonly [string, string | undefined, boolean])[] = [
    ['https://a.test', 'https://a.test', true],
    ['HTTPS://a.test:1/x/?q#f', 'https://a.test:1/x/', true],
    ['http://[::1]:80', 'http://[::1]:80', false],
    ['a.test', 'http://a.test', false],
    ['localhost:8080', 'http://localhost:8080', false],
    ['127.0.0.1:8080/', 'http://127.0.0.1:8080/', false],
    ['a.test/path', undefined, false],
    ['ftp://a.test', undefined, false],
    ['https://', undefined, false],
    ['https://a b', undefined, false],
    ['', undefined, false],
  ];
  for (const [server, url, isTls] of rows) {
    const found = serverUrl(server);
    if (url === undefined) assert.ok('problem' in found, server);
    else assert.deepEqual(found, { url, isTls });
  }
  assert.equal(proxyProblem('socks5://a:1'), '');
  assert.match(proxyProblem('socks4://a:1'), /none for/);
});
