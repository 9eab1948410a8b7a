import { basename } from 'node:path';
import { isKubeError, KubeError } from '../../live/index.ts';
import type { ExecPlugin } from '../kubeconfig/kubeconfig.ts';
import type { AuthSource, CredentialOptions, CredentialSource } from './authSource.ts';
import { readExecCredential } from './execCredential.ts';
import type { ExecCredential } from './execCredential.ts';
import { execInfo } from './execInfo.ts';
import { lookPath } from './lookPath.ts';
import { runProgram } from './runProgram.ts';
import type { ProgramEnd } from './runProgram.ts';
import { createSharedRun, stopped } from './sharedRun.ts';

/** A failure is told to all who ask within this time, in ms: streams that break together try again one by one. */
const failurePeriod = 5_000;
/** At most so many runs because of a 401 in such a time: a plugin may open a browser each time. */
const renewals = { count: 5, period: 300_000 };

/**
 * Credentials of an exec plugin, kept until they expire or the server refuses them. Ours rather than the ExecAuth of
 * `@kubernetes/client-node`, which sets no KUBERNETES_EXEC_INFO, knows no time-out, never runs again after a 401 and
 * leaves its children behind.
 */
export function createExecAuth(
  exec: ExecPlugin,
  source: CredentialSource,
  options: CredentialOptions,
): AuthSource {
  const now = options.now ?? Date.now;
  let cached: ExecCredential | undefined;
  let failure: { readonly error: KubeError; readonly at: number } | undefined;
  let renewedAt: readonly number[] = [];
  const shared = createSharedRun(async (signal) => {
    try {
      cached = await runPlugin(exec, source, options, signal);
      failure = undefined;
      return cached.auth;
    } catch (error) {
      if (isKubeError(error) && error.reason !== 'aborted') failure = { error, at: now() };
      throw error;
    }
  });
  return {
    get(signal) {
      if (cached && now() <= cached.expires) return Promise.resolve(cached.auth);
      if (failure && now() - failure.at < failurePeriod) return Promise.reject(failure.error);
      return shared.get(signal);
    },
    renew() {
      failure = undefined;
      if (!cached) return true;
      const recent = renewedAt.filter((at) => now() - at < renewals.period);
      if (recent.length >= renewals.count) return false;
      renewedAt = [...recent, now()];
      cached = undefined;
      return true;
    },
    forgetFailure: () => void (failure = undefined),
    dispose: () => shared.dispose(),
  };
}

async function runPlugin(
  exec: ExecPlugin,
  source: CredentialSource,
  options: CredentialOptions,
  signal: AbortSignal,
): Promise<ExecCredential> {
  const own = options.env ?? process.env;
  const program = `The exec plugin ${basename(exec.command)} of user “${source.userName}”`;
  const file = await lookPath(exec.command, own);
  if (file === undefined) throw notFound(exec, program);
  const info = await execInfo(exec, source, options);
  const added = exec.env.map(({ name, value }) => [name, value] as const);
  const env = { ...own, ...Object.fromEntries(added), KUBERNETES_EXEC_INFO: info };
  const { onWaiting = () => undefined } = options;
  const onStderr = (stderr: string): void => onWaiting(lastLine(stderr));
  const end = await runProgram({ file, args: exec.args, env }, { ...options, onStderr }, signal);
  onWaiting('');
  if (end.type === 'exited' && end.code === 0) {
    return readExecCredential(end.stdout, exec.apiVersion, program);
  }
  throw failureOf(end, program, options.execTimeout ?? 60_000);
}

function notFound({ command, installHint }: ExecPlugin, program: string): KubeError {
  const where = basename(command) === command ? 'not in PATH' : `not there: ${command}`;
  return new KubeError('credentials', `${program} is ${where}.`, {
    detail: printable(installHint).trim(),
  });
}

function failureOf(end: ProgramEnd, program: string, timeout: number): KubeError {
  const fail = (what: string, stderr = '', advice = ''): KubeError =>
    new KubeError('credentials', `${program} ${what}${reason(stderr)}.${advice}`, {
      detail: lastLines(stderr),
    });
  switch (end.type) {
    case 'aborted':
      return stopped();
    case 'notStarted':
      return fail(`could not be started: ${end.code}`);
    case 'timeout':
      return fail(
        `gave no credentials in ${Math.round(timeout / 100) / 10} s`,
        end.stderr,
        ' If it waits for a sign-in, do that in a terminal.',
      );
    case 'tooMuch':
      return fail('printed too much', end.stderr);
    case 'killed':
      return fail(`was ended by ${end.signal}`, end.stderr);
    case 'exited':
      return fail(`failed with exit code ${end.code}`, end.stderr);
  }
}

const longestReason = 200;

/** `: ` and the last line that says something; '' without any. */
function reason(stderr: string): string {
  const line = lastLine(stderr).replace(/\.+$/, '');
  return line === '' ? '' : `: ${line}`;
}

/** The last line that says something, cut where it is long; '' without any. */
function lastLine(stderr: string): string {
  const lines = printable(stderr).split(/[\r\n]+/);
  const last = (lines.findLast((line) => line.trim() !== '') ?? '').replaceAll(/\s+/g, ' ').trim();
  return last.length > longestReason ? `${last.slice(0, longestReason)}…` : last;
}

function lastLines(stderr: string): string {
  return printable(stderr).trimEnd().split(/\r?\n/).slice(-20).join('\n');
}

/** Without the sequences that colour a terminal, and without other control characters. */
function printable(text: string): string {
  return text
    .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (found) =>
      found === '\r' ? found : '',
    );
}
