import { spawn as spawnProcess } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { commandLine } from './commandLine.ts';

/** How programs are run; parts of it are replaced by tests. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that an exec plugin may take. Default 60 s: some wait for a sign-in in a browser. */
  readonly execTimeout?: number;
  readonly spawn?: typeof spawnProcess;
  /** Told what a program has written to stderr, its last part, once it runs for `patience`. */
  readonly onStderr?: (stderr: string) => void;
  /** Milliseconds. Default 3 s. */
  readonly patience?: number;
}

interface Program {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a program ended. `stderr` is its last part. */
export type ProgramEnd =
  | {
      readonly type: 'exited';
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** By a signal that was not ours. */
  | { readonly type: 'killed'; readonly signal: string; readonly stderr: string }
  | { readonly type: 'notStarted'; readonly code: string }
  | { readonly type: 'timeout'; readonly stderr: string }
  | { readonly type: 'tooMuch'; readonly stderr: string }
  | { readonly type: 'aborted' };

const stdoutLimit = 1_048_576;
const stderrKept = 8_192;
/** What a program left running may hold the pipes open after its end, in ms. */
const drainTime = 1_000;

/**
 * Runs a program without standard input and a terminal. When it takes too long, prints too much or the signal comes, it
 * is killed with all that it started, and the promise resolves at once. Never rejects.
 */
export function runProgram(
  program: Program,
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ type: 'aborted' });
      return;
    }
    const child = start(program, options);
    if (typeof child === 'string') {
      resolve({ type: 'notStarted', code: child });
      return;
    }
    const stdout: Buffer[] = [];
    let stderr = '';
    let size = 0;
    let drain: NodeJS.Timeout | undefined;
    const slow = listenWhenSlow(options, () => stderr);
    const end = (how: ProgramEnd): void => {
      clearTimeout(timer);
      clearTimeout(drain);
      slow.end();
      signal.removeEventListener('abort', abort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(how);
    };
    const kill = (how: ProgramEnd): void => {
      killTree(child);
      end(how);
    };
    const abort = (): void => kill({ type: 'aborted' });
    const timer = setTimeout(
      () => kill({ type: 'timeout', stderr }),
      options.execTimeout ?? 60_000,
    );
    signal.addEventListener('abort', abort);
    child.stdout?.on('data', (part: Buffer) => {
      stdout.push(part);
      size += part.length;
      if (size > stdoutLimit) kill({ type: 'tooMuch', stderr });
    });
    child.stderr?.on('data', (part: Buffer) => {
      stderr = (stderr + part.toString('utf8')).slice(-stderrKept);
      slow.heard();
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      end({ type: 'notStarted', code: error.code ?? error.message });
    });
    const exited = (code: number | null, by: NodeJS.Signals | null): void => {
      if (code === null) end({ type: 'killed', signal: by ?? '', stderr });
      else end({ type: 'exited', code, stdout: Buffer.concat(stdout).toString('utf8'), stderr });
    };
    child.on('close', exited);
    // A helper that goes on in the background may keep the pipes: its output is not waited for.
    child.on('exit', (code, by) => (drain = setTimeout(() => exited(code, by), drainTime)));
  });
}

/** Tells what was written once a program takes long, and what comes after. */
function listenWhenSlow(
  { onStderr, patience = 3_000 }: ProgramOptions,
  stderr: () => string,
): { heard(): void; end(): void } {
  let isSlow = false;
  const heard = (): void => {
    if (isSlow && stderr() !== '') onStderr?.(stderr());
  };
  const timer = setTimeout(() => {
    isSlow = true;
    heard();
  }, patience);
  return { heard, end: () => clearTimeout(timer) };
}

/** The child, or why there is none. */
function start({ file, args, env }: Program, options: ProgramOptions): ChildProcess | string {
  const line = commandLine(file, args, process.platform, env['ComSpec']);
  try {
    return (options.spawn ?? spawnProcess)(line.file, [...line.args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, which can be killed as a whole.
      detached: process.platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: line.isVerbatim,
    });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    const killer = spawnProcess('taskkill', ['/pid', String(child.pid), '/T', '/F'], {
      stdio: 'ignore',
      windowsHide: true,
    });
    killer.on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
    child.kill('SIGKILL');
  }
}
