import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { screenshot, waitFor } from '../support/driver.ts';
import { closeEverything, fileUri, keepUnsaved, openFile, replace } from '../support/previews.ts';

describe('manifests in an editor', () => {
  before(keepUnsaved);
  afterEach(closeEverything);

  it('have a lens above each HelmRelease and policy', async () => {
    const wanted = [
      ['helmrelease.yaml', /^2 clusters · 1 changed$/],
      ['overridepolicy.yaml', /1 release · .*1 changed/],
      ['propagationpolicy-release.yaml', /1 release · 2 clusters/],
    ] as const;
    for (const [name, title] of wanted) {
      await openFile(name);
      await waitFor(`the lens ${String(title)} of ${name}`, async () =>
        (await lensesOf(name)).some(({ command }) => title.test(command?.title ?? '')),
      );
    }
  });

  it('have no lens when the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('karmada');
    await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
    await openFile('helmrelease.yaml');
    assert.deepEqual(await lensesOf('helmrelease.yaml'), []);
    await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
  });

  it('show what is wrong soon after typing stops, and no longer when it is mended', async () => {
    const policy = await openFile('overridepolicy.yaml');
    await replace(policy, 'operator: add', 'operator: insert');
    const [finding] = await waitFor('the finding', () => {
      const found = findingsOf('overridepolicy.yaml');
      return found.length > 0 ? found : undefined;
    });
    assert.equal(finding?.source, 'karmada');
    const { code } = finding;
    assert.ok(typeof code === 'object');
    assert.match(String(code.value), /^[a-z0-9-]+$/);
    assert.equal(code.target.scheme, 'command');
    await screenshot('finding');
    await replace(policy, 'operator: insert', 'operator: add');
    await waitFor('the finding to go', () => findingsOf('overridepolicy.yaml').length === 0);
  });

  it('survive broken YAML', async () => {
    const release = await openFile('helmrelease.yaml');
    await replace(release, 'spec:', 'spec: [');
    await waitFor('the finding', () => findingsOf('helmrelease.yaml').length > 0);
    await replace(release, 'spec: [', 'spec:');
    await waitFor('the finding to go', () => findingsOf('helmrelease.yaml').length === 0);
  });

  it('are read from disk when they are created, changed and deleted', async () => {
    await openFile('helmrelease.yaml');
    const uri = fileUri('more/override.yaml');
    const text = new TextDecoder().decode(
      await vscode.workspace.fs.readFile(fileUri('overridepolicy.yaml')),
    );
    const second = text
      .replace('name: example-override', 'name: second')
      .replace('- member1', '- member2')
      .replace('value: 2', 'value: 5');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(second));
    await lensBecomes('helmrelease.yaml', /2 changed/);
    const idle = second.replace('/spec/values/replicaCount', '/spec/interval').replace('5', '5m');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(idle));
    await lensBecomes('helmrelease.yaml', /1 changed/);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(second));
    await lensBecomes('helmrelease.yaml', /2 changed/);
    await vscode.workspace.fs.rename(fileUri('more'), fileUri('moved'));
    await vscode.workspace.fs.delete(fileUri('moved'), { recursive: true });
    await lensBecomes('helmrelease.yaml', /1 changed/);
  });

  it('are left alone where the setting excludes them', async () => {
    const settings = vscode.workspace.getConfiguration('karmada');
    await openFile('helmrelease.yaml');
    await lensBecomes('helmrelease.yaml', /1 changed/);
    await settings.update('exclude', ['override*.yaml'], vscode.ConfigurationTarget.Workspace);
    await lensBecomes('helmrelease.yaml', /^2 clusters$/);
    await settings.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    await lensBecomes('helmrelease.yaml', /1 changed/);
  });

  it('take the clusters from the fleet file that the setting names', async () => {
    const settings = vscode.workspace.getConfiguration('karmada');
    const fleet = fileUri('other-fleet.yaml');
    const cluster = 'apiVersion: cluster.karmada.io/v1alpha1\nkind: Cluster\nmetadata:\n  name: ';
    await vscode.workspace.fs.writeFile(fleet, new TextEncoder().encode(`${cluster}edge\n`));
    await settings.update('fleet', 'other-fleet.yaml', vscode.ConfigurationTarget.Workspace);
    await openFile('helmrelease.yaml');
    await lensBecomes('helmrelease.yaml', /No cluster fits/);
    await settings.update('fleet', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.workspace.fs.delete(fleet);
    await lensBecomes('helmrelease.yaml', /2 clusters/);
  });
});

async function lensesOf(name: string): Promise<readonly vscode.CodeLens[]> {
  return vscode.commands.executeCommand('vscode.executeCodeLensProvider', fileUri(name));
}

async function lensBecomes(name: string, title: RegExp): Promise<void> {
  await waitFor(`the lens ${title} of ${name}`, async () =>
    (await lensesOf(name)).some(({ command }) => title.test(command?.title ?? '')),
  );
}

function findingsOf(name: string): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(fileUri(name))
    .filter(({ source }) => source === 'karmada');
}
