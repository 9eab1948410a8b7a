// A whole VS Code from package registries: code-server (workbench and extension host) and Debian's Chromium.
// It lives in a cache folder outside the checkout and is built there once per pair of versions.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, withLock } from './cache.mjs';
import { run } from './processes.mjs';

const codeServerVersion = '4.139.1';
const nodeVersion = '24.21.0';

const buildPackages = [
  'build-essential',
  'python3',
  'pkg-config',
  'libkrb5-dev',
  'libsecret-1-dev',
  'libx11-dev',
  'libxkbfile-dev',
];

const home = () => join(cacheFolder(), `code-server-${codeServerVersion}-node-${nodeVersion}`);

/** True when code-server is built and ready, so nothing would have to be installed. */
export function hasCodeServer() {
  return existsSync(join(home(), 'complete'));
}

/**
 * Finds code-server, installing it first when missing.
 * Returns the Node to run it with and the server's main file; throws an Error with a sentence for the user.
 */
export async function codeServer(say = console.log) {
  if (process.platform === 'win32') throw new Error('code-server does not run on Windows.');
  if (!hasCodeServer()) await withLock(home(), 'installs code-server', say, () => fill(say));
  return {
    version: codeServerVersion,
    node: join(home(), 'node', 'node_modules', '.bin', 'node'),
    main: join(home(), 'server/node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

async function fill(say) {
  if (hasCodeServer()) return;
  const started = Date.now();
  const part = `${home()}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(join(part, 'node'), { recursive: true });
  mkdirSync(join(part, 'server'), { recursive: true });
  say(`Installing code-server ${codeServerVersion} in ${home()} (once, about 4 minutes) …`);
  await debianPackages(buildPackages, say);
  // Two folders: in one, installing code-server takes Node's headers away while it builds against them.
  await npmInstall(join(part, 'node'), { node: nodeVersion }, {});
  const headers = nodeHeaders(join(part, 'node', 'node_modules'));
  await npmInstall(
    join(part, 'server'),
    { 'code-server': codeServerVersion },
    {
      PATH: `${join(part, 'node', 'node_modules', '.bin')}:${process.env.PATH}`,
      npm_config_nodedir: headers,
    },
  );
  writeFileSync(join(part, 'complete'), '');
  rmSync(home(), { recursive: true, force: true });
  renameSync(part, home());
  say(`code-server is ready after ${Math.round((Date.now() - started) / 1000)} s.`);
}

function nodeHeaders(modules) {
  const arch = `node-${process.platform}-${process.arch}`;
  const places = [join(modules, 'node', 'node_modules', arch), join(modules, arch)];
  const found = places.find((place) => existsSync(join(place, 'include', 'node', 'common.gypi')));
  if (!found) throw new Error(`The npm package node@${nodeVersion} brought no headers.`);
  return found;
}

async function npmInstall(folder, dependencies, extra) {
  const allowScripts = Object.fromEntries(Object.keys(dependencies).map((name) => [name, true]));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies, allowScripts }),
  );
  const env = cleanEnvironment({ ...process.env, ...extra });
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run('npm', args, { cwd: folder, env, timeout: 25 * 60_000 });
  if (code !== 0) throw new Error(`npm could not install code-server:\n${output.slice(-4000)}`);
}

/** npm hands its own settings to the scripts it runs; a nested npm must not take them for its own. */
function cleanEnvironment(env) {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^npm_(package|lifecycle|command|node_execpath|execpath|config_(local_prefix|global_prefix|prefix|allow_scripts|ignore_scripts))/.test(
        name,
      ),
  );
  return Object.fromEntries(kept);
}

/** Installs the Debian packages that are missing; needs root, otherwise says which command the user can run. */
export async function debianPackages(names, say = console.log) {
  const missing = [];
  for (const name of names) {
    const { code, output } = await run('dpkg-query', ['-W', '-f', '${Status}', name]);
    if (code !== 0 || !output.includes('install ok installed')) missing.push(name);
  }
  if (missing.length === 0) return;
  const known = await run('apt-get', ['--version']);
  if (known.code !== 0 || process.getuid?.() !== 0) {
    say(`These Debian packages may be missing: sudo apt-get install ${missing.join(' ')}`);
    return;
  }
  say(`Installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env, timeout: 5 * 60_000 });
  const { code, output } = await run(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', ...missing],
    { env, timeout: 15 * 60_000 },
  );
  if (code !== 0) throw new Error(`apt-get could not install them:\n${output.slice(-2000)}`);
}
