import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startControlPlane } from '../../support/controlPlane.ts';
import { click, domText, waitFor } from '../../support/driver.ts';
import { kubeconfigFile, setSetting } from '../../support/kubeconfigs.ts';

// The last test of this window: a workspace that is trusted cannot be made untrusted again without a reload.
describe('Trusting the workspace', () => {
  const kubeconfig = kubeconfigFile();

  after(async () => {
    await vscode.commands.executeCommand('karmada.disconnect');
    await setSetting('kubeconfig', undefined);
    kubeconfig.remove();
  });

  it('lets the user connect, without a reload, and connects to nothing by itself', async () => {
    const server = await startControlPlane(['member1']);
    kubeconfig.write({ fleet: server.url }, 'fleet');
    await setSetting('kubeconfig', kubeconfig.path);
    await vscode.commands.executeCommand('workbench.view.extension.karmada');
    await vscode.commands.executeCommand('workbench.trust.manage');
    await click('.workspace-trust-editor .trusted .monaco-button');
    await waitFor('the trust', () => vscode.workspace.isTrusted);
    await waitFor('the offer to connect', async () =>
      (await domText('.welcome-view-content')).some((text) => /Connect to Karmada/.test(text)),
    );
    assert.equal(server.connectionCount, 0);
    await vscode.commands.executeCommand('karmada.connect', 'fleet');
    await waitFor('the connection', async () =>
      (await domText('.statusbar-item')).some((text) => /^\s*fleet$/.test(text)),
    );
    await vscode.commands.executeCommand('karmada.disconnect');
    await server.stop();
  });
});
