import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import type { KubeList, KubeObject } from '../support/apiServerClient.ts';
import { kubectlTable, sharedApiServer } from '../support/apiServer.ts';

const shared = sharedApiServer();
const client = clientOfKubeconfig(shared.kubeconfig);
after(() => client.dispose());

describe('the definitions made from the tables', () => {
  it('are taken as they are: structural, established, names accepted', async () => {
    const base = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const { items } = await client.send<KubeList>('GET', base);
    const states = items.map((item) => {
      const { conditions } = item['status'] as { conditions: { type: string; status: string }[] };
      const isTrue = (type: string): boolean =>
        conditions.some((condition) => condition.type === type && condition.status === 'True');
      const isGood = isTrue('Established') && isTrue('NamesAccepted');
      return { name: item.metadata.name, isGood, isLoose: isTrue('NonStructuralSchema') };
    });
    assert.ok(states.length >= 15, `only ${states.length} kinds`);
    assert.deepEqual(
      states.filter(({ isGood, isLoose }) => !isGood || isLoose),
      [],
    );
  });

  it('show a cluster in kubectl as Karmada does', async () => {
    const path = '/apis/cluster.karmada.io/v1alpha1/clusters';
    const name = `shown-${process.pid}`;
    const made = await client.send('POST', path, {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
      spec: { syncMode: 'Push' },
    });
    try {
      const ready = {
        type: 'Ready',
        status: 'True',
        reason: 'ClusterReady',
        message: '',
        lastTransitionTime: '2026-01-02T03:04:05Z',
      };
      await client.send('PUT', `${path}/${name}/status`, {
        ...made,
        status: { kubernetesVersion: 'v1.36.1', conditions: [ready] },
      });
      const [titles, row] = kubectlTable(shared, ['get', 'cluster', name]);
      assert.deepEqual(titles, ['NAME', 'VERSION', 'MODE', 'READY', 'AGE']);
      assert.deepEqual(row?.slice(0, 4), [name, 'v1.36.1', 'Push', 'True']);
    } finally {
      await client.send('DELETE', `${path}/${name}`);
    }
  });

  it('prune what the tables do not know and fill in defaults', async () => {
    const path = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies';
    const made = await client.send<KubeObject & { spec: Record<string, unknown> }>(
      'POST',
      `${path}?dryRun=All`,
      {
        apiVersion: 'policy.karmada.io/v1alpha1',
        kind: 'PropagationPolicy',
        metadata: { name: 'defaults' },
        spec: {
          resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap' }],
          placement: {},
          unknown: 1,
        },
      },
    );
    assert.deepEqual(Object.keys(made.spec).sort(), [
      'conflictResolution',
      'placement',
      'preemption',
      'priority',
      'resourceSelectors',
      'schedulerName',
    ]);
  });

  it('refuse what the tables forbid', async () => {
    const path = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies';
    const { status, text } = await client.raw('POST', `${path}?dryRun=All`, {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: { name: 'wrong' },
      spec: { resourceSelectors: [], conflictResolution: 'Sometimes' },
    });
    assert.equal(status, 422, text);
    assert.match(text, /spec\.conflictResolution/);
  });
});

describe('the server', () => {
  it('lets a user without a role do nothing', () => {
    const args = ['--kubeconfig', shared.kubeconfig, '--context', 'viewer', 'get', 'works', '-A'];
    assert.throws(
      () => execFileSync(shared.kubectl, args, { stdio: 'pipe', encoding: 'utf8' }),
      /User "viewer" cannot list resource "works"/,
    );
  });

  it('leaves nothing behind when what started it is killed', async () => {
    const starter = [
      "import { startApiServer } from './scripts/apiServer.mjs';",
      'const server = await startApiServer();',
      'console.log(JSON.stringify({ pids: server.pids(), folder: server.folder }));',
    ];
    const args = ['--input-type=module', '-e', starter.join('\n')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes('\n')) break;
    }
    const { pids, folder } = JSON.parse(output) as { pids: number[]; folder: string };
    assert.equal(pids.length, 2);
    assert.ok(existsSync(folder) && pids.every(isRunning));
    child.kill('SIGKILL');
    const deadline = Date.now() + 10_000;
    while ((existsSync(folder) || pids.some(isRunning)) && Date.now() < deadline) await sleep(50);
    assert.deepEqual([existsSync(folder), ...pids.map(isRunning)], [false, false, false]);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
