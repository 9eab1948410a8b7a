import assert from 'node:assert/strict';
import { delimiter } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadKubeconfig } from '../../../../src/kube/index.ts';
import type { Kubeconfig } from '../../../../src/kube/index.ts';
import { isKubeError } from '../../../../src/live/index.ts';
import { fakeFiles } from './files.ts';

const skip = delimiter === ':' ? false : 'the paths are of POSIX';

/** A file that defines each of the names as cluster, user and context, with its own server. */
function file(server: string, ...names: readonly string[]): string {
  const items = (make: (name: string) => object): object[] =>
    names.map((name) => ({ name, ...make(name) }));
  return JSON.stringify({
    clusters: items(() => ({ cluster: { server } })),
    users: items(() => ({ user: { token: server } })),
    contexts: items((name) => ({ context: { cluster: name, user: name, namespace: server } })),
    'current-context': names[0] ?? '',
  });
}

async function load(
  texts: Readonly<Record<string, string>>,
  list: readonly string[],
): Promise<Kubeconfig> {
  const { readFile } = fakeFiles(texts);
  return await loadKubeconfig({ env: { KUBECONFIG: list.join(delimiter) }, cwd: '/cwd', readFile });
}

async function failure(load: Promise<unknown>): Promise<string> {
  try {
    await load;
  } catch (error) {
    assert.ok(isKubeError(error));
    assert.equal(error.reason, 'kubeconfig');
    return error.message;
  }
  return assert.fail('nothing failed');
}

test(
  'the first definition of a name wins whole, and the first current context',
  { skip },
  async () => {
    const found = await load({ '/a': file('one', 'x'), '/b': file('two', 'y', 'x') }, ['/a', '/b']);
    assert.equal(found.currentContext, 'x');
    assert.deepEqual(
      [...found.clusters].map(([name, { server }]) => [name, server]),
      [
        ['x', 'one'],
        ['y', 'two'],
      ],
    );
    assert.equal(found.users.get('x')?.token, 'one');
    assert.equal(found.contexts.get('x')?.namespace, 'one');
  },
);

test('merging is the same as asking the files one after the other', { skip }, async () => {
  const names = fc.uniqueArray(fc.constantFrom<string>('a', 'b', '__proto__', 'constructor', ''), {
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(names), { maxLength: 4 }), async (lists) => {
      const texts: Record<string, string> = {};
      lists.forEach((list, i) => {
        if (list) texts[`/f${i}`] = file(`s${i}`, ...list);
      });
      const found = await load(texts, ['/none', ...lists.map((_list, i) => `/f${i}`)]);
      for (const name of ['a', 'b', '__proto__', 'constructor', '', 'toString']) {
        const first = lists.findIndex((list) => list?.includes(name));
        assert.equal(found.clusters.get(name)?.server, first < 0 ? undefined : `s${first}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('missing files are told apart and do no harm', { skip }, async () => {
  const found = await load({ '/cwd/sub/a': file('one', 'x') }, ['', 'sub/a', '/none', 'sub/a']);
  assert.deepEqual(found.files, ['/cwd/sub/a', '/none']);
  assert.deepEqual(found.missing, ['/none']);
});

test('given paths take the place of KUBECONFIG and must be there', { skip }, async () => {
  const { readFile, reads } = fakeFiles({ '/home/me/a': file('one', 'x'), '/b': file('two', 'y') });
  const sources = { env: { KUBECONFIG: '/env' }, home: '/home/me', cwd: '/', readFile };
  const found = await loadKubeconfig({ ...sources, paths: ['~/a', 'b', ''] });
  assert.deepEqual([...found.contexts.keys()], ['x', 'y']);
  assert.deepEqual(reads, ['/home/me/a', '/b']);
  assert.equal(
    await failure(loadKubeconfig({ ...sources, paths: ['~/a', '/gone'] })),
    'Kubeconfig /gone is not there.',
  );
});

test('without KUBECONFIG the home folder is looked into', { skip }, async () => {
  const { readFile } = fakeFiles({ '/home/me/.kube/config': file('one', 'x') });
  const found = await loadKubeconfig({ env: { HOME: '/home/me', KUBECONFIG: '' }, readFile });
  assert.deepEqual(found.files, ['/home/me/.kube/config']);
  assert.equal(found.currentContext, 'x');
});

test('relative paths start from the file that has them', { skip }, async () => {
  const user = {
    'client-certificate': 'a.crt',
    'client-key': '../k/a.key',
    tokenFile: './token',
    exec: { command: 'tools/plugin' },
  };
  const texts = {
    '/x/config': JSON.stringify({
      users: [
        { name: 'u', user },
        { name: 'v', user: { exec: { command: 'plugin' } } },
      ],
      clusters: [{ name: 'c', cluster: { 'certificate-authority': '/abs/ca.crt' } }],
    }),
  };
  const found = await load(texts, ['/x/config']);
  const { clientCertificate, clientKey, tokenFile, exec } = found.users.get('u') ?? {};
  assert.deepEqual(
    [clientCertificate, clientKey, tokenFile, exec?.command],
    ['/x/a.crt', '/k/a.key', '/x/token', '/x/tools/plugin'],
  );
  assert.equal(found.users.get('v')?.exec?.command, 'plugin');
  assert.equal(found.clusters.get('c')?.certificateAuthority, '/abs/ca.crt');
});

test('all files that cannot be read are named, and nothing of their values', { skip }, async () => {
  const texts = {
    '/a': 'users: [{name: u, user: {token: [s3cret]}}]',
    '/b': 'locked',
    '/c': file('one', 'x'),
    '/d': 'users: [{name: u, user: {client-key-data: s3cret!}}]',
  };
  const message = await failure(load(texts, ['/a', '/b', '/c', '/d']));
  assert.equal(
    message,
    'Kubeconfig /a cannot be read: users[u].user.token must be a text, not a list. ' +
      'Kubeconfig /b cannot be read: EACCES. ' +
      'Kubeconfig /d cannot be read: users[u].user.client-key-data is not base64.',
  );
});

test('no text makes reading fail in another way', { skip }, async () => {
  const key = fc.constantFrom('users', 'clusters', 'contexts', 'name', 'user', 'exec', 'env', 'as');
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'medium' },
      fc.jsonValue(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        value.map((found) => JSON.stringify(found)),
        fc.string(),
      ),
      async (text) => {
        try {
          await load({ '/a': text }, ['/a']);
        } catch (error) {
          assert.ok(isKubeError(error), String(error));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('the fingerprint follows each byte, and files that come and go', { skip }, async () => {
  const one = file('one', 'x');
  const first = (await load({ '/a': one }, ['/a', '/b'])).fingerprint;
  assert.equal((await load({ '/a': one }, ['/a', '/b'])).fingerprint, first);
  assert.notEqual((await load({ '/a': `${one} ` }, ['/a', '/b'])).fingerprint, first);
  assert.notEqual((await load({ '/a': one, '/b': '' }, ['/a', '/b'])).fingerprint, first);
});

test('a byte order mark and null in the place of a field do no harm', { skip }, async () => {
  const found = await load({ '/a': '\uFEFFclusters:\nusers: null\ncurrent-context: x\n' }, ['/a']);
  assert.equal(found.currentContext, 'x');
});

test('what is wrong with a file is said without what it holds', async () => {
  const secret = 'hunter2';
  const text = `users:
- name: u
  user:
    token: ${secret}
    password: "${secret}"
    exec: {command: a, args: [${secret}], env: [{name: b, value: ${secret}}]}
`;
  const bits = ['!!int ', '*', '&', '"', "'", '{', '[', ']', '}', '\t', ': ', '- ', '%', '@', '|'];
  let failures = 0;
  for (let at = 0; at < text.length; at++) {
    for (const bit of bits) {
      const readFile = (): Promise<string> =>
        Promise.resolve(text.slice(0, at) + bit + text.slice(at));
      const said = await loadKubeconfig({ env: { KUBECONFIG: '/a' }, cwd: '/', readFile }).then(
        () => '',
        (error: Error) => error.message,
      );
      if (said !== '') failures += 1;
      // A value that became a key is named.
      if (!/has the name|must be|is not base64/.test(said)) assert.doesNotMatch(said, /unter2/);
    }
  }
  assert.ok(failures > 100);
});
