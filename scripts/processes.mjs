// Child processes of the scripts: run one to its end, or keep one until the script ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kept = new Set();

/**
 * Runs a program to its end. Resolves with its exit code (1 when a signal ended it) and what it printed.
 * Options: cwd, env, echo (pass the output through), timeout in milliseconds.
 */
export async function run(program, args, options = {}) {
  const { cwd, env, echo = false, timeout = 0, verbatim = false } = options;
  const child = spawn(program, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsVerbatimArguments: verbatim,
  });
  kept.add(child);
  let output = '';
  const take = (stream, target) =>
    stream.on('data', (data) => {
      output += data;
      if (echo) target.write(data);
    });
  take(child.stdout, process.stdout);
  take(child.stderr, process.stderr);
  let timedOut = false;
  const timer =
    timeout > 0
      ? setTimeout(() => {
          timedOut = true;
          stop(child);
        }, timeout)
      : undefined;
  let failure;
  child.on('error', (error) => {
    failure = error;
  });
  await new Promise((resolve) => {
    child.on('close', resolve);
    child.on('error', () => resolve(undefined));
  });
  clearTimeout(timer);
  kept.delete(child);
  if (failure) output += `${program}: ${failure.message}\n`;
  if (timedOut) output += `${program} was stopped after ${timeout / 1000} seconds\n`;
  return { code: failure || timedOut ? 1 : (child.exitCode ?? 1), output };
}

/** Runs a program of node_modules/.bin to its end, as `run` does. */
export function runTool(name, args, options = {}) {
  const bin = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url));
  const env = { ...(options.env ?? process.env) };
  env.PATH = `${bin}${delimiter}${env.PATH}`;
  if (process.platform !== 'win32') return run(join(bin, name), args, { ...options, env });
  // On Windows the programs are .cmd files, which only a shell starts.
  const quoted = args.map((argument) => `"${argument}"`).join(' ');
  const command = `"${join(bin, `${name}.cmd`)}" ${quoted}`;
  return run('cmd.exe', ['/d', '/s', '/c', `"${command}"`], { ...options, env, verbatim: true });
}

/** Starts a program that the caller stops; it ends with the script at the latest. */
export function keep(program, args, { cwd, env, stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  const child = spawn(program, args, {
    cwd,
    env: env ?? process.env,
    stdio,
    detached: process.platform !== 'win32',
  });
  child.on('error', () => kept.delete(child));
  child.on('exit', () => kept.delete(child));
  kept.add(child);
  return child;
}

/** Stops a process and everything that it started. */
export function stop(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** Stops a process kindly first: SIGTERM, then SIGKILL after the given milliseconds. */
export async function stopKindly(child, wait = 3000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => stop(child), wait);
  await ended;
  clearTimeout(timer);
}

function stopAll() {
  for (const child of kept) stop(child);
}

process.on('exit', stopAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopAll();
    process.exit(1);
  });
}
