import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import type { ApiServerClient, KubeList, KubeObject } from '../support/apiServerClient.ts';
import { connectSession } from '../support/liveSession.ts';
import type { LiveSession } from '../support/liveSession.ts';

/*
 * On a Karmada that runs elsewhere: KARMADA_E2E_KUBECONFIG names its kubeconfig, with certificates in it. Everything is
 * made in a namespace of its own, which is deleted in the end.
 */

const kubeconfig = process.env['KARMADA_E2E_KUBECONFIG'] ?? '';
const kubectl = process.env['KARMADA_TEST_KUBECTL'] ?? 'kubectl';
const namespace = `karmada-flux-test-${randomBytes(4).toString('hex')}`;
const configMap = 'settings';
const policies = `/apis/policy.karmada.io/v1alpha1/namespaces/${namespace}/propagationpolicies`;

let client: ApiServerClient;
let live: LiveSession;

before(async () => {
  client = clientOfKubeconfig(kubeconfig);
  const { 'current-context': context } = clientContext();
  live = await connectSession({ kubeconfig, context });
  await live.until('live', () => live.session.state.type === 'live', 60_000);
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await client.send('POST', '/api/v1/namespaces', body);
});
after(async () => {
  live.dispose();
  for (const path of [
    `${policies}/all`,
    `/api/v1/namespaces/${namespace}/configmaps/${configMap}`,
  ]) {
    await client.raw('DELETE', path);
  }
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

function clientContext(): { 'current-context': string } {
  const args = ['--kubeconfig', kubeconfig, 'config', 'view', '-o', 'json'];
  return JSON.parse(execFileSync(kubectl, args, { encoding: 'utf8' })) as {
    'current-context': string;
  };
}

describe('a real Karmada', () => {
  it('is recognised, with its Kubernetes version', () => {
    const { info } = live.session;
    assert.equal(info?.isKarmada, true);
    const args = ['--kubeconfig', kubeconfig, 'version', '-o', 'json'];
    const told = JSON.parse(execFileSync(kubectl, args, { encoding: 'utf8' })) as {
      serverVersion: { gitVersion: string };
    };
    assert.equal(info?.kubernetesVersion, told.serverVersion.gitVersion);
  });

  it('has the clusters that kubectl lists, as it lists them', () => {
    const args = ['--kubeconfig', kubeconfig, 'get', 'clusters', '--no-headers'];
    const listed = execFileSync(kubectl, args, { encoding: 'utf8' })
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(/\s+/).slice(0, 4))
      .sort();
    const rows = [...live.model.rows('clusters').values()]
      .map(({ name, version, mode, ready }) => [name, version, mode, ready.status])
      .sort();
    assert.ok(listed.length > 0, 'this Karmada has no cluster');
    assert.deepEqual(rows, listed);
  });

  it('a template with a policy gets a binding and a Work on each cluster, and loses them', async () => {
    await client.send('POST', `/api/v1/namespaces/${namespace}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: configMap },
      data: { key: 'value' },
    });
    await client.send('POST', policies, {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: { name: 'all' },
      spec: {
        resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name: configMap }],
        placement: {},
      },
    });
    const template = { kind: 'ConfigMap', namespace, name: configMap };
    const clusters = [...live.model.rows('clusters').keys()].sort();
    const works = (): string[] => {
      const binding = live.model.bindingOf(template);
      return binding
        ? live.model
            .worksOf(binding)
            .map(({ cluster }) => cluster)
            .sort()
        : [];
    };
    await live.until('bound', () => live.model.bindingOf(template) !== undefined, 30_000);
    await live.until('Works', () => works().length === clusters.length, 30_000);
    assert.deepEqual(works(), clusters);
    const binding = live.model.bindingOf(template);
    assert.equal(binding?.policy?.name, 'all');
    await live.until(
      'reports',
      () => live.model.bindingOf(template)?.reports.size === clusters.length,
      60_000,
    );
    const list = await client.send<KubeList>(
      'GET',
      `/apis/work.karmada.io/v1alpha2/namespaces/${namespace}/resourcebindings`,
    );
    const [found] = list.items as readonly (KubeObject & { spec: { clusters: object[] } })[];
    assert.deepEqual(
      live.model.bindingOf(template)?.clusters.map(({ name }) => ({ name })),
      found?.spec.clusters,
    );
    await client.send('DELETE', `/api/v1/namespaces/${namespace}/configmaps/${configMap}`);
    await live.until('gone', () => live.model.bindingOf(template) === undefined, 60_000);
    await live.until('no Works', () => works().length === 0, 30_000);
  });
});
