import { createHash } from 'node:crypto';
import { readFile as readFromDisk } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { KubeError } from '../../live/index.ts';
import type { KubeCluster, Kubeconfig, KubeUser } from './kubeconfig.ts';
import { readKubeconfig } from './readKubeconfig.ts';
import type { KubeconfigFile } from './readKubeconfig.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface KubeconfigSources {
  /** Given by the user: each must be there. `~/` is the home folder. Without any, the environment's `KUBECONFIG`. */
  readonly paths?: readonly string[];
  readonly env?: Environment;
  /** What relative paths of files start from. */
  readonly cwd?: string;
  readonly home?: string;
  readonly readFile?: (path: string) => Promise<string>;
}

/**
 * Merges kubeconfig files as kubectl does (client-go `tools/clientcmd/loader.go`): the given paths, else those in
 * `KUBECONFIG`, else `~/.kube/config`; files that are not there are skipped unless they were given; the first
 * definition of a name wins whole, and the first `current-context`; relative paths start from the file that has them.
 * Reads these files and nothing else. Rejects with a `KubeError` 'kubeconfig' that names each file it cannot read.
 */
export async function loadKubeconfig(sources: KubeconfigSources = {}): Promise<Kubeconfig> {
  const readFile = sources.readFile ?? ((path: string) => readFromDisk(path, 'utf8'));
  const given = (sources.paths ?? []).filter((path) => path !== '');
  const files = kubeconfigFiles(sources);
  const read = await Promise.all(files.map((file) => readOne(file, readFile)));

  const missing = read.filter(({ problem }) => problem === 'missing').map(({ file }) => file);
  const problems = read.flatMap(({ file, problem }) => {
    if (problem === 'missing') return given.length > 0 ? [`${file} is not there.`] : [];
    return problem === undefined ? [] : [`${file} cannot be read: ${problem.replace(/\.$/, '')}.`];
  });
  if (problems.length > 0) {
    throw new KubeError('kubeconfig', problems.map((problem) => `Kubeconfig ${problem}`).join(' '));
  }
  return { files, missing, ...merge(read), fingerprint: fingerprintOf(read) };
}

interface ReadFile {
  readonly file: string;
  readonly text?: string;
  readonly content?: KubeconfigFile;
  /** 'missing', or what is wrong. */
  readonly problem?: string;
}

/** The files that are looked for, absolute, in order, whether they are there or not. */
export function kubeconfigFiles(sources: KubeconfigSources = {}): readonly string[] {
  const given = (sources.paths ?? []).filter((path) => path !== '');
  const env = sources.env ?? process.env;
  const home = sources.home ?? env['HOME'] ?? homedir();
  const absolute = (path: string): string => resolve(sources.cwd ?? process.cwd(), path);
  if (given.length > 0) {
    return unique(given.map((path) => absolute(path.replace(/^~(?=[/\\]|$)/, () => home))));
  }
  const variable = env['KUBECONFIG'] ?? '';
  if (variable === '') return [join(home, '.kube', 'config')];
  return unique(
    variable
      .split(delimiter)
      .filter((path) => path !== '')
      .map(absolute),
  );
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}

async function readOne(
  file: string,
  readFile: (path: string) => Promise<string>,
): Promise<ReadFile> {
  let text: string;
  try {
    text = await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { file, problem: code === 'ENOENT' ? 'missing' : (code ?? 'an unknown error') };
  }
  const read = readKubeconfig(text);
  if ('error' in read) return { file, text, problem: read.error };
  return { file, text, content: withAbsolutePaths(read.value, dirname(file)) };
}

type Merged = Pick<Kubeconfig, 'currentContext' | 'contexts' | 'clusters' | 'users'>;

function merge(files: readonly ReadFile[]): Merged {
  const contents = files.flatMap(({ content }) => (content ? [content] : []));
  return {
    currentContext:
      contents.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
    contexts: firstOf(contents.map(({ contexts }) => contexts)),
    clusters: firstOf(contents.map(({ clusters }) => clusters)),
    users: firstOf(contents.map(({ users }) => users)),
  };
}

/** Of each name the first definition; `Map` keeps the last. */
function firstOf<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const map of maps) {
    for (const [name, value] of map) if (!found.has(name)) found.set(name, value);
  }
  return found;
}

function withAbsolutePaths(file: KubeconfigFile, folder: string): KubeconfigFile {
  const absolute = (path: string): string =>
    path === '' || isAbsolute(path) ? path : join(folder, path);
  const cluster = (found: KubeCluster): KubeCluster => ({
    ...found,
    certificateAuthority: absolute(found.certificateAuthority),
  });
  const user = (found: KubeUser): KubeUser => ({
    ...found,
    clientCertificate: absolute(found.clientCertificate),
    clientKey: absolute(found.clientKey),
    tokenFile: absolute(found.tokenFile),
    // A bare name is looked up in PATH.
    exec: found.exec && {
      ...found.exec,
      command: found.exec.command.includes(sep) ? absolute(found.exec.command) : found.exec.command,
    },
  });
  return {
    ...file,
    clusters: mapValues(file.clusters, cluster),
    users: mapValues(file.users, user),
  };
}

function mapValues<T>(
  map: ReadonlyMap<string, T>,
  change: (value: T) => T,
): ReadonlyMap<string, T> {
  return new Map([...map].map(([name, value]) => [name, change(value)] as const));
}

function fingerprintOf(files: readonly ReadFile[]): string {
  const hash = createHash('sha256');
  for (const { file, text } of files) hash.update(JSON.stringify([file, text ?? null]));
  return hash.digest('hex');
}
