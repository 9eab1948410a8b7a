import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { after, afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedApiServer } from '../support/apiServer.ts';
import { expiredWatchLine, startFaultProxy } from '../support/faultProxy.ts';
import type { Fault } from '../support/faultProxy.ts';

/** A proxy that lets faults through would make every test behind it pass. */
const { server, token } = targetOf(sharedApiServer().kubeconfig);
const proxy = await startFaultProxy(server);
after(() => proxy.dispose());
const path = '/api/v1/namespaces';

describe('the fault proxy', () => {
  afterEach(() => proxy.certificate('good'));

  it('hands on what the server says, and counts', async () => {
    proxy.forget();
    const { status, body } = await ask();
    assert.equal(status, 200);
    assert.equal((JSON.parse(body) as { kind: string }).kind, 'NamespaceList');
    assert.deepEqual(
      proxy.seen.map(({ method, path: asked, isWatch }) => [method, asked, isWatch]),
      [['GET', path, false]],
    );
  });

  it('lets the server refuse what it would refuse', async () => {
    assert.equal((await ask({ token: 'wrong' })).status, 401);
  });

  it('answers in the place of the server, as often as told', async () => {
    add({ type: 'status', status: 429, retryAfter: 3 });
    const refused = await ask();
    assert.deepEqual([refused.status, refused.retryAfter], [429, '3']);
    assert.equal((await ask()).status, 200);
  });

  it('breaks an answer in the middle, or ends it as if it were whole', async () => {
    add({ type: 'cut', after: 100 });
    await assert.rejects(ask(), /aborted|ECONNRESET|socket hang up/);
    add({ type: 'truncate', after: 100 });
    assert.equal((await ask()).body.length, 100);
  });

  it('falls silent without closing', async () => {
    add({ type: 'freeze', after: 100 });
    const state = await Promise.race([ask({ limit: 600 }).catch(String), sleep(300, 'silent')]);
    assert.equal(state, 'silent');
    assert.ok(proxy.connections > 0);
  });

  it('swallows everything while it is frozen', async () => {
    proxy.freeze();
    const state = await Promise.race([ask({ limit: 600 }).catch(String), sleep(300, 'silent')]);
    proxy.thaw();
    assert.equal(state, 'silent');
    assert.equal((await ask()).status, 200);
  });

  it('ends watches with any text', async () => {
    const watched = ask({ path: `${path}?watch=1&resourceVersion=0&allowWatchBookmarks=true` });
    while (proxy.watches === 0) await sleep(5);
    await sleep(100);
    proxy.endWatches(expiredWatchLine);
    const lines = (await watched).body.trimEnd().split('\n');
    assert.ok(lines.length > 3, 'the namespaces come first');
    assert.equal((JSON.parse(lines.at(-1) ?? '') as { type: string }).type, 'ERROR');
  });

  for (const kind of ['foreign', 'expired', 'otherName'] as const) {
    it(`shows a wrong certificate: ${kind}`, async () => {
      proxy.certificate(kind);
      await assert.rejects(ask(), (error: NodeJS.ErrnoException) =>
        /UNABLE_TO_VERIFY|SELF_SIGNED|CERT_HAS_EXPIRED|ALTNAME|signature/.test(
          `${error.code} ${error.message}`,
        ),
      );
      proxy.certificate('good');
      assert.equal((await ask()).status, 200);
    });
  }
});

function add(fault: Fault): void {
  proxy.add({ fault, times: 1 });
}

interface Asked {
  readonly path?: string;
  readonly token?: string;
  readonly limit?: number;
}

function ask(asked: Asked = {}): Promise<{ status: number; retryAfter: unknown; body: string }> {
  return new Promise((resolve, reject) => {
    const made = request(
      proxy.address + (asked.path ?? path),
      {
        ca: proxy.ca,
        agent: false,
        headers: { authorization: `Bearer ${asked.token ?? token}` },
        signal: AbortSignal.timeout(asked.limit ?? 20_000),
      },
      (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            retryAfter: answer.headers['retry-after'],
            body,
          }),
        );
      },
    );
    made.on('error', reject);
    made.end();
  });
}

function targetOf(kubeconfig: string): { server: { address: string; ca: string }; token: string } {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
    users: { name: string; user: { token?: string } }[];
  };
  const cluster = clusters[0]?.cluster ?? {};
  const ca = Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64').toString();
  return {
    server: { address: cluster['server'] ?? '', ca },
    token: users.find(({ name }) => name === 'admin')?.user.token ?? '',
  };
}
