import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Clock } from '../../src/kube/clock.ts';
import { createTransport, loadKubeconfig, resolveContext } from '../../src/kube/index.ts';
import { createSession } from '../../src/kube/session.ts';
import type {
  ControlPlaneSession,
  Interest,
  KubeRequest,
  SessionState,
  Transport,
} from '../../src/kube/index.ts';
import {
  createFleetModel,
  createInterner,
  readBinding,
  readCluster,
  readEvent,
  readObject,
  readWork,
} from '../../src/live/index.ts';
import type { FleetList, FleetModel, FleetRows, Interner } from '../../src/live/index.ts';
import type { JsonObject, Result } from '../../src/engine/index.ts';

/** A session with a model behind it, as the extension has them, and counts of all that it said. */
export interface LiveSession {
  readonly session: ControlPlaneSession;
  readonly model: FleetModel;
  /** Every state that was told, oldest first. */
  readonly states: SessionState[];
  readonly logged: string[];
  readonly counts: { batches: number; rows: number };
  /** Connections that are open now. */
  socketCount(): number;
  /** Waits until something holds; fails with what it is and the present state. */
  until(what: string, holds: () => boolean, limit?: number): Promise<void>;
  dispose(): void;
}

/** Connects as the extension does: the kubeconfig's file, one of its contexts, all interests unless told. */
export async function connectSession(options: {
  kubeconfig: string;
  context: string;
  clock?: Clock;
  interests?: readonly Interest[];
  /** Milliseconds that a program for credentials may take. */
  execTimeout?: number;
  /** By how much less silence a request bears than it asks for. */
  impatience?: number;
}): Promise<LiveSession> {
  const { kubeconfig, context, clock, interests = ['clusters', 'releases', 'objects'] } = options;
  const target = resolveContext(await loadKubeconfig({ paths: [kubeconfig] }), context, {
    ...(clock ? { now: () => clock.now() } : {}),
    ...(options.execTimeout === undefined ? {} : { execTimeout: options.execTimeout }),
  });
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const transport = impatient(createTransport(target), options.impatience ?? 1);
  const session = createSession(target, { log, transport, ...(clock ? { clock } : {}) });
  const model = createFleetModel();
  const states: SessionState[] = [];
  const counts = { batches: 0, rows: 0 };
  session.onDidChangeState((state) => states.push(state));
  session.onDidChangeRows((changes) => {
    counts.batches += 1;
    for (const { set, deleted } of changes) counts.rows += set.length + deleted.length;
    model.apply(changes);
  });
  for (const interest of interests) session.hold(interest);
  const until: LiveSession['until'] = async (what, holds, limit = 15_000) => {
    const deadline = performance.now() + limit;
    while (!holds()) {
      assert.ok(
        performance.now() < deadline,
        `not within ${limit} ms: ${what}; ${describe(session)}`,
      );
      await sleep(10);
    }
  };
  return {
    session,
    model,
    states,
    logged,
    counts,
    socketCount: () => transport.socketCount,
    until,
    dispose: () => session.dispose(),
  };
}

function impatient(transport: Transport, factor: number): Transport {
  const hurried = <R extends KubeRequest>(request: R): R => ({
    ...request,
    idleLimit: (request.idleLimit ?? 30_000) / factor,
  });
  return {
    server: transport.server,
    request: (request) => transport.request(hurried(request)),
    text: (request) => transport.text(hurried(request)),
    answer: (request) => transport.answer(hurried(request)),
    stream: (request, ...rest) => transport.stream(hurried(request), ...rest),
    get socketCount() {
      return transport.socketCount;
    },
    dispose: () => transport.dispose(),
  };
}

/** The state in words: which streams are not as they should be. */
function describe({ state }: ControlPlaneSession): string {
  const streams = [...state.streams]
    .filter(([, stream]) => stream.type !== 'live')
    .map(([origin, stream]) =>
      'error' in stream
        ? `${origin} ${stream.type} (${stream.error.message})`
        : `${origin} ${stream.type}`,
    );
  const error = state.error ? ` (${state.error.reason}: ${state.error.message})` : '';
  return `the session is ${state.type}${error}; ${streams.join(', ')}`;
}

/** A list of the server and how its objects become rows. */
export interface ServerList {
  readonly list: FleetList;
  readonly path: string;
  readonly read: (object: JsonObject, interner: Interner) => Result<FleetRows[FleetList]>;
}

/** The lists whose rows tests compare. */
export const serverLists: readonly ServerList[] = [
  { list: 'clusters', path: '/apis/cluster.karmada.io/v1alpha1/clusters', read: readCluster },
  { list: 'bindings', path: '/apis/work.karmada.io/v1alpha2/resourcebindings', read: readBinding },
  { list: 'works', path: '/apis/work.karmada.io/v1alpha1/works', read: readWork },
  { list: 'events', path: '/api/v1/events?fieldSelector=type=Warning', read: readEvent },
  objectList('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'helmreleases'),
  objectList('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'helmrepositories'),
  objectList('policy.karmada.io/v1alpha1', 'PropagationPolicy', 'propagationpolicies'),
];

function objectList(apiVersion: string, kind: string, plural: string): ServerList {
  return {
    list: 'objects',
    path: `/apis/${apiVersion}/${plural}`,
    read: (object, interner) => readObject(object, interner, { apiVersion, kind }),
  };
}

/** What `kubectl get --raw` says, as text. */
export async function kubectlRaw(
  server: { kubectl: string; kubeconfig: string },
  path: string,
): Promise<string> {
  const args = ['--kubeconfig', server.kubeconfig, 'get', '--raw', path];
  const { stdout } = await promisify(execFile)(server.kubectl, args, { maxBuffer: 2 ** 29 });
  return stdout;
}

/** Rows of the server's present state, read by kubectl, by list and key. */
export async function serverRows(server: {
  kubectl: string;
  kubeconfig: string;
}): Promise<ReadonlyMap<FleetList, ReadonlyMap<string, FleetRows[FleetList]>>> {
  const rows = new Map<FleetList, Map<string, FleetRows[FleetList]>>();
  for (const { list, path, read } of serverLists) {
    const interner = createInterner();
    const { items } = JSON.parse(await kubectlRaw(server, path)) as { items: JsonObject[] };
    const found = rows.get(list) ?? new Map<string, FleetRows[FleetList]>();
    rows.set(list, found);
    for (const item of items) {
      const { value } = read(item, interner) as { value: FleetRows[FleetList] };
      found.set(value.key, value);
    }
  }
  return rows;
}

/** Waits until the model has the very versions that the server has, then compares every row whole. */
export async function assertEqualsServer(
  live: LiveSession,
  server: { kubectl: string; kubeconfig: string },
  limit = 15_000,
): Promise<void> {
  const wanted = await serverRows(server);
  const differences = (): string[] =>
    [...wanted].flatMap(([list, rows]) => {
      const have = comparable(live.model, list);
      const missing = [...rows.values()].filter(
        (row) => have.get(row.key)?.resourceVersion !== row.resourceVersion,
      );
      const extra = [...have.keys()].filter((key) => !rows.has(key));
      return [...missing.map(({ key }) => `${list} ${key}`), ...extra.map((key) => `gone: ${key}`)];
    });
  const deadline = performance.now() + limit;
  while (differences().length > 0 && performance.now() < deadline) await sleep(20);
  assert.deepEqual(differences().slice(0, 10), [], describe(live.session));
  for (const [list, rows] of wanted) {
    const have = comparable(live.model, list);
    for (const [key, row] of rows) assert.deepEqual(have.get(key), row, `${list} ${key}`);
  }
}

const comparedKinds: ReadonlySet<string> = new Set([
  'HelmRelease',
  'HelmRepository',
  'PropagationPolicy',
]);

/** The model's rows of a list; of objects only the kinds that `serverLists` has. */
function comparable(model: FleetModel, list: FleetList): ReadonlyMap<string, FleetRows[FleetList]> {
  const rows = model.rows(list);
  if (list !== 'objects') return rows;
  return new Map([...model.rows('objects')].filter(([, { kind }]) => comparedKinds.has(kind)));
}
