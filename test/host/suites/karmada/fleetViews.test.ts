import { after, before, describe, it } from 'mocha';
import { domText, press, screenshot, type, waitFor } from '../../support/driver.ts';
import {
  connect,
  deliverExample,
  disconnect,
  helmVersion,
  kubectl,
  kubectlApply,
  removeExample,
} from '../../support/karmada.ts';
import { keepUnsaved } from '../../support/previews.ts';
import { line, noLine, run, shown } from '../../support/window.ts';

const namespace = 'fleet-views-test';

describe('the views of a running Karmada', () => {
  before(async function () {
    this.timeout(180_000);
    await keepUnsaved();
    await deliverExample();
    await connect();
  });

  after(async function () {
    this.timeout(180_000);
    await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--timeout=60s');
    await disconnect();
    await removeExample();
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
      apiVersion: helmVersion,
      kind: 'HelmRelease',
      metadata: { name: 'seen-at-once', namespace },
      spec: {
        interval: '5m',
        chart: {
          spec: { chart: 'podinfo', sourceRef: { kind: 'HelmRepository', name: 'podinfo' } },
        },
      },
    };
    await kubectlApply([release]);
    await line(/^seen-at-once.*no policy claims it/);
    await kubectl('delete', 'helmrelease', '-n', namespace, 'seen-at-once');
    await noLine(/^seen-at-once/);
  });

  it('show less when a filter is typed, and all again', async () => {
    void run('karmada.clusters.filter');
    await shown('.quick-input-title', /Filter/);
    await type('no such cluster');
    await press('Enter');
    await waitFor('the message', async () =>
      (await domText('.welcome-view-content')).some((text) => /No cluster is like that/.test(text)),
    );
    await run('karmada.clusters.clearFilter');
    await line(/Ready/);
  });
});
