// The host level: runs dist/test/suite.cjs in the extension host of a real VS Code, driven from outside by Playwright.
// A desktop VS Code where there is one (KARMADA_VSCODE, or a download by @vscode/test-electron), else code-server.
// usage: node scripts/host.mjs [trusted|restricted|live|karmada …]   only these windows
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { apiServerHindrance } from './apiServerPrograms.mjs';
import {
  connectToDesktop,
  desktopProgram,
  displayEnvironment,
  installInDesktop,
} from './desktopWindow.mjs';
import { startDriver } from './driver.mjs';
import { buildBundles, packageExtension, packageFolder } from './package.mjs';
import { startKarmadaApiServer } from './karmadaApiServer.mjs';
import { keep, stopKindly } from './processes.mjs';
import {
  installInServer,
  launchChromium,
  quietSettings,
  startServer,
  windowAddress,
} from './serverWindow.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const suite = join(root, 'dist/test/suite.cjs');
const startLimit = 120_000;
const runLimits = { trusted: 15, restricted: 10, live: 15, karmada: 25 };

/**
 * Installs the packaged extension into a fresh VS Code and runs the host tests there. Returns `{ host, results, error? }`: the VS Code used, one entry a test, and why the run broke.
 * The tests below test/host/suites/restricted have a window of their own, in Restricted Mode; those below
 * test/host/suites/live have one with a real API server beside it, those below test/host/suites/karmada one for the real
 * Karmada that KARMADA_E2E_KUBECONFIG names.
 * Only a window that never starts its tests is tried again; a test never is.
 */
export async function runHostTests(vsix, say = console.log, kinds = windowKinds()) {
  const desktop = await desktopProgram(say);
  const host = desktop.program ? `desktop VS Code, ${desktop.program}` : 'code-server';
  if (!desktop.program) say(`A desktop VS Code is not to be had here (${desktop.reason}).`);
  say(`Host tests run in ${host}.`);
  const open = desktop.program
    ? (setup) => openDesktop(desktop.program, setup, say)
    : (setup) => openServer(setup, say);
  const results = [];
  for (const kind of kinds) {
    const hindrance = await hindranceOf(kind);
    if (hindrance !== undefined) {
      results.push({ title: titles[kind], state: 'skipped', duration: 0, why: hindrance });
      continue;
    }
    const outcome = await inOneWindow(open, { vsix, kind }, say);
    for (const result of outcome.results) say(line(result));
    results.push(...outcome.results);
    const error = outcome.error ?? (outcome.results.length === 0 ? 'it ran no test' : undefined);
    if (error) return { host, results, error: `The ${kind} window: ${error}.` };
  }
  return { host, results };
}

const titles = {
  live: 'the extension on a real API server',
  karmada: 'the extension on a running Karmada',
};

/** Why a window of this kind cannot be had here, as a clause. */
function hindranceOf(kind) {
  if (kind === 'live') return apiServerHindrance();
  if (kind !== 'karmada' || process.env.KARMADA_E2E_KUBECONFIG) return undefined;
  return 'KARMADA_E2E_KUBECONFIG names no kubeconfig';
}

function windowKinds() {
  const isThere = (kind) =>
    globSync(`test/host/suites/${kind}/**/*.test.ts`, { cwd: root }).length > 0;
  return ['trusted', ...['restricted', 'live', 'karmada'].filter(isThere)];
}

function line({ title, state, duration, error }) {
  const text = `  ${state.padEnd(8)}${title}${duration > 0 ? ` (${duration} ms)` : ''}`;
  return error === undefined ? text : `${text}\n${error.replaceAll(/^/gm, '    ')}`;
}

async function inOneWindow(open, choice, say) {
  const apiServer = choice.kind === 'live' ? await startKarmadaApiServer(say) : undefined;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await oneRun(open, { ...choice, apiServer }, say);
      if (!outcome.notStarted || attempt === 3) return outcome;
      say(`The window did not start its tests (${outcome.error}); trying again.`);
    }
  } finally {
    await apiServer?.stop();
  }
}

async function oneRun(open, { vsix, kind, apiServer }, say) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'karmada-flux-host-')));
  const workspace = join(folder, 'workspace');
  prepareWorkspace(workspace);
  // Where VS Code starts the tests it shows no dialogs; in the window whose tests answer some, an extension starts them.
  const hasDialogs = kind === 'live' || kind === 'karmada';
  const starter = hasDialogs ? await packageStarter(folder) : undefined;
  const harness = starter ? undefined : prepareHarness(folder);
  const window = Promise.withResolvers();
  window.promise.catch(() => undefined);
  const driver = await startDriver({
    page: () => window.promise,
    screenshots: join(root, 'out', 'screenshots'),
    ...(apiServer && { apiServer }),
  });
  const env = {
    KARMADA_TEST_DRIVER: driver.address,
    KARMADA_TEST_WINDOW: kind,
    ...(apiServer && {
      KARMADA_TEST_KUBECONFIG: apiServer.kubeconfig,
      KARMADA_TEST_KUBECTL: apiServer.kubectl,
    }),
  };
  let opened;
  try {
    const isTrusted = kind !== 'restricted';
    const extensions = [vsix, ...(starter ? [starter] : [])];
    opened = await open({ extensions, folder, workspace, harness, env, isTrusted });
    window.resolve(opened.page);
    const started = await within(
      startLimit,
      driver.begun.then(() => true),
      opened.ended,
    );
    if (!started)
      return { notStarted: true, results: [], error: 'its extension host stayed silent' };
    const results = await within(runLimits[kind] * 60_000, driver.reported, opened.ended);
    return results ? { results } : { results: [], error: 'it ended or hung before its tests did' };
  } catch (error) {
    return {
      notStarted: true,
      results: [],
      error: error instanceof Error ? error.message : String(error),
    };
  } finally {
    window.reject(new Error('the window is closed'));
    await opened?.close().catch((error) => say(`The window did not close cleanly: ${error}`));
    driver.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Waits for a promise; gives undefined when the time is over or the window has ended. */
function within(limit, promise, ended) {
  const over = ended.then(() => sleep(1000, undefined, { ref: false }));
  return Promise.race([promise, over, sleep(limit, undefined, { ref: false })]);
}

/** The tests edit a copy of the example, with the files of test/host/workspace laid over it. */
function prepareWorkspace(workspace) {
  mkdirSync(workspace, { recursive: true });
  for (const source of ['examples/podinfo', 'test/host/workspace']) {
    const path = join(root, source);
    if (existsSync(path)) cpSync(path, workspace, { recursive: true });
  }
}

/** VS Code starts tests only for an extension under development: an empty one, since ours is the installed package. */
function prepareHarness(folder) {
  return writeExtension(folder, 'harness');
}

/** An extension that starts the tests when the window is up; their report says what failed. */
async function packageStarter(folder) {
  const starter = writeExtension(folder, 'starter', {
    main: './main.cjs',
    activationEvents: ['onStartupFinished'],
  });
  const run = `require(${JSON.stringify(suite)}).run().catch(() => undefined)`;
  writeFileSync(join(starter, 'main.cjs'), `exports.activate = () => void ${run};\n`);
  return packageFolder(starter, join(folder, 'starter.vsix'));
}

function writeExtension(folder, name, more = {}) {
  const path = join(folder, name);
  mkdirSync(path);
  const manifest = {
    name,
    publisher: 'karmada-flux-tests',
    version: '0.0.0',
    engines: { vscode: '^1.110.0' },
    capabilities: { untrustedWorkspaces: { supported: true } },
    ...more,
  };
  writeFileSync(join(path, 'package.json'), JSON.stringify(manifest));
  return path;
}

async function openServer(setup, say) {
  const { extensions, folder, workspace, harness, env, isTrusted } = setup;
  const ended = Promise.withResolvers();
  const data = join(folder, 'server');
  for (const vsix of extensions) await installInServer(vsix, data, say);
  const server = await startServer({
    data,
    args: ['--enable-smoke-test-driver', ...(isTrusted ? ['--disable-workspace-trust'] : [])],
    env,
    say,
  });
  server.child.on('exit', () => ended.resolve());
  let browser;
  try {
    browser = await launchChromium(say);
    const context = await browser.newContext({
      viewport: { width: 1500, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    // The workbench's whole log comes here; the tests report to the driver instead.
    await page.exposeFunction('codeAutomationLog', () => undefined);
    await page.exposeFunction('codeAutomationExit', () => ended.resolve());
    page.on('crash', () => ended.resolve());
    const underTest = harness ? { extension: harness, tests: suite } : {};
    await page.goto(windowAddress(server.authority, { folder: workspace, ...underTest }));
    const close = async () => {
      await browser.close();
      await server.stop();
    };
    return { page, ended: ended.promise, close };
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

async function openDesktop(program, setup, say) {
  const { extensions, folder, workspace, harness, env, isTrusted } = setup;
  const profile = [
    `--user-data-dir=${join(folder, 'user')}`,
    `--extensions-dir=${join(folder, 'extensions')}`,
  ];
  writeUserSettings(join(folder, 'user'));
  const port = await freePort();
  const environment = await displayEnvironment(say);
  for (const vsix of extensions) await installInDesktop(program, vsix, profile);
  const child = keep(
    program,
    [
      workspace,
      ...(harness
        ? [`--extensionDevelopmentPath=${harness}`, `--extensionTestsPath=${suite}`]
        : []),
      ...profile,
      `--remote-debugging-port=${port}`,
      ...(isTrusted ? ['--disable-workspace-trust'] : []),
      '--skip-welcome',
      '--skip-release-notes',
      '--no-sandbox',
      '--disable-updates',
      '--disable-gpu',
      '--disable-telemetry',
    ],
    {
      env: { ...process.env, ...environment, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => {
    child.on('exit', resolve);
    child.on('error', resolve);
  });
  try {
    const { browser, page } = await connectToDesktop(port);
    const close = async () => {
      await browser.close().catch(() => undefined);
      await stopKindly(child);
    };
    return { page, ended, close };
  } catch (error) {
    await stopKindly(child);
    throw error;
  }
}

/** A restricted window asks nothing at its start; the rest keeps pictures of both kinds of VS Code alike. */
function writeUserSettings(user) {
  mkdirSync(join(user, 'User'), { recursive: true });
  const settings = { ...quietSettings, 'security.workspace.trust.startupPrompt': 'never' };
  writeFileSync(join(user, 'User', 'settings.json'), JSON.stringify(settings));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function main() {
  await buildBundles('extension', 'kube', 'suite');
  const { path } = await packageExtension();
  const kinds = process.argv.slice(2);
  const { results, error } = await runHostTests(
    path,
    undefined,
    kinds.length > 0 ? kinds : undefined,
  );
  if (error) console.error(error);
  const count = (state) => results.filter((result) => result.state === state).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed`);
  process.exit(error || count('failed') > 0 ? 1 : 0);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  main().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
