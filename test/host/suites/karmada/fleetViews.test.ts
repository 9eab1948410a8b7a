import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { domText, press, screenshot, type, waitFor } from '../support/driver.ts';
import { setSetting } from '../support/kubeconfigs.ts';

const run = (command: string, ...args: unknown[]) =>
  vscode.commands.executeCommand(command, ...args);

/** The kubeconfig of a running Karmada with Flux on its members; without one these tests are skipped. */
const kubeconfig = process.env.KARMADA_E2E_KUBECONFIG ?? '';
const namespace = 'fleet-views-test';

async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('kubectl', ['--kubeconfig', kubeconfig, ...args]);
  return stdout;
}

/** Waits for a line of a tree whose text fits. */
const line = (what: RegExp) =>
  waitFor(`a line ${String(what)}`, async () =>
    (await domText('.pane-body .monaco-list-row')).find((text) => what.test(text)),
  );

describe('the views of a running Karmada', () => {
  before(async function () {
    if (kubeconfig === '') return this.skip();
    await setSetting('kubeconfig', kubeconfig);
    const contexts = await kubectl('config', 'get-contexts', '-o', 'name');
    await run('karmada.connect', contexts.split('\n')[0]);
  });

  after(async () => {
    if (kubeconfig === '') return;
    await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
    await run('karmada.disconnect');
    await setSetting('kubeconfig', undefined);
  });

  it('show clusters and releases', async () => {
    await run('karmada.clusters.focus');
    const names = (await kubectl('get', 'clusters', '-o', 'name')).trim().split('\n');
    for (const name of names) await line(new RegExp(`^${name.split('/')[1] ?? ''}v\\d.*Ready`));
    await run('karmada.releases.focus');
    await run('workbench.actions.treeView.karmada.releases.collapseAll');
    await run('list.focusFirst');
    await run('list.expand');
    await screenshot('fleet-views');
  });

  it('follow a change without being asked', async () => {
    await kubectl('create', 'namespace', namespace);
    const release = {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'seen-at-once', namespace },
      spec: {
        interval: '5m',
        chart: {
          spec: { chart: 'podinfo', sourceRef: { kind: 'HelmRepository', name: 'podinfo' } },
        },
      },
    };
    const child = execFile('kubectl', ['--kubeconfig', kubeconfig, 'create', '-f', '-']);
    child.stdin?.end(JSON.stringify(release));
    await line(/^seen-at-once.*no policy claims it/);
    await kubectl('delete', 'helmrelease', '-n', namespace, 'seen-at-once');
    await waitFor('the line to go', async () =>
      (await domText('.pane-body .monaco-list-row')).every((text) => !/seen-at-once/.test(text)),
    );
  });

  it('show less when a filter is typed, and all again', async () => {
    void run('karmada.clusters.filter');
    await waitFor('the filter', async () => (await domText('.quick-input-title')).length > 0);
    await type('no such cluster');
    await press('Enter');
    await waitFor('the message', async () =>
      (await domText('.welcome-view-content')).some((text) => /No cluster is like that/.test(text)),
    );
    await run('karmada.clusters.clearFilter');
    await line(/Ready/);
  });
});
