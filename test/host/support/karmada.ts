// A running Karmada with Flux on its members, which KARMADA_E2E_KUBECONFIG names, and what can be asked of it past the
// extension.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { waitFor } from './driver.ts';
import { fileUri } from './previews.ts';
import { setSetting } from './kubeconfigs.ts';
import { run } from './window.ts';

const kubeconfig = process.env.KARMADA_E2E_KUBECONFIG ?? '';
const kubectlProgram = process.env.KARMADA_TEST_KUBECTL ?? 'kubectl';
const helmProgram = process.env.KARMADA_TEST_HELM ?? 'helm';

/** What a program prints; rejects with what it says of its failure. */
async function output(program: string, args: readonly string[], input?: string): Promise<string> {
  const running = promisify(execFile)(program, args, { maxBuffer: 64_000_000 });
  if (input !== undefined) running.child.stdin?.end(input);
  return (await running).stdout;
}

/** What kubectl prints of the control plane. */
export function kubectl(...args: readonly string[]): Promise<string> {
  return output(kubectlProgram, ['--kubeconfig', kubeconfig, ...args]);
}

/** Writes objects as another user with kubectl does; further arguments go to it. */
export function kubectlApply(
  objects: readonly object[],
  ...args: readonly string[]
): Promise<string> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return output(
    kubectlProgram,
    ['--kubeconfig', kubeconfig, 'apply', '--server-side', '-f', '-', ...args],
    list,
  );
}

/** The control plane or one of its members, which is reached through Karmada's proxy. */
export interface Place {
  kubectl(...args: readonly string[]): Promise<string>;
  /** What `helm list` prints of a namespace, as JSON. */
  helmList(namespace: string): Promise<readonly Readonly<Record<string, string>>[]>;
  /** Text by object of everything that can be listed, without what changes by itself. */
  everything(): Promise<ReadonlyMap<string, string>>;
}

interface Config {
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
}

/** Calls with the kubeconfig of a place; `undefined` is the control plane. The file is gone afterwards. */
async function withPlace<T>(
  cluster: string | undefined,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const config = JSON.parse(
    await kubectl('config', 'view', '--raw', '--flatten', '--minify', '-o', 'json'),
  ) as Config;
  const proxied = (server: string): string =>
    cluster === undefined
      ? server
      : `${server}/apis/cluster.karmada.io/v1alpha1/clusters/${cluster}/proxy`;
  const clusters = config.clusters.map((one) => ({
    ...one,
    cluster: { ...one.cluster, server: proxied(one.cluster.server) },
  }));
  const folder = mkdtempSync(join(tmpdir(), 'karmada-flux-place-'));
  const path = join(folder, 'config');
  writeFileSync(path, JSON.stringify({ ...config, clusters }), { mode: 0o600 });
  try {
    return await work(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function placeOf(cluster?: string): Place {
  const ask = (...args: readonly string[]): Promise<string> =>
    withPlace(cluster, (path) => output(kubectlProgram, ['--kubeconfig', path, ...args]));
  return {
    kubectl: ask,
    helmList: (namespace) =>
      withPlace(cluster, async (path) => {
        const args = ['--kubeconfig', path, 'list', '-n', namespace, '-o', 'json'];
        return JSON.parse(await output(helmProgram, args)) as Record<string, string>[];
      }),
    everything: () => everything(ask),
  };
}

/** In place of a text that nobody may see. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What changes without anybody's doing. */
const restless = /^(events|leases|componentstatuses|.*\.metrics\.k8s\.io)(\.|$)/;

interface Listed {
  readonly items: readonly (Readonly<Record<string, unknown>> & {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: Readonly<Record<string, unknown>>;
  })[];
}

async function everything(ask: Place['kubectl']): Promise<ReadonlyMap<string, string>> {
  const names = (await ask('api-resources', '--verbs=list', '-o', 'name')).split('\n');
  const wanted = names.filter((name) => name !== '' && !restless.test(name));
  const { items } = JSON.parse(await ask('get', wanted.join(','), '-A', '-o', 'json')) as Listed;
  const texts = new Map<string, string>();
  for (const { metadata, ...rest } of items) {
    const lasting = { ...metadata };
    for (const name of ['resourceVersion', 'managedFields', 'generation']) delete lasting[name];
    const key = [rest.apiVersion, rest.kind, lasting['namespace'], lasting['name']].join(' ');
    const text = JSON.stringify({ ...rest, metadata: lasting, status: undefined });
    texts.set(key, rest.kind === 'Secret' ? digest(text) : text);
  }
  return texts;
}

/** Lines of what two moments differ in; none where they are alike. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const lines: string[] = [];
  for (const [key, text] of after) {
    const old = before.get(key);
    if (old === undefined) lines.push(`new: ${key}`);
    else if (old !== text) lines.push(`changed: ${key}\n  ${old}\n  ${text}`);
  }
  for (const key of before.keys()) if (!after.has(key)) lines.push(`gone: ${key}`);
  return lines.sort();
}

/** The context that the kubeconfig is for. */
export async function currentContext(): Promise<string> {
  return (await kubectl('config', 'current-context')).trim();
}

interface ClusterObject {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly apiEnablements?: readonly { readonly groupVersion: string }[] };
}

async function clusterNames(isWanted: (cluster: ClusterObject) => boolean): Promise<string[]> {
  const { items } = JSON.parse(await kubectl('get', 'clusters', '-o', 'json')) as {
    readonly items: readonly ClusterObject[];
  };
  return items
    .filter(isWanted)
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** The members, in the order of their names. */
export function allClusters(): Promise<readonly string[]> {
  return clusterNames(() => true);
}

/** Those with Flux. */
export function clustersWithFlux(): Promise<readonly string[]> {
  return clusterNames(
    ({ status }) =>
      status?.apiEnablements?.some(({ groupVersion }) => groupVersion === helmVersion) ?? false,
  );
}

export const helmVersion = 'helm.toolkit.fluxcd.io/v2';

/** Connects the window to the control plane, and gives the context. */
export async function connect(): Promise<string> {
  await setSetting('kubeconfig', kubeconfig);
  const context = await currentContext();
  await run('karmada.connect', context);
  return context;
}

/** Leaves the control plane, with its settings. */
export async function disconnect(): Promise<void> {
  await run('karmada.disconnect');
  await setSetting('kubeconfig', undefined);
}

/**
 * Lets the example's source name a Helm repository that the members reach: KARMADA_TEST_CHARTS, else it stays as it is.
 */
export async function useCharts(): Promise<void> {
  const charts = process.env.KARMADA_TEST_CHARTS;
  if (charts === undefined) return;
  const uri = fileUri('helmrepository.yaml');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const changed = text.replace(/url: \S+$/m, `url: ${JSON.stringify(charts)}`);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(changed));
}

const exampleFiles = [
  'helmrepository.yaml',
  'helmrelease.yaml',
  'overridepolicy.yaml',
  'propagationpolicy-source.yaml',
  'propagationpolicy-release.yaml',
];

/** Puts the example onto the control plane past the extension, and waits until every cluster with Flux has the release. */
export async function deliverExample(): Promise<void> {
  await useCharts();
  for (const name of exampleFiles) await kubectl('apply', '-f', fileUri(name).fsPath);
  for (const cluster of await clustersWithFlux()) {
    await waitFor(
      `podinfo on ${cluster}`,
      async () => (await placeOf(cluster).helmList('default')).length > 0,
      120_000,
    );
  }
}

/** Takes it off again, templates first so that it goes from the members too, and waits until it has gone. */
export async function removeExample(): Promise<void> {
  const clusters = await clustersWithFlux();
  for (const name of ['helmrelease.yaml', ...exampleFiles]) {
    await kubectl('delete', '--ignore-not-found', '-f', fileUri(name).fsPath);
    if (name !== 'helmrelease.yaml') continue;
    for (const cluster of clusters) {
      await waitFor(
        `no podinfo on ${cluster}`,
        async () => (await placeOf(cluster).helmList('default')).length === 0,
        120_000,
      );
    }
  }
}
