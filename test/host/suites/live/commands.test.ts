import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { domText, press, screenshot, type, waitFor } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import {
  client,
  context,
  pathOf,
  recordedObject,
  seedFleet,
  writeKubeconfig,
} from '../../support/liveFleet.ts';
import { closeEverything, fileUri, previewWith, textWith } from '../../support/previews.ts';
import {
  answerDialog,
  chooseFromMenu,
  line,
  lineOf,
  notified,
  run,
  shown,
} from '../../support/window.ts';

const member3 = pathOf(recordedObject('Cluster', 'member3'));
const reference = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'shop',
  name: 'cart',
};

async function taints(): Promise<readonly string[]> {
  const { spec } = (await client.send('GET', member3)) as unknown as {
    spec: { taints?: { key: string }[] };
  };
  return (spec.taints ?? []).map(({ key }) => key);
}

const choose = (item: string) => chooseFromMenu(lineOf('member3'), item);

describe('what is done to a real API server', () => {
  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    await run('karmada.connect', context);
    await line(/^podinfo/);
  });

  afterEach(async () => {
    await press('Escape');
    await run('notifications.clearAll');
    await closeEverything();
  });

  after(async () => {
    await setSetting('readOnlyContexts', undefined);
    await setSetting('protectedContexts', undefined);
    await run('karmada.disconnect');
  });

  it('is asked for before: cordoning a cluster, and taking it back', async () => {
    await choose('Cordon…');
    await answerDialog(/Cordon member3 on fleet\?/, 'Cancel');
    assert.deepEqual(await taints(), []);
    await choose('Cordon…');
    await screenshot('live-cordon');
    await answerDialog(/nothing new there/, 'Cordon');
    await line(/^member3.*cordoned/);
    assert.deepEqual(await taints(), ['cluster.karmada.io/unschedulable']);
    await notified(/Cordoned member3 on fleet/);
    await choose('Uncordon…');
    await answerDialog(/Uncordon member3 on fleet\?/, 'Uncordon');
    await waitFor('no taint', async () => (await taints()).length === 0);
    await notified(/Uncordoned member3 on fleet/);
  });

  it('is asked for by name where the context is protected', async () => {
    await setSetting('protectedContexts', [context]);
    await choose('Cordon…');
    await answerDialog(/Cordon member3 on fleet\?[^]*fleet is a protected context/, 'Cordon');
    await shown('.quick-input-widget', /Type fleet/);
    await press('Escape');
    await waitFor('the question to go', async () =>
      (await domText('.quick-input-widget')).every((text) => !/Type fleet/.test(text)),
    );
    assert.deepEqual(await taints(), []);
    await setSetting('protectedContexts', undefined);
  });

  it('is nothing where the context is read-only', async () => {
    await setSetting('readOnlyContexts', [context]);
    await choose('Cordon…');
    await notified(/read-only/);
    assert.deepEqual(await domText('.monaco-dialog-box'), []);
    await setSetting('readOnlyContexts', undefined);
    assert.deepEqual(await taints(), []);
  });

  it('is nothing when a release is suspended: that is a file to be saved', async () => {
    void run('karmada.release.suspend', { reference, cluster: 'member1' });
    const file = await waitFor('the file', () =>
      vscode.workspace.textDocuments.find(({ uri }) => /cart-suspend/.test(uri.path)),
    );
    await waitFor('its text', () => /- member1\n/.test(file.getText()));
    assert.match(file.getText(), /kind: OverridePolicy\n[^]*path: \/spec\/suspend\n/);
    const [member1] = await previewWith('the preview');
    assert.ok(member1);
    await textWith(member1.right, 'the effect', (text) => /^ {2}suspend: true$/m.test(text));
    await screenshot('live-suspend');
    const { items } = (await client.send(
      'GET',
      '/apis/policy.karmada.io/v1alpha1/namespaces/shop/overridepolicies',
    )) as unknown as { items: unknown[] };
    assert.deepEqual(items, []);
    await vscode.window.showTextDocument(file);
    await run('workbench.action.revertAndCloseActiveEditor');
  });

  it('is nothing when the fleet is saved in a file', async () => {
    const saved = fileUri('fleet-live.yaml');
    void run('karmada.fleet.save');
    await shown('.quick-input-list .monaco-list-row', /\.\./);
    await press('Control+A');
    await type(saved.fsPath);
    // The dialog takes no Enter while it looks at what was typed.
    await waitFor('the place to be taken', async () => {
      await press('Enter');
      await new Promise((resolve) => setTimeout(resolve, 500));
      return (await domText('.quick-input-widget')).length === 0;
    });
    await notified(/Saved 3 clusters in fleet-live\.yaml/);
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(saved));
    await vscode.workspace.fs.delete(saved);
    assert.equal(text.match(/kind: Cluster$/gm)?.length, 3);
    assert.doesNotMatch(text, /apiEndpoint|secretRef|uid/i);
  });
});
