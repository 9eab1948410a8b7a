import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { domText, screenshot, waitFor } from '../../support/driver.ts';
import { kubeconfigFile, setSetting } from '../../support/kubeconfigs.ts';

describe('Restricted Mode', () => {
  const kubeconfig = kubeconfigFile();
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  let connections = 0;

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    kubeconfig.write({ fleet: `http://127.0.0.1:${port}` }, 'fleet');
    await setSetting('kubeconfig', kubeconfig.path);
  });

  after(async () => {
    await setSetting('kubeconfig', undefined);
    server.close();
    kubeconfig.remove();
  });

  it('connects to nothing, says why and leads to the trust of the workspace', async () => {
    await vscode.commands.executeCommand('workbench.view.extension.karmada');
    await waitFor('the welcome view', async () =>
      (await domText('.welcome-view-content')).some((text) => /Restricted Mode/.test(text)),
    );
    await screenshot('connection-restricted');
    void vscode.commands.executeCommand('karmada.connect', 'fleet');
    // A window under test keeps its notifications in the list.
    await waitFor('the reason', async () => {
      await vscode.commands.executeCommand('notifications.showList');
      return (await domText('.notifications-center')).some((text) =>
        /trusted workspace/.test(text),
      );
    });
    await vscode.commands.executeCommand('notifications.clearAll');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(connections, 0);
  });
});
