import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startControlPlane, type ControlPlane } from '../support/controlPlane.ts';
import { click, domText, press, screenshot, type, waitFor } from '../support/driver.ts';
import { kubeconfigFile, setSetting } from '../support/kubeconfigs.ts';
import { closeEverything, openFile, previewWith } from '../support/previews.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const run = (command: string, ...args: unknown[]) =>
  vscode.commands.executeCommand(command, ...args);

async function shows(selector: string, what: RegExp): Promise<string> {
  return waitFor(`${String(what)} in ${selector}`, async () =>
    (await domText(selector)).find((text) => what.test(text)),
  );
}

const statusBar = (what: RegExp) => shows('.statusbar-item', what);
const welcome = (what: RegExp) => shows('.welcome-view-content, .welcome-view', what);
const notification = (what: RegExp) =>
  waitFor(`${String(what)} in the notifications`, async () => {
    // A window under test keeps its notifications in the list.
    await run('notifications.showList');
    return (await domText('.notifications-center')).some((text) => what.test(text));
  });
const picker = (what: RegExp) => shows('.quick-input-list .monaco-list-row', what);

describe('connection', () => {
  const kubeconfig = kubeconfigFile();
  let karmada: ControlPlane;
  let plain: ControlPlane;

  before(async () => {
    karmada = await startControlPlane(['member1', 'member2']);
    plain = await startControlPlane();
    kubeconfig.write({ fleet: karmada.url, plain: plain.url, broken: '' }, 'fleet');
    await setSetting('kubeconfig', kubeconfig.path);
  });

  afterEach(async () => {
    await run('karmada.disconnect');
    await run('notifications.clearAll');
    karmada.answerAll(undefined);
    await karmada.start();
  });

  after(async () => {
    await setSetting('kubeconfig', undefined);
    await closeEverything();
    await karmada.stop();
    await plain.stop();
    kubeconfig.remove();
  });

  it('is none before the user connects, whatever is opened', async () => {
    await openFile('helmrelease.yaml');
    await run('karmada.preview.open');
    await previewWith('the preview');
    await run('workbench.view.extension.karmada');
    await welcome(/Connect to Karmada/);
    await pause(1000);
    assert.equal(karmada.connectionCount + plain.connectionCount, 0);
    await closeEverything();
    await screenshot('connection-welcome');
  });

  it('lists the contexts and asks their servers only when told to', async () => {
    void run('karmada.connect');
    await picker(/fleet/);
    await picker(/broken/);
    await pause(500);
    assert.equal(karmada.connectionCount + plain.connectionCount, 0);
    await screenshot('connection-picker');
    await type('Check which');
    await picker(/Check which are Karmada/);
    await press('Enter');
    await waitFor('both answers', () => karmada.connectionCount > 0 && plain.connectionCount > 0);
    await press('Control+A');
    await press('Backspace');
    await picker(/Not Karmada: Kubernetes v1.36.1/);
    await screenshot('connection-picker-checked');
    await press('Escape');
    await waitFor('the probes to be gone', () => karmada.socketCount + plain.socketCount === 0);
  });

  it('tells of a server that is not Karmada', async () => {
    void run('karmada.connect', 'plain');
    await statusBar(/plain: not Karmada/);
    await welcome(/not a Karmada control plane/);
    await screenshot('connection-not-karmada');
    await waitFor('no connection', () => plain.socketCount === 0);
  });

  it('connects to the context that is picked, and leaves nothing when it is told to go', async () => {
    void run('karmada.connect');
    await picker(/fleet/);
    await type('fleet');
    await press('Enter');
    await statusBar(/^\s*fleet$/);
    await waitFor('the clusters to be asked for', () =>
      karmada.requests.includes('/apis/cluster.karmada.io/v1alpha1/clusters'),
    );
    await screenshot('connection-live');
    await run('karmada.disconnect');
    await waitFor('no connection', () => karmada.socketCount === 0);
    assert.deepEqual(
      (await domText('.statusbar-item')).filter((text) => /fleet/.test(text)),
      [],
    );
    await welcome(/Reconnect/);
    await screenshot('connection-reconnect');
  });

  it('keeps what it shows when the server goes, with its age, and recovers by itself', async () => {
    await run('karmada.connect', 'fleet');
    await statusBar(/^\s*fleet$/);
    await karmada.stop();
    await statusBar(/fleet: less than 1 min old/);
    await screenshot('connection-stale');
    await karmada.start();
    await run('karmada.connection.retry');
    await statusBar(/^\s*fleet$/);
  });

  it('says why a connection fails, and connects on a retry', async () => {
    await karmada.stop();
    void run('karmada.connect', 'fleet');
    await welcome(/does not answer/);
    await notification(/127\.0\.0\.1/);
    await screenshot('connection-failed');
    await karmada.start();
    // It may have been tried again by itself meanwhile.
    await click('.welcome-view-content .monaco-button').catch(() => undefined);
    await statusBar(/^\s*fleet$/);
  });

  it('follows the kubeconfig: the context goes and comes back', async () => {
    await run('karmada.connect', 'fleet');
    await statusBar(/^\s*fleet$/);
    kubeconfig.write({ plain: plain.url });
    await notification(/no context “fleet” any more/);
    await welcome(/no kubeconfig that can be used/);
    await waitFor('no connection', () => karmada.socketCount === 0);
    await screenshot('connection-context-gone');
    kubeconfig.write({ fleet: karmada.url, plain: plain.url, broken: '' }, 'fleet');
    await statusBar(/^\s*fleet$/);
  });

  it('takes new credentials without losing what it shows', async () => {
    await run('karmada.connect', 'fleet');
    await shows('.tree-explorer-viewlet-tree-view', /member1/);
    const discoveries = () => karmada.requests.filter((path) => path === '/version').length;
    const before = discoveries();
    kubeconfig.write({ fleet: karmada.url, plain: plain.url, broken: '' }, 'fleet', 'another');
    await waitFor('another session', async () => {
      const trees = await domText('.tree-explorer-viewlet-tree-view');
      assert.ok(
        trees.some((text) => text.includes('member1')),
        'the tree was empty',
      );
      return discoveries() > before;
    });
    await statusBar(/^\s*fleet$/);
    await shows('.tree-explorer-viewlet-tree-view', /member1/);
  });

  it('tells once that the credentials are refused, however often it is tried', async () => {
    await run('karmada.connect', 'fleet');
    await statusBar(/^\s*fleet$/);
    karmada.answerAll(401);
    const told = async () => {
      await run('notifications.showList');
      return (await domText('.notifications-center .notification-list-item')).length;
    };
    await statusBar(/fleet: less than 1 min old/);
    await waitFor('the message', async () => (await told()) > 0);
    for (let again = 0; again < 3; again += 1) {
      await run('karmada.connection.retry');
      await pause(300);
    }
    await screenshot('connection-unauthorized');
    assert.equal(await told(), 1);
    karmada.answerAll(undefined);
    await run('karmada.connection.retry');
    await statusBar(/^\s*fleet$/);
  });

  it('says what is wrong with the kubeconfig', async () => {
    kubeconfig.writeText('clusters: {');
    void run('karmada.connect');
    await notification(/cannot be read/);
    await welcome(/no kubeconfig that can be used/);
    await screenshot('connection-kubeconfig-broken');
    kubeconfig.write({ fleet: karmada.url, plain: plain.url, broken: '' }, 'fleet');
  });
});
