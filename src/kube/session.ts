import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { createInterner, type FleetChange } from '../live/index.ts';
import { createChangeBatches, type ChangeBatches } from './changeBatches.ts';
import { systemClock, type Clock } from './clock.ts';
import { createDiscoveryLoop, type DiscoveryLoop } from './discoveryLoop.ts';
import { createEmitter, type Emitter } from './emitter.ts';
import { createFleetStreams, isIncomplete, type FleetStreams } from './fleetStreams.ts';
import { createObjectApi, type ObjectApi } from './objectApi.ts';
import { memberPath } from './resourcePath.ts';
import { isSameState, sessionState } from './sessionState.ts';
import { createTransport } from './transport.ts';
import type {
  ControlPlaneInfo,
  ContextTarget,
  ControlPlaneSession,
  Interest,
  SessionState,
  StreamState,
  Transport,
} from './types.ts';
import { whoAmI } from './whoAmI.ts';

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

/**
 * A session on a control plane. Nothing is contacted before somebody holds an interest or asks for an object; what the
 * server serves is found out first, and again after it was away. Failures are states; only the calls about single objects
 * reject, with `KubeError`. The session disposes the target's credentials with itself.
 */
export function createSession(
  target: ContextTarget,
  options: SessionOptions = {},
): ControlPlaneSession {
  const { clock = systemClock, random = Math.random, log = () => {} } = options;
  const transport = options.transport ?? createTransport(target);
  const onError = (error: unknown): void => log(`A listener failed: ${String(error)}`);
  const didChangeState = createEmitter<SessionState>(onError);
  const didChangeRows = createEmitter<readonly FleetChange[]>(onError);
  const batches = createChangeBatches(clock, pace, (changes) => didChangeRows.fire(changes));
  const interests = createInterests(() => follow());
  const streams = createFleetStreams({
    ...{ transport, clock, random, grace, batches, log, interner: createInterner() },
    onState(origin, state, before) {
      if ('error' in state) log(`${origin}: ${state.error.message}`);
      if (hasNews(state, before)) discovery.later(rediscoverySoon);
      if (before.type === 'stale' && state.type === 'live') streams.retryUnreached();
      teller.changed();
    },
  });
  const discovery = createDiscoveryLoop({
    ...{ transport, clock, random, log, isWanted: interests.isAnyHeld },
    onChange: () => follow(),
  });
  const teller = createTeller({ clock, batches, discovery, streams, didChangeState });
  const follow = (): void => {
    const { info } = discovery;
    if (interests.isAnyHeld()) discovery.need();
    if (info?.isKarmada) streams.follow(info, interests.isHeld);
    if (info && isIncomplete(info, interests.isHeld)) discovery.eventually();
    teller.changed();
  };
  const store = new DisposableStore();
  // Last first: whatever could still speak ends before what it speaks to.
  for (const part of [target.credentials, transport, didChangeRows, didChangeState, batches]) {
    store.add(part);
  }
  for (const part of [streams, discovery, teller, interests]) store.add(part);
  return {
    target,
    get state() {
      return teller.state;
    },
    get info() {
      return discovery.info;
    },
    onDidChangeState: didChangeState.on,
    onDidChangeRows: didChangeRows.on,
    hold: interests.hold,
    retry() {
      target.credentials.forgetFailure();
      streams.retry();
      if (interests.isAnyHeld()) discovery.run();
    },
    ...objectCalls(transport, discovery),
    dispose: () => store.dispose(),
  };
}

/** A stream is back, or its kind has gone: the server may serve other kinds and versions than before. */
function hasNews(state: StreamState, before: StreamState): boolean {
  if (before.type === 'stale' && state.type === 'live') return true;
  return state.type === 'refused' && state.error.reason === 'notFound';
}

interface Interests extends Disposable {
  readonly hold: (interest: Interest) => Disposable;
  readonly isHeld: (interest: Interest) => boolean;
  readonly isAnyHeld: () => boolean;
}

function createInterests(onChange: () => void): Interests {
  const counts = new Map<Interest, number>();
  let isOver = false;
  const change = (interest: Interest, by: number): void => {
    counts.set(interest, (counts.get(interest) ?? 0) + by);
    if (!isOver) onChange();
  };
  return {
    hold(interest) {
      change(interest, 1);
      let isHeld = true;
      return {
        dispose() {
          if (isHeld) change(interest, -1);
          isHeld = false;
        },
      };
    },
    isHeld: (interest) => !isOver && (counts.get(interest) ?? 0) > 0,
    isAnyHeld: () => !isOver && [...counts.values()].some((count) => count > 0),
    dispose: () => void (isOver = true),
  };
}

interface Teller extends Disposable {
  readonly state: SessionState;
  /** Something may be different; listeners hear it soon if it is. */
  changed(): void;
}

function createTeller(parts: {
  readonly clock: Clock;
  readonly batches: ChangeBatches;
  readonly discovery: DiscoveryLoop;
  readonly streams: FleetStreams;
  readonly didChangeState: Emitter<SessionState>;
}): Teller {
  const { clock, batches, discovery, streams, didChangeState } = parts;
  const current = (): SessionState => sessionState(discovery.state, streams.states);
  let told = current();
  let toldInfo = discovery.info;
  let timer: Disposable | undefined;
  let isOver = false;
  const tell = (): void => {
    timer = undefined;
    const state = current();
    const { info } = discovery;
    if (isSameState(told, state) && isSameRelease(toldInfo, info)) return;
    [told, toldInfo] = [state, info];
    // Whoever hears that a list is there finds its rows.
    batches.flush();
    didChangeState.fire(state);
  };
  return {
    get state() {
      return current();
    },
    changed() {
      if (!isOver) timer ??= clock.after(statePace, tell);
    },
    dispose() {
      isOver = true;
      timer?.dispose();
    },
  };
}

/** The release of Karmada may be told after everything else. */
function isSameRelease(a: ControlPlaneInfo | undefined, b: ControlPlaneInfo | undefined): boolean {
  return a?.karmadaVersion === b?.karmadaVersion && a?.differences === b?.differences;
}

type ObjectCalls = Pick<
  ControlPlaneSession,
  | 'get'
  | 'list'
  | 'apply'
  | 'replace'
  | 'delete'
  | 'whoAmI'
  | 'events'
  | 'patch'
  | 'memberGet'
  | 'memberEvents'
  | 'memberPatch'
>;

const ownLimit = 30_000;
/** A member that is down lets the control plane wait. */
const memberLimit = 20_000;

function objectCalls(transport: Transport, discovery: DiscoveryLoop): ObjectCalls {
  const known = () => discovery.info?.resources ?? [];
  const { events, patch, ...own } = createObjectApi(transport, {
    ...{ base: '', known, idleLimit: ownLimit },
  });
  const members = new Map<string, ObjectApi>();
  const memberOf = (cluster: string): ObjectApi => {
    let api = members.get(cluster);
    if (!api) {
      const base = memberPath(cluster);
      api = createObjectApi(transport, { base, known, idleLimit: memberLimit });
      members.set(cluster, api);
    }
    return api;
  };
  return {
    ...own,
    whoAmI: (signal) => whoAmI(transport, { idleLimit: ownLimit, ...(signal ? { signal } : {}) }),
    events,
    patch,
    memberGet: async (cluster, ...rest) => memberOf(cluster).get(...rest),
    memberEvents: async (cluster, ...rest) => memberOf(cluster).events(...rest),
    memberPatch: async (cluster, reference, change, signal) =>
      memberOf(cluster).patch(reference, change, signal ? { signal } : {}),
  };
}
