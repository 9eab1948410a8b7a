import type { ControlPlaneInfo, SessionState } from '../../kube/index.ts';
import type { KubeError } from '../../live/index.ts';

/** How the window is connected to a control plane. `context` is the kubeconfig's name of it. */
export type ConnectionState =
  | { readonly type: 'disconnected' }
  | { readonly type: 'connecting'; readonly context: string }
  | { readonly type: 'live'; readonly context: string }
  /** What is shown was right at `since` (ms since the epoch). */
  | {
      readonly type: 'stale';
      readonly context: string;
      readonly since: number;
      readonly error?: KubeError;
    }
  /** Nothing could be read at all. */
  | { readonly type: 'failed'; readonly context: string; readonly error: KubeError }
  /** The API server answers and serves no Karmada. */
  | { readonly type: 'notKarmada'; readonly context: string };

/** What a session's state means for the connection; the session's own words when nothing was read yet. */
export function toConnectionState(
  context: string,
  state: SessionState,
  info: ControlPlaneInfo | undefined,
  now: number,
): ConnectionState {
  if (info && !info.isKarmada) return { type: 'notKarmada', context };
  if (state.type === 'failed' && state.error) {
    return { type: 'failed', context, error: state.error };
  }
  if (state.type === 'stale' || state.type === 'failed') {
    const since = state.since ?? now;
    return { type: 'stale', context, since, ...(state.error && { error: state.error }) };
  }
  return { type: state.type, context };
}

/** The context of a state; '' when there is none. */
export function contextOf(state: ConnectionState): string {
  return state.type === 'disconnected' ? '' : state.context;
}
