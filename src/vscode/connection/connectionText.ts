import { fieldNames } from '../../analysis/index.ts';
import type { ControlPlaneInfo, ControlPlaneSession, StreamState } from '../../kube/index.ts';
import type { ConnectionState } from './connectionState.ts';

/** How old something is, in the largest unit that fits: `2 min`. */
export function ageText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than 1 min';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** The line above a tree whose rows may be out of date; empty when they are not. */
export function staleMessage(state: ConnectionState, now: number): string {
  if (state.type !== 'stale') return '';
  const age = `Not up to date: ${ageText(now - state.since)} old.`;
  return state.error ? `${age} ${state.error.message}` : age;
}

/** What the status bar says of a connection. `icon` is the name of a product icon. */
export function statusText(
  state: ConnectionState,
  now: number,
): { readonly icon: string; readonly text: string } | undefined {
  switch (state.type) {
    case 'disconnected':
      return undefined;
    case 'connecting':
      return { icon: 'sync~spin', text: state.context };
    case 'live':
      return { icon: 'plug', text: state.context };
    case 'stale':
      return { icon: 'warning', text: `${state.context}: ${ageText(now - state.since)} old` };
    case 'failed':
      return { icon: 'error', text: state.context || 'Karmada' };
    case 'notKarmada':
      return { icon: 'circle-slash', text: `${state.context}: not Karmada` };
  }
}

/** The state in a few words, for what is read aloud and for titles. */
export function stateText(state: ConnectionState, now: number): string {
  switch (state.type) {
    case 'disconnected':
      return 'Not connected';
    case 'connecting':
      return 'Connecting';
    case 'live':
      return 'Connected';
    case 'stale':
      return `Not up to date: ${ageText(now - state.since)} old`;
    case 'failed':
      return 'Not connected';
    case 'notKarmada':
      return 'Not a Karmada control plane';
  }
}

/** The sentence on a context whose server answers and is no Karmada. */
export function notKarmadaSentence(context: string): string {
  return `${context} is not a Karmada control plane: its API server does not serve policy.karmada.io and cluster.karmada.io.`;
}

/** What is wrong, one sentence or a few; empty when nothing is. */
export function problemOf(state: ConnectionState): string {
  if (state.type === 'notKarmada') return notKarmadaSentence(state.context);
  return 'error' in state && state.error ? state.error.message : '';
}

/** Everything there is to say about a connection, line by line. */
export function connectionDetails(
  state: ConnectionState,
  session: Pick<ControlPlaneSession, 'target' | 'info' | 'state'> | undefined,
  readOnly: string | undefined,
  now: number,
): readonly string[] {
  const problem = problemOf(state);
  return [
    stateText(state, now),
    ...(problem ? [problem] : []),
    ...(session ? targetLines(session) : []),
    ...(session?.info ? infoLines(session.info) : []),
    ...(readOnly ? [readOnly] : []),
    ...(session ? refusedLines(session.state.streams) : []),
  ];
}

function targetLines({ target }: Pick<ControlPlaneSession, 'target'>): readonly string[] {
  const through = target.proxyUrl ? [`Proxy: ${withoutUserInfo(target.proxyUrl)}`] : [];
  return [`Server: ${withoutUserInfo(target.server)}`, `User: ${target.user}`, ...through];
}

/** A URL may hold a password before its host, also one that is written without its scheme. */
export function withoutUserInfo(url: string): string {
  return url.replace(/^([a-z0-9+.-]+:\/\/)?[^/?#]*@/i, '$1');
}

const none: Parameters<typeof fieldNames>[0] = new Map();

function infoLines(info: ControlPlaneInfo): readonly string[] {
  const { lacking = none, unknown = none } = info.differences ?? {};
  return [
    ...(info.karmadaVersion ? [`Karmada: ${info.karmadaVersion}`] : []),
    ...(lacking.size > 0 ? [`Its policies lack: ${fieldNames(lacking).join(', ')}`] : []),
    ...(unknown.size > 0 ? [`Not known here: ${fieldNames(unknown).join(', ')}`] : []),
    ...(info.kubernetesVersion ? [`Kubernetes API: ${info.kubernetesVersion}`] : []),
  ];
}

/** What is not to be had and why: one line for all that takes more access, a line each for the rest. */
function refusedLines(streams: ReadonlyMap<string, StreamState>): readonly string[] {
  const resources: string[] = [];
  const others: string[] = [];
  for (const [origin, state] of streams) {
    if (state.type !== 'refused') continue;
    if (state.error.reason === 'forbidden') resources.push(resourceOf(origin));
    else others.push(`${origin}: ${state.error.message}`);
  }
  if (resources.length === 0) return others;
  const access = 'Not allowed; it takes the verbs get, list and watch on:';
  return [`${access} ${resources.join(', ')}`, ...others];
}

/** As RBAC and kubectl name it: `works.work.karmada.io`. */
function resourceOf(origin: string): string {
  const [group = '', plural] = origin.split('/');
  return plural === undefined ? origin : `${plural}.${group}`;
}
