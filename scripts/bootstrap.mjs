// The door of `npm start`, `npm test`, `npm run package` and `npm run bench`. Plain JavaScript for Node 18 and later:
// installs the packages of package-lock.json when they are missing or stale, then runs the named script with the
// Node that they bring.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const [major, minor] = process.versions.node.split('.').map(Number);
const isWindows = process.platform === 'win32';
const scripts = {
  start: 'scripts/start.mjs',
  test: 'scripts/test.mjs',
  package: 'scripts/package.mjs',
  bench: 'scripts/bench.mjs',
};

const [name, ...args] = process.argv.slice(2);
main();

function main() {
  if (!Object.hasOwn(scripts, name ?? '')) {
    fail(`Say what to run: node scripts/bootstrap.mjs ${Object.keys(scripts).join('|')}`);
  }
  if (major < 18)
    fail(`Node 18 or newer is needed to start; this is Node ${process.versions.node}.`);
  const reason = staleness();
  if (reason) install(reason);
  const env = { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}` };
  const { status, error } = spawnSync(projectNode(), [join(root, scripts[name]), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (error) fail(`${scripts[name]} could not be started: ${error.message}`);
  process.exit(status ?? 1);
}

/** Says why the packages must be installed; undefined when node_modules is what package-lock.json asks for. */
function staleness() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (!wanted) fail('package-lock.json is missing or damaged; check the project out anew.');
  // npm writes this file last, so an installation that was interrupted has none.
  const installed = packagesOf(join(modules, '.package-lock.json'));
  if (!installed) return 'they are not installed yet';
  for (const [path, entry] of Object.entries(wanted)) {
    const have = installed[path];
    if (path === '' || (!have && (entry.optional || entry.devOptional))) continue;
    if (!have || have.version !== entry.version)
      return `${path} is not what package-lock.json asks for`;
  }
  if (!runs(bundledNode()) && !isNewEnough()) return 'their Node does not run';
  return undefined;
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install(reason) {
  console.log(`Installing the project's packages with npm ci (${reason}) …`);
  // npm leaves out native parts that do not support the Node it runs on, so an old one hands over to the project's.
  const folder = isSupported() ? undefined : newerNode();
  // The package "node" puts its program in place with an install script, whatever the user's npm settings are.
  const status = npm(['ci', '--ignore-scripts=false'], root, folder);
  if (folder) rmSync(folder, { recursive: true, force: true });
  if (status !== 0) {
    fail(
      'npm ci failed (its own words are above). A connection to the npm registry is needed once.',
    );
  }
  if (!runs(bundledNode()) && !isNewEnough()) {
    fail(
      `The npm package "node" has no program for ${process.platform}-${process.arch} here. Install Node 24 and try again.`,
    );
  }
}

/** Installs the project's Node alone in a temporary folder. */
function newerNode() {
  const { version } = packagesOf(join(root, 'package-lock.json'))['node_modules/node'];
  const folder = mkdtempSync(join(tmpdir(), 'karmada-flux-node-'));
  const manifest = { private: true, dependencies: { node: version }, allowScripts: { node: true } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const status = npm(['install', '--ignore-scripts=false', '--loglevel=error'], folder);
  if (status !== 0 || !runs(nodeIn(folder))) {
    rmSync(folder, { recursive: true, force: true });
    fail(`Node ${version} could not be installed. Install Node 24 by hand and try again.`);
  }
  return folder;
}

/** Runs npm in `cwd`, under the Node installed in `folder` if one is given, and returns its exit status. */
function npm(args, cwd, folder) {
  const options = { cwd, stdio: 'inherit', env: { ...process.env } };
  const command = [...args, '--no-audit', '--no-fund'];
  if (folder) {
    options.env.PATH = `${join(folder, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`;
  }
  const program = npmProgram();
  const { status, error } = program
    ? spawnSync(folder ? nodeIn(folder) : process.execPath, [program, ...command], options)
    : spawnSync('npm', command, { ...options, shell: isWindows });
  if (error)
    fail(`npm could not be started (${error.message}). Install Node with npm, then try again.`);
  return status;
}

/** npm's own JavaScript: what started this script, else what `npm` on the PATH links to. */
function npmProgram() {
  const isScript = (path) => path && existsSync(path) && /\.c?js$/.test(path);
  if (isScript(process.env.npm_execpath)) return process.env.npm_execpath;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path))
    .find(isScript);
}

function projectNode() {
  return runs(bundledNode()) ? bundledNode() : process.execPath;
}

function bundledNode() {
  return nodeIn(root);
}

function nodeIn(folder) {
  return join(folder, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
}

function runs(program) {
  return existsSync(program) && spawnSync(program, ['--version']).status === 0;
}

function isNewEnough() {
  return major >= 24;
}

/** The range that the native parts of the project's tools name. */
function isSupported() {
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
