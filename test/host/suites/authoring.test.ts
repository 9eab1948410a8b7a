import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { domText, press, screenshot, waitFor } from '../support/driver.ts';
import { closeEverything, keepUnsaved, openFile, replace } from '../support/previews.ts';

describe('writing manifests', () => {
  before(keepUnsaved);
  afterEach(closeEverything);

  it('proposes the clusters of the fleet, and an accepted one is in the text', async () => {
    const override = await openFile('overridepolicy.yaml');
    await replace(override, '- member1', '- ');
    const at = endOfLine(override, 'clusterNames:\n          - ');
    override.selection = new vscode.Selection(at, at);
    const items = await proposals(override, at, 'member2');
    assert.ok(items.some(({ label }) => labelOf(label) === 'member1'));
    await vscode.commands.executeCommand('editor.action.triggerSuggest');
    await waitFor('the list', async () =>
      (await domText('.suggest-widget')).join('').includes('member3'),
    );
    await screenshot('completion');
    await press('Enter');
    await waitFor('the name', () => /- member1$/m.test(override.document.getText()));
  });

  it('proposes pointers into the release with its values', async () => {
    const override = await openFile('overridepolicy.yaml');
    await replace(override, '/spec/values/replicaCount', '/spec/');
    const at = endOfLine(override, 'path: /spec/');
    const items = await proposals(override, at, '/spec/interval');
    const item = items.find(({ label }) => labelOf(label) === '/spec/interval');
    assert.equal(typeof item?.label === 'object' ? item.label.description : '', '5m');
  });

  it('fills in kind and apiVersion with the name of a template', async () => {
    const policy = await openFile('propagationpolicy-release.yaml');
    await replace(
      policy,
      '- apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n      ',
      '- ',
    );
    await replace(policy, '- name: podinfo', '- name: ');
    const at = endOfLine(policy, '- name: ');
    policy.selection = new vscode.Selection(at, at);
    await proposals(policy, at, 'podinfo');
    await vscode.commands.executeCommand('editor.action.triggerSuggest');
    await waitFor('the list', async () =>
      (await domText('.suggest-widget')).join('').includes('HelmRelease'),
    );
    await press('Enter');
    await waitFor('the selector', () =>
      policy.document
        .getText()
        .includes(
          '- apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n      name: podinfo',
        ),
    );
  });

  it('begins an empty document with a whole policy', async () => {
    await openFile('helmrelease.yaml');
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: '' });
    const editor = await vscode.window.showTextDocument(document);
    const items = await proposals(editor, new vscode.Position(0, 0), 'PropagationPolicy');
    assert.ok(items.some(({ label }) => labelOf(label) === 'HelmRelease'));
  });

  it('says in a hover what an override changes where', async () => {
    const override = await openFile('overridepolicy.yaml');
    const text = await hoverText(override, '/spec/values/replicaCount');
    assert.match(text, /member1: `\/spec\/values\/replicaCount` not set → `2`/);
    const policy = await openFile('propagationpolicy-release.yaml');
    assert.match(await hoverText(policy, 'resourceSelectors'), /Claims 1 release/);
  });

  it('shows what the cluster in focus gets, once there is one', async () => {
    const release = await openFile('helmrelease.yaml');
    assert.deepEqual(await hintsIn(release), []);
    const settings = vscode.workspace.getConfiguration('karmada');
    await settings.update('inlayHints.cluster', 'member1', vscode.ConfigurationTarget.Global);
    const [hint] = await waitFor('the hint', async () => {
      const found = await hintsIn(release);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(hint?.label, '+ replicaCount: 2');
    await screenshot('inlay-hints');
    await settings.update('inlayHints.cluster', undefined, vscode.ConfigurationTarget.Global);
    await waitFor('the hint to go', async () => (await hintsIn(release)).length === 0);
  });
});

function labelOf(label: string | vscode.CompletionItemLabel): string {
  return typeof label === 'string' ? label : label.label;
}

function endOfLine({ document }: vscode.TextEditor, text: string): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `${text} is not in ${document.uri.path}`);
  return document.lineAt(document.positionAt(at + text.length).line).range.end;
}

/** The proposals at a place, once one with a label is among them. */
async function proposals(
  { document }: vscode.TextEditor,
  at: vscode.Position,
  wanted: string,
): Promise<readonly vscode.CompletionItem[]> {
  return waitFor(`a proposal ${wanted}`, async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at,
    );
    return list.items.some(({ label }) => labelOf(label) === wanted) ? list.items : undefined;
  });
}

async function hoverText({ document }: vscode.TextEditor, word: string): Promise<string> {
  const at = document.positionAt(document.getText().indexOf(word) + 2);
  return waitFor(`a hover on ${word}`, async () => {
    const found = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    const texts = found
      .flatMap(({ contents }) => contents)
      .map((part) => (typeof part === 'string' ? part : part.value));
    return texts.length > 0 ? texts.join('\n') : undefined;
  });
}

async function hintsIn({ document }: vscode.TextEditor): Promise<readonly vscode.InlayHint[]> {
  return vscode.commands.executeCommand(
    'vscode.executeInlayHintProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );
}
