import type { Disposable } from '../base/lifecycle.ts';
import { isKubeError, KubeError } from '../live/index.ts';
import { backOff } from './backOff.ts';
import type { Clock } from './clock.ts';
import { discover } from './discovery.ts';
import { readPolicySchema } from './policySchema.ts';
import type { PolicySchema } from './policySchema.ts';
import type { DiscoveryState } from './sessionState.ts';
import type { ControlPlaneInfo, Transport } from './types.ts';

/** Knows what a server serves, and finds it out again when there is a reason to. */
export interface DiscoveryLoop extends Disposable {
  readonly state: DiscoveryState;
  /** What was found last; a failure later on does not take it back. */
  readonly info: ControlPlaneInfo | undefined;
  /** Asks if nothing is known, and nothing speaks against asking by oneself. */
  need(): void;
  /** Asks now. */
  run(): void;
  /** Asks after some milliseconds, unless it is asked before; the time said last counts. */
  later(milliseconds: number): void;
  /** Asks again after a while, unless a time is set already: something is missing that may be installed. */
  eventually(): void;
}

export interface DiscoveryLoopOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (message: string) => void;
  /** Whether anybody still wants to know. */
  readonly isWanted: () => boolean;
  /** `info` or `state` are new. */
  readonly onChange: () => void;
}

/** While something is not served, which may be installed at any time. */
const missingPace = 180_000;

/** Contacts nothing before it is told to. After `dispose` nothing is called back. */
export function createDiscoveryLoop(options: DiscoveryLoopOptions): DiscoveryLoop {
  const { transport, clock, random, log, isWanted, onChange } = options;
  const ended = new AbortController();
  const found = createFindings(options, ended.signal);
  let state: DiscoveryState = { type: 'idle' };
  let isRunning = false;
  let failures = 0;
  const alarm = createAlarm(clock, () => {
    if (isWanted()) run();
  });

  const run = (): void => {
    if (isRunning || ended.signal.aborted) return;
    isRunning = true;
    alarm.clear();
    if (state.type === 'idle') state = { type: 'running' };
    void discover(transport, { signal: ended.signal })
      .then(succeeded, (cause) => failed(toKubeError(cause)))
      .finally(() => {
        isRunning = false;
        if (!ended.signal.aborted) onChange();
      });
  };
  const succeeded = (answer: ControlPlaneInfo): void => {
    failures = 0;
    state = { type: 'done' };
    found.take(answer);
  };
  const failed = (error: KubeError): void => {
    if (ended.signal.aborted) return;
    log(`What the server serves could not be read: ${error.message}`);
    // What was found before holds until the server says something else; its streams tell how they are.
    if (!found.info) state = { type: 'failed', error };
    const pause = pauseAfter(error, ++failures, random);
    if (pause !== undefined) alarm.set(pause);
  };
  return {
    get state() {
      return state;
    },
    get info() {
      return found.info;
    },
    need() {
      const isInVain = state.type === 'failed' && !passing.has(state.error.reason);
      if (!found.info && !alarm.isSet && !isInVain) run();
    },
    run() {
      failures = 0;
      run();
    },
    later: alarm.set,
    eventually: () => alarm.setOnce(missingPace),
    dispose() {
      ended.abort();
      alarm.clear();
    },
  };
}

/**
 * What discovery found last, and what the schemas of policies tell besides. Nobody waits for these: they may be slow to
 * come.
 */
function createFindings({ transport, log, onChange }: DiscoveryLoopOptions, signal: AbortSignal) {
  let latest: ControlPlaneInfo | undefined;
  let info: ControlPlaneInfo | undefined;
  let schema: PolicySchema | undefined;
  let isReading = false;
  const tell = (answer: ControlPlaneInfo): void => {
    info = withSchema(answer, schema);
    log(describe(info));
  };
  const readSchema = async ({ resources }: ControlPlaneInfo): Promise<void> => {
    const now = await readPolicySchema(transport, resources, { before: schema, signal });
    if (signal.aborted || !now || now === schema) return;
    schema = now;
    if (latest) tell(latest);
    onChange();
  };
  return {
    get info() {
      return info;
    },
    take(answer: ControlPlaneInfo): void {
      latest = answer;
      tell(answer);
      if (isReading || !answer.isKarmada) return;
      isReading = true;
      // A server that cannot be reached shows in its streams; it is asked again when it is back.
      void readSchema(answer)
        .catch(() => {})
        .finally(() => (isReading = false));
    },
  };
}

function withSchema(info: ControlPlaneInfo, schema: PolicySchema | undefined): ControlPlaneInfo {
  if (!schema || !info.isKarmada) return info;
  const karmadaVersion = info.karmadaVersion || schema.karmadaVersion;
  return { ...info, karmadaVersion, differences: schema.differences };
}

/** One time at which something is to happen. */
function createAlarm(clock: Clock, ring: () => void) {
  let timer: Disposable | undefined;
  const clear = (): void => {
    timer?.dispose();
    timer = undefined;
  };
  const set = (milliseconds: number): void => {
    clear();
    timer = clock.after(milliseconds, () => {
      timer = undefined;
      ring();
    });
  };
  return {
    get isSet() {
      return timer !== undefined;
    },
    clear,
    set,
    setOnce(milliseconds: number): void {
      if (!timer) set(milliseconds);
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

/** Milliseconds until another try is worth it; `undefined` where only the user can help. */
function pauseAfter(error: KubeError, failures: number, random: () => number): number | undefined {
  // Asking again would start the user's sign-in program again and again.
  if (error.reason === 'credentials' || error.reason === 'kubeconfig') return undefined;
  if (!passing.has(error.reason)) return missingPace;
  return Math.max((error.retryAfter ?? 0) * 1000, backOff(failures, random));
}

function toKubeError(error: unknown): KubeError {
  if (isKubeError(error)) return error;
  return new KubeError('malformed', 'What the server serves could not be read.', { cause: error });
}

function describe({
  isKarmada,
  kubernetesVersion,
  karmadaVersion,
  served,
  differences,
}: ControlPlaneInfo): string {
  const karmada = isKarmada ? `Karmada ${karmadaVersion || '(version not told)'}` : 'no Karmada';
  const groups = [...served].map(([group, versions]) => `${group} ${versions.join(', ')}`);
  const doubts = differences
    ? [...differences.lacking, ...differences.unknown].map(
        ([kind, { length }]) => `${kind} ${length}`,
      )
    : [];
  const differing = doubts.length > 0 ? `; policies differ: ${doubts.join(', ')}` : '';
  return `Kubernetes ${kubernetesVersion}, ${karmada}: ${groups.join('; ')}${differing}`;
}
