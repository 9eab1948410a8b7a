import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { member, stringMember } from '../../../src/engine/index.ts';
import type { JsonObject } from '../../../src/engine/index.ts';
import { createReflector, createTransport } from '../../../src/kube/index.ts';
import type { Reflector, ReflectorOptions, StreamState } from '../../../src/kube/index.ts';
import { KubeError } from '../../../src/live/index.ts';
import { collectionServer, failWith } from '../../support/collectionServer.ts';
import type { CollectionServer } from '../../support/collectionServer.ts';
import { manualClock } from '../../support/manualClock.ts';
import type { ManualClock } from '../../support/manualClock.ts';
import { targetOf } from '../../support/scriptedServer.ts';

interface TestRow {
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly spec: unknown;
}

const type = { group: 'g.io', version: 'v1', plural: 'things', kind: 'Thing', isNamespaced: true };

function toRow(object: JsonObject): TestRow {
  const metadata = member(object, 'metadata');
  return {
    key: `${stringMember(metadata, 'namespace')}/${stringMember(metadata, 'name')}`,
    uid: stringMember(metadata, 'uid'),
    resourceVersion: stringMember(metadata, 'resourceVersion'),
    spec: member(object, 'spec'),
  };
}

interface Fixture extends AsyncDisposable {
  readonly api: CollectionServer;
  readonly clock: ManualClock;
  readonly reflector: Reflector;
  readonly rows: Map<string, TestRow>;
  readonly batches: { reset: boolean; set: string[]; deleted: string[] }[];
  readonly states: StreamState[];
  readonly sockets: number;
  /** How many objects became rows. */
  readonly projections: number;
  /** Waits until something holds, while time goes on for batches alone. */
  until(holds: () => boolean): Promise<void>;
}

async function fixture(
  options: Partial<ReflectorOptions<TestRow>> = {},
  prepare?: (api: CollectionServer) => void,
): Promise<Fixture> {
  const api = await collectionServer();
  prepare?.(api);
  const clock = manualClock();
  const transport = createTransport(targetOf(api.server.url));
  const rows = new Map<string, TestRow>();
  const batches: Fixture['batches'] = [];
  const states: StreamState[] = [];
  let projections = 0;
  const reflector = createReflector<TestRow>({
    transport,
    type,
    clock,
    random: () => 0.5,
    project(object) {
      projections++;
      return toRow(object);
    },
    onChanges({ reset, set, deleted }) {
      batches.push({ reset, set: set.map(({ key }) => key), deleted: [...deleted] });
      if (reset) rows.clear();
      for (const row of set) rows.set(row.key, row);
      for (const key of deleted) rows.delete(key);
    },
    onState: (state) => states.push(state),
    ...options,
  });
  return {
    api,
    clock,
    reflector,
    rows,
    batches,
    states,
    get sockets() {
      return transport.socketCount;
    },
    get projections() {
      return projections;
    },
    async until(holds) {
      const end = Date.now() + 5000;
      while (!holds()) {
        assert(Date.now() < end, 'it did not come about');
        await sleep(2);
        if (clock.waits.some((wait) => wait <= 50)) await clock.advance(50);
      }
    },
    async [Symbol.asyncDispose]() {
      reflector.dispose();
      transport.dispose();
      await api[Symbol.asyncDispose]();
    },
  };
}

const types = (states: readonly StreamState[]): string[] => states.map((state) => state.type);

/** The rows are what the server has, to the last version. */
function assertEqual({ rows, api }: Fixture): void {
  const versions = (entries: Iterable<[string, string]>) => [...entries].sort();
  assert.deepEqual(
    versions([...rows].map(([key, row]) => [key, row.resourceVersion])),
    versions(
      [...api.objects].map(([name, { metadata }]) => [`ns/${name}`, metadata.resourceVersion]),
    ),
  );
}

/** Started and live, with some objects. */
async function live(count = 3, options: Partial<ReflectorOptions<TestRow>> = {}): Promise<Fixture> {
  const made = await fixture(options, (api) => {
    for (let i = 0; i < count; i++) api.put(`o${i}`);
  });
  made.reflector.start();
  await made.until(() => made.reflector.state.type === 'live');
  return made;
}

test('nothing is asked before the start; then the list comes with a reset, and the watch', async () => {
  await using made = await fixture({}, (api) => api.put('a'));
  await sleep(20);
  assert.equal(made.api.server.accepted, 0);
  made.reflector.start();
  await made.until(() => made.reflector.state.type === 'live');
  assert.deepEqual(made.batches, [{ reset: true, set: ['ns/a'], deleted: [] }]);
  assert.deepEqual(types(made.states), ['listing', 'live']);
  const [query] = made.api.watchQueries;
  assert.equal(query?.get('resourceVersion'), '101');
  assert.equal(query?.get('allowWatchBookmarks'), 'true');
  assert.equal(query?.get('timeoutSeconds'), '450');
  assert.deepEqual(made.clock.waits, [], 'idle, no timer waits');
  assert.equal(made.sockets, 1);
});

test('an empty collection is told too', async () => {
  await using made = await live(0);
  assert.deepEqual(made.batches, [{ reset: true, set: [], deleted: [] }]);
});

test('changes come in batches in which a row is once', async () => {
  await using made = await live(2);
  made.api.put('o0');
  made.api.put('o0');
  made.api.put('new');
  made.api.delete('new');
  made.api.delete('o1');
  made.api.put('o1');
  made.api.put('last');
  await made.until(() => made.rows.has('ns/last'));
  assert.equal(made.batches.length, 2);
  assert.deepEqual(made.batches[1], {
    reset: false,
    set: ['ns/o0', 'ns/o1', 'ns/last'],
    deleted: ['ns/new'],
  });
  assertEqual(made);
  assert.deepEqual(made.clock.waits, []);
});

test('a watch that ends goes on from the last version or bookmark, without a list and unseen', async () => {
  await using made = await live();
  made.api.put('o0');
  await made.until(() => made.batches.length === 2);
  await made.clock.advance(60_000);
  made.api.endWatches();
  await made.until(() => made.api.watchQueries.length === 2);
  assert.equal(made.api.watchQueries[1]?.get('resourceVersion'), String(made.api.version));
  await made.until(() => made.api.watches === 1);
  made.api.compact();
  made.api.bookmark();
  await sleep(20);
  await made.clock.advance(60_000);
  made.api.endWatches();
  await made.until(() => made.api.watchQueries.length === 3);
  made.api.put('late');
  await made.until(() => made.rows.has('ns/late'));
  assert.equal(made.api.lists.length, 1);
  assert.deepEqual(types(made.states), ['listing', 'live']);
  assertEqual(made);
});

test('a broken connection is stale until the server takes it again, and nothing is lost', async () => {
  await using made = await live();
  const heard = made.clock.now();
  await made.clock.advance(60_000);
  made.api.breakWatches();
  await made.until(() => made.reflector.state.type === 'stale');
  const state = made.reflector.state;
  assert(state.type === 'stale');
  assert.deepEqual([state.since, state.error.reason], [heard, 'unreachable']);
  made.api.put('meanwhile');
  made.api.delete('o1');
  const [wait = 0] = made.clock.waits;
  assert(wait >= 400 && wait <= 1200, `${wait}`);
  await made.clock.advance(wait);
  await made.until(() => made.rows.has('ns/meanwhile'));
  assert.equal(made.reflector.state.type, 'live');
  assert.equal(made.api.lists.length, 1);
  assertEqual(made);
});

for (const tellsByEvent of [false, true]) {
  const by = tellsByEvent ? 'an ERROR event' : 'the status 410';
  test(`after ${by} the list is compared and only what differs is told`, async () => {
    await using made = await live(200);
    made.api.tellsByEvent = tellsByEvent;
    const { projections } = made;
    const before = made.batches.length;
    await made.clock.advance(60_000);
    made.api.troubles.push(failWith(500));
    made.api.endWatches();
    await made.until(() => made.reflector.state.type === 'stale');
    made.api.put('o7');
    made.api.put('new');
    made.api.delete('o9');
    made.api.compact();
    made.reflector.retry();
    await made.until(() => made.reflector.state.type === 'live' && made.rows.has('ns/new'));
    assertEqual(made);
    assert.equal(made.projections - projections, 2);
    const later = made.batches.slice(before);
    assert.deepEqual(later.flatMap(({ set }) => set).sort(), ['ns/new', 'ns/o7']);
    assert.deepEqual(
      later.flatMap(({ deleted }) => deleted),
      ['ns/o9'],
    );
    assert(!later.some(({ reset }) => reset));
  });
}

test('an object that was deleted and made anew under its name is told on a new list', async () => {
  await using made = await live(1);
  made.api.troubles.push(failWith(500));
  await made.clock.advance(60_000);
  made.api.endWatches();
  await made.until(() => made.reflector.state.type === 'stale');
  made.api.delete('o0');
  made.api.put('o0', 'another');
  made.api.compact();
  made.reflector.retry();
  await made.until(() => made.rows.get('ns/o0')?.spec === 'another');
  assertEqual(made);
});

test('waits grow from 0.8 to 30 seconds, spread by half, and begin anew after success', async () => {
  await using made = await fixture();
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) made.api.troubles.push(failWith(500));
  made.reflector.start();
  for (let i = 0; i < 10; i++) {
    await made.until(
      () => made.clock.waits.length === 1 && made.api.server.requests.length === i + 1,
    );
    const [wait = 0] = made.clock.waits;
    waits.push(wait);
    await made.clock.advance(wait);
  }
  assert.deepEqual(waits, [800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000, 30000]);
  await made.until(() => made.reflector.state.type === 'live');
  assert.deepEqual(
    types(made.states),
    ['listing', 'stale', 'live'],
    'the same trouble is told once',
  );
  await made.clock.advance(10_000);
  made.api.breakWatches();
  await made.until(() => made.reflector.state.type === 'stale');
  assert.deepEqual(made.clock.waits, [800]);
});

test('a server that ends every watch at once is not asked without a pause', async () => {
  await using made = await live();
  for (let i = 0; i < 5; i++) {
    made.api.endWatches();
    await made.until(() => made.clock.waits.length === 1);
    const [wait = 0] = made.clock.waits;
    assert.equal(wait, 800 * 2 ** i);
    assert.equal(made.api.watchQueries.length, i + 1);
    await made.clock.advance(wait);
    await made.until(() => made.api.watches === 1);
  }
});

test('Retry-After is obeyed, between pages without losing those that came', async () => {
  await using made = await fixture({}, (api) => {
    for (let i = 0; i < 60; i++) api.put(`o${i}`);
  });
  made.api.troubles.push(failWith(429, { 'Retry-After': '600' }));
  made.reflector.start();
  await made.until(() => made.reflector.state.type === 'stale');
  assert.deepEqual(made.clock.waits, [315_000], 'no longer than five minutes and a bit');
  made.api.troubles.push(undefined, failWith(503, { 'Retry-After': '20' }));
  made.reflector.retry();
  await made.until(() => made.rows.size === 50 && made.clock.waits.length === 1);
  const [wait = 0] = made.clock.waits;
  assert(wait > 19_000 && wait <= 20_000, `${wait}`);
  await made.clock.advance(wait);
  await made.until(() => made.reflector.state.type === 'live');
  assert.equal(made.api.lists.filter((query) => !query.has('continue')).length, 1);
  assertEqual(made);
});

for (const status of [403, 404, 405]) {
  test(`${status} refuses the stream: tried again rarely, or when asked`, async () => {
    await using made = await fixture();
    made.api.troubles.push(failWith(status), failWith(status));
    made.reflector.start();
    await made.until(() => made.reflector.state.type === 'refused');
    assert.deepEqual(made.clock.waits, [300_000]);
    await made.clock.advance(300_000);
    await made.until(() => made.api.server.requests.length === 2 && made.clock.waits.length === 1);
    made.reflector.retry();
    await made.until(() => made.reflector.state.type === 'live');
    assert.deepEqual(types(made.states), ['listing', 'refused', 'live']);
  });
}

test('a list that expires between its pages begins anew', async () => {
  await using made = await fixture({}, (api) => {
    for (let i = 0; i < 120; i++) api.put(`o${i}`);
  });
  made.api.troubles.push(undefined, (_, response) => {
    made.api.delete('o0');
    made.api.compact();
    failWith(410)(_, response);
  });
  made.reflector.start();
  await made.until(() => made.reflector.state.type === 'live');
  assertEqual(made);
});

test('a list that expires goes on where the server gives a token, and the watch makes up for it', async () => {
  await using made = await fixture({}, (api) => {
    for (let i = 0; i < 120; i++) api.put(`o${i}`);
  });
  made.api.givesInconsistentToken = true;
  const first = made.api.version;
  made.api.troubles.push(undefined, () => {
    made.api.put('o0');
    made.api.put('zz');
    made.api.delete('o1');
    made.api.forgetLists();
    return 'go on';
  });
  made.reflector.start();
  await made.until(() => made.rows.has('ns/zz') && !made.rows.has('ns/o1'));
  assert.equal(made.reflector.state.type, 'live');
  assert.equal(made.api.watchQueries[0]?.get('resourceVersion'), String(first));
  assert.equal(made.api.lists.filter((query) => !query.has('continue')).length, 1);
  assertEqual(made);
});

test('pages of large objects are small, pages of small ones large', async () => {
  const text = 'x'.repeat(200_000);
  await using large = await fixture({}, (api) => {
    for (let i = 0; i < 90; i++) api.put(`o${i}`, text);
  });
  large.reflector.start();
  await large.until(() => large.reflector.state.type === 'live');
  assert.deepEqual(limitsOf(large.api), [50, 19, 19, 19]);
  await using small = await fixture({}, (api) => {
    for (let i = 0; i < 2000; i++) api.put(`o${i}`);
  });
  small.reflector.start();
  await small.until(() => small.reflector.state.type === 'live');
  assert.deepEqual(limitsOf(small.api), [50, 1000, 5000]);
});

function limitsOf({ lists }: CollectionServer): number[] {
  return lists.map((query) => Number(query.get('limit')));
}

test('selectors, a namespace and metadata alone are asked of the server', async () => {
  await using made = await fixture({
    namespace: 'prod',
    fieldSelector: 'type=Warning',
    labelSelector: 'a=b',
    metadataOnly: true,
  });
  made.reflector.start();
  await made.until(() => made.reflector.state.type === 'live');
  const [list, watch] = made.api.server.requests;
  const path =
    '/apis/g.io/v1/namespaces/prod/things?fieldSelector=type%3DWarning&labelSelector=a%3Db&';
  assert(list?.url?.startsWith(path), list?.url);
  assert(watch?.url?.startsWith(path), watch?.url);
  const partial = 'application/json;as=PartialObjectMetadata';
  assert.equal(list?.headers.accept, `${partial}List;g=meta.k8s.io;v=v1`);
  assert.equal(watch?.headers.accept, `${partial};g=meta.k8s.io;v=v1`);
});

test('lines that are no events make the stream stale, not wrong', async () => {
  for (const text of ['oops\n', '{"type":"ADDED"}\n', '{"type":"NEW","object":{}}\n', '[]\n']) {
    await using made = await live();
    made.api.write(text);
    await made.until(() => made.reflector.state.type === 'stale');
    made.api.put('next');
    await made.clock.advance(1000);
    await made.until(() => made.rows.has('ns/next'));
    assertEqual(made);
  }
});

test('an object that cannot be read is reported and costs nothing else', async () => {
  const problems: unknown[] = [];
  await using made = await live(3, {
    project(object) {
      const row = toRow(object);
      if (row.key === 'ns/o1') throw new Error('odd');
      return row;
    },
    onProblem: (error) => problems.push(error),
  });
  assert.deepEqual([...made.rows.keys()], ['ns/o0', 'ns/o2']);
  assert.equal(problems.length, 1);
});

test('stopping hands over what is gathered and keeps the place; starting goes on from there', async () => {
  await using made = await live();
  made.api.put('x');
  await sleep(30);
  made.reflector.stop();
  assert(made.rows.has('ns/x'));
  assert.equal(made.reflector.state.type, 'idle');
  await made.until(() => made.api.watches === 0);
  made.api.put('y');
  made.reflector.start();
  await made.until(() => made.rows.has('ns/y'));
  assert.equal(made.api.lists.length, 1);
  made.reflector.stop();
  made.reflector.start();
  made.reflector.stop();
  made.reflector.start();
  await made.until(() => made.api.watches === 1);
  made.api.put('z');
  await made.until(() => made.rows.has('ns/z'));
  assertEqual(made);
});

test('after the end nothing is called back, no socket is open and no timer waits', async () => {
  await using made = await live();
  made.api.put('gathered');
  await made.until(() => made.clock.waits.length === 1 || made.rows.has('ns/gathered'));
  const before = [made.batches.length, made.states.length];
  made.reflector.dispose();
  made.api.put('late');
  made.reflector.start();
  made.reflector.retry();
  await made.clock.advance(1_000_000);
  await sleep(30);
  assert.deepEqual([made.batches.length, made.states.length], before);
  assert.deepEqual([made.sockets, made.api.watches, made.clock.waits.length], [0, 0, 0]);
});

test('ending while it waits leaves no timer', async () => {
  await using made = await fixture();
  made.api.troubles.push(failWith(500));
  made.reflector.start();
  await made.until(() => made.reflector.state.type === 'stale');
  made.reflector.dispose();
  assert.deepEqual(made.clock.waits, []);
});

test('silence ends a watch; a server that sends no bookmarks is then given its whole time', async () => {
  const limits: number[] = [];
  const clock = manualClock();
  let end: ((error: KubeError) => void) | undefined;
  const states: StreamState[] = [];
  const reflector = createReflector<TestRow>({
    transport: {
      server: 'https://api',
      socketCount: 0,
      request: () => Promise.reject(new Error('not asked')),
      text: () => Promise.resolve('{"metadata":{"resourceVersion":"5"},"items":[]}'),
      answer: () => Promise.reject(new Error('not scripted')),
      stream: ({ idleLimit = 0 }, _, onOpen) => {
        limits.push(idleLimit);
        onOpen?.();
        return new Promise((__, reject) => {
          end = reject;
        });
      },
      dispose: () => {},
    },
    type,
    clock,
    random: () => 0,
    project: toRow,
    onChanges: () => {},
    onState: (state) => states.push(state),
  });
  reflector.start();
  await sleep(5);
  await clock.advance(80_000);
  end?.(new KubeError('timeout', 'Silent.'));
  await sleep(5);
  assert.deepEqual(limits, [80_000, 330_000]);
  assert.deepEqual(types(states), ['listing', 'live']);
  await clock.advance(330_000);
  end?.(new KubeError('timeout', 'Silent.'));
  await sleep(5);
  assert.deepEqual(types(states), ['listing', 'live', 'stale']);
  reflector.dispose();
});

test('a server that falls silent and does not take the next watch is shown as away soon', async () => {
  const clock = manualClock();
  const ends: ((error: KubeError) => void)[] = [];
  const states: StreamState[] = [];
  const reflector = createReflector<TestRow>({
    transport: {
      server: 'https://api',
      socketCount: 0,
      request: () => Promise.reject(new Error('not asked')),
      text: () => Promise.resolve('{"metadata":{"resourceVersion":"5"},"items":[]}'),
      answer: () => Promise.reject(new Error('not scripted')),
      stream: (_, __, onOpen) => {
        // The second one hangs: the connection is half open.
        if (ends.length !== 1) onOpen?.();
        return new Promise((___, reject) => ends.push(reject));
      },
      dispose: () => {},
    },
    type,
    clock,
    random: () => 0,
    project: toRow,
    onChanges: () => {},
    onState: (state) => states.push(state),
  });
  reflector.start();
  await sleep(5);
  const heardAt = clock.now();
  await clock.advance(80_000);
  ends[0]?.(new KubeError('timeout', 'Silent.'));
  await sleep(5);
  assert.deepEqual(types(states), ['listing', 'live']);
  await clock.advance(3_000);
  assert.deepEqual(types(states), ['listing', 'live', 'stale']);
  const last = states.at(-1);
  assert.ok(last?.type === 'stale' && last.since === heardAt);
  ends[1]?.(new KubeError('timeout', 'No answer.'));
  await clock.advance(60_000);
  await sleep(5);
  assert.deepEqual(types(states), ['listing', 'live', 'stale', 'stale', 'live']);
  assert.deepEqual(clock.waits, []);
  reflector.dispose();
});

test('after sleep a retry doubts a stream from which nothing came, and no other', async () => {
  await using made = await live();
  made.reflector.retry();
  await sleep(20);
  assert.equal(made.api.watchQueries.length, 1);
  await made.clock.advance(3_600_000);
  made.api.put('while asleep');
  made.reflector.retry();
  await made.until(() => made.api.watchQueries.length === 2 && made.api.watches === 1);
  await made.until(() => made.rows.has('ns/while asleep'));
  assert.deepEqual(types(made.states), ['listing', 'live']);
});

const name = fc.integer({ min: 0, max: 12 }).map((i) => `o${i}`);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('put'), name) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('delete'), name) },
  {
    weight: 5,
    arbitrary: fc.tuple(
      fc.constantFrom(
        ...[
          'compact',
          'bookmark',
          'endWatches',
          'breakWatches',
          'garbage',
          'halfLine',
          'stop',
          'start',
          'pause',
          'long',
        ],
      ),
      fc.constant(''),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom(...['500', '503', '410', '429', '403', 'cut', 'html']),
      fc.constant(''),
    ),
  },
);

test('whatever happens on the way, the rows end equal to what the server has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, byEvent) => {
      await using made = await fixture({}, (api) => {
        for (let i = 0; i < 5; i++) api.put(`o${i}`);
      });
      made.api.tellsByEvent = byEvent;
      made.api.givesInconsistentToken = byEvent;
      made.reflector.start();
      for (const [what, which] of steps) await take(made, what, which);
      made.api.troubles.length = 0;
      made.reflector.start();
      made.api.put('end');
      await made.until(() => {
        // A connection may break later than its cause.
        made.reflector.retry();
        return made.rows.has('ns/end');
      });
      assertEqual(made);
      made.reflector.dispose();
      assert.deepEqual(made.clock.waits, []);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

async function take(
  { api, clock, reflector }: Fixture,
  what: string,
  which: string,
): Promise<void> {
  if (what === 'put') api.put(which);
  else if (what === 'delete') api.delete(which);
  else if (what === 'garbage') api.write('{"type":"ADDED","object":3}\n');
  else if (what === 'halfLine') {
    api.write('{"type":');
    api.breakWatches();
  } else if (what === 'stop' || what === 'start') reflector[what]();
  else if (what === 'pause') await sleep(4);
  else if (what === 'long') {
    await sleep(2);
    await clock.advance(6000);
  } else if (what === 'cut') {
    api.troubles.push((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('{');
      setTimeout(() => response.destroy(), 1);
    });
  } else if (what === 'html') {
    api.troubles.push((_, response) => void response.end('<html></html>'));
  } else if (/^\d/.test(what)) api.troubles.push(failWith(Number(what), { 'Retry-After': '1' }));
  else api[what as 'compact' | 'bookmark' | 'endWatches' | 'breakWatches']();
}
