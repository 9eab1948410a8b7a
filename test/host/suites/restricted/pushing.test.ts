import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, domText, press, screenshot, waitFor } from '../../support/driver.ts';
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
    // A list that has the focus takes it from what is asked.
    await run('notifications.hideList');
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
      const state = { isOver: false };
      const over = () => void (state.isOver = true);
      const ended = Promise.resolve(run(command, ...(argument ? [argument] : []))).then(over, over);
      // A command that says something ends when that is gone.
      await waitFor('an answer', async () => {
        if (state.isOver) return true;
        await run('notifications.showList');
        return (await domText('.notifications-center .notification-list-item')).length > 0;
      });
      assert.deepEqual(await domText('.monaco-dialog-box, .quick-input-list-row'), []);
      await run('notifications.clearAll');
      await ended;
    }
    assert.deepEqual(await filesNow(), before);
    assert.equal(connections, 0);
  });

  it('plans files, writes them after they were shown, and contacts nothing', async () => {
    await openFile('helmrelease.yaml');
    const before = await filesNow();
    await shown('.codelens-decoration a', /2 clusters/);
    void run('karmada.stopPropagating');
    await shown('.quick-input-list-row', /member2/);
    await click('.quick-input-list-row:has-text("member2")');
    await press('Enter');
    const rows = await waitFor('the plan', () => {
      const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      const { textDiffs = [] } = (input ?? {}) as {
        textDiffs?: readonly vscode.TabInputTextDiff[];
      };
      const found = textDiffs.filter(({ modified }) => modified.scheme === 'karmada-plan');
      return found.length > 1 ? found : undefined;
    });
    assert.deepEqual(await filesNow(), before);
    assert.deepEqual(await domText('.editor-actions [aria-label*="Push"]'), []);
    await screenshot('restricted-plan');
    const planned = new Map(before);
    for (const { modified } of rows.slice(1)) {
      const document = await vscode.workspace.openTextDocument(modified);
      planned.set(fileUri(modified.path.slice(1)).toString(), document.getText());
    }
    assert.notDeepEqual(planned, before);
    void run('karmada.plan.save');
    await waitFor('the files', async () => sameFiles(await filesNow(), planned));
    assert.equal(connections, 0);
    for (const [uri, text] of before) {
      await vscode.workspace.fs.writeFile(vscode.Uri.parse(uri), new TextEncoder().encode(text));
    }
  });
});

async function filesNow(): Promise<ReadonlyMap<string, string>> {
  const uris = await vscode.workspace.findFiles('**/*.yaml');
  const read = async (uri: vscode.Uri) =>
    [uri.toString(), new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))] as const;
  return new Map(await Promise.all(uris.map(read)));
}

function sameFiles(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([uri, text]) => b.get(uri) === text);
}
