import type { Disposable } from '../base/lifecycle.ts';
import { KubeError } from '../live/index.ts';
import { createFleetStream, type FleetStream, type FleetStreamOptions } from './fleetStream.ts';
import { originOf, resolveStream, streamKinds, type StreamKind } from './streamKinds.ts';
import type { ControlPlaneInfo, Interest, StreamState } from './types.ts';

/** The streams of a control plane, one a kind. */
export interface FleetStreams extends Disposable {
  /** By origin; optional kinds that are not served have none. */
  readonly states: ReadonlyMap<string, StreamState>;
  /** Lets exactly the streams run that an interest needs and the server has. */
  follow(info: ControlPlaneInfo, isHeld: (interest: Interest) => boolean): void;
  retry(): void;
  /** One stream is back: those that wait because the server was away or not up yet need not wait any longer. */
  retryUnreached(): void;
}

/** Makes streams as they are needed; contacts nothing before. */
export function createFleetStreams(
  options: Omit<FleetStreamOptions, 'onState'> & {
    readonly onState: (origin: string, state: StreamState, before: StreamState) => void;
  },
): FleetStreams {
  const streams = new Map<string, FleetStream>();
  /** Kinds that are needed and that the server does not have. */
  const unserved = new Map<string, StreamState>();

  const followKind = (kind: StreamKind, info: ControlPlaneInfo, isWanted: boolean): void => {
    const origin = originOf(kind);
    const type = resolveStream(kind, info);
    let stream = streams.get(origin);
    if (stream && (type?.version !== stream.type.version || type.plural !== stream.type.plural)) {
      stream.dispose();
      streams.delete(origin);
      // The kind is gone, or its objects are read in another version from here on.
      options.batches.reset(kind.list, origin);
      stream = undefined;
    }
    unserved.delete(origin);
    if (!type) {
      if (isWanted && !kind.isOptional) unserved.set(origin, notServed(kind));
      return;
    }
    if (!stream && isWanted) {
      const onState: FleetStreamOptions['onState'] = (state, before) =>
        options.onState(origin, state, before);
      stream = createFleetStream(kind, type, { ...options, onState });
      streams.set(origin, stream);
    }
    stream?.want(isWanted);
  };
  return {
    get states() {
      return new Map([
        ...[...streams].map(([origin, stream]) => [origin, stream.state] as const),
        ...unserved,
      ]);
    },
    follow(info, isHeld) {
      for (const kind of streamKinds) followKind(kind, info, kind.interests.some(isHeld));
    },
    retry() {
      for (const stream of streams.values()) stream.retry();
    },
    retryUnreached() {
      for (const stream of streams.values()) if (isUnreached(stream.state)) stream.retry();
    },
    dispose() {
      for (const stream of streams.values()) stream.dispose();
      streams.clear();
      unserved.clear();
    },
  };
}

/** Whether something that is needed may be installed later: a group of Flux, or a kind that Karmada cannot do without. */
export function isIncomplete(
  info: ControlPlaneInfo,
  isHeld: (interest: Interest) => boolean,
): boolean {
  return streamKinds.some(
    (kind) =>
      kind.interests.some(isHeld) &&
      (kind.isOptional
        ? kind.group.endsWith('.fluxcd.io') && !info.served.has(kind.group)
        : !resolveStream(kind, info)),
  );
}

function isUnreached(state: StreamState): boolean {
  return state.type === 'stale' && /^(unreachable|timeout|server)$/.test(state.error?.reason ?? '');
}

function notServed({ group, kind, version }: StreamKind): StreamState {
  const name = version === '' ? group : `${group}/${version}`;
  const message = `The server has no kind ${kind} in ${name}.`;
  return { type: 'refused', error: new KubeError('notFound', message) };
}
