import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import fc from 'fast-check';
import { certificateAuthority } from '../../../../scripts/apiServerCertificates.mjs';
import { loadKubeconfig, resolveContext } from '../../../../src/kube/index.ts';

/*
 * A second yardstick beside kubectl: one file, names that are there, and credentials that the file itself holds. Where
 * @kubernetes/client-node differs from kubectl (see ARCHITECTURE.md), kubectl is right, and test/kubeconfig compares.
 */

const authority = certificateAuthority();
const pair = authority.issue({ name: 'ada', usage: 'client' });
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const clusters = fc.record(
  {
    server: fc.constantFrom('https://one.test', 'https://two.test:6443/sub', 'https://[::1]:1'),
    'tls-server-name': fc.constantFrom('api.test', 'x'),
    trust: fc.constantFrom(
      { 'certificate-authority-data': base64(authority.cert) },
      { 'insecure-skip-tls-verify': true },
    ),
  },
  { requiredKeys: ['server'] },
);
const users = fc.record({
  identity: fc.constantFrom(
    { token: 'abc' },
    { username: 'ada', password: 'lovelace: 1' },
    { 'client-certificate-data': base64(pair.cert), 'client-key-data': base64(pair.key) },
    {
      'client-certificate-data': base64(pair.cert),
      'client-key-data': base64(pair.key),
      token: 'abc',
    },
  ),
});
const names = ['a', 'b', 'constructor'];
const files = fc.record({
  clusters: fc.array(clusters, { minLength: 3, maxLength: 3 }),
  users: fc.array(users, { minLength: 3, maxLength: 3 }),
  contexts: fc.array(
    fc.record({ cluster: fc.constantFrom(...names), user: fc.constantFrom(...names) }),
    { minLength: 3, maxLength: 3 },
  ),
  current: fc.constantFrom(...names),
});

/** What both say of whom is asked, how that one is trusted and who asks. */
interface Answer {
  readonly server: string;
  readonly serverName: string;
  readonly authority: string;
  readonly isVerified: boolean;
  readonly authorization: string;
  readonly certificate: string;
  readonly key: string;
}

async function ours(text: string): Promise<Answer> {
  const readFile = (): Promise<string> => Promise.resolve(text);
  const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: '/k' }, cwd: '/', readFile });
  const { server, credentials } = resolveContext(kubeconfig, '');
  const { headers, tls } = await credentials.get();
  return {
    server,
    serverName: tls.servername ?? '',
    authority: tls.ca ?? '',
    isVerified: tls.rejectUnauthorized,
    authorization: String(headers['Authorization'] ?? ''),
    certificate: tls.cert ?? '',
    key: tls.key ?? '',
  };
}

async function theirs(text: string): Promise<Answer> {
  const config = new KubeConfig();
  config.loadFromString(text);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const pem = (value: unknown): string =>
    typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : '';
  const { auth, headers = {} } = options;
  const bearer = Object.entries(headers).find(([name]) => /^authorization$/i.test(name))?.[1];
  return {
    server: config.getCurrentCluster()?.server ?? '',
    serverName: options.servername ?? '',
    authority: pem(options.ca),
    isVerified: options.rejectUnauthorized !== false,
    authorization: auth ? `Basic ${base64(auth)}` : pem(bearer),
    certificate: pem(options.cert),
    key: pem(options.key),
  };
}

test('of a plain kubeconfig Kubernetes’ own client for JavaScript makes the same', async () => {
  await fc.assert(
    fc.asyncProperty(files, async (file) => {
      const named = <T>(items: readonly T[]) => items.map((item, i) => ({ name: names[i], item }));
      const text = JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: named(file.clusters).map(({ name, item: { trust, ...cluster } }) => ({
          name,
          cluster: { ...cluster, ...trust },
        })),
        users: named(file.users).map(({ name, item }) => ({ name, user: item.identity })),
        contexts: named(file.contexts).map(({ name, item }) => ({ name, context: item })),
        'current-context': file.current,
      });
      const [own, other] = await Promise.all([ours(text), theirs(text)]);
      // They hand on what the data decode to, we the certificates in it.
      assert.equal(own.authority.trim(), other.authority.trim());
      assert.deepEqual({ ...own, authority: '' }, { ...other, authority: '' });
    }),
    { numRuns: 60 },
  );
});
