import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateAuthority } from '../../../scripts/apiServerCertificates.mjs';
import { createTransport } from '../../../src/kube/index.ts';
import type { RequestCredentials, TlsMaterial } from '../../../src/kube/index.ts';
import { isKubeError } from '../../../src/live/index.ts';
import { json, scriptedServer, targetOf } from '../../support/scriptedServer.ts';

const authority = certificateAuthority();
const trusted = authority.issue({ name: 'server' });
const jane = authority.issue({ name: 'jane', usage: 'client' });
const trusting = { ca: authority.cert, rejectUnauthorized: true };
const minute = 60_000;

/** `reason: message` of asking a server, or `ok`. */
async function outcome(url: string, tls: TlsMaterial): Promise<string> {
  const transport = createTransport(targetOf(url, { tls }));
  try {
    await transport.request({ path: '/version' });
    return 'ok';
  } catch (error) {
    assert(isKubeError(error));
    return `${error.reason}: ${error.message} (${error.detail})`;
  } finally {
    transport.dispose();
  }
}

const rows: readonly {
  name: string;
  server: { name: string; addresses?: string[]; from?: number; until?: number };
  tls: TlsMaterial;
  says: RegExp;
}[] = [
  { name: 'a trusted certificate', server: { name: 'a' }, tls: trusting, says: /^ok$/ },
  {
    name: 'an unknown authority',
    server: { name: 'a' },
    tls: { rejectUnauthorized: true },
    says: /^certificate: .* signed by an authority that is not trusted/,
  },
  {
    name: 'another authority',
    server: { name: 'a' },
    tls: { ca: certificateAuthority('other').cert, rejectUnauthorized: true },
    says: /^certificate: .* signed by an authority that is not trusted/,
  },
  {
    name: 'an unknown authority that is not checked',
    server: { name: 'a' },
    tls: { rejectUnauthorized: false },
    says: /^ok$/,
  },
  {
    name: 'another host',
    server: { name: 'a', addresses: ['api.example.com'] },
    tls: trusting,
    says: /^certificate: .* is not for “127\.0\.0\.1”.* tls-server-name/,
  },
  {
    name: 'another host that tls-server-name names',
    server: { name: 'a', addresses: ['api.example.com'] },
    tls: { ...trusting, servername: 'api.example.com' },
    says: /^ok$/,
  },
  {
    name: 'an expired certificate',
    server: { name: 'a', from: -2 * minute, until: -minute },
    tls: trusting,
    says: /^certificate: .* has expired/,
  },
  {
    name: 'a certificate of tomorrow',
    server: { name: 'a', from: minute, until: 2 * minute },
    tls: trusting,
    says: /^certificate: .* is not valid yet.*clock/,
  },
];

for (const { name, server, tls, says } of rows) {
  test(`${name} is told as what it is`, async () => {
    const answer = (_: unknown, response: Parameters<typeof json>[0]): void => json(response, {});
    await using listening = await scriptedServer(answer, authority.issue(server));
    assert.match(await outcome(listening.url, tls), says);
  });
}

test('a certificate that signs itself is told as what it is', async () => {
  // Signed by an authority of its own name: OpenSSL calls it self-signed.
  const own = certificateAuthority('self');
  const leaf = own.issue({ name: 'self' });
  const chain = { key: leaf.key, cert: leaf.cert + own.cert };
  await using server = await scriptedServer((_, response) => json(response, {}), chain);
  assert.match(
    await outcome(server.url, { rejectUnauthorized: true }),
    /^certificate: .* is self-signed and not trusted/,
  );
});

test('a server that wants another client certificate says so', async () => {
  const asking = { ...trusted, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  await using server = await scriptedServer((_, response) => json(response, {}), asking);
  assert.equal(await outcome(server.url, { ...trusting, ...jane }), 'ok');
  const none = await outcome(server.url, trusting);
  assert.match(none, /^certificate: .* refuses the client certificate of the user “jane”/);
});

test('a client key that is none or of another certificate is told without showing it', async () => {
  await using server = await scriptedServer((_, response) => json(response, {}), trusted);
  const other = authority.issue({ name: 'joe', usage: 'client' });
  for (const key of [
    other.key,
    'no key hush',
    '-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n',
  ]) {
    const said = await outcome(server.url, { ...trusting, cert: jane.cert, key });
    assert.match(
      said,
      /^kubeconfig: The client certificate and key of the user “jane” cannot be read/,
    );
    assert.doesNotMatch(said, /hush/);
  }
  assert.equal(server.accepted, 0);
});

test('https to a server of http and http to one of https are told apart', async () => {
  await using plain = await scriptedServer((_, response) => json(response, {}));
  const said = await outcome(plain.url.replace('http', 'https'), trusting);
  assert.match(said, /^certificate: .* does not speak TLS/);
  await using secure = await scriptedServer((_, response) => json(response, {}), trusted);
  assert.match(
    await outcome(secure.url.replace('https', 'http'), trusting),
    /^(unreachable|malformed)/,
  );
});

test('connections are kept while the TLS material is the same and renewed when it changes', async () => {
  await using server = await scriptedServer((_, response) => json(response, {}), trusted);
  let credentials: RequestCredentials = { headers: {}, tls: trusting };
  const transport = createTransport(
    targetOf(server.url, { get: () => Promise.resolve(credentials) }),
  );
  await transport.request({ path: '/a' });
  await transport.request({ path: '/b' });
  assert.equal(server.accepted, 1);
  credentials = { headers: {}, tls: { ...trusting, ...jane } };
  await transport.request({ path: '/c' });
  await sleep(20);
  assert.deepEqual([server.accepted, server.open.size], [2, 1]);
  transport.dispose();
  await sleep(20);
  assert.equal(server.open.size, 0);
});
