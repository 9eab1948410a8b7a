import { setTimeout as sleep } from 'node:timers/promises';
import { clientOfKubeconfig } from '../test/support/apiServerClient.ts';
import {
  bindingSeed,
  clusterSeed,
  releaseSeed,
  workSeed,
  type FleetSize,
  type Seed,
} from '../test/support/fleetObjects.ts';
import { createSeed, objectPath, putIntoEtcd } from '../test/support/fleetSeed.ts';

/*
 * The writer beside bench/live.ts, a process of its own: changes as controllers make them, at an even pace. Most are
 * statuses of Works; a fifth are heartbeats of clusters, some are Works and releases that come and go. A report in a
 * binding costs the server a megabyte each time, so there is one every two seconds.
 *
 * Statuses and heartbeats go straight into etcd: checking two hundred patches a second is more than the API server does
 * on a small machine, telling its watchers of them is not, and that is what is measured.
 */

interface Task extends FleetSize {
  readonly seconds: number;
  readonly changesPerSecond: number;
}

interface Conditions {
  readonly conditions: { lastTransitionTime: string }[];
}
interface WorkStatus extends Conditions {
  readonly manifestStatuses: readonly { readonly status: Conditions }[];
}

const [kubeconfig = '', etcd = '', text = '{}'] = process.argv.slice(2);
const task = JSON.parse(text) as Task;
const client = clientOfKubeconfig(kubeconfig);
const jsonPatch = 'application/json-patch+json';

const total = task.seconds * task.changesPerSecond;
const started = performance.now();
const pending = new Set<Promise<void>>();
let written = 0;
for (let index = 0; index < total; index++) {
  const due = started + (index * 1000) / task.changesPerSecond;
  const wait = due - performance.now();
  if (wait > 1) await sleep(wait);
  // A server that cannot keep up is not to be buried.
  if (pending.size >= 64) await Promise.race(pending);
  if (performance.now() - started > task.seconds * 1100) break;
  const one: Promise<void> = write(index)
    .then(
      () => {
        written += 1;
      },
      // A server with too much to do says so; what is not written does not count.
      () => undefined,
    )
    .finally(() => pending.delete(one));
  pending.add(one);
}
await Promise.all(pending);
client.dispose();
process.send?.(written);
process.disconnect?.();

async function write(index: number): Promise<void> {
  const cluster = (index * 37) % task.clusters;
  const time = new Date(1_780_000_000_000 + index * 1000).toISOString().replace('.000', '');
  const kind = index % 100;
  if (index % 400 === 0) return report(Math.floor(index / 100) % task.releases, cluster, time);
  if (kind < 20) return heartbeat(cluster, time);
  if (kind === 20) return void (await createSeed(client, extra(index)));
  if (kind === 70) return void (await client.send('DELETE', objectPath(extra(index - 50))));
  if (kind === 21) {
    return void (await createSeed(client, workSeed(cluster, task.releases + index)));
  }
  return workStatus(cluster, index % task.worksPerCluster, time);
}

/** Beyond the releases that are bound; their namespace is the last one. */
function extra(index: number): Seed {
  const seed = releaseSeed(task.releases - 1);
  const { metadata } = seed.object;
  return {
    ...seed,
    object: { ...seed.object, metadata: { ...metadata, name: `extra-${index}` } },
  };
}

async function report(release: number, cluster: number, time: string): Promise<void> {
  const place = `/status/aggregatedStatus/${cluster}/status/conditions/0/lastTransitionTime`;
  const patch = [{ op: 'replace', path: place, value: time }];
  await client.send('PATCH', `${objectPath(bindingSeed(release, 1))}/status`, patch, jsonPatch);
}

async function heartbeat(cluster: number, time: string): Promise<void> {
  const seed = clusterSeed(cluster, 100);
  const { status } = seed.object as unknown as { status: Record<string, object> };
  const allocated = { cpu: `${cluster % 20}`, memory: '20480Mi', pods: time.slice(17, 19) };
  const resourceSummary = { ...status['resourceSummary'], allocated };
  const object = { ...seed.object, status: { ...status, resourceSummary } };
  await putIntoEtcd(etcd, [{ ...seed, object }]);
}

async function workStatus(cluster: number, release: number, time: string): Promise<void> {
  const seed = structuredClone(workSeed(cluster, release));
  const { status } = seed.object as unknown as { status: WorkStatus };
  for (const conditions of [status.conditions, status.manifestStatuses[0]?.status.conditions]) {
    const last = conditions?.at(-1);
    if (last) last.lastTransitionTime = time;
  }
  await putIntoEtcd(etcd, [seed]);
}
