import type { KubeError } from '../live/index.ts';
import type { SessionState, StreamState } from './types.ts';

/** How far the session is with finding out what the server serves. */
export type DiscoveryState =
  | { readonly type: 'idle' }
  | { readonly type: 'running' }
  | { readonly type: 'done' }
  /** Of a first discovery; a later one that fails leaves what was found before. */
  | { readonly type: 'failed'; readonly error: KubeError };

/**
 * What streams come to together: stale as soon as one is, live when all that can be had are, failed when there is
 * nothing to be had at all.
 */
export function sessionState(
  discovery: DiscoveryState,
  streams: ReadonlyMap<string, StreamState>,
): SessionState {
  if (discovery.type === 'failed') return { type: 'failed', error: discovery.error, streams };
  const held = [...streams.values()].filter(({ type }) => type !== 'idle');
  const stale = held.filter((stream) => stream.type === 'stale');
  const [first, ...others] = stale;
  if (first) {
    const oldest = others.reduce((a, b) => (b.since < a.since ? b : a), first);
    return { type: 'stale', since: oldest.since, error: oldest.error, streams };
  }
  if (discovery.type !== 'done' || held.some(({ type }) => type === 'listing')) {
    return { type: 'connecting', streams };
  }
  const refused = held.filter((stream) => stream.type === 'refused');
  const [refusal] = refused;
  if (refusal && refused.length === held.length) {
    return { type: 'failed', error: refusal.error, streams };
  }
  return { type: 'live', streams };
}

/** Whether two states say the same, so that nobody needs to be told. */
export function isSameState(a: SessionState, b: SessionState): boolean {
  if (a.type !== b.type || a.since !== b.since || a.error !== b.error) return false;
  if (a.streams.size !== b.streams.size) return false;
  return [...a.streams].every(([origin, stream]) => b.streams.get(origin) === stream);
}
