import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateAuthority } from '../../../../scripts/apiServerCertificates.mjs';
import { createCredentials } from '../../../../src/kube/credentials/createCredentials.ts';
import { fakeFiles } from '../kubeconfig/files.ts';
import { fakeTime, sourceOf } from './sources.ts';

const ca = certificateAuthority();
const alice = ca.issue({ name: 'alice', usage: 'client' });
const later = ca.issue({ name: 'alice', usage: 'client' });
const paths = { clientCertificate: '/u.crt', clientKey: '/u.key' };

test('certificate files are read again after a minute, and kept when they are gone', async () => {
  const time = fakeTime();
  const files = fakeFiles({ '/ca.crt': ca.cert, '/u.crt': alice.cert, '/u.key': alice.key });
  const source = sourceOf(paths, { certificateAuthority: '/ca.crt' });
  const credentials = createCredentials(source, { readFile: files.readFile, now: time.now });
  assert.deepEqual(files.reads, []);
  const first = await credentials.get();
  assert.deepEqual(first.tls.cert, alice.cert);
  time.at += 59_999;
  assert.equal(await credentials.get(), first);
  assert.equal(files.reads.length, 3);
  time.at += 1;
  assert.equal(await credentials.get(), first);
  assert.equal(files.reads.length, 6);

  files.texts.set('/u.crt', later.cert);
  time.at += 60_000;
  assert.equal(await credentials.get(), first, 'half of a change is none');
  files.texts.set('/u.key', later.key);
  time.at += 60_000;
  const second = await credentials.get();
  assert.equal(second.tls.key, later.key);

  files.texts.clear();
  time.at += 60_000;
  assert.equal(await credentials.get(), second);
});

test('a refusal makes files be read at once', async () => {
  const files = fakeFiles({ '/u.crt': alice.cert, '/u.key': alice.key });
  const credentials = createCredentials(sourceOf(paths), { readFile: files.readFile });
  await credentials.get();
  files.texts.set('/u.crt', later.cert).set('/u.key', later.key);
  assert.equal(credentials.renew(), true);
  assert.equal((await credentials.get()).tls.cert, later.cert);
});

test('many who ask read once', async () => {
  const files = fakeFiles({ '/u.crt': alice.cert, '/u.key': alice.key });
  const credentials = createCredentials(sourceOf(paths), { readFile: files.readFile });
  const all = await Promise.all(Array.from({ length: 9 }, () => credentials.get()));
  assert.equal(new Set(all.map(({ tls }) => tls)).size, 1);
  assert.equal(files.reads.length, 2);
});

test('a new token costs no new connection', async () => {
  const time = fakeTime();
  const files = fakeFiles({ '/token': ' one\n' });
  const options = { readFile: files.readFile, now: time.now };
  const credentials = createCredentials(sourceOf({ tokenFile: '/token' }), options);
  const first = await credentials.get();
  assert.equal(first.headers['Authorization'], 'Bearer one');
  files.texts.set('/token', 'two');
  time.at += 59_999;
  assert.equal(await credentials.get(), first);
  time.at += 1;
  const second = await credentials.get();
  assert.equal(second.headers['Authorization'], 'Bearer two');
  assert.equal(second.tls, first.tls);
  files.texts.delete('/token');
  time.at += 60_000;
  assert.equal(await credentials.get(), second);
  files.texts.set('/token', 'three');
  assert.equal(credentials.renew(second), true);
  assert.equal((await credentials.get()).headers['Authorization'], 'Bearer three');
});

test('the token file wins over the token, which stands in for it', async () => {
  const files = fakeFiles({});
  const source = sourceOf({ token: 'own', tokenFile: '/token' });
  const credentials = createCredentials(source, { readFile: files.readFile });
  assert.equal((await credentials.get()).headers['Authorization'], 'Bearer own');
  files.texts.set('/token', 'file');
  credentials.renew();
  assert.equal((await credentials.get()).headers['Authorization'], 'Bearer file');
});

test('a token that no header can hold is refused without being told', async () => {
  for (const token of ['s3\ncret', 's3cret\u0000', 's3\rcret']) {
    await assert.rejects(createCredentials(sourceOf({ token })).get(), (error: Error) => {
      assert.match(error.message, /token of user “ada”/);
      return !/cret/.test(error.message);
    });
  }
});

test('what cannot change says so', async () => {
  const credentials = createCredentials(sourceOf({ token: 'a' }));
  const first = await credentials.get();
  assert.equal(credentials.renew(first), false);
  assert.equal(await credentials.get(), first);
});
