import type { Disposable } from '../base/lifecycle.ts';
import { createInterner, isKubeError, KubeError, type FleetChange } from '../live/index.ts';
import { backOff } from './backOff.ts';
import { createChangeBatches } from './changeBatches.ts';
import { systemClock, type Clock } from './clock.ts';
import { discover } from './discovery.ts';
import { createEmitter } from './emitter.ts';
import { createFleetStream, type FleetStream } from './fleetStream.ts';
import { createObjectApi, type ObjectApi } from './objectApi.ts';
import { memberPath } from './resourcePath.ts';
import { isSameState, sessionState, type DiscoveryState } from './sessionState.ts';
import { originOf, resolveStream, streamKinds } from './streamKinds.ts';
import { createTransport } from './transport.ts';
import type {
  ContextTarget,
  ControlPlaneInfo,
  ControlPlaneSession,
  Interest,
  SessionState,
  StreamState,
  Transport,
} from './types.ts';

export interface SessionOptions {
  readonly log?: (message: string) => void;
  readonly clock?: Clock;
  /** Between 0 and 1; spreads waits. */
  readonly random?: () => number;
  /** In place of one to the target's server. The session disposes it. */
  readonly transport?: Transport;
}

/** How long a stream goes on after the last view that shows it has gone. */
const grace = 10_000;
const pace = 50;
/** So that the changes of many streams are one notification. */
const statePace = 20;
/** After streams came back: time for all of them, and for the server to know its APIs again. */
const rediscoverySoon = 3_000;
/** While something is not served, which may be installed at any time. */
const rediscoveryPace = 180_000;
/** A member that is down lets the control plane wait. */
const memberLimit = 20_000;

/**
 * A session on a control plane. Nothing is contacted before somebody holds an interest or asks for an object; what the
 * server serves is found out first, and again after it was away. Failures are states; only the calls about single objects
 * reject, with `KubeError`.
 */
export function createSession(
  target: ContextTarget,
  options: SessionOptions = {},
): ControlPlaneSession {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const log = options.log ?? (() => {});
  const transport = options.transport ?? createTransport(target);
  const ended = new AbortController();
  const onListenerError = (error: unknown): void => log(`A listener failed: ${String(error)}`);
  const didChangeState = createEmitter<SessionState>(onListenerError);
  const didChangeRows = createEmitter<readonly FleetChange[]>(onListenerError);
  const batches = createChangeBatches(clock, pace, (changes) => didChangeRows.fire(changes));
  const interner = createInterner();
  const interests = new Map<Interest, number>();
  const streams = new Map<string, FleetStream>();
  /** Wanted kinds that the server does not have. */
  const unserved = new Map<string, StreamState>();
  let info: ControlPlaneInfo | undefined;
  let discovery: DiscoveryState = { type: 'idle' };
  let isDiscovering = false;
  let failures = 0;
  let nextDiscovery: Disposable | undefined;
  let told: SessionState = sessionState(discovery, new Map());
  let toTell: Disposable | undefined;

  const current = (): SessionState => {
    const states = new Map<string, StreamState>();
    for (const [origin, stream] of streams) states.set(origin, stream.state);
    for (const [origin, state] of unserved) states.set(origin, state);
    return sessionState(discovery, states);
  };
  const changed = (): void => {
    if (ended.signal.aborted) return;
    toTell ??= clock.after(statePace, () => {
      toTell = undefined;
      const state = current();
      if (isSameState(told, state)) return;
      told = state;
      // Whoever hears that a list is there finds its rows.
      batches.flush();
      didChangeState.fire(state);
    });
  };
  const isHeld = (): boolean => [...interests.values()].some((count) => count > 0);

  /** Nothing is known, nothing is under way, and to ask is no more than a view should do by opening. */
  const needsDiscovery = (): boolean =>
    !info &&
    !nextDiscovery &&
    (discovery.type === 'idle' ||
      (discovery.type === 'failed' && passing.has(discovery.error.reason)));
  const schedule = (milliseconds: number): void => {
    nextDiscovery?.dispose();
    nextDiscovery = clock.after(milliseconds, () => {
      nextDiscovery = undefined;
      if (isHeld()) void runDiscovery();
    });
  };
  const runDiscovery = async (): Promise<void> => {
    if (isDiscovering || ended.signal.aborted) return;
    isDiscovering = true;
    nextDiscovery?.dispose();
    nextDiscovery = undefined;
    if (discovery.type === 'idle') discovery = { type: 'running' };
    changed();
    try {
      info = await discover(transport, { signal: ended.signal });
      failures = 0;
      discovery = { type: 'done' };
      log(describe(info));
    } catch (error) {
      if (!ended.signal.aborted) failed(toKubeError(error));
    } finally {
      isDiscovering = false;
    }
    if (!ended.signal.aborted) follow();
  };
  const failed = (error: KubeError): void => {
    failures += 1;
    log(`The APIs of ${target.context} could not be read: ${error.message}`);
    // What was found before holds until the server says something else; its streams tell how they are.
    if (!info) discovery = { type: 'failed', error };
    const pause = pauseAfter(error, failures, random);
    if (pause !== undefined) schedule(pause);
  };

  /** Lets exactly the streams run that somebody wants and the server has. */
  const follow = (): void => {
    if (ended.signal.aborted) return;
    if (info?.isKarmada) for (const kind of streamKinds) followKind(kind, info);
    if (info && isHeld() && !nextDiscovery && isSomethingMissing()) schedule(rediscoveryPace);
    changed();
  };
  const followKind = (kind: (typeof streamKinds)[number], known: ControlPlaneInfo): void => {
    const origin = originOf(kind);
    const isWanted = kind.interests.some((interest) => (interests.get(interest) ?? 0) > 0);
    const type = resolveStream(kind, known);
    let stream = streams.get(origin);
    if (stream && (type?.version !== stream.type.version || type.plural !== stream.type.plural)) {
      stream.dispose();
      streams.delete(origin);
      // The kind is gone, or its objects are read in another version from here on.
      batches.reset(kind.list, origin);
      stream = undefined;
    }
    unserved.delete(origin);
    if (!type) {
      if (isWanted && !kind.isOptional) unserved.set(origin, notServed(kind));
      return;
    }
    if (!stream && isWanted) {
      stream = createFleetStream(kind, type, {
        ...{ transport, clock, random, grace, interner, batches, log },
        onState: (state, before) => streamChanged(origin, state, before),
      });
      streams.set(origin, stream);
    }
    stream?.want(isWanted);
  };
  const streamChanged = (origin: string, state: StreamState, before: StreamState): void => {
    if ('error' in state) log(`${origin}: ${state.error.message}`);
    const isBack = before.type === 'stale' && state.type === 'live';
    const isGone = state.type === 'refused' && state.error.reason === 'notFound';
    if (isBack || isGone) schedule(rediscoverySoon);
    changed();
  };
  const isSomethingMissing = (): boolean =>
    unserved.size > 0 ||
    streamKinds.some(
      ({ group, interests: wantedBy }) =>
        group !== '' &&
        !info?.served.has(group) &&
        wantedBy.some((interest) => (interests.get(interest) ?? 0) > 0),
    );

  const known = () => info?.resources ?? [];
  const own = createObjectApi(transport, { base: '', known, idleLimit: 30_000 });
  const members = new Map<string, ObjectApi>();
  const memberOf = (cluster: string): ObjectApi => {
    let api = members.get(cluster);
    if (!api) {
      api = createObjectApi(transport, {
        base: memberPath(cluster),
        known,
        idleLimit: memberLimit,
      });
      members.set(cluster, api);
    }
    return api;
  };

  return {
    target,
    get state() {
      return current();
    },
    get info() {
      return info;
    },
    onDidChangeState: didChangeState.on,
    onDidChangeRows: didChangeRows.on,
    hold(interest) {
      const change = (by: number): void => {
        interests.set(interest, (interests.get(interest) ?? 0) + by);
        if (isHeld() && needsDiscovery()) void runDiscovery();
        else follow();
      };
      change(1);
      let isOver = false;
      return {
        dispose() {
          if (!isOver) change(-1);
          isOver = true;
        },
      };
    },
    retry() {
      failures = 0;
      for (const stream of streams.values()) stream.retry();
      if (isHeld()) void runDiscovery();
    },
    get: own.get,
    events: own.events,
    patch: own.patch,
    memberGet: async (cluster, ...rest) => memberOf(cluster).get(...rest),
    memberEvents: async (cluster, ...rest) => memberOf(cluster).events(...rest),
    memberPatch: async (cluster, reference, patch, signal) =>
      memberOf(cluster).patch(reference, patch, signal ? { signal } : {}),
    dispose() {
      ended.abort();
      nextDiscovery?.dispose();
      toTell?.dispose();
      for (const stream of streams.values()) stream.dispose();
      streams.clear();
      batches.dispose();
      didChangeState.dispose();
      didChangeRows.dispose();
      transport.dispose();
      target.credentials.dispose();
    },
  };
}

/** Reasons that pass by themselves. */
const passing = new Set<KubeError['reason']>([
  'unreachable',
  'timeout',
  'throttled',
  'server',
  'malformed',
]);

/** Milliseconds until discovery is worth another try; `undefined` where only the user can help. */
function pauseAfter(error: KubeError, failures: number, random: () => number): number | undefined {
  // Asking again would start the user's sign-in program again and again.
  if (error.reason === 'credentials' || error.reason === 'kubeconfig') return undefined;
  if (!passing.has(error.reason)) return rediscoveryPace;
  return Math.max((error.retryAfter ?? 0) * 1000, backOff(failures, random));
}

function notServed({ group, kind, version }: (typeof streamKinds)[number]): StreamState {
  const name = version === '' ? group : `${group}/${version}`;
  const message = `The server has no kind ${kind} in ${name}.`;
  return { type: 'refused', error: new KubeError('notFound', message) };
}

function toKubeError(error: unknown): KubeError {
  if (isKubeError(error)) return error;
  return new KubeError('malformed', 'What the server serves could not be read.', { cause: error });
}

function describe({ isKarmada, kubernetesVersion, karmadaVersion, served }: ControlPlaneInfo) {
  const karmada = isKarmada ? `Karmada ${karmadaVersion || '(version not told)'}` : 'no Karmada';
  const groups = [...served].map(([group, versions]) => `${group} ${versions.join(', ')}`);
  return `Kubernetes ${kubernetesVersion}, ${karmada}: ${groups.join('; ')}`;
}
