import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { domText, screenshot, waitFor } from '../support/driver.ts';
import { actionsIn, codes, findings, valueOf, wholeOf } from '../support/findings.ts';
import { closeEverything, fileUri, keepUnsaved, openFile, replace } from '../support/previews.ts';

describe('names in manifests', () => {
  before(keepUnsaved);
  afterEach(closeEverything);

  it('lead to the object that they name', async () => {
    const policy = await openFile('propagationpolicy-release.yaml');
    const [link] = await waitFor('the definition', async () => {
      const found = await ask<vscode.LocationLink>('vscode.executeDefinitionProvider', policy, [
        positionOf(policy, 'name: podinfo', 7),
      ]);
      return found.length > 0 ? found : undefined;
    });
    assert.ok(link);
    assert.equal(link.targetUri.toString(), fileUri('helmrelease.yaml').toString());
    const target = await vscode.workspace.openTextDocument(link.targetUri);
    assert.equal(target.getText(link.targetSelectionRange), 'podinfo');
  });

  it('lead from a cluster to the fleet, and back to every list that names it', async () => {
    const override = await openFile('overridepolicy.yaml');
    const at = positionOf(override, '- member1', 3);
    const [link] = await ask<vscode.LocationLink>('vscode.executeDefinitionProvider', override, [
      at,
    ]);
    assert.equal(link?.targetUri.toString(), fileUri('fleet.yaml').toString());
    const references = await ask<vscode.Location>('vscode.executeReferenceProvider', override, [
      at,
    ]);
    const files = new Set(references.map(({ uri }) => uri.path.split('/').at(-1)));
    assert.ok(files.has('overridepolicy.yaml') && files.has('fleet.yaml'));
  });

  it('are links', async () => {
    const release = await openFile('helmrelease.yaml');
    const links = await waitFor('the links', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        release.document.uri,
      );
      const own = found.filter(({ target }) => target?.fragment.startsWith('L'));
      return own.length > 0 ? own : undefined;
    });
    assert.equal(links[0]?.target?.path, fileUri('helmrepository.yaml').path);
  });

  it('are renamed in every document that names the object', async () => {
    const release = await openFile('helmrelease.yaml');
    const at = positionOf(release, 'name: podinfo', 7);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      release.document.uri,
      at,
      'web',
    );
    const files = edit.entries().map(([uri]) => uri.path.split('/').at(-1));
    assert.deepEqual(files.sort(), [
      'helmrelease.yaml',
      'overridepolicy.yaml',
      'propagationpolicy-release.yaml',
    ]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const policy = await vscode.workspace.openTextDocument(fileUri('overridepolicy.yaml'));
    assert.match(policy.getText(), /^ {6}name: web$/m);
    assert.match(release.document.getText(), /^ {2}name: web$/m);
    await waitFor('the findings to be none', () => codes().length === 0);
  });

  it('are symbols of their document and of the workspace', async () => {
    const release = await openFile('helmrelease.yaml');
    const symbols = await waitFor('the symbols', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
        'vscode.executeDocumentSymbolProvider',
        release.document.uri,
      );
      return found.some(({ detail }) => detail === 'HelmRelease') ? found : undefined;
    });
    const own = symbols.find(({ detail }) => detail === 'HelmRelease');
    assert.equal(own?.name, 'podinfo');
    const all = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'member2',
    );
    assert.ok(
      all.some(({ name, containerName }) => name === 'member2' && containerName === 'Cluster'),
    );
  });
});

describe('findings', () => {
  before(keepUnsaved);
  afterEach(closeEverything);

  it('are mended by a quick fix', async () => {
    const policy = await misspelt();
    const actions = await actionsAt(policy, vscode.CodeActionKind.QuickFix);
    const fix = actions.find(({ title }) => title === 'Change to clusterNames');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(', '));
    assert.equal(fix.isPreferred, true);
    policy.selection = new vscode.Selection(placeOf(policy), placeOf(policy));
    await vscode.commands.executeCommand('editor.action.quickFix');
    await waitFor('the menu of fixes', async () =>
      (await domText('.action-widget .title')).some((title) => title.includes('clusterNames')),
    );
    await screenshot('quick-fix');
    await vscode.commands.executeCommand('hideCodeActionWidget');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await waitFor('the finding to go', () => codes().length === 0);
    assert.match(policy.document.getText(), /clusterNames:/);
  });

  it('are silenced by a comment', async () => {
    const policy = await misspelt();
    const actions = await actionsAt(policy, vscode.CodeActionKind.QuickFix);
    const ignore = actions.find(({ title }) => title === 'Ignore unknown-field on this line');
    assert.ok(ignore?.edit);
    assert.ok(await vscode.workspace.applyEdit(ignore.edit));
    assert.match(policy.document.getText(), /# karmada-ignore unknown-field\n +clusterNamess/);
    await waitFor('the finding to go', () => !codes().includes('unknown-field'));
  });

  it('are mended all at once', async () => {
    const policy = await misspelt();
    const kind = vscode.CodeActionKind.SourceFixAll.append('karmada');
    const [action] = await actionsAt(policy, kind);
    assert.ok(action?.edit, 'there is no such action');
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    await waitFor('the finding to go', () => codes().length === 0);
  });

  it('are migrated to the newest Flux in all documents', async () => {
    const release = await openFile('helmrelease.yaml');
    await replace(release, 'helm.toolkit.fluxcd.io/v2', 'helm.toolkit.fluxcd.io/v2beta2');
    await waitFor('the finding', () => codes().includes('api-version-removed'));
    const kind = vscode.CodeActionKind.Source.append('migrateFlux');
    const [action] = await actionsAt(release, kind);
    assert.match(action?.title ?? '', /^Migrate to Flux 2\.\d+$/);
    assert.ok(action?.edit);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    await waitFor('the finding to go', () => codes().length === 0);
    assert.match(release.document.getText(), /^apiVersion: helm\.toolkit\.fluxcd\.io\/v2$/m);
  });

  it('have a page each that opens without a network', async () => {
    await misspelt();
    const finding = findings().find(({ code }) => valueOf(code) === 'unknown-field');
    assert.ok(typeof finding?.code === 'object');
    const { scheme, path, query } = finding.code.target;
    assert.equal(scheme, 'command');
    const args = JSON.parse(decodeURIComponent(query)) as unknown[];
    await vscode.commands.executeCommand(path, ...args);
    const heading = await waitFor('the page', async () =>
      (await domText('h1')).find((text) => text.includes('no such field')),
    );
    assert.ok(heading);
    await screenshot('explanation');
  });
});

/** A policy with one unknown field, which is found. */
async function misspelt(): Promise<vscode.TextEditor> {
  const policy = await openFile('overridepolicy.yaml');
  await replace(policy, 'clusterNames', 'clusterNamess');
  await waitFor('the finding', () => codes().includes('unknown-field'));
  return policy;
}

function placeOf({ document }: vscode.TextEditor): vscode.Position {
  return document.positionAt(document.getText().indexOf('clusterNames') + 2);
}

async function actionsAt(
  editor: vscode.TextEditor,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  const at = kind.contains(vscode.CodeActionKind.QuickFix) ? placeOf(editor) : undefined;
  return actionsIn(editor, at ? new vscode.Range(at, at) : wholeOf(editor), kind);
}

function positionOf(
  { document }: vscode.TextEditor,
  text: string,
  offset: number,
): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, text);
  return document.positionAt(at + offset);
}

async function ask<T>(
  command: string,
  { document }: vscode.TextEditor,
  args: readonly unknown[],
): Promise<readonly T[]> {
  return vscode.commands.executeCommand(command, document.uri, ...args);
}
