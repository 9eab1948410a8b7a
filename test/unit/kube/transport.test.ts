import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createTransport } from '../../../src/kube/index.ts';
import type { JsonObject } from '../../../src/engine/index.ts';
import type { KubeError } from '../../../src/live/index.ts';
import { isKubeError } from '../../../src/live/index.ts';
import { isLoopback } from '../../../src/kube/place.ts';
import { json, scriptedServer, targetOf, tcpServer } from '../../support/scriptedServer.ts';

async function failureOf(promise: Promise<unknown>): Promise<KubeError> {
  try {
    await promise;
  } catch (error) {
    assert(isKubeError(error), `not a KubeError: ${String(error)}`);
    assert.match(error.message, /^\S.*\.$/s, 'a whole sentence');
    return error;
  }
  return assert.fail('it did not fail');
}

const version = { path: '/version' };

test('requests one after the other share one connection, many at once share few', async () => {
  await using server = await scriptedServer((_, response) => json(response, { kind: 'Ok' }));
  const transport = createTransport(targetOf(server.url));
  assert.equal(server.accepted, 0, 'nothing is contacted before the first request');
  for (let i = 0; i < 20; i++) assert.deepEqual(await transport.request(version), { kind: 'Ok' });
  assert.equal(server.accepted, 1);
  await Promise.all(Array.from({ length: 40 }, () => transport.request(version)));
  assert(server.accepted <= 8, 'a handful of connections for 40 requests at once');
  for (let i = 0; i < 100 && server.open.size > 1; i++) await sleep(10);
  assert.equal(server.open.size, 1, 'one connection is kept');
  assert.equal(transport.socketCount, 1);
  const kept = server.requests.filter(({ headers }) => headers.connection === 'keep-alive');
  assert.equal(kept.length, server.requests.length, 'said by the request, whatever agent sends it');
  transport.dispose();
  await sleep(20);
  assert.equal(transport.socketCount, 0);
  assert.equal(server.open.size, 0);
  assert.equal((await failureOf(transport.request(version))).reason, 'aborted');
});

test('the path of the server goes before the path of the request', async () => {
  await using server = await scriptedServer(({ url, headers, method }, response) =>
    json(response, { url, accept: headers.accept, method }),
  );
  const transport = createTransport(targetOf(`${server.url}/clusters/m1/proxy/`));
  const query = { limit: 5, watch: true, labelSelector: 'a=b,c in (d e)', continue: undefined };
  assert.deepEqual(await transport.request({ path: '/api/v1/pods', query }), {
    url: '/clusters/m1/proxy/api/v1/pods?limit=5&watch=true&labelSelector=a%3Db%2Cc+in+%28d+e%29',
    accept: 'application/json',
    method: 'GET',
  });
  transport.dispose();
});

test('a body is sent with its type and length, text as it is', async () => {
  await using server = await scriptedServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    json(response, { body, type: request.headers['content-type'], method: request.method });
  });
  const transport = createTransport(targetOf(server.url));
  const patch = { path: '/x', method: 'PATCH' } as const;
  const merged = { ...patch, body: { ä: 1 }, contentType: 'application/merge-patch+json' };
  assert.deepEqual(await transport.request(merged), {
    body: '{"ä":1}',
    type: 'application/merge-patch+json',
    method: 'PATCH',
  });
  const answer = await transport.request({ ...patch, body: 'a: 1\n', contentType: 'text/yaml' });
  assert.equal(answer['body'], 'a: 1\n');
  transport.dispose();
});

test('401 gets fresh credentials once, and an error names none of them', async () => {
  let token = 'old-secret';
  let renewals = 0;
  const refused: unknown[] = [];
  await using server = await scriptedServer(({ headers, url }, response) => {
    const isGood = headers.authorization === 'Bearer new-secret' && url !== '/never';
    json(
      response,
      isGood ? { kind: 'Ok' } : { kind: 'Status', message: 'no', code: 401 },
      isGood ? 200 : 401,
    );
  });
  const target = targetOf(server.url, {
    get: () =>
      Promise.resolve({
        headers: { Authorization: `Bearer ${token}` },
        tls: { rejectUnauthorized: true },
      }),
    renew(credentials) {
      renewals++;
      refused.push(credentials?.headers['Authorization']);
      token = 'new-secret';
      return true;
    },
  });
  const transport = createTransport(target);
  assert.deepEqual(await transport.request(version), { kind: 'Ok' });
  assert.deepEqual([renewals, server.requests.length], [1, 2]);
  assert.deepEqual(refused, ['Bearer old-secret']);
  const error = await failureOf(transport.request({ path: '/never' }));
  assert.deepEqual([error.reason, error.status, renewals], ['unauthorized', 401, 2]);
  assert.doesNotMatch(JSON.stringify([error, error.message, error.stack, error.detail]), /secret/);
  transport.dispose();
});

test('a Status becomes an error with its message, causes and wait', async () => {
  const status = {
    kind: 'Status',
    code: 422,
    message: 'HelmRelease "a" is invalid: spec.interval: Required value',
    details: {
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.interval' }],
    },
  };
  await using server = await scriptedServer((_, response) => json(response, status, 422));
  const transport = createTransport(targetOf(server.url));
  const error = await failureOf(transport.request(version));
  assert.equal(error.reason, 'invalid');
  assert.match(error.message, /refuses the request: HelmRelease "a" is invalid/);
  assert.deepEqual(error.causes, status.details.causes);
  transport.dispose();
});

test('each status has its reason', async () => {
  const reasons = {
    400: 'invalid',
    403: 'forbidden',
    404: 'notFound',
    409: 'conflict',
    410: 'gone',
    429: 'throttled',
    500: 'server',
    503: 'server',
    302: 'server',
  };
  await using server = await scriptedServer(({ url }, response) =>
    json(response, { kind: 'Status', message: 'because' }, Number(url?.slice(1))),
  );
  const transport = createTransport(targetOf(server.url));
  for (const [status, reason] of Object.entries(reasons)) {
    const error = await failureOf(transport.request({ path: `/${status}` }));
    assert.deepEqual([error.reason, error.status], [reason, Number(status)]);
  }
  transport.dispose();
});

test('a redirect is not followed: the credentials are for the server that was named', async () => {
  await using other = await scriptedServer((_, response) => json(response, { kind: 'Ok' }));
  await using server = await scriptedServer(({ url }, response) => {
    response.writeHead(Number(url?.slice(1)), { Location: `${other.url}/version` });
    response.end();
  });
  const credentials = {
    headers: { Authorization: 'Bearer secret' },
    tls: { rejectUnauthorized: true },
  };
  const get = () => Promise.resolve(credentials);
  const transport = createTransport(targetOf(server.url, { get }));
  for (const status of [301, 302, 303, 307, 308]) {
    const error = await failureOf(transport.request({ path: `/${status}` }));
    assert.match(error.message, /points elsewhere/);
  }
  await failureOf(transport.stream({ path: '/307' }, () => {}));
  assert.equal(other.accepted, 0);
  transport.dispose();
});

test('how long to wait is read from seconds, from a date and from the Status', async () => {
  await using server = await scriptedServer(({ url }, response) => {
    const date = new Date(Date.now() + 10_000).toUTCString();
    if (url === '/seconds') response.setHeader('Retry-After', '7');
    if (url === '/date') response.setHeader('Retry-After', date);
    if (url === '/wrong') response.setHeader('Retry-After', 'soon');
    const details = url === '/status' ? { retryAfterSeconds: 3 } : {};
    json(response, { kind: 'Status', message: 'slow down', details }, 429);
  });
  const transport = createTransport(targetOf(server.url));
  const waitOf = async (path: string) => (await failureOf(transport.request({ path }))).retryAfter;
  assert.equal(await waitOf('/seconds'), 7);
  const untilDate = (await waitOf('/date')) ?? 0;
  assert(untilDate >= 8 && untilDate <= 10, `${untilDate}`);
  assert.equal(await waitOf('/status'), 3);
  assert.equal(await waitOf('/wrong'), undefined);
  transport.dispose();
});

test('pages and texts of proxies are told as what they are', async () => {
  await using server = await scriptedServer(({ url }, response) => {
    const html = url?.startsWith('/html') ?? false;
    response.writeHead(url === '/html-200' ? 200 : 502, {
      'Content-Type': html ? 'text/html; charset=utf-8' : 'text/plain',
    });
    response.end(html ? '<!DOCTYPE html><title>token=secret</title>' : 'no upstream\nmore');
  });
  const transport = createTransport(targetOf(server.url));
  const page = await failureOf(transport.request({ path: '/html' }));
  assert.match(page.message, /answers 502 with a web page/);
  assert.doesNotMatch(page.message + page.detail, /secret/);
  const text = await failureOf(transport.request({ path: '/text' }));
  assert.match(text.message, /answers with an error \(502\): no upstream\./);
  const good = await failureOf(transport.request({ path: '/html-200' }));
  assert.deepEqual([good.reason, good.detail], ['malformed', '']);
  transport.dispose();
});

test('the body of an error is read no further than it can be of use', async () => {
  await using server = await scriptedServer((_, response) => {
    response.writeHead(500, { 'Content-Type': 'text/plain' });
    const piece = Buffer.alloc(64 * 1024, 'x');
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
  });
  const transport = createTransport(targetOf(server.url));
  assert.equal((await failureOf(transport.request(version))).status, 500);
  transport.dispose();
});

test('an answer that ends in the middle, by length, by chunks or in gzip, is malformed', async () => {
  const packed = gzipSync(JSON.stringify({ kind: 'A'.repeat(1000) }));
  await using server = await scriptedServer(({ url }, response) => {
    if (url === '/length') response.writeHead(200, { 'Content-Length': 100 });
    if (url === '/gzip') response.writeHead(200, { 'Content-Encoding': 'gzip' });
    if (url === '/gzip-whole') {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(packed.subarray(0, 20));
      return;
    }
    if (url === '/gzip-wrong') {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end('plain');
      return;
    }
    response.write(url === '/gzip' ? packed.subarray(0, 20) : '{"kind":');
    setTimeout(() => response.destroy(), 10);
  });
  const transport = createTransport(targetOf(server.url));
  for (const path of ['/length', '/chunks', '/gzip', '/gzip-whole', '/gzip-wrong']) {
    assert.equal((await failureOf(transport.request({ path }))).reason, 'malformed', path);
  }
  transport.dispose();
});

test('answers in gzip are unpacked; compression is asked for only away from this machine', async () => {
  const list = { kind: 'List', items: Array.from({ length: 5000 }, (_, i) => ({ i })) };
  await using server = await scriptedServer((_, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(list)));
  });
  const transport = createTransport(targetOf(server.url));
  assert.deepEqual(await transport.request(version), list);
  assert.equal(server.requests[0]?.headers['accept-encoding'], undefined);
  await transport.request(version);
  assert.equal(server.accepted, 1, 'the connection is kept after gzip too');
  const hosts = ['127.0.0.1', '127.8.8.8', 'localhost', 'a.localhost', '[::1]'];
  assert.deepEqual(hosts.filter(isLoopback), hosts);
  assert.deepEqual(['127.example.com', '10.0.0.1', 'localhost.org'].filter(isLoopback), []);
  transport.dispose();
});

test('silence before and in an answer is a time-out', async () => {
  await using server = await scriptedServer(({ url }, response) => {
    if (url === '/begun') response.write('{');
  });
  const transport = createTransport(targetOf(server.url));
  for (const path of ['/begun', '/silent']) {
    const error = await failureOf(transport.request({ path, idleLimit: 60 }));
    assert.equal(error.reason, 'timeout', path);
  }
  const stream = transport.stream({ path: '/begun', idleLimit: 60 }, () => {});
  assert.equal((await failureOf(stream)).reason, 'timeout');
  await sleep(20);
  assert.equal(transport.socketCount, 0);
  transport.dispose();
});

test('the caller can give up before, while waiting for a turn, and during the answer', async () => {
  await using server = await scriptedServer((_, response) => void response.write('{'));
  const transport = createTransport(targetOf(server.url));
  const before = failureOf(transport.request({ ...version, signal: AbortSignal.abort() }));
  assert.equal((await before).reason, 'aborted');
  assert.equal(server.accepted, 0);
  const giveUp = new AbortController();
  const all = Array.from({ length: 8 }, () =>
    failureOf(transport.request({ ...version, signal: giveUp.signal })),
  );
  for (let i = 0; i < 100 && server.accepted < 4; i++) await sleep(10);
  await sleep(20);
  assert.equal(server.accepted, 4);
  giveUp.abort();
  for (const error of await Promise.all(all)) assert.equal(error.reason, 'aborted');
  for (let i = 0; i < 100 && server.open.size > 0; i++) await sleep(10);
  assert.equal(server.open.size, 0);
  transport.dispose();
});

test('members that hang behind the cluster proxy hold up nothing else', async () => {
  await using server = await scriptedServer(({ url }, response) => {
    if (url === '/version') json(response, { kind: 'Ok' });
  });
  const transport = createTransport(targetOf(server.url));
  const path = '/apis/cluster.karmada.io/v1alpha1/clusters/m1/proxy/version';
  const hanging = Array.from({ length: 9 }, () => failureOf(transport.request({ path })));
  await sleep(20);
  assert.deepEqual(await transport.request(version), { kind: 'Ok' });
  transport.dispose();
  for (const error of await Promise.all(hanging)) assert.equal(error.reason, 'aborted');
});

test('hanging credentials are given up with the request', async () => {
  const target = targetOf('http://127.0.0.1:1', {
    get: (signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  });
  const transport = createTransport(target);
  const pending = failureOf(transport.request(version));
  transport.dispose();
  assert.equal((await pending).reason, 'aborted');
});

test('a kept connection that the server has just closed is replaced unseen', async () => {
  await using server = await scriptedServer((request, response, count) => {
    if (count === 2) request.socket.destroy();
    else json(response, { count });
  });
  const transport = createTransport(targetOf(server.url));
  await transport.request(version);
  assert.deepEqual(await transport.request(version), { count: 3 });
  transport.dispose();
});

test('streams hand over lines however they are cut, and tell when the server accepts', async () => {
  const long = { type: 'ADDED', object: { text: '漢字🙂'.repeat(100_000) } };
  const lines = `${JSON.stringify({ n: 1 })}\n${JSON.stringify(long)}\r\n\n${JSON.stringify({ n: 2 })}\n`;
  await using server = await scriptedServer(async (_, response) => {
    const bytes = Buffer.from(lines);
    for (let at = 0; at < bytes.length; at += 40_001) {
      response.write(bytes.subarray(at, at + 40_001));
      await sleep(1);
    }
    response.end();
  });
  const transport = createTransport(targetOf(server.url));
  const seen: JsonObject[] = [];
  let opened = 0;
  await transport.stream(
    version,
    (line) => seen.push(line),
    () => opened++,
  );
  assert.deepEqual(seen, [{ n: 1 }, long, { n: 2 }]);
  assert.equal(opened, 1);
  transport.dispose();
});

test('a stream that is cut, in the middle of a line or no JSON fails, and so does what a line throws', async () => {
  await using server = await scriptedServer(({ url }, response) => {
    response.write('{"n":1}\n');
    if (url === '/cut') setTimeout(() => response.destroy(), 10);
    if (url === '/half') response.end('{"n"');
    if (url === '/text') response.end('oops\n');
    if (url === '/list') response.end('[]\n');
  });
  const transport = createTransport(targetOf(server.url));
  for (const path of ['/cut', '/half', '/text', '/list']) {
    const seen: JsonObject[] = [];
    const error = await failureOf(transport.stream({ path }, (line) => seen.push(line)));
    assert.equal(error.reason, path === '/cut' ? 'unreachable' : 'malformed', path);
    assert.deepEqual(seen, [{ n: 1 }], path);
  }
  const thrown = await failureOf(
    transport.stream({ path: '/open' }, () => {
      throw new Error('bug');
    }),
  );
  assert.equal(thrown.detail, 'bug');
  await sleep(20);
  assert.equal(transport.socketCount, 0);
  transport.dispose();
});

test('what is no HTTP, nobody there and an unknown host are told apart', async () => {
  await using server = await tcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
  const failureAt = async (url: string): Promise<[string, string]> => {
    const transport = createTransport(targetOf(url));
    const { reason, message } = await failureOf(transport.request(version));
    transport.dispose();
    return [reason, message];
  };
  const [reason, message] = await failureAt(`http://127.0.0.1:${server.port}`);
  assert.equal(reason, 'malformed');
  assert.match(message, /is not HTTP/);
  const { port } = server;
  await server[Symbol.asyncDispose]();
  const [none, refuses] = await failureAt(`http://127.0.0.1:${port}`);
  assert.deepEqual([none, /refuses the connection/.test(refuses)], ['unreachable', true]);
  const [unknown, host] = await failureAt('http://nowhere.invalid');
  assert.deepEqual([unknown, /is not known/.test(host)], ['unreachable', true]);
  const [wrong] = await failureAt('ftp://user:pass@host');
  assert.equal(wrong, 'kubeconfig');
});

test('credentials in a URL are never shown', async () => {
  const transport = createTransport(
    targetOf('http://joe:hush@127.0.0.1:1/x?token=hush', {
      proxyUrl: 'http://joe:hush@127.0.0.1:1',
    }),
  );
  const error = await failureOf(transport.request(version));
  assert.doesNotMatch(JSON.stringify([error.message, error.detail, error.stack]), /hush|joe/);
  transport.dispose();
});

test('a transport that ends leaves no socket and no timer', async () => {
  await using server = await scriptedServer(({ url }, response) => {
    if (url === '/version') json(response, {});
    else response.write('{}\n');
  });
  const transport = createTransport(targetOf(server.url));
  await transport.request(version);
  const running = [
    failureOf(transport.stream({ path: '/a' }, () => {})),
    failureOf(transport.request({ path: '/b' })),
  ];
  await sleep(30);
  transport.dispose();
  for (const error of await Promise.all(running)) assert.equal(error.reason, 'aborted');
  await sleep(30);
  assert.deepEqual([transport.socketCount, server.open.size], [0, 0]);
});
