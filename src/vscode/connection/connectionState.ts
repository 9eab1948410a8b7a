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
  /** Nothing can be shown. The context is '' when there was none to choose. */
  | { readonly type: 'failed'; readonly context: string; readonly error: KubeError }
  /** The API server answers and serves no Karmada. */
  | { readonly type: 'notKarmada'; readonly context: string };

/**
 * What a session's state means for the connection that was in state `before`. Rows that were once there stay: until
 * they are read anew the connection is as live or stale as it was.
 */
export function toConnectionState(
  before: ConnectionState,
  { context, state, info, now }: SessionView,
): ConnectionState {
  if (info && !info.isKarmada) return { type: 'notKarmada', context };
  const hasRows = before.type === 'live' || before.type === 'stale';
  const since = before.type === 'stale' ? before.since : (state.since ?? now);
  const error = state.error && { error: state.error };
  switch (state.type) {
    case 'live':
      return before.type === 'live' ? before : { type: 'live', context };
    case 'connecting':
      return hasRows || before.type === 'connecting' ? before : { type: 'connecting', context };
    case 'failed':
      if (!hasRows && state.error) return { type: 'failed', context, error: state.error };
      return { type: 'stale', context, since, ...error };
    case 'stale':
      return { type: 'stale', context, since: state.since ?? since, ...error };
  }
}

interface SessionView {
  readonly context: string;
  readonly state: SessionState;
  readonly info: ControlPlaneInfo | undefined;
  readonly now: number;
}

/** The context of a state; '' when there is none. */
export function contextOf(state: ConnectionState): string {
  return state.type === 'disconnected' ? '' : state.context;
}
