import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { domText, press, waitFor } from '../../support/driver.ts';
import { kubeconfigFile, setSetting } from '../../support/kubeconfigs.ts';
import { closeEverything, fileUri, openFile } from '../../support/previews.ts';
import { run, shown } from '../../support/window.ts';

const reference = {
  ...{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' },
  ...{ namespace: 'default', name: 'podinfo' },
};

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

  afterEach(async () => {
    await press('Escape');
    await run('notifications.clearAll');
    await closeEverything();
  });

  after(async () => {
    await setSetting('kubeconfig', undefined);
    server.close();
    kubeconfig.remove();
  });

  it('offers no push: not in the palette, not at a document', async () => {
    await openFile('helmrelease.yaml');
    await shown('.codelens-decoration a', /2 clusters/);
    assert.deepEqual(await domText('.editor-actions [aria-label*="Push"]'), []);
    await run('workbench.action.quickOpen', '>Karmada: ');
    await shown('.quick-input-list-row', /Propagate to Clusters/);
    for (const words of ['Push', 'Undo', 'Dispatch', 'Rollout']) {
      await run('workbench.action.quickOpen', `>Karmada ${words}`);
      await waitFor('the answer', async () => (await domText('.quick-input-list')).length > 0);
      const rows = await domText('.quick-input-list-row');
      const found = rows.filter((text) => text.includes('Karmada:') && text.includes(words));
      assert.deepEqual(found, []);
    }
  });

  it('does nothing for a command that is called all the same', async () => {
    await openFile('helmrelease.yaml');
    const uris = [fileUri('helmrelease.yaml')];
    const before = await filesNow();
    for (const [command, argument] of [
      ['karmada.push', { uris }],
      ['karmada.push.waves', { uris }],
      ['karmada.push.run', undefined],
      ['karmada.push.resume', undefined],
      ['karmada.push.undoLast', undefined],
      ['karmada.push.showHistory', undefined],
      ['karmada.dispatch.hold', { reference }],
      ['karmada.dispatch.resume', { reference }],
      ['karmada.rollout.show', { reference }],
      ['karmada.rollout.stop', undefined],
    ] as const) {
      const ended = run(command, ...(argument ? [argument] : []));
      await Promise.race([
        Promise.resolve(ended).then(undefined, () => undefined),
        waitFor('an answer', async () => {
          await run('notifications.showList');
          return (await domText('.notifications-center .notification-list-item')).length > 0;
        }),
      ]);
      assert.deepEqual(await domText('.monaco-dialog-box, .quick-input-list-row'), []);
      await run('notifications.clearAll');
      await ended;
    }
    assert.deepEqual(await filesNow(), before);
    assert.equal(connections, 0);
  });
});

async function filesNow(): Promise<ReadonlyMap<string, string>> {
  const uris = await vscode.workspace.findFiles('**/*.yaml');
  const read = async (uri: vscode.Uri) =>
    [uri.toString(), new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))] as const;
  return new Map(await Promise.all(uris.map(read)));
}
