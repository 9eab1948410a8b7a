import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { createCredentials } from '../../../../src/kube/credentials/createCredentials.ts';
import type { Credentials } from '../../../../src/kube/types.ts';
import { isKubeError } from '../../../../src/live/index.ts';
import { fakeTime, sourceOf } from './sources.ts';

interface Asked {
  readonly authorization: string;
  readonly form: Readonly<Record<string, string>>;
}

/** An issuer that the test tells what to answer. */
let answers: (asked: Asked) => { status: number; body: unknown } | undefined;
let asked: Asked[] = [];
let issuer = '';

const server = createServer((request, response) => {
  if (request.url === '/realm/.well-known/openid-configuration') {
    response.end(JSON.stringify({ token_endpoint: `${issuer}/token` }));
    return;
  }
  let text = '';
  request.on('data', (part) => (text += part));
  request.on('end', () => {
    const { authorization = '' } = request.headers;
    const form = Object.fromEntries(new URLSearchParams(text));
    asked.push({ authorization, form });
    const answer = answers({ authorization, form });
    if (answer) response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
});

before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
});
after(() => server.close());
beforeEach(() => (asked = []));

const time = fakeTime();

function jwt(name: string, seconds: number): string {
  const claims = { sub: name, exp: Math.floor(time.at / 1000) + seconds };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${name}`;
}

function credentialsOf(more: Readonly<Record<string, string>>): Credentials {
  const config = new Map(
    Object.entries({ 'idp-issuer-url': issuer, 'client-id': 'karmada', ...more }),
  );
  return createCredentials(sourceOf({ authProvider: { name: 'oidc', config } }), { now: time.now });
}

async function authorization(credentials: Credentials): Promise<unknown> {
  return (await credentials.get()).headers['Authorization'];
}

async function failure(credentials: Credentials): Promise<string> {
  try {
    await credentials.get();
  } catch (error) {
    assert.ok(isKubeError(error), String(error));
    assert.equal(error.reason, 'credentials');
    return error.message;
  }
  return assert.fail('nothing failed');
}

test('a token that holds is used without asking', async () => {
  const idToken = jwt('first', 60);
  const credentials = credentialsOf({ 'id-token': idToken, 'refresh-token': 'r' });
  assert.equal(await authorization(credentials), `Bearer ${idToken}`);
  assert.deepEqual(asked, []);
});

test('an expired one is renewed once for all, with the refresh token given last', async () => {
  answers = () => ({ status: 200, body: { id_token: jwt('next', 60), refresh_token: 'r2' } });
  const credentials = credentialsOf({
    'id-token': jwt('old', 9),
    'refresh-token': 'r1',
    'client-secret': 'se:cret',
  });
  const all = await Promise.all(Array.from({ length: 5 }, () => authorization(credentials)));
  assert.deepEqual([...new Set(all)], [`Bearer ${jwt('next', 60)}`]);
  assert.deepEqual(asked, [
    {
      authorization: `Basic ${Buffer.from('karmada:se%3Acret').toString('base64')}`,
      form: { grant_type: 'refresh_token', refresh_token: 'r1' },
    },
  ]);
  time.at += 120_000;
  answers = () => ({ status: 200, body: { id_token: jwt('third', 60) } });
  assert.equal(await authorization(credentials), `Bearer ${jwt('third', 60)}`);
  assert.equal(asked[1]?.form['refresh_token'], 'r2');
});

test('an issuer that wants the client in the form gets it there', async () => {
  answers = ({ authorization: header }) =>
    header === ''
      ? { status: 200, body: { id_token: jwt('form', 60) } }
      : { status: 401, body: { error: 'invalid_client' } };
  const credentials = credentialsOf({ 'refresh-token': 'r' });
  assert.equal(await authorization(credentials), `Bearer ${jwt('form', 60)}`);
  assert.equal(asked[1]?.form['client_id'], 'karmada');
});

test('a refused token is renewed, a token just renewed is not', async () => {
  answers = () => ({ status: 200, body: { id_token: jwt(`t${asked.length}`, 600) } });
  const credentials = credentialsOf({ 'id-token': jwt('first', 600), 'refresh-token': 'r' });
  const first = await credentials.get();
  assert.equal(credentials.renew(first), true);
  const second = await credentials.get();
  assert.notEqual(second, first);
  assert.equal(credentials.renew(second), false);
  assert.equal(await credentials.get(), second);
  assert.equal(credentialsOf({ 'id-token': jwt('x', 600) }).renew(), false);
});

test('each failure is a sentence without a token in it', async () => {
  const expired = { 'id-token': jwt('s3cret', -1), 'refresh-token': 's3cret' };
  const rows: readonly (readonly [() => { status: number; body: unknown }, RegExp])[] = [
    [
      () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'Too old' } }),
      /^The sign-in of user “ada” could not be renewed: the issuer says invalid_grant, Too old\.$/,
    ],
    [() => ({ status: 503, body: 'down' }), /the issuer answered 503\.$/],
    [() => ({ status: 200, body: { access_token: 's3cret' } }), /gave no id_token\.$/],
  ];
  for (const [answer, message] of rows) {
    answers = answer;
    const found = await failure(credentialsOf(expired));
    assert.match(found, message);
    assert.doesNotMatch(found, /s3cret/);
  }
  assert.match(
    await failure(credentialsOf({ ...expired, 'idp-issuer-url': `${issuer}/no` })),
    /the issuer names no token endpoint\.$/,
  );
  assert.match(await failure(credentialsOf({ ...expired, 'idp-issuer-url': 'x' })), /is no URL\.$/);
  assert.match(
    await failure(credentialsOf({ ...expired, 'idp-issuer-url': 'http://127.0.0.1:1' })),
    /127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)\.$/,
  );
  assert.match(
    await failure(credentialsOf({ 'id-token': jwt('x', -1) })),
    /has expired\. Sign in again\.$/,
  );
  assert.match(await failure(credentialsOf({ 'id-token': 'text' })), /no JSON web token\.$/);
});

test('disposing ends a question that is not answered', async () => {
  answers = () => undefined;
  const credentials = credentialsOf({ 'refresh-token': 'r' });
  const waiting = assert.rejects(credentials.get(), { reason: 'aborted' });
  while (asked.length === 0) await new Promise((done) => setTimeout(done, 5));
  credentials.dispose();
  await waiting;
  server.closeAllConnections();
});
