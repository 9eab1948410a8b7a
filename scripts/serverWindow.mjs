// VS Code as a local server (code-server) and, for tests, a window of it in a headless Chromium.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { codeServer, debianPackages } from './codeServer.mjs';
import { keep, run, stopKindly } from './processes.mjs';

/** Settings that keep a new window free of what a picture should not show. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
};

/**
 * Starts a server with its own data folder on a free port of this machine.
 * Returns its address and `stop()`; throws an Error with a sentence when it does not come up.
 */
export async function startServer({ data, settings = {}, env = {}, args = [], token, say }) {
  const { node, main } = await codeServer(say);
  mkdirSync(join(data, 'data', 'Machine'), { recursive: true });
  writeFileSync(
    join(data, 'data', 'Machine', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, undefined, 2),
  );
  const child = keep(
    node,
    [
      main,
      ...commonArguments(data),
      '--host=127.0.0.1',
      '--port=0',
      token === undefined ? '--without-connection-token' : `--connection-token=${token}`,
      ...args,
    ],
    { env: { ...process.env, ...env } },
  );
  const port = await listeningPort(child);
  return { authority: `127.0.0.1:${port}`, stop: () => stopKindly(child), child };
}

function commonArguments(data) {
  return [`--server-data-dir=${data}`, '--accept-server-license-terms', '--telemetry-level=off'];
}

/** Installs a VSIX into the server's own extensions folder, as a user would; throws with the server's words. */
export async function installInServer(vsix, data, say) {
  const { node, main } = await codeServer(say);
  const args = [main, ...commonArguments(data), '--install-extension', vsix];
  const { code, output } = await run(node, args, { timeout: 60_000 });
  if (code !== 0 || !/successfully installed/.test(output)) {
    throw new Error(`code-server did not install ${vsix}:\n${output}`);
  }
}

function listeningPort(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => {
      void stopKindly(child);
      reject(new Error(`code-server did not start within 60 s:\n${output}`));
    }, 60_000);
    const read = (data) => {
      output += data;
      const [, port] = /agent listening on (\d+)/.exec(output) ?? [];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`code-server ended with ${code}:\n${output}`));
    });
  });
}

/** The address of a window with a folder and a file open; only the smoke-test driver lets it load extensions and tests. */
export function windowAddress(authority, { folder, file, extension, tests, token }) {
  const remote = (path) => `vscode-remote://${authority}${path}`;
  const payload = [];
  if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (file) payload.push(['openFile', remote(file)]);
  if (tests) {
    payload.push(['extensionTestsPath', remote(tests)], ['enableProposedApi', '']);
    payload.push(['skipWelcome', 'true']);
  }
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  if (token !== undefined) query.set('tkn', token);
  return `http://${authority}/?${query}`;
}

/** Launches a headless Chromium: the one named by KARMADA_CHROMIUM, one on the PATH, or Debian's. */
export async function launchChromium(say) {
  const { chromium } = await import('playwright-core');
  const executablePath = await chromiumPath(say);
  return chromium.launch({
    ...(executablePath ? { executablePath } : { channel: 'chrome' }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

async function chromiumPath(say) {
  if (process.env.KARMADA_CHROMIUM) return process.env.KARMADA_CHROMIUM;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const search = () =>
    (process.env.PATH ?? '')
      .split(delimiter)
      .flatMap((folder) => names.map((name) => join(folder, name)))
      .find((path) => existsSync(path));
  const found = search();
  if (found || process.platform !== 'linux') return found;
  await debianPackages(['chromium', 'fonts-dejavu-core', 'fonts-liberation'], say);
  return search();
}
