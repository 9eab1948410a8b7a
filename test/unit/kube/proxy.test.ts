import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateAuthority } from '../../../scripts/apiServerCertificates.mjs';
import { createTransport } from '../../../src/kube/index.ts';
import { isKubeError } from '../../../src/live/index.ts';
import { json, scriptedServer, targetOf, tcpServer } from '../../support/scriptedServer.ts';

const authority = certificateAuthority();
const certificate = authority.issue({ name: 'server' });
const tls = { ca: authority.cert, rejectUnauthorized: true };

function apiServer() {
  return scriptedServer((_, response) => json(response, { kind: 'Ok' }), certificate);
}

/** A proxy of CONNECT that answers with what `head` says and, on 200, connects. */
function httpProxy(head: (request: string) => string | undefined) {
  return tcpServer((socket) => {
    socket.once('data', (bytes) => {
      const request = bytes.toString('latin1');
      const answer = head(request);
      if (answer === undefined) return;
      socket.write(`HTTP/1.1 ${answer}\r\n\r\n`);
      if (!answer.startsWith('200')) return void socket.end();
      const [, host = '', port = ''] = /^CONNECT (.*):(\d+) /.exec(request) ?? [];
      join(socket, connect(Number(port), host));
    });
  });
}

/** SOCKS 5 without or with a password: enough of RFC 1928 and 1929 for one client. */
function socksProxy(hosts: string[]) {
  return tcpServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (bytes) => {
        const isName = bytes[3] === 3;
        const length = isName ? (bytes[4] ?? 0) : 4;
        const start = isName ? 5 : 4;
        const address = bytes.subarray(start, start + length);
        const host = isName ? address.toString() : address.join('.');
        hosts.push(host);
        const target = connect(bytes.readUInt16BE(start + length), host);
        target.once('connect', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          join(socket, target);
        });
      });
    });
  });
}

function join(one: Socket, other: Socket): void {
  other.on('error', () => one.destroy());
  one.once('close', () => other.destroy());
  one.pipe(other).pipe(one);
}

/** `reason: message` of asking a server through a proxy, or `ok`. */
async function outcome(server: string, proxyUrl: string, requests = 1): Promise<string> {
  const transport = createTransport(targetOf(server, { tls, proxyUrl }));
  try {
    for (let i = 0; i < requests; i++)
      await transport.request({ path: '/version', idleLimit: 2000 });
    return 'ok';
  } catch (error) {
    assert(isKubeError(error));
    return `${error.reason}: ${error.message} ${error.detail}`;
  } finally {
    transport.dispose();
  }
}

test('requests go through a tunnel of an HTTP proxy, one tunnel for many', async () => {
  await using server = await apiServer();
  const seen: string[] = [];
  await using proxy = await httpProxy((request) => {
    seen.push(request);
    return '200 OK';
  });
  const url = `http://joe:hu%20sh@127.0.0.1:${proxy.port}`;
  assert.equal(await outcome(server.url, url, 3), 'ok');
  assert.equal(proxy.accepted, 1);
  const basic = Buffer.from('joe:hu sh').toString('base64');
  assert.match(seen[0] ?? '', new RegExp(`^CONNECT 127\\.0\\.0\\.1:${server.port} `));
  assert.match(seen[0] ?? '', new RegExp(`Proxy-Authorization: Basic ${basic}`));
  await sleep(20);
  assert.deepEqual([proxy.open.size, server.open.size], [0, 0]);
});

test('requests go through a SOCKS proxy, which looks up the name', async () => {
  await using server = await apiServer();
  const hosts: string[] = [];
  await using proxy = await socksProxy(hosts);
  const byName = server.url.replace('127.0.0.1', 'localhost');
  assert.equal(await outcome(byName, `socks5://127.0.0.1:${proxy.port}`, 3), 'ok');
  assert.deepEqual([hosts, proxy.accepted], [['localhost'], 1]);
  await sleep(20);
  assert.equal(proxy.open.size, 0);
});

test('a certificate that is not trusted is told through a proxy as well', async () => {
  const other = certificateAuthority('other').issue({ name: 'a' });
  await using server = await scriptedServer((_, response) => json(response, {}), other);
  await using http = await httpProxy(() => '200 OK');
  await using socks = await socksProxy([]);
  for (const url of [`http://127.0.0.1:${http.port}`, `socks5://127.0.0.1:${socks.port}`]) {
    assert.match(await outcome(server.url, url), /^certificate: .* is not trusted/, url);
  }
});

test('a proxy that wants a password, refuses, is down or hangs is told', async () => {
  await using server = await apiServer();
  await using closed = await httpProxy(() => '407 Proxy Authentication Required');
  await using refusing = await httpProxy(() => '502 Bad Gateway');
  await using hanging = await httpProxy(() => undefined);
  await using none = await tcpServer((socket) => socket.destroy());
  const at = ({ port }: { port: number }): string => `http://joe:hush@127.0.0.1:${port}`;
  assert.match(
    await outcome(server.url, at(closed)),
    /^unreachable: .* wants a user name and password/,
  );
  assert.match(
    await outcome(server.url, at(refusing)),
    /^unreachable: .* makes no connection to .* \(502\)/,
  );
  assert.match(await outcome(server.url, at(hanging)), /^timeout: /);
  assert.match(await outcome(server.url, at(none)), /^unreachable: /);
  const port = none.port;
  await none[Symbol.asyncDispose]();
  const down = await outcome(server.url, at({ port }));
  assert.match(down, /^unreachable: The proxy 127\.0\.0\.1:\d+ refuses the connection/);
  assert.doesNotMatch(down, /hush/);
  assert.match(
    await outcome(server.url, `socks5://127.0.0.1:${port}`),
    /^unreachable: The proxy 127\.0\.0\.1:\d+/,
  );
  await sleep(20);
  assert.deepEqual([hanging.open.size, server.accepted], [0, 0]);
});

test('a proxy-url of another scheme is a mistake in the kubeconfig', async () => {
  assert.match(
    await outcome('https://127.0.0.1:1', 'ftp://joe:hush@h'),
    /^kubeconfig: .* begins with ftp:/,
  );
  const wrong = await outcome('https://127.0.0.1:1', 'joe:hush@h:x');
  assert.match(wrong, /^kubeconfig: /);
  assert.doesNotMatch(wrong, /hush/);
});
