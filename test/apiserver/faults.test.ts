import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiServer } from '../../scripts/apiServer.mjs';
import type { ApiServer } from '../../scripts/apiServer.mjs';
import type { KubeErrorReason } from '../../src/live/index.ts';
import { apiServerClient } from '../support/apiServerClient.ts';
import type { ApiServerClient } from '../support/apiServerClient.ts';
import { installKinds } from '../support/apiServerKinds.ts';
import { createFastClock } from '../support/fastClock.ts';
import type { FastClock } from '../support/fastClock.ts';
import { expiredWatchLine, startFaultProxy } from '../support/faultProxy.ts';
import type { FaultProxy, Seen } from '../support/faultProxy.ts';
import { bindingSeed, clusterSeed, releaseSeed, workSeed } from '../support/fleetObjects.ts';
import {
  createFleet,
  createNamespaces,
  createSeed,
  objectPath,
  putIntoEtcd,
} from '../support/fleetSeed.ts';
import { assertEqualsServer, connectSession } from '../support/liveSession.ts';
import type { LiveSession } from '../support/liveSession.ts';

/*
 * Each fault lies between the session and a real API server. Whatever happens on the way: a state that can be read, no
 * hammering, no storm of notifications, in the end the rows that the server has, and nothing that stays behind.
 */

const size = { clusters: 10, releases: 5, worksPerCluster: 5, groups: 20 };
/** Time passes so much faster for the session: back-off and Retry-After take a tenth. */
const factor = 10;

let server: ApiServer;
let client: ApiServerClient;
let proxy: FaultProxy;
let kubeconfig: string;
/** Changes have names of their own. */
let serial = 0;

before(async () => {
  server = await startApiServer({ say: () => undefined });
  client = apiServerClient(server);
  await installKinds(client);
  await createFleet(client, size);
  await createNamespaces(client, { ...size, releases: 500 });
  proxy = await startFaultProxy(server);
  kubeconfig = join(server.folder, 'through-proxy');
  writeKubeconfig({ token: server.tokens.admin });
});
after(async () => {
  client.dispose();
  await proxy.dispose();
  await server.stop();
});
beforeEach(() => {
  proxy.reset();
  proxy.forget();
});

/** A user `user` of the proxy, with anything that a kubeconfig allows. */
function writeKubeconfig(user: object): void {
  const ca = Buffer.from(proxy.ca).toString('base64');
  const cluster = { server: proxy.address, 'certificate-authority-data': ca };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'user', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
}

interface Scene {
  readonly live: LiveSession;
  readonly clock: FastClock;
}

/** Runs with a session, and looks at what it leaves behind. */
async function withSession(
  work: (scene: Scene) => Promise<void>,
  { startsAt, ...options }: { startsAt?: number; execTimeout?: number; impatience?: number } = {},
): Promise<void> {
  const before = resources();
  const clock = createFastClock(factor, startsAt);
  const live = await connectSession({ kubeconfig, context: 'test', clock, ...options });
  try {
    await work({ live, clock });
  } finally {
    live.dispose();
  }
  const told = { ...live.counts, states: live.states.length };
  const deadline = performance.now() + 5000;
  const isClean = (): boolean => proxy.connections === 0 && resources() <= before;
  while (!isClean() && performance.now() < deadline) await sleep(20);
  assert.equal(clock.pending, 0, 'timers are left');
  assert.equal(proxy.connections, 0, 'connections are left');
  assert.ok(resources() <= before, `${resources()} handles are left, ${before} before`);
  assert.deepEqual({ ...live.counts, states: live.states.length }, told, 'it goes on talking');
}

/** Handles that sessions could leak: sockets of clients, timers, child processes, files. */
function resources(): number {
  const kinds = /^(?:ConnectWrap|TCPSocketWrap|TLSWrap|ProcessWrap|PipeWrap)$/;
  return process.getActiveResourcesInfo().filter((kind) => kinds.test(kind)).length;
}

async function isLive({ live }: Scene): Promise<void> {
  await live.until('live', () => live.session.state.type === 'live');
}

/** One of each kind is made, changed and deleted. Answers how many rows that is. */
async function change(): Promise<number> {
  serial += 1;
  const cluster = serial % size.clusters;
  await createSeed(client, clusterSeed(100 + serial, size.groups));
  await createSeed(client, releaseSeed(10 + serial));
  await createSeed(client, workSeed(cluster, 10 + serial));
  const patch = { metadata: { labels: { changed: String(serial) } } };
  const type = 'application/merge-patch+json';
  await client.send('PATCH', objectPath(bindingSeed(serial % size.releases, 1)), patch, type);
  await client.send('PATCH', objectPath(clusterSeed(cluster, 1)), patch, type);
  if (serial > 1) {
    await client.send('DELETE', objectPath(clusterSeed(99 + serial, 1)));
    await client.send('DELETE', objectPath(releaseSeed(9 + serial)));
  }
  // A row changes when it is made and when its status is written.
  return 12;
}

interface Expectation {
  /** Why the session says that it is stale or has failed. */
  readonly reasons: readonly KubeErrorReason[];
  /** The most requests that reach the proxy meanwhile; all streams have some. */
  readonly requests?: number;
}

/** A live session meets a fault, changes happen meanwhile, the fault ends, and all is as on the server. */
async function meets(
  scene: Scene,
  fault: () => unknown,
  end: () => unknown,
  { reasons, requests = 200 }: Expectation,
): Promise<void> {
  const { live } = scene;
  await isLive(scene);
  await assertEqualsServer(live, server);
  const before = { ...live.counts, states: live.states.length };
  proxy.forget();
  await fault();
  // The first failure may be another one: a connection that breaks, before the next one says why.
  await live.until(`told why: ${reasons.join(' or ')}`, () => {
    const { type, error } = live.session.state;
    return (type === 'stale' || type === 'failed') && !!error && reasons.includes(error.reason);
  });
  const { state } = live.session;
  assert.match(state.error?.message ?? '', /^\S.*\.$/, 'a whole sentence');
  assert.doesNotMatch(state.error?.message ?? '', new RegExp(server.tokens.admin));
  if (state.type === 'stale') assert.ok((state.since ?? 0) > 0);
  await end();
  const rows = await change();
  await isLive(scene);
  await assertEqualsServer(live, server);
  assert.ok(proxy.seen.length <= requests, `${proxy.seen.length} requests`);
  const said = live.states.length - before.states;
  // Each stream goes stale and comes back, some of them with a second reason in between.
  assert.ok(said <= 4 * state.streams.size, `${said} changes of state`);
  const changed = live.counts.rows - before.rows;
  assert.ok(changed <= rows, `${changed} rows were told, ${rows} changed`);
}

const isList = (seen: Seen): boolean => seen.method === 'GET' && !seen.isWatch && isFleet(seen);
const isFleet = ({ path }: Seen): boolean =>
  /\/(?:clusters|works|resourcebindings|helmreleases)$/.test(path);

describe('the way to the server', () => {
  it('the server is killed and comes back', () =>
    withSession((scene) =>
      meets(scene, server.kill, server.restart, {
        reasons: ['unreachable', 'server', 'malformed'],
        requests: 1000,
      }),
    ));

  it('all connections break', () =>
    withSession(async (scene) => {
      await isLive(scene);
      for (let times = 0; times < 3; times++) {
        proxy.cut();
        await sleep(100);
      }
      await change();
      await isLive(scene);
      await assertEqualsServer(scene.live, server);
    }));

  it('everything falls silent, and nobody says so', () =>
    withSession(
      async (scene) => {
        const { live } = scene;
        await isLive(scene);
        proxy.freeze();
        await change();
        await live.until('told', () => live.session.state.error?.reason === 'timeout');
        proxy.thaw();
        await assertEqualsServer(live, server);
        await isLive(scene);
      },
      { impatience: 60 },
    ));

  it('everything falls silent, and time passes as while a computer sleeps', () =>
    withSession(async (scene) => {
      const { live, clock } = scene;
      await isLive(scene);
      proxy.freeze();
      await change();
      clock.jump(600_000);
      proxy.thaw();
      live.session.retry();
      await isLive(scene);
      await assertEqualsServer(live, server);
    }));

  it('the server shows a certificate by somebody else, one that is over, one of another name', () =>
    withSession(async (scene) => {
      for (const kind of ['foreign', 'expired', 'otherName'] as const) {
        await meets(
          scene,
          () => proxy.certificate(kind),
          () => proxy.certificate('good'),
          { reasons: ['certificate'] },
        );
      }
    }));

  it('answers are late', () =>
    withSession(async (scene) => {
      const remove = proxy.add({ fault: { type: 'delay', milliseconds: 700 } });
      await isLive(scene);
      remove();
      await change();
      await assertEqualsServer(scene.live, server);
    }));
});

describe('what the server answers', () => {
  for (const status of [429, 503]) {
    it(`${status} with Retry-After: nobody asks sooner`, () =>
      withSession(async (scene) => {
        const started = performance.now();
        const wait = 10;
        let removed = 0;
        const remove = proxy.add({
          fault: { type: 'status', status, retryAfter: wait },
          when: isList,
        });
        await scene.live.until('lists', () => proxy.seen.filter(isList).length >= 4);
        remove();
        removed = performance.now();
        await isLive(scene);
        await assertEqualsServer(scene.live, server);
        const refused = proxy.seen.filter((seen) => isList(seen) && seen.at < removed);
        for (const path of new Set(refused.map((seen) => seen.path))) {
          const [first, second] = proxy.seen.filter((seen) => isList(seen) && seen.path === path);
          assert.ok(first && second);
          const pause = (second.at - first.at) * factor;
          assert.ok(pause >= wait * 1000 * 0.95, `${path} after ${pause} ms`);
        }
        assert.ok(performance.now() - started < 30_000);
      }));
  }

  it('watches are told that their start is too old', () =>
    withSession(async (scene) => {
      const { live } = scene;
      await isLive(scene);
      await assertEqualsServer(live, server);
      const before = live.counts.rows;
      proxy.forget();
      proxy.endWatches(expiredWatchLine);
      const rows = await change();
      await sleep(300);
      await isLive(scene);
      await assertEqualsServer(live, server);
      assert.ok(proxy.seen.some(isList), 'it lists anew');
      assert.ok(live.counts.rows - before <= rows, 'only what changed is told');
    }));

  it('410 for watches, and for the next page of a list', () =>
    withSession(async (scene) => {
      const { live } = scene;
      const isPage = (seen: Seen): boolean => isList(seen) && seen.query.has('continue');
      proxy.add({ fault: { type: 'status', status: 410 }, when: isPage, times: 2 });
      await isLive(scene);
      await assertEqualsServer(live, server);
      proxy.add({
        fault: { type: 'status', status: 410 },
        when: (seen) => seen.isWatch && isFleet(seen),
        times: 4,
      });
      proxy.endWatches('');
      await change();
      await isLive(scene);
      await assertEqualsServer(live, server);
    }));

  for (const [name, type] of [
    ['breaks in the middle', 'cut'],
    ['ends in the middle as if it were whole', 'truncate'],
  ] as const) {
    it(`a list ${name}`, () =>
      withSession(async (scene) => {
        for (const at of [1, 700, 5000]) {
          proxy.add({ fault: { type, after: at }, when: isList, times: 3 });
        }
        await isLive(scene);
        await assertEqualsServer(scene.live, server);
        assert.ok(proxy.seen.filter(isList).length <= 60);
      }));

    it(`a watch ${name}`, () =>
      withSession(async (scene) => {
        await isLive(scene);
        proxy.add({
          fault: { type, after: 900 },
          when: (seen) => seen.isWatch && isFleet(seen),
          times: 8,
        });
        proxy.cut();
        await change();
        await change();
        await isLive(scene);
        await assertEqualsServer(scene.live, server);
      }));
  }

  for (const body of ['<html>proxy error</html>', '{"items":[{', '[]', 'null', '"text"', '']) {
    it(`a list is ${body === '' ? 'empty' : body}`, () =>
      withSession(async (scene) => {
        proxy.add({ fault: { type: 'body', body }, when: isList, times: 6 });
        await isLive(scene);
        await assertEqualsServer(scene.live, server);
      }));
  }

  it('watches say what is no JSON, no event, or half a line', () =>
    withSession(async (scene) => {
      await isLive(scene);
      for (const text of ['nonsense\n', '[]\n', '{"type":"ADDED"}\n', '{"type":"MODIF', '\n\n']) {
        proxy.endWatches(text);
        await change();
        await sleep(100);
        await isLive(scene);
        await assertEqualsServer(scene.live, server);
      }
    }));
});

describe('who asks', () => {
  after(() => writeKubeconfig({ token: server.tokens.admin }));

  it('the token has expired, and its file has another one later', async () => {
    const tokenFile = join(server.folder, 'token');
    writeFileSync(tokenFile, 'expired');
    writeKubeconfig({ tokenFile });
    await withSession(async (scene) => {
      const { live } = scene;
      await live.until('failed', () => live.session.state.type === 'failed');
      assert.equal(live.session.state.error?.reason, 'unauthorized');
      assert.ok(proxy.seen.length <= 10, `${proxy.seen.length} requests`);
      writeFileSync(tokenFile, server.tokens.admin);
      scene.clock.jump(600_000);
      live.session.retry();
      await isLive(scene);
      await assertEqualsServer(live, server);
    });
  });

  it('the server says 401 for a while', () =>
    withSession(async (scene) => {
      let remove = (): void => undefined;
      writeKubeconfig({ token: server.tokens.admin });
      await meets(
        scene,
        () => {
          remove = proxy.add({ fault: { type: 'status', status: 401 } });
          proxy.cut();
        },
        () => {
          remove();
          scene.live.session.retry();
        },
        { reasons: ['unauthorized'] },
      );
    }));

  it('the program for credentials is missing, hangs, fails, or gives what is no credential', async () => {
    const program = join(server.folder, 'login');
    const apiVersion = 'client.authentication.k8s.io/v1';
    writeKubeconfig({ exec: { apiVersion, command: program, interactiveMode: 'Never' } });
    const work = async ({ live, clock }: Scene): Promise<void> => {
      const fails = (pattern: RegExp): Promise<void> =>
        live.until(String(pattern), () => {
          const { type, error } = live.session.state;
          if (type !== 'failed' || error?.reason !== 'credentials') return false;
          return pattern.test(`${error.message}\n${error.detail}`);
        });
      const retryWith = (text: string): void => {
        writeFileSync(program, `#!/bin/sh\n${text}\n`);
        chmodSync(program, 0o700);
        // What just failed is not started again at once.
        clock.jump(10_000);
        live.session.retry();
      };
      await fails(/not there/);
      retryWith('echo "opening a browser" >&2; sleep 1000');
      await fails(/no credentials in 0.7 s[^]*opening a browser/);
      retryWith('echo "sign in first" >&2; exit 3');
      await fails(/exit code 3[^]*sign in first/);
      retryWith('echo nonsense');
      await fails(/printed no ExecCredential/);
      assert.equal(proxy.seen.length, 0, 'nothing is asked without credentials');
      const status = { token: server.tokens.admin };
      retryWith(`echo '${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}'`);
      await isLive({ live, clock });
      await assertEqualsServer(live, server);
    };
    await withSession(work, { execTimeout: 700 });
  });

  it('some kinds are forbidden, and allowed later', async () => {
    const role = (name: string, groups: string[]): object => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules: [{ apiGroups: groups, resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    });
    const bind = async (name: string, groups: string[]): Promise<void> => {
      const base = '/apis/rbac.authorization.k8s.io/v1';
      await client.send('POST', `${base}/clusterroles`, role(name, groups));
      await client.send('POST', `${base}/clusterrolebindings`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [{ kind: 'User', name: 'narrow', apiGroup: 'rbac.authorization.k8s.io' }],
      });
    };
    await bind('some', ['cluster.karmada.io', 'helm.toolkit.fluxcd.io']);
    writeKubeconfig({ token: server.tokens.narrow });
    await withSession(async (scene) => {
      const { live } = scene;
      await isLive(scene);
      const { streams } = live.session.state;
      const works = streams.get('work.karmada.io/works');
      assert.equal(works?.type, 'refused');
      assert.equal('error' in works && works.error.reason, 'forbidden');
      assert.match('error' in works ? works.error.message : '', /works/);
      assert.equal(streams.get('cluster.karmada.io/clusters')?.type, 'live');
      assert.ok(live.model.rows('clusters').size >= size.clusters);
      assert.equal(live.model.rows('works').size, 0);
      await bind('all', ['*']);
      // The server's own view of roles is a moment late.
      await sleep(500);
      live.session.retry();
      await live.until(
        'allowed',
        () => live.session.state.streams.get('work.karmada.io/works')?.type === 'live',
      );
      await isLive(scene);
      await assertEqualsServer(live, server);
    });
  });

  it('the clock is days off', async () => {
    writeKubeconfig({ token: server.tokens.admin });
    for (const days of [-3, 3]) {
      await withSession(
        async (scene) => {
          await isLive(scene);
          await change();
          await assertEqualsServer(scene.live, server);
        },
        { startsAt: Date.now() + days * 86_400_000 },
      );
    }
  });
});

describe('objects', () => {
  it('a binding that has grown too large to be written is told by its events', async () => {
    const seed = bindingSeed(1, size.clusters);
    const path = `${objectPath(seed)}/status`;
    const binding = await client.send('GET', objectPath(seed));
    const { status } = bindingSeed(1, 2500).object;
    const refused = await client.raw('PUT', path, { ...binding, status });
    assert.ok(refused.status >= 400, 'the server took it');
    const { message } = JSON.parse(refused.text) as { message: string };
    await withSession(async (scene) => {
      const { live } = scene;
      await isLive(scene);
      const release = [...live.model.releases.values()].find(
        ({ binding: row }) => row?.uid === binding.metadata.uid,
      );
      assert.ok(release);
      assert.equal(live.model.isBindingTooLarge(release.key), false);
      const { namespace = '', name, uid } = binding.metadata;
      await client.send('POST', `/api/v1/namespaces/${namespace}/events`, {
        metadata: { name: `${name}.too-large`, namespace },
        involvedObject: {
          apiVersion: 'work.karmada.io/v1alpha2',
          kind: 'ResourceBinding',
          namespace,
          name,
          uid,
        },
        reason: 'AggregateStatusFailed',
        message: `Failed to aggregate status: ${message}`,
        type: 'Warning',
        firstTimestamp: '2026-03-04T05:06:07Z',
        lastTimestamp: '2026-03-04T05:06:07Z',
        source: { component: 'binding-controller' },
        count: 1,
      });
      await live.until('told', () => live.model.isBindingTooLarge(release.key));
      await assertEqualsServer(live, server);
    });
  });

  it('of unexpected shape are rows with a sentence on what is wrong, and hurt nobody else', async () => {
    const odd = [
      { ...workSeed(0, 900), spec: 'text', status: [] },
      { ...workSeed(0, 901), spec: { workload: { manifests: [7, null, 'x'] } }, status: null },
      { ...bindingSeed(902, 2), spec: [], status: { aggregatedStatus: { a: 1 } } },
      { ...bindingSeed(903, 2), spec: {}, status: { aggregatedStatus: [null, 5, {}] } },
      { ...clusterSeed(904, 1), spec: 5, status: { conditions: 'yes', apiEnablements: {} } },
    ].map(({ plural, object, spec, status }) => ({ plural, object: { ...object, spec, status } }));
    await withSession(async (scene) => {
      const { live } = scene;
      await isLive(scene);
      for (const seed of odd) await putIntoEtcd(server.etcd, [seed]);
      await change();
      await assertEqualsServer(live, server);
      const problems = [...live.model.rows('works').values()].filter(({ problem }) => problem);
      assert.ok(problems.length >= 1, 'no row says what is wrong');
    });
    // The same from a list.
    await withSession(async (scene) => {
      await isLive(scene);
      await assertEqualsServer(scene.live, server);
    });
    await putIntoEtcd(server.etcd, [], odd);
  });
});
