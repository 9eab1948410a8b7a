import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, domText, screenshot, waitFor } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import { context, seedFleet, writeKubeconfig } from '../../support/liveFleet.ts';
import {
  closeEverything,
  fileUri,
  openFile,
  previewWith,
  replace,
  textWith,
} from '../../support/previews.ts';
import { line, run } from '../../support/window.ts';

const override = `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: faster
  namespace: shop
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: cart
  overrideRules:
    - targetCluster:
        clusterNames: [member1]
      overriders:
        plaintext:
          - path: /spec/interval
            operator: replace
            value: 1m
`;
const policy = `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: everything
  namespace: shop
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: cart
  placement:
    clusterAffinity:
      clusterNames: [member1]
`;

const lens = (what: RegExp) =>
  waitFor(`a lens ${String(what)}`, async () =>
    (await domText('.codelens-decoration a')).find((title) => what.test(title)),
  ).catch(async (error: unknown) => {
    const titles = await domText('.codelens-decoration a');
    throw new Error(`${String(error)}; there is ${titles.join(' | ')}`);
  });

describe('drafts over a real API server', () => {
  const files = { 'faster.yaml': override, 'cart-policy.yaml': policy };

  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    await run('karmada.connect', context);
    await line(/^podinfo/);
    for (const [name, text] of Object.entries(files)) {
      await vscode.workspace.fs.writeFile(fileUri(name), new TextEncoder().encode(text));
    }
  });

  after(async () => {
    await closeEverything();
    for (const name of Object.keys(files)) await vscode.workspace.fs.delete(fileUri(name));
    await run('karmada.disconnect');
  });

  it('preview an override of a release that only the control plane has', async () => {
    const editor = await openFile('faster.yaml');
    // Both drafts are read: the policy leaves one cluster.
    await lens(/1 release · 1 cluster · 1 changed/);
    await screenshot('live-draft-override');
    // A lens is drawn anew when the control plane has something new to say.
    await waitFor('the click', () =>
      click('.codelens-decoration a').then(
        () => true,
        () => false,
      ),
    );
    const rows = await previewWith('the preview', (found) => found.length === 2);
    const [gone, kept] = rows.toSorted((a, b) => (a.label > b.label ? -1 : 1));
    assert.ok(gone && kept);
    assert.deepEqual([gone.label, kept.label], ['member2', 'member1']);
    await textWith(kept.right, 'the interval', (text) => /interval: 1m/.test(text));
    const text = await textWith(gone.right, 'the loss', (now) => /uninstalled/.test(now));
    assert.match(text, /^# HelmRelease shop\/cart from fleet for member2$/m);
    assert.match(text, /^# 3 clusters from fleet\./m);
    assert.match(text, /cart-policy\.yaml:\d+/);
    await screenshot('live-draft-preview');
    await replace(editor, 'value: 1m', 'value: 7m');
    await textWith(kept.right, 'the edit', (now) => /interval: 7m/.test(now));
    await vscode.window.showTextDocument(editor.document);
    await run('workbench.action.files.revert');
  });

  it('say which clusters an edit takes away', async () => {
    await closeEverything();
    await openFile('cart-policy.yaml');
    await lens(/− ?member2/);
    await screenshot('live-draft-policy');
  });
});
