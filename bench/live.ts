import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startApiServer } from '../scripts/apiServer.mjs';
import { systemClock } from '../src/kube/clock.ts';
import type { Clock } from '../src/kube/clock.ts';
import {
  createClustersTree,
  createReleasesTree,
  defaultViewOptions,
  type FleetModel,
} from '../src/live/index.ts';
import { clientOfKubeconfig } from '../test/support/apiServerClient.ts';
import type { ApiServerClient } from '../test/support/apiServerClient.ts';
import { installKinds } from '../test/support/apiServerKinds.ts';
import { restoreFleet } from '../test/support/fleetSeed.ts';
import { assertEqualsServer, connectSession } from '../test/support/liveSession.ts';
import { checkRatio, finish } from './measure.ts';

/*
 * The live fleet at scale, on a real API server that this starts and stops: how long until every row of both views is
 * there, beside `kubectl get --raw` of the same lists; what it keeps in memory; two hundred changes a second for a
 * minute; and then silence.
 */

const env = (name: string, value: number): number => Number(process.env[name] ?? value);
const size = {
  clusters: env('LIVE_CLUSTERS', 1000),
  releases: env('LIVE_RELEASES', 100),
  worksPerCluster: env('LIVE_WORKS', 20),
  groups: 100,
};
const seconds = env('LIVE_SECONDS', 60);
const changesPerSecond = 200;
/** What the two views show; ours are read in the same order. */
const lists = [
  '/apis/cluster.karmada.io/v1alpha1/clusters',
  '/apis/helm.toolkit.fluxcd.io/v2/helmreleases',
  '/apis/work.karmada.io/v1alpha2/resourcebindings',
  '/apis/work.karmada.io/v1alpha2/clusterresourcebindings',
  '/apis/work.karmada.io/v1alpha1/works',
  ...[
    'helmrepositories',
    'ocirepositories',
    'gitrepositories',
    'buckets',
    'helmcharts',
    'externalartifacts',
  ].map((plural) => `/apis/source.toolkit.fluxcd.io/v1/${plural}`),
  '/api/v1/events?fieldSelector=type=Warning',
];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const server = await startApiServer({ say: print });
try {
  await measure();
} finally {
  await server.stop();
}
finish();

async function measure(): Promise<void> {
  const client = clientOfKubeconfig(server.kubeconfig);
  await installKinds(client);
  const seeded = performance.now();
  await restoreFleet(client, server.etcd, size);
  print(`seeded in ${ms(performance.now() - seeded)}`);
  await warmUp(client);
  client.dispose();
  print(`the server has taken it in after ${ms(performance.now() - seeded)}`);
  const times: number[] = [await readAll()];

  const clock = countingClock();
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const live = await connectSession({
    kubeconfig: server.kubeconfig,
    context: 'certificate',
    interests: ['clusters', 'releases'],
    clock,
  });
  await live.until('live', () => live.session.state.type === 'live', 300_000);
  const read = process.cpuUsage(cpu);
  const rows = lookAtAll(live.model);
  const took = performance.now() - started;
  times.push(await readAll());
  collectGarbage();
  const growth = process.memoryUsage().heapUsed - heapBefore;
  print(`reading took ${ms((read.user + read.system) / 1000)} of a processor`);
  print(`${rows} lines in the trees, ${live.model.rows('works').size} Works`);

  const raw = times.reduce((sum, time) => sum + time, 0) / times.length;
  const both = `${ms(took)} against ${times.map(ms).join(' and ')} of kubectl get --raw`;
  checkRatio('every row of both views', took / raw, 1.2, both);
  const json = jsonSize(live.model);
  const memory = `${mb(growth)} of heap for ${mb(json.once)} of JSON, shared parts counted once`;
  checkRatio('heap', growth / json.once, 2, `${memory} (${mb(json.all)} with repetitions)`);

  // Policies and the like too, from here on: the whole model is compared.
  live.session.hold('objects');
  await live.until('live', () => live.session.state.type === 'live', 60_000);
  await change(live);
  await idle(live, clock);
  live.dispose();
}

/** Two hundred changes a second, by another process; then the rows are the server's. */
async function change(live: Awaited<ReturnType<typeof connectSession>>): Promise<void> {
  const before = { ...live.counts };
  const cpu = process.cpuUsage();
  const refreshes = countRefreshes(live);
  const writer = fork(fileURLToPath(new URL('liveChanges.ts', import.meta.url)), [
    server.kubeconfig,
    server.etcd,
    JSON.stringify({ ...size, seconds, changesPerSecond }),
  ]);
  let written = 0;
  writer.once('message', (count: number) => {
    written = count;
  });
  await once(writer, 'exit');
  const ended = performance.now();
  const perSecond = refreshes.end();
  await assertEqualsServer(live, server, 120_000);
  const used = process.cpuUsage(cpu);
  print(
    `${written} changes in ${seconds} s (${Math.round(written / seconds)}/s): equal ${ms(performance.now() - ended)} after the last`,
  );
  print(
    `${live.counts.rows - before.rows} rows in ${live.counts.batches - before.batches} batches, ` +
      `${((used.user + used.system) / 1e6 / seconds).toFixed(2)} of a processor`,
  );
  const pace = `${written} of ${seconds * changesPerSecond} written; more means the server was too slow`;
  checkRatio('pace of the changes', (changesPerSecond * seconds) / written, 1.1, pace);
  checkRatio(
    'refreshes a second',
    perSecond,
    10,
    'each view at most every 250 ms, when something in it changed',
  );
}

/** As the views do it: both look again at most four times a second, and draw all lines that look different. */
function countRefreshes(live: Awaited<ReturnType<typeof connectSession>>): { end: () => number } {
  const started = performance.now();
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const listening = live.session.onDidChangeRows(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const tree of treesOf(live.model)) {
        tree.roots();
        count += 1;
      }
    }, 250);
  });
  return {
    end() {
      listening.dispose();
      clearTimeout(timer);
      return (count * 1000) / (performance.now() - started);
    },
  };
}

async function idle(
  live: Awaited<ReturnType<typeof connectSession>>,
  clock: Clock & { fired: number },
): Promise<void> {
  await sleep(2000);
  const { fired } = clock;
  const before = { ...live.counts };
  await sleep(20_000);
  const streams = [...live.session.state.streams.values()].filter(({ type }) => type === 'live');
  checkRatio('timers fired while idle', clock.fired - fired, 0, 'in 20 s');
  checkRatio('batches while idle', live.counts.batches - before.batches, 0, 'in 20 s');
  checkRatio(
    'connections beside streams',
    live.socketCount() - streams.length,
    1,
    `${live.socketCount()} connections, ${streams.length} streams`,
  );
}

/** Reads all lists one after the other with kubectl; answers how long it took. */
async function readAll(): Promise<number> {
  const started = performance.now();
  for (const path of lists) await readOne(path);
  return performance.now() - started;
}

/** Until the server's caches have taken it all in, it answers late or says that it is not ready. */
async function warmUp(client: ApiServerClient): Promise<void> {
  const deadline = performance.now() + 600_000;
  for (const path of lists) {
    while ((await client.raw('GET', path)).status !== 200) {
      if (performance.now() > deadline) throw new Error(`the server does not list ${path}`);
      await sleep(500);
    }
  }
}

/** What kubectl prints goes nowhere: only its own time counts. */
async function readOne(path: string): Promise<void> {
  const args = ['--kubeconfig', server.kubeconfig, 'get', '--raw', path];
  const child = spawn(server.kubectl, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`kubectl get --raw ${path} ended with ${code}`);
}

function treesOf(model: FleetModel) {
  const input = { model, options: defaultViewOptions, now: Date.now() };
  return [createClustersTree(input), createReleasesTree(input)];
}

/** Makes every line that both trees would show when all of the first two levels were open. */
function lookAtAll(model: FleetModel): number {
  let count = 0;
  for (const tree of treesOf(model)) {
    for (const root of tree.roots()) {
      count += 1 + tree.children(root.id).length;
    }
  }
  return count;
}

function countingClock(): Clock & { fired: number } {
  const clock = {
    fired: 0,
    now: () => systemClock.now(),
    after: (milliseconds: number, callback: () => void) =>
      systemClock.after(milliseconds, () => {
        clock.fired += 1;
        callback();
      }),
  };
  return clock;
}

/** How long the rows are as JSON: with every object each time, and with shared objects counted once. */
function jsonSize(model: FleetModel): { all: number; once: number } {
  const seen = new Set<object>();
  let once = 0;
  const measureOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) {
      return lengthOf(value);
    }
    const isNew = !seen.has(value);
    seen.add(value);
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    const isList = Array.isArray(value);
    let all = 2;
    for (const [key, inner] of entries) {
      const own = (isList ? 0 : String(key).length + 3) + 1;
      all += own + measureOf(inner);
      if (isNew) once += own + (typeof inner === 'object' && inner !== null ? 2 : lengthOf(inner));
    }
    return all;
  };
  let all = 0;
  for (const list of ['clusters', 'bindings', 'works', 'objects', 'events'] as const) {
    for (const row of model.rows(list).values()) all += measureOf(row);
  }
  return { all, once };
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}

function ms(time: number): string {
  return `${Math.round(time)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
