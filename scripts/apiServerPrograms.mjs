// The programs of a real API server: kube-apiserver, etcd and kubectl. They come from KUBEBUILDER_ASSETS, or are built
// with Go from the sources on the Go module proxy into a cache outside the checkout, once per pair of versions.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, withLock } from './cache.mjs';
import { run } from './processes.mjs';

const kubernetesVersion = 'v1.36.1';
/** Kubernetes' staging modules are published with the same minor and patch numbers below v0. */
const stagingVersion = kubernetesVersion.replace('v1.', 'v0.');
const etcdVersion = 'v3.6.11';
const buildLimit = 30 * 60_000;

const suffix = process.platform === 'win32' ? '.exe' : '';
const names = ['kube-apiserver', 'etcd', 'kubectl'];
const home = () => join(cacheFolder(), `api-server-${kubernetesVersion}-etcd-${etcdVersion}`);

/**
 * Says why there cannot be an API server on this machine, as a clause; `undefined` when there can: the programs are
 * named by KUBEBUILDER_ASSETS, are in the cache, or Go is there to build them.
 */
export async function apiServerHindrance() {
  if (process.env.KUBEBUILDER_ASSETS || isFilled()) return undefined;
  const { code } = await run('go', ['version'], { timeout: 30_000 });
  if (code === 0) return undefined;
  return 'there is no Go to build kube-apiserver with; install it from https://go.dev/dl or set KUBEBUILDER_ASSETS';
}

/**
 * The paths `{ apiServer, etcd, kubectl }`, building the programs first when they are missing.
 * Throws an Error with a sentence for the user.
 */
export async function apiServerPrograms(say = console.log) {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets) {
    const missing = names.filter((name) => !existsSync(join(assets, name + suffix)));
    if (missing.length === 0) return paths(assets);
    throw new Error(`KUBEBUILDER_ASSETS is ${assets}, which has no ${missing.join(', ')}.`);
  }
  if (!isFilled()) await withLock(home(), 'builds kube-apiserver', say, () => fill(say));
  return paths(home());
}

function isFilled() {
  return existsSync(join(home(), 'complete'));
}

function paths(folder) {
  const [apiServer, etcd, kubectl] = names.map((name) => join(folder, name + suffix));
  return { apiServer, etcd, kubectl };
}

/** Builds into a folder beside the cache's and renames it at the end, so what is in the cache is always whole. */
async function fill(say) {
  if (isFilled()) return;
  const started = Date.now();
  const part = `${home()}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const { code, output } = await run('go', ['version'], { timeout: 30_000 });
  if (code !== 0) {
    throw new Error(
      'kube-apiserver is built with Go, which is not on the PATH. Install it from https://go.dev/dl, or name a ' +
        'folder with kube-apiserver, etcd and kubectl in KUBEBUILDER_ASSETS.',
    );
  }
  say(`Building Kubernetes ${kubernetesVersion} and etcd ${etcdVersion} with ${output.trim()}`);
  say(`into ${home()} (once; some minutes, without Go's own caches about ten) …`);
  await buildEtcd(part, say);
  await buildKubernetes(part, say);
  rmSync(join(part, 'sources'), { recursive: true, force: true });
  writeFileSync(join(part, 'complete'), '');
  rmSync(home(), { recursive: true, force: true });
  renameSync(part, home());
  say(`The API server is ready after ${seconds(started)}.`);
}

async function buildEtcd(part, say) {
  const folder = join(part, 'sources', 'etcd');
  const path = 'go.etcd.io/etcd/server/v3';
  mkdirSync(folder, { recursive: true });
  const lines = ['module scratch', '', 'go 1.24', '', `require ${path} ${etcdVersion}`, ''];
  writeFileSync(join(folder, 'go.mod'), lines.join('\n'));
  await buildOne({ folder, path, target: join(part, `etcd${suffix}`) }, say);
}

async function buildKubernetes(part, say) {
  const folder = join(part, 'sources', 'kubernetes');
  mkdirSync(folder, { recursive: true });
  const published = await publishedModule(folder);
  const lines = [
    'module scratch',
    '',
    /^go .*$/m.exec(published)?.[0] ?? 'go 1.26.0',
    '',
    `require k8s.io/kubernetes ${kubernetesVersion}`,
    '',
    // Its own go.mod points to folders of its repository, which `replace` only does for the main module.
    'replace (',
    ...stagingModules(published).map((name) => `\t${name} => ${name} ${stagingVersion}`),
    ')',
    '',
  ];
  writeFileSync(join(folder, 'go.mod'), lines.join('\n'));
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(kubernetesVersion) ?? [];
  const facts = { gitVersion: kubernetesVersion, gitMajor: major, gitMinor: minor };
  const flags = ['-s', '-w'];
  for (const [name, value] of Object.entries(facts)) {
    // Both read it: the server for /version, kubectl (client-go) for `kubectl version`.
    for (const module of ['component-base', 'client-go/pkg']) {
      flags.push('-X', `k8s.io/${module}/version.${name}=${value}`);
    }
  }
  for (const name of ['kubectl', 'kube-apiserver']) {
    const path = `k8s.io/kubernetes/cmd/${name}`;
    await buildOne({ folder, path, target: join(part, name + suffix), flags }, say);
  }
}

/** The text of Kubernetes' go.mod, from the module proxy. */
async function publishedModule(folder) {
  const args = ['mod', 'download', '-json', `k8s.io/kubernetes@${kubernetesVersion}`];
  const { code, output } = await run('go', args, {
    cwd: folder,
    env: goEnv(),
    timeout: buildLimit,
  });
  if (code !== 0) throw new Error(`Go could not download Kubernetes:\n${output.slice(-2000)}`);
  const [, file] = /"GoMod": (".*")/.exec(output) ?? [];
  if (file === undefined) throw new Error(`Go did not say where Kubernetes' go.mod is:\n${output}`);
  return readFileSync(JSON.parse(file), 'utf8');
}

function stagingModules(text) {
  return [...text.matchAll(/^\s*(?:replace )?(k8s\.io\/[\w-]+) => \.\/staging\//gm)].map(
    ([, name]) => name,
  );
}

async function buildOne({ folder, path, target, flags = [] }, say) {
  const started = Date.now();
  say(`Building ${path} …`);
  const args = ['build', '-ldflags', flags.join(' '), '-o', target, path];
  const options = { cwd: folder, env: goEnv(), timeout: buildLimit };
  const { code, output } = await run('go', args, options);
  if (code !== 0) throw new Error(`Go could not build ${path}:\n${output.slice(-4000)}`);
  say(`Built ${path} in ${seconds(started)}.`);
}

function goEnv() {
  return { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off', CGO_ENABLED: '0' };
}

function seconds(started) {
  return `${Math.round((Date.now() - started) / 1000)} s`;
}
