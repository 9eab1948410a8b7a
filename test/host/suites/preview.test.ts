import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, domText, press, screenshot, waitFor } from '../support/driver.ts';
import {
  closeEverything,
  entries,
  fileUri,
  keepUnsaved,
  openFile,
  previewWith,
  replace,
  textOf,
  textWith,
} from '../support/previews.ts';

const open = 'karmada.preview.open';
const refreshAction = '.editor-actions [aria-label="Refresh Groups"]';

describe('preview on clusters', () => {
  before(keepUnsaved);
  afterEach(closeEverything);
  after(() => vscode.commands.executeCommand('workbench.view.explorer'));

  it('shows one entry per distinct result, the template left and the cluster right', async () => {
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    const found = await previewWith('the preview');
    assert.deepEqual(
      found.map(({ label }) => label),
      ['member1', 'member2', 'member3'],
    );
    const [member1, member2, member3] = found;
    assert.ok(member1 && member2 && member3);
    assert.match(await textOf(member1.right), /^ {4}replicaCount: 2$/m);
    assert.doesNotMatch(await textOf(member1.left), /replicaCount/);
    assert.equal(await textOf(member2.right), await textOf(member2.left));
    assert.match(await textOf(member3.right), /^# .*does not serve/m);
    const document = await vscode.workspace.openTextDocument(member1.right);
    assert.equal(document.languageId, 'yaml');
    await waitFor('the headers of the entries', async () => {
      const headers = await domText('.multiDiffEntry .file-path');
      return headers.some((header) => header.includes('member2.yaml'));
    });
    await screenshot('preview');
  });

  it('opens from the lens above an OverridePolicy', async () => {
    await openFile('overridepolicy.yaml');
    await waitFor('the lens', async () =>
      (await domText('.codelens-decoration a')).some((title) => title.includes('changed')),
    );
    await screenshot('lens');
    await click('.codelens-decoration a');
    await previewWith('the preview');
  });

  it('opens from the icon in the title of a policy', async () => {
    await openFile('propagationpolicy-release.yaml');
    await click('.editor-actions [aria-label="Preview on Clusters"]');
    await previewWith('the preview');
  });

  it('asks which template is meant for a folder, and shows all in one view', async () => {
    void vscode.commands.executeCommand(open, fileUri('.'), [fileUri('.')]);
    await waitFor('the choice', async () =>
      (await domText('.quick-input-list-row')).some((row) => row.includes('All 2')),
    );
    await screenshot('choice-of-templates');
    await press('Enter');
    const found = await previewWith('the preview');
    const folders = new Set(found.map(({ right }) => right.path.split('/').at(-2)));
    assert.deepEqual([...folders].sort(), ['podinfo', 'podinfo (HelmRepository)']);
  });

  it('opens the diff of two documents when there is one entry only', async () => {
    const policy = await openFile('propagationpolicy-release.yaml');
    await replace(policy, 'name: podinfo', 'name: another');
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    const [only, ...others] = await previewWith('the preview');
    assert.ok(only);
    assert.equal(others.length, 0);
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    assert.ok(activeTab?.input instanceof vscode.TabInputTextDiff);
    assert.match(await textOf(only.right), /No policy claims it/);
    await screenshot('no-policy-claims-it');
  });

  it('says in the preview which override fails', async () => {
    const policy = await openFile('overridepolicy.yaml');
    await replace(policy, '/spec/values/replicaCount', '/spec/nothing/here');
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    const [first] = await previewWith('the preview');
    assert.ok(first);
    assert.equal(first.label, 'member1');
    assert.match(await textOf(first.right), /missing path: ?"?\/spec\/nothing\/here/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      first.right,
    );
    const [link] = links.filter(({ target }) => target?.path.endsWith('/overridepolicy.yaml'));
    assert.match(link?.target?.fragment ?? '', /^L\d+,\d+$/);
    await screenshot('failed-override');
  });

  it('takes several files chosen in the explorer together', async () => {
    const files = [fileUri('helmrelease.yaml'), fileUri('overridepolicy.yaml')];
    await vscode.commands.executeCommand(open, files[0], files);
    const found = await previewWith('the preview');
    assert.deepEqual(
      [...new Set(found.map(({ right }) => right.path.split('/').at(-2)))],
      ['podinfo'],
    );
  });

  it('counts a policy that is in no file yet', async () => {
    const policy = `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: unsaved
  namespace: default
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
  overrideRules:
    - overriders:
        plaintext:
          - path: /spec/interval
            operator: replace
            value: 9m
`;
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: policy });
    await vscode.window.showTextDocument(document);
    await click('.editor-actions [aria-label="Preview on Clusters"]');
    const [member1, member2] = await previewWith('the preview');
    assert.ok(member1 && member2);
    assert.match(await textOf(member1.right), /interval: 9m/);
    assert.match(await textOf(member2.right), /interval: 9m/);
  });

  it('says so when a document holds nothing to preview', async () => {
    await openFile('fleet.yaml');
    void vscode.commands.executeCommand(open);
    // A window under test keeps its notifications in the list.
    await vscode.commands.executeCommand('notifications.showList');
    await waitFor('the message', async () =>
      (await domText('.notifications-center')).some((text) => text.includes('holds no template')),
    );
    await screenshot('nothing-to-preview');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

describe('an open preview', () => {
  before(keepUnsaved);
  afterEach(closeEverything);

  it('follows unsaved edits', async () => {
    const policy = await openFile('overridepolicy.yaml');
    await vscode.commands.executeCommand(open);
    const [member1] = await previewWith('the preview');
    assert.ok(member1);
    await replace(policy, 'value: 2', 'value: 27');
    await textWith(member1.right, 'the new value', (text) => text.includes('replicaCount: 27'));
    assert.ok(policy.document.isDirty);
  });

  it('leaves the documents alone that an edit does not change', async () => {
    const policy = await openFile('overridepolicy.yaml');
    await vscode.commands.executeCommand(open);
    const [member1, member2] = await previewWith('the preview');
    assert.ok(member1 && member2);
    const changed: string[] = [];
    const listener = vscode.workspace.onDidChangeTextDocument(({ document }) =>
      changed.push(document.uri.toString()),
    );
    await replace(policy, 'value: 2', 'value: 3');
    await textWith(member1.right, 'the new value', (text) => text.includes('replicaCount: 3'));
    listener.dispose();
    assert.ok(changed.includes(member1.right.toString()));
    assert.ok(!changed.includes(member1.left.toString()));
    assert.ok(!changed.includes(member2.right.toString()));
  });

  it('says that its groups have changed, and shows the new ones on demand', async () => {
    const policy = await openFile('overridepolicy.yaml');
    await vscode.commands.executeCommand(open);
    const [member1] = await previewWith('the preview');
    assert.ok(member1);
    await replace(policy, '- member1', '- member1\n          - member2');
    const text = await textWith(member1.right, 'the note', (found) => /^# .*group/.test(found));
    assert.match(
      text,
      /^# The group has changed since this view was opened: now member1 and member2/,
    );
    await screenshot('groups-have-changed');
    await click(refreshAction);
    const found = await previewWith('the new groups', ([first]) => first?.label !== 'member1');
    assert.deepEqual(
      found.map(({ label }) => label),
      ['member1 + 1 more', 'member3'],
    );
    await waitFor('the old tab to close', () => previewTabs().length === 1);
    await waitFor('the action to go', async () => (await domText(refreshAction)).length === 0);
  });

  it("shows and hides Karmada's labels and annotations", async () => {
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    await previewWith('the preview');
    await click(`.editor-actions [aria-label="Show Karmada's Labels and Annotations"]`);
    const isOn = (on: boolean) =>
      previewWith(
        'the toggle',
        ([first]) => first?.right.query.endsWith(on ? ',1]' : ',0]') ?? false,
      );
    const [member1] = await isOn(true);
    assert.ok(member1);
    assert.match(await textOf(member1.right), /propagationpolicy\.karmada\.io\/name: helm-release/);
    await screenshot('bookkeeping');
    await click(`.editor-actions [aria-label="Hide Karmada's Labels and Annotations"]`);
    const [again] = await isOn(false);
    assert.ok(again);
    assert.doesNotMatch(await textOf(again.right), /karmada\.io/);
    await waitFor('the old tab to close', () => previewTabs().length === 1);
  });

  it('compares two clusters side by side', async () => {
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    await previewWith('the preview');
    void vscode.commands.executeCommand('karmada.clusters.compare');
    const isAsked = (what: string) =>
      waitFor(what, async () =>
        (await domText('.quick-input-title')).some((title) => title.includes(what)),
      );
    await isAsked('1/2');
    await screenshot('choice-of-clusters');
    await press('Enter');
    await isAsked('2/2');
    await press('Enter');
    const [only] = await previewWith('the comparison', (found) => found.length === 1);
    assert.ok(only);
    assert.match(await textOf(only.left), /replicaCount: 2/);
    assert.doesNotMatch(await textOf(only.right), /replicaCount/);
    assert.equal(
      vscode.window.tabGroups.activeTabGroup.activeTab?.label,
      'podinfo: member1 ↔ member2',
    );
    await screenshot('comparison');
  });

  it('takes the full width on demand', async () => {
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    await previewWith('the preview');
    await click('.editor-actions [aria-label="Use Full Width"]');
    await waitFor('the side bar to close', async () => {
      const sidebars = await domText('.part.sidebar .composite.title');
      return sidebars.length === 0;
    });
    await screenshot('full-width');
    await vscode.commands.executeCommand('workbench.view.explorer');
  });

  it('says who set a changed line, with a link to the override', async () => {
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    const [member1] = await previewWith('the preview');
    assert.ok(member1);
    const document = await vscode.workspace.openTextDocument(member1.right);
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('replicaCount'));
    const position = new vscode.Position(line, 6);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      member1.right,
      position,
    );
    const markdown = hovers.flatMap(({ contents }) => contents) as vscode.MarkdownString[];
    const text = markdown.map(({ value }) => value).join('\n');
    assert.match(text.replaceAll('\\', ''), /example-override/);
    const [, query] = /command:karmada\.place\.reveal\?([^)]*)/.exec(text) ?? [];
    assert.ok(query);
    await vscode.commands.executeCommand(
      'karmada.place.reveal',
      ...(JSON.parse(decodeURIComponent(query)) as unknown[]),
    );
    const editor = await waitFor('the policy', () => vscode.window.activeTextEditor);
    assert.equal(editor.document.uri.path.split('/').at(-1), 'overridepolicy.yaml');
    assert.match(editor.document.getText(editor.selection), /replicaCount/);
  });

  it('stays in its editor group when it is opened again', async () => {
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    await previewWith('the preview');
    await vscode.commands.executeCommand('workbench.action.moveEditorToRightGroup');
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand(open);
    await previewWith('the preview');
    const tabs = previewTabs();
    assert.equal(tabs.length, 1);
    assert.equal(entries().length, 3);
  });
});

function previewTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ label }) => label.startsWith('podinfo'));
}
