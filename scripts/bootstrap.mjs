// The door of `npm start`, `npm test`, `npm run package` and `npm run bench`. Plain JavaScript for Node 18 and later:
// installs the packages of package-lock.json when they are missing or stale, then runs the named script with the
// Node that they bring.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
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
  const [major] = process.versions.node.split('.').map(Number);
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
  // The package "node" puts its program in place with an install script, whatever the user's npm settings are.
  const command = ['ci', '--ignore-scripts=false', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const { status, error } =
    npm && existsSync(npm) && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...command], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', command, { cwd: root, stdio: 'inherit', shell: isWindows });
  if (error)
    fail(`npm could not be started (${error.message}). Install Node with npm, then try again.`);
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

function projectNode() {
  return runs(bundledNode()) ? bundledNode() : process.execPath;
}

function bundledNode() {
  return join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node');
}

function runs(program) {
  return existsSync(program) && spawnSync(program, ['--version']).status === 0;
}

function isNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= 24;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
