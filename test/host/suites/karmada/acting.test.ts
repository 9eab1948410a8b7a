import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { press, screenshot, type, waitFor } from '../../support/driver.ts';
import {
  connect,
  deliverExample,
  disconnect,
  helmVersion,
  kubectl,
  removeExample,
} from '../../support/karmada.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import {
  closeEverything,
  fileUri,
  keepUnsaved,
  previewWith,
  textOf,
} from '../../support/previews.ts';
import { notified, run, shown } from '../../support/window.ts';

const release = {
  apiVersion: helmVersion,
  kind: 'HelmRelease',
  namespace: 'default',
  name: 'podinfo',
};

async function setEverywhere(section: string, key: string, value: unknown): Promise<void> {
  const target = vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(section).update(key, value, target);
}

describe('what acts on a running Karmada', () => {
  let cluster = '';

  before(async function () {
    this.timeout(180_000);
    await keepUnsaved();
    await deliverExample();
    // The window's own dialogs, which can be driven.
    await setEverywhere('files', 'simpleDialog.enable', true);
    await connect();
    const names = (await kubectl('get', 'clusters', '-o', 'name')).trim().split('\n');
    cluster = names.at(-1)?.split('/')[1] ?? '';
  });

  afterEach(async () => {
    await run('notifications.clearAll');
    await closeEverything();
  });

  after(async function () {
    this.timeout(180_000);
    await disconnect();
    await setSetting('readOnlyContexts', undefined);
    await setEverywhere('files', 'simpleDialog.enable', undefined);
    await removeExample();
  });

  const taints = () => kubectl('get', 'cluster', cluster, '-o', 'jsonpath={.spec.taints[*].key}');
  const clusterLine = () => ({
    reference: {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      namespace: '',
      name: cluster,
    },
  });

  it('writes nothing to a read-only context', async () => {
    await setSetting('readOnlyContexts', ['*']);
    void run('karmada.cluster.cordon', clusterLine());
    await notified(/read-only/);
    await setSetting('readOnlyContexts', undefined);
    assert.equal(await taints(), '');
  });

  it('asks Flux on a member to reconcile, or says which right is missing', async () => {
    void run('karmada.release.reconcile', { reference: release, cluster: 'member1' });
    await notified(/Asked Flux to reconcile default\/podinfo on member1|Not allowed/);
    await screenshot('acting-reconcile');
  });

  it('suspends a release on one cluster by a file that is not saved, and shows the effect', async () => {
    void run('karmada.release.suspend', { reference: release, cluster: 'member1' });
    const [member1, member2] = await previewWith('the preview', (found) => found.length > 1);
    assert.ok(member1 && member2);
    assert.match(await textOf(member1.right), /^ {2}suspend: true$/m);
    assert.doesNotMatch(await textOf(member2.right), /suspend/);
    await screenshot('acting-suspended');
    const file = openDocument(/podinfo-suspend\.yaml$/);
    assert.ok(file?.isUntitled);
    assert.match(file.getText(), /- member1\n/);

    void run('karmada.release.suspend', { reference: release, cluster: 'member2' });
    await waitFor('both clusters', () => /- member1\n\s+- member2\n/.test(file.getText()));
    await previewWith('the preview again', (found) =>
      found.some(({ label }) => label.includes('member2')),
    );
    await vscode.window.showTextDocument(file);
    await run('workbench.action.revertAndCloseActiveEditor');
  });

  it('saves the fleet in a file', async () => {
    const saved = fileUri('fleet-saved.yaml');
    void run('karmada.fleet.save');
    await shown('.quick-input-list .monaco-list-row', /\.\./);
    await press('Control+A');
    await type(saved.fsPath);
    await press('Enter');
    const text = await waitFor('the file', async () => {
      try {
        return new TextDecoder().decode(await vscode.workspace.fs.readFile(saved));
      } catch {
        return undefined;
      }
    });
    await notified(/Saved \d clusters? in fleet-saved\.yaml/);
    await screenshot('acting-fleet-saved');
    await vscode.workspace.fs.delete(saved);
    assert.match(text, /^apiVersion: v1\nkind: List\nitems:\n- apiVersion: cluster\.karmada\.io/);
    assert.doesNotMatch(text, /apiEndpoint|secretRef|uid/i);
  });
});

const openDocument = (name: RegExp) =>
  vscode.workspace.textDocuments.find(({ uri }) => name.test(uri.path));
