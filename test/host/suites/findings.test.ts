import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { seedPage } from '../../support/seedPage.ts';
import { domText, screenshot, waitFor } from '../support/driver.ts';
import { actionsIn, codes, findings, valueOf, wholeOf } from '../support/findings.ts';
import {
  closeEverything,
  keepUnsaved,
  openFile,
  previewWith,
  replace,
  textOf,
} from '../support/previews.ts';

interface Slip {
  readonly code: string;
  readonly file: string;
  /** What is written instead of what. */
  readonly change: readonly [from: string, to: string];
  /** The file that the finding is in, when it is another one. */
  readonly foundIn?: string;
  readonly fix: RegExp;
}

const slips: readonly Slip[] = [
  {
    code: 'override-fails',
    file: 'overridepolicy.yaml',
    change: ['/spec/values/replicaCount', '/spec/values/image/tag'],
    fix: /^Add image with it$/,
  },
  {
    code: 'override-replaces-subtree',
    file: 'overridepolicy.yaml',
    change: ['/spec/values/replicaCount', ''],
    fix: /^Add key by key$/,
  },
  {
    code: 'selector-matches-nothing',
    file: 'propagationpolicy-release.yaml',
    change: ['name: podinfo', 'name: podinf'],
    fix: /^Change name to podinfo$/,
  },
  {
    code: 'unknown-cluster',
    file: 'overridepolicy.yaml',
    change: ['- member1', '- member11'],
    fix: /^Change to member1$/,
  },
  {
    code: 'source-not-propagated',
    file: 'propagationpolicy-source.yaml',
    change: ['placement: {}', 'placement: { clusterAffinity: { clusterNames: [member1] } }'],
    foundIn: 'helmrelease.yaml',
    fix: /member2/,
  },
];

describe('what would go wrong', () => {
  before(keepUnsaved);
  afterEach(closeEverything);

  for (const slip of slips) {
    it(`is told and mended: ${slip.code}`, () => tellAndMend(slip));
  }
});

describe('a page of an older Flux', () => {
  const settings = () => vscode.workspace.getConfiguration('karmada');
  before(async () => {
    await keepUnsaved();
    // The page stands for itself: only the fleet of the example stays.
    const others = ['helm*.yaml', 'propagation*.yaml', 'override*.yaml'];
    await settings().update('exclude', others, vscode.ConfigurationTarget.Workspace);
  });
  after(() => settings().update('exclude', undefined, vscode.ConfigurationTarget.Workspace));
  afterEach(closeEverything);

  it('is told at once, made right by one action, and previewed', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'yaml',
      content: seedPage,
    });
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const found = await waitFor('the findings', () => {
      const removed = findings().filter(({ code }) => valueOf(code) === 'api-version-removed');
      return removed.length > 0 ? removed : undefined;
    });
    assert.match(found.map(({ message }) => message).join('\n'), /2\.8/);
    assert.match(found.map(({ message }) => message).join('\n'), /2\.3/);
    await screenshot('seed-page');

    const kind = vscode.CodeActionKind.Source.append('migrateFlux');
    const [migrate] = await actionsIn(editor, wholeOf(editor), kind);
    assert.ok(migrate?.edit);
    assert.ok(await vscode.workspace.applyEdit(migrate.edit));
    await waitFor('the findings to go', () => codes().length === 0);
    assert.doesNotMatch(document.getText(), /v2beta2|v1beta2/);
    await screenshot('seed-page-migrated');

    // The lens above the release is about that release alone.
    const release = document.getText().indexOf('kind: HelmRelease');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      20,
    );
    const above = lenses.findLast(({ range }) => document.offsetAt(range.start) <= release);
    const lens = lenses.find(
      ({ range, command }) =>
        range.start.line === above?.range.start.line &&
        command?.title.includes('2 clusters · 1 changed'),
    );
    assert.ok(lens?.command, 'there is no lens');
    await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
    const texts = await textsByCluster();
    assert.match(texts.get('member1') ?? '', /replicaCount: 2/);
    assert.doesNotMatch(texts.get('member2') ?? 'replicaCount', /replicaCount/);
    await screenshot('seed-page-preview');
  });
});

async function tellAndMend({ code, file, change, foundIn, fix }: Slip): Promise<void> {
  const [from, to] = change;
  const edited = await openFile(file);
  await (to === '' ? replaceValues(edited) : replace(edited, from, to));
  const editor = foundIn === undefined ? edited : await openFile(foundIn);
  const finding = await waitFor(`the finding ${code}`, () =>
    vscode.languages
      .getDiagnostics(editor.document.uri)
      .find((diagnostic) => valueOf(diagnostic.code) === code),
  );
  const place = finding.range.start;
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(finding.range);
  await vscode.commands.executeCommand('editor.action.quickFix');
  await waitFor('the menu of fixes', async () =>
    (await domText('.action-widget .title')).some((title) => fix.test(title.trim())),
  );
  await screenshot(`finding-${code}`);
  await vscode.commands.executeCommand('hideCodeActionWidget');
  const actions = await actionsIn(editor, finding.range, vscode.CodeActionKind.QuickFix);
  const action = actions.find(({ title }) => fix.test(title));
  assert.ok(action?.edit, actions.map(({ title }) => title).join(', '));
  assert.ok(await vscode.workspace.applyEdit(action.edit));
  await waitFor(`the finding ${code} to go`, () => !codes().includes(code));
}

/** Lets the override add all values at once, as many pages show it. */
async function replaceValues(editor: vscode.TextEditor): Promise<void> {
  await replace(editor, 'path: /spec/values/replicaCount', 'path: /spec/values');
  await replace(editor, 'value: 2', 'value: { replicaCount: 2, ui: { color: "#34577c" } }');
}

async function textsByCluster(): Promise<ReadonlyMap<string, string>> {
  const found = await previewWith('the preview');
  const texts = new Map<string, string>();
  for (const { label, right } of found) texts.set(label, await textOf(right));
  return texts;
}
