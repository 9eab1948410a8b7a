import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import * as kube from '../../../../src/kube/index.ts';
import { probeContexts, type Probe } from '../../../../src/vscode/connection/probeContexts.ts';

const servers: ReturnType<typeof createServer>[] = [];

/** An API server that serves the groups; none for one that keeps silent. Answers how many asked it. */
async function serve(groups: readonly string[] | undefined) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (!groups) return;
    const answers: Readonly<Record<string, unknown>> = {
      '/version': { gitVersion: 'v1.36.1' },
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': {
        kind: 'APIGroupList',
        groups: groups.map((name) => ({ name, versions: [{ version: 'v1alpha1' }] })),
      },
    };
    const answer = answers[request.url ?? ''];
    response.statusCode = answer ? 200 : 404;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer ?? { kind: 'Status', code: 404 }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function kubeconfigOf(ports: Readonly<Record<string, number | string>>) {
  const names = Object.keys(ports);
  const text = JSON.stringify({
    clusters: names.map((name) => ({
      name,
      cluster: { server: ports[name] === '' ? '' : `http://127.0.0.1:${ports[name]}` },
    })),
    users: [{ name: 'ann', user: { token: 'never-sent-over-http' } }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'ann' } })),
  });
  return kube.loadKubeconfig({ paths: ['/kubeconfig'], readFile: () => Promise.resolve(text) });
}

test('tells Karmada from others, and leaves out what cannot be used', async () => {
  const karmada = await serve(['policy.karmada.io', 'cluster.karmada.io']);
  const other = await serve(['apps']);
  const kubeconfig = await kubeconfigOf({ hub: karmada.port, plain: other.port, broken: '' });
  const found = new Map<string, Probe>();
  await probeContexts(kube, kubeconfig, kube.listContexts(kubeconfig), {
    signal: new AbortController().signal,
    tell: (context, probe) => found.set(context, probe),
  });
  assert.deepEqual(Object.fromEntries(found), {
    hub: { type: 'karmada', karmadaVersion: '' },
    plain: { type: 'other', kubernetesVersion: 'v1.36.1' },
  });
});

test('a server that keeps silent costs its time and no more', async () => {
  const silent = await serve(undefined);
  const kubeconfig = await kubeconfigOf({ silent: silent.port });
  const found: Probe[] = [];
  await probeContexts(kube, kubeconfig, kube.listContexts(kubeconfig), {
    signal: new AbortController().signal,
    tell: (_, probe) => found.push(probe),
    patience: 300,
  });
  assert.deepEqual(found.at(-1), {
    type: 'silent',
    sentence: 'It did not answer within 0.3 s.',
  });
});

test('asks a few at a time, and stops when told to', async () => {
  const silent = await serve(undefined);
  const ports = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`c${i}`, silent.port]));
  const kubeconfig = await kubeconfigOf(ports);
  const stop = new AbortController();
  const told: string[] = [];
  const done = probeContexts(kube, kubeconfig, kube.listContexts(kubeconfig), {
    signal: stop.signal,
    tell: (context, { type }) => told.push(`${context} ${type}`),
  });
  while (told.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  stop.abort();
  await done;
  assert.deepEqual(told, ['c0 asking', 'c1 asking', 'c2 asking', 'c3 asking']);
});
