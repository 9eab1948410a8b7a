// VS Code's desktop program: where it is, and a window of it that Playwright can drive.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from './cache.mjs';
import { debianPackages } from './codeServer.mjs';
import { keep } from './processes.mjs';

/** True where a window can be shown. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * The `code` command on the PATH, if there is one that opens windows of its own: inside a remote terminal and in WSL it
 * hands over to a VS Code elsewhere, which cannot load an extension from this file system.
 */
export function codeOnPath() {
  if (process.env.VSCODE_IPC_HOOK_CLI || process.env.WSL_DISTRO_NAME) return undefined;
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/**
 * The program of a desktop VS Code: the one named by KARMADA_VSCODE, else the one that @vscode/test-electron downloads.
 * Returns `{ program }`, or `{ reason }` when it cannot be had; an unreachable download site is known within seconds.
 */
export async function desktopProgram(say = console.log) {
  const named = process.env.KARMADA_VSCODE;
  if (named) {
    if (!existsSync(named)) throw new Error(`KARMADA_VSCODE names no file: ${named}`);
    return { program: programBehind(realpathSync(named)) };
  }
  let isTold = false;
  const reporter = {
    report: ({ stage }) => {
      if (stage === 'downloading' && !isTold) say('Downloading VS Code …');
      isTold ||= stage === 'downloading';
    },
    error: () => undefined,
  };
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  try {
    const cachePath = join(cacheFolder(), 'vscode');
    mkdirSync(cachePath, { recursive: true });
    return { program: await downloadAndUnzipVSCode({ cachePath, timeout: 10_000, reporter }) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** `code` is a script that starts the program two folders up; the tests need the program itself. */
function programBehind(path) {
  const folder = dirname(path);
  const candidates = [
    join(folder, '..', 'code'),
    join(folder, '..', '..', '..', 'MacOS', 'Electron'),
    join(folder, '..', '..', '..', 'MacOS', 'Code'),
    join(folder, '..', 'Code.exe'),
  ];
  const isScript = /[\\/]bin[\\/]code(\.cmd)?$/.test(path);
  return (isScript && candidates.find((candidate) => existsSync(candidate))) || path;
}

/** On Linux without a display: starts a virtual one and returns the environment for programs that use it. */
export async function displayEnvironment(say) {
  if (hasDisplay()) return {};
  await debianPackages(['xvfb'], say);
  const display = keep('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1000x24']);
  const number = await new Promise((resolve, reject) => {
    display.stdout.once('data', (data) => resolve(String(data).trim()));
    display.on('error', reject);
    display.on('exit', () => reject(new Error('Xvfb ended')));
  });
  return { DISPLAY: `:${number}` };
}

/** Installs a VSIX with the program's own command line; throws with its words. */
export async function installInDesktop(program, vsix, profile) {
  const { resolveCliArgsFromVSCodeExecutablePath } = await import('@vscode/test-electron');
  const [cli, ...given] = resolveCliArgsFromVSCodeExecutablePath(program, {
    reuseMachineInstall: true,
  });
  const args = [...given, ...profile, '--install-extension', vsix];
  // On Windows the command line is a .cmd file, which only a shell starts.
  const { status, stdout, stderr } = spawnSync(
    process.platform === 'win32' ? `"${cli}"` : cli,
    args.map((argument) => (process.platform === 'win32' ? `"${argument}"` : argument)),
    { encoding: 'utf8', timeout: 120_000, shell: process.platform === 'win32' },
  );
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${stdout}${stderr}`);
}

/** Connects to the debugging port of a desktop window; waits until the workbench is there. */
export async function connectToDesktop(port) {
  const { chromium } = await import('playwright-core');
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      const pages = browser.contexts().flatMap((context) => context.pages());
      const page = pages.find((candidate) => candidate.url().includes('workbench'));
      if (page) return { browser, page };
      await browser.close();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error('the window of VS Code did not come within 60 s');
    await sleep(500);
  }
}
