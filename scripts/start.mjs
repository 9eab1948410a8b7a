// `npm start`: builds, then shows the example's preview in a VS Code window of its own. The user's windows, settings and
// extensions stay as they are. Without a desktop VS Code the window is one of code-server in the browser; without a
// display the same preview is printed.
// usage: npm start [-- --browser | --terminal]
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.mjs';
import { hasCodeServer } from './codeServer.mjs';
import { codeOnPath, desktopProgram, hasDisplay } from './desktopWindow.mjs';
import { buildBundles, packageExtension } from './package.mjs';
import { keep, run } from './processes.mjs';
import { installInServer, quietSettings, startServer, windowAddress } from './serverWindow.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const folder = join(root, 'examples', 'podinfo');
/** Opened in the window, which starts the extension. */
const file = join(folder, 'helmrelease.yaml');
/** The extension then shows the preview of this file. */
const onStart = { KARMADA_PREVIEW_ON_START: 'helmrelease.yaml' };

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});

async function main() {
  const [choice] = process.argv.slice(2);
  const isText = choice === '--terminal' || (choice === undefined && !hasDisplay());
  console.log('Building …');
  await buildBundles(isText ? 'cli' : 'extension');
  if (isText) return inTerminal();
  if (choice === '--browser') return inBrowser();
  const command = codeOnPath();
  if (command) return withCommand(command);
  const { program, reason } = await desktopProgram();
  if (program) return withProgram(program);
  console.log(`A desktop VS Code is not to be had here (${reason}).`);
  return inBrowser();
}

/** Opens a window with the `code` command, which returns at once. */
async function withCommand(command) {
  const env = { ...process.env, ...onStart };
  const args = ['--new-window', ...windowArguments()];
  const { code, output } =
    process.platform === 'win32'
      ? await run('cmd.exe', ['/d', '/s', '/c', `""${command}" ${quote(args)}"`], {
          env,
          verbatim: true,
        })
      : await run(command, args, { env });
  if (code !== 0) throw new Error(`${command} opened no window:\n${output}`);
  console.log(`A VS Code window opens with examples/podinfo and its preview (${command}).`);
}

/** Runs a VS Code of our own; the script ends with its window. */
async function withProgram(program) {
  console.log('A VS Code window opens with examples/podinfo and its preview. Ctrl+C closes it.');
  const child = keep(program, windowArguments(), {
    env: { ...process.env, ...onStart },
    stdio: 'ignore',
  });
  await new Promise((resolve, reject) => {
    child.on('exit', resolve);
    child.on('error', reject);
  });
}

/** A profile of its own: other settings, other extensions, another process than the user's VS Code. */
function windowArguments() {
  const profile = join(cacheFolder(), 'window');
  const settings = join(profile, 'user', 'User', 'settings.json');
  if (!existsSync(settings)) {
    mkdirSync(join(profile, 'user', 'User'), { recursive: true });
    writeFileSync(settings, JSON.stringify(quietSettings, undefined, 2));
  }
  const args = [
    `--user-data-dir=${join(profile, 'user')}`,
    `--extensions-dir=${join(profile, 'extensions')}`,
    `--extensionDevelopmentPath=${root}`,
    '--disable-workspace-trust',
    '--skip-welcome',
    '--skip-release-notes',
    folder,
    file,
  ];
  // Chromium's sandbox refuses to run as root, as in containers.
  return process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args;
}

const quote = (args) => args.map((argument) => `"${argument}"`).join(' ');

async function inBrowser() {
  if (!hasCodeServer()) {
    console.log(
      `code-server will be installed in ${cacheFolder()}: about 800 MB, 4 minutes, once. It is a whole VS Code.`,
    );
  }
  const data = mkdtempSync(join(tmpdir(), 'karmada-flux-start-'));
  process.on('exit', () => rmSync(data, { recursive: true, force: true }));
  const { path } = await packageExtension();
  await installInServer(path, data);
  const token = randomBytes(16).toString('hex');
  const args = ['--disable-workspace-trust'];
  const server = await startServer({ data, token, env: onStart, args });
  const address = windowAddress(server.authority, { folder, file, token });
  console.log(`\nVS Code with examples/podinfo and its preview:\n\n${address}\n\nCtrl+C ends it.`);
  openInBrowser(address);
  await new Promise((resolve) => server.child.on('exit', resolve));
}

function openInBrowser(address) {
  if (!hasDisplay()) return;
  const openers = { darwin: ['open'], win32: ['explorer.exe'] };
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  // Whether it works or not, the address is printed.
  keep(program, [...args, address], { stdio: 'ignore' });
}

async function inTerminal() {
  console.log('There is no display, so the preview comes as text.\n');
  const args = ['dist/cli.mjs', 'preview', 'examples/podinfo'];
  const { code } = await run(process.execPath, args, { cwd: root, echo: true });
  console.log('\nnpm start -- --browser serves the same in VS Code to a browser.');
  process.exitCode = code;
}
