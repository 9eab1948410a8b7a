import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/engine/index.ts';
import { createSession } from '../../../src/kube/session.ts';
import type { ContextTarget, SessionState } from '../../../src/kube/types.ts';
import { KubeError, type FleetChange } from '../../../src/live/index.ts';
import { fakeControlPlane, karmadaApis } from '../../support/fakeControlPlane.ts';
import { manualClock } from '../../support/manualClock.ts';

const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters';
const releases = '/apis/helm.toolkit.fluxcd.io/v2/helmreleases';
const works = '/apis/work.karmada.io/v1alpha1/works';
const away = new KubeError('unreachable', 'The connection broke.');

const named = (name: string, namespace?: string): JsonObject => ({
  metadata: { name, uid: name, ...(namespace === undefined ? {} : { namespace }) },
});

function setUp(context: { after(end: () => void): void }, random = () => 0.5) {
  const plane = fakeControlPlane();
  const clock = manualClock();
  const log: string[] = [];
  let isReleased = false;
  let forgotten = 0;
  const target: ContextTarget = {
    context: 'karmada',
    cluster: 'karmada',
    user: 'admin',
    namespace: 'default',
    server: 'https://fake',
    proxyUrl: '',
    credentials: {
      get: () => Promise.reject(away),
      renew: () => false,
      forgetFailure: () => void (forgotten += 1),
      dispose: () => (isReleased = true),
    },
  };
  const session = createSession(target, {
    transport: plane,
    clock,
    random,
    log: (message) => log.push(message),
  });
  context.after(() => session.dispose());
  const states: SessionState[] = [];
  const changes: FleetChange[] = [];
  /** What a reader of the changes holds, by origin and key. */
  const rows = new Map<string, Set<string>>();
  session.onDidChangeState((state) => states.push(state));
  session.onDidChangeRows((batch) => {
    for (const { origin, reset, set, deleted } of batch) {
      const held = (reset ? undefined : rows.get(origin)) ?? new Set();
      for (const { key } of set) held.add(key);
      for (const key of deleted) held.delete(key);
      rows.set(origin, held);
    }
    changes.push(...batch);
  });
  const held = (origin: string): readonly string[] => [...(rows.get(origin) ?? [])].sort();
  return {
    plane,
    clock,
    log,
    session,
    states,
    changes,
    held,
    isReleased: () => isReleased,
    forgotten: () => forgotten,
  };
}

const types = (states: readonly SessionState[]): readonly string[] =>
  states.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);

test('Contacts nothing before somebody holds an interest', async (context) => {
  const { plane, clock, session } = setUp(context);
  await clock.advance(60_000);
  assert.equal(plane.requests.length, 0);
  assert.equal(session.state.type, 'connecting');
  assert.equal(session.info, undefined);
});

test('Lists and follows what an interest needs, and nothing else', async (context) => {
  const { plane, clock, session, states, held } = setUp(context);
  plane.put(clusters, named('member1'));
  session.hold('clusters');
  await clock.advance(1000);
  assert.deepEqual(held('cluster.karmada.io/clusters'), ['member1']);
  assert.deepEqual(types(states), ['live']);
  assert.deepEqual(
    [...plane.watches].map(({ path }) => path),
    [clusters],
  );
  assert.equal(session.info?.isKarmada, true);

  plane.put(clusters, named('member2'));
  plane.delete(clusters, 'member1');
  await clock.advance(1000);
  assert.deepEqual(held('cluster.karmada.io/clusters'), ['member2']);
});

test('Rows are there when their list is said to be live', async (context) => {
  const { plane, clock, session, held } = setUp(context);
  plane.put(clusters, named('member1'));
  const seen: string[] = [];
  session.onDidChangeState(({ type }) => {
    if (type === 'live') seen.push(...held('cluster.karmada.io/clusters'));
  });
  session.hold('clusters');
  await clock.advance(1000);
  assert.deepEqual(seen, ['member1']);
});

test('A kind that two interests need has one stream', async (context) => {
  const { plane, clock, session } = setUp(context);
  session.hold('releases');
  session.hold('objects');
  session.hold('clusters');
  session.hold('clusters');
  await clock.advance(1000);
  const paths = [...plane.watches].map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length);
  assert.equal(session.state.type, 'live');
});

test('Of Secrets and ConfigMaps nothing but metadata is requested', async (context) => {
  const { plane, clock, session } = setUp(context);
  session.hold('objects');
  await clock.advance(1000);
  for (const plural of ['secrets', 'configmaps']) {
    const asked = plane.requests.filter(({ path }) => path === `/api/v1/${plural}`);
    assert.ok(asked.length >= 2, plural);
    for (const { accept } of asked) {
      assert.match(accept ?? '', /^application\/json;as=PartialObjectMetadata(List)?;/);
      assert.doesNotMatch(accept ?? '', /,/);
    }
  }
});

test('A stream goes on a while after the last view, then stops, and comes back without a reset', async (context) => {
  const { plane, clock, session, changes, held } = setUp(context);
  plane.put(clusters, named('member1'));
  const first = session.hold('clusters');
  await clock.advance(1000);
  first.dispose();
  first.dispose();
  await clock.advance(5000);
  const second = session.hold('clusters');
  await clock.advance(60_000);
  assert.equal(plane.watches.size, 1);
  const lists = plane.requests.filter(({ path, query }) => path === clusters && !query?.['watch']);
  assert.equal(lists.length, 1);

  second.dispose();
  await clock.advance(11_000);
  assert.equal(plane.watches.size, 0);
  assert.equal(session.state.streams.get('cluster.karmada.io/clusters')?.type, 'idle');
  assert.equal(session.state.type, 'live');
  changes.length = 0;
  session.hold('clusters');
  await clock.advance(1000);
  assert.equal(plane.watches.size, 1);
  assert.deepEqual(changes, []);
  assert.deepEqual(held('cluster.karmada.io/clusters'), ['member1']);
});

test('What is forbidden is said, and the rest goes on', async (context) => {
  const { plane, clock, session } = setUp(context);
  const forbidden = new KubeError('forbidden', 'works is forbidden.', { status: 403 });
  plane.failures.set(works, forbidden);
  session.hold('releases');
  await clock.advance(1000);
  assert.equal(session.state.type, 'live');
  assert.deepEqual(session.state.streams.get('work.karmada.io/works'), {
    type: 'refused',
    error: forbidden,
  });
  plane.failures.delete(works);
  session.retry();
  await clock.advance(1000);
  assert.equal(session.state.streams.get('work.karmada.io/works')?.type, 'live');
});

test('Where everything is forbidden the session has failed', async (context) => {
  const { plane, clock, session } = setUp(context);
  plane.failures.set(clusters, new KubeError('forbidden', 'clusters is forbidden.'));
  session.hold('clusters');
  await clock.advance(1000);
  assert.equal(session.state.type, 'failed');
  assert.equal(session.state.error?.reason, 'forbidden');
});

test('A server that is away at first is tried again until it answers', async (context) => {
  const { plane, clock, session, states } = setUp(context);
  plane.failures.set('', away);
  session.hold('clusters');
  await clock.advance(20_000);
  assert.equal(session.state.type, 'failed');
  assert.equal(session.state.error, away);
  const tries = plane.requests.filter(({ path }) => path === '/apis').length;
  assert.ok(tries >= 3 && tries <= 10, `${tries} tries`);
  plane.failures.clear();
  await clock.advance(40_000);
  assert.deepEqual(types(states), ['failed', 'live']);
});

test('A sign-in program that fails is not started again by itself', async (context) => {
  const { forgotten, plane, clock, session } = setUp(context);
  plane.failures.set('', new KubeError('credentials', 'The program is missing.'));
  session.hold('clusters');
  await clock.advance(3_600_000);
  const tries = (): number => plane.requests.filter(({ path }) => path === '/apis').length;
  assert.equal(tries(), 1);
  session.hold('releases');
  await clock.advance(1000);
  assert.equal(tries(), 1);
  plane.failures.clear();
  assert.equal(forgotten(), 0);
  session.retry();
  assert.equal(forgotten(), 1);
  await clock.advance(1000);
  assert.equal(session.state.type, 'live');
});

test('A server that goes away and comes back is stale, then live, with what changed', async (context) => {
  const { plane, clock, session, states, held } = setUp(context);
  plane.put(clusters, named('member1'));
  session.hold('clusters');
  session.hold('releases');
  await clock.advance(30_000);
  const since = clock.now();
  plane.failures.set('', away);
  plane.cut(away);
  plane.put(clusters, named('member2'));
  await clock.advance(60_000);
  assert.equal(session.state.type, 'stale');
  assert.equal(session.state.error, away);
  assert.ok(Math.abs((session.state.since ?? 0) - since) <= 30_000);
  const before = states.length;
  plane.failures.clear();
  session.retry();
  // The fake server cannot tell what a watch has missed.
  plane.cut(new KubeError('gone', 'too old', { status: 410 }));
  await clock.advance(60_000);
  plane.cut(new KubeError('gone', 'too old', { status: 410 }));
  await clock.advance(60_000);
  assert.equal(session.state.type, 'live');
  assert.deepEqual(held('cluster.karmada.io/clusters'), ['member1', 'member2']);
  assert.ok(states.length - before < 20, `${states.length - before} notifications`);
});

test('The first stream that is back wakes those that wait for the same server', async (context) => {
  // Streams that were cut at once try again at times of their own.
  let drawn = 0;
  const { plane, clock, session } = setUp(context, () => (drawn = (drawn + 0.37) % 1));
  session.hold('clusters');
  session.hold('releases');
  await clock.advance(30_000);
  plane.failures.set('', away);
  plane.cut(away);
  await clock.advance(300_000);
  const states = () => [...session.state.streams.values()].map(({ type }) => type);
  assert.ok(states().every((type) => type === 'stale'));
  plane.failures.clear();
  let waited = 0;
  while (states().every((type) => type === 'stale') && waited < 60_000) {
    waited += 10;
    await clock.advance(10);
  }
  await clock.advance(500);
  assert.ok(states().every((type) => type === 'live'));
});

test('After the server was away its APIs are asked for again, once', async (context) => {
  const { plane, clock, session, held } = setUp(context);
  plane.put(releases, named('podinfo', 'apps'));
  session.hold('releases');
  await clock.advance(30_000);
  assert.deepEqual(held('helm.toolkit.fluxcd.io/helmreleases'), ['HelmRelease/apps/podinfo']);
  const asked = (): number => plane.requests.filter(({ path }) => path === '/apis').length;
  assert.equal(asked(), 1);
  plane.served = {
    ...karmadaApis,
    'helm.toolkit.fluxcd.io': {
      v3: ['helmreleases:HelmRelease'],
      v2: ['helmreleases:HelmRelease'],
    },
  };
  plane.put('/apis/helm.toolkit.fluxcd.io/v3/helmreleases', named('other', 'apps'));
  plane.cut(away);
  await clock.advance(30_000);
  assert.equal(asked(), 2);
  assert.deepEqual(held('helm.toolkit.fluxcd.io/helmreleases'), ['HelmRelease/apps/other']);
  assert.ok([...plane.watches].some(({ path }) => path.includes('/v3/')));
  assert.ok(![...plane.watches].some(({ path }) => path.includes('/v2/')));
});

test('Kinds that are installed later are found by themselves', async (context) => {
  const { plane, clock, session, held } = setUp(context);
  const { 'helm.toolkit.fluxcd.io': _helm, ...without } = karmadaApis;
  plane.served = without;
  session.hold('releases');
  await clock.advance(1000);
  assert.equal(session.state.type, 'live');
  assert.equal(session.state.streams.has('helm.toolkit.fluxcd.io/helmreleases'), false);
  plane.served = karmadaApis;
  plane.put(releases, named('podinfo', 'apps'));
  await clock.advance(200_000);
  assert.deepEqual(held('helm.toolkit.fluxcd.io/helmreleases'), ['HelmRelease/apps/podinfo']);
});

test("Karmada's own kinds that are not served are said to be missing", async (context) => {
  const { plane, clock, session } = setUp(context);
  plane.served = {
    ...karmadaApis,
    'work.karmada.io': { v1alpha1: ['works:Work'], v1alpha2: ['other:Other'] },
  };
  session.hold('releases');
  await clock.advance(1000);
  const stream = session.state.streams.get('work.karmada.io/resourcebindings');
  assert.equal(stream?.type, 'refused');
  assert.equal(stream.error.reason, 'notFound');
});

test('When everything is served and live no timer waits but those of the watches', async (context) => {
  const { clock, session } = setUp(context);
  session.hold('clusters');
  session.hold('releases');
  session.hold('objects');
  await clock.advance(60_000);
  assert.equal(session.state.type, 'live');
  assert.equal(clock.pending, 0);
});

test('An API server without Karmada is told from one with it and left alone', async (context) => {
  const { plane, clock, session, states } = setUp(context);
  plane.served = { '': karmadaApis[''] ?? {} };
  session.hold('clusters');
  await clock.advance(60_000);
  assert.equal(session.info?.isKarmada, false);
  assert.equal(plane.watches.size, 0);
  assert.deepEqual(types(states), ['live']);
});

test('Changes of many streams come in few batches', async (context) => {
  const { plane, clock, session } = setUp(context);
  let batches = 0;
  session.onDidChangeRows(() => batches++);
  session.hold('clusters');
  await clock.advance(1000);
  batches = 0;
  for (let i = 0; i < 1000; i++) {
    plane.put(clusters, named(`member${i % 100}`));
    await clock.advance(1);
  }
  await clock.advance(100);
  assert.ok(batches <= 21, `${batches} batches`);
});

test('A listener that throws stops nobody else', async (context) => {
  const { plane, clock, session, log, held } = setUp(context);
  session.onDidChangeState(() => assert.fail('first'));
  session.onDidChangeRows(() => assert.fail('second'));
  plane.put(clusters, named('member1'));
  const states: string[] = [];
  session.onDidChangeState(({ type }) => states.push(type));
  session.hold('clusters');
  await clock.advance(1000);
  assert.equal(states.at(-1), 'live');
  assert.deepEqual(held('cluster.karmada.io/clusters'), ['member1']);
  assert.ok(log.some((line) => line.startsWith('A listener failed')));
});

test('After dispose nothing is left and nothing is said', async (context) => {
  const { plane, clock, session, states, changes, isReleased } = setUp(context);
  session.hold('clusters');
  session.hold('releases');
  await clock.advance(1000);
  const [stateCount, changeCount, requestCount] = [
    states.length,
    changes.length,
    plane.requests.length,
  ];
  plane.put(clusters, named('member1'));
  session.dispose();
  session.retry();
  session.hold('objects').dispose();
  await clock.advance(600_000);
  assert.equal(clock.pending, 0);
  assert.equal(plane.watches.size, 0);
  assert.ok(plane.isDisposed && isReleased());
  assert.deepEqual(
    [states.length, changes.length, plane.requests.length],
    [stateCount, changeCount, requestCount],
  );
});

test('Members are asked through the cluster proxy', async (context) => {
  const { plane, session } = setUp(context);
  const reference = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    namespace: 'apps',
    name: 'podinfo',
  };
  const release = { name: 'helmreleases', kind: 'HelmRelease', namespaced: true };
  plane.request = async (request) => {
    plane.requests.push(request);
    return (request.path.endsWith('/v2') ? { resources: [release] } : {}) as never;
  };
  await session.memberGet('member1', reference);
  const base =
    '/apis/cluster.karmada.io/v1alpha1/clusters/member1/proxy/apis/helm.toolkit.fluxcd.io';
  assert.deepEqual(
    plane.requests.map(({ path }) => path),
    [`${base}/v2`, `${base}/v2/namespaces/apps/helmreleases/podinfo`],
  );
  await assert.rejects(session.memberGet('..', reference), { reason: 'invalid' });
});
