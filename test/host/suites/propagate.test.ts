import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, domText, press, screenshot, type, waitFor } from '../support/driver.ts';
import { closeEverything, fileUri, keepUnsaved, openFile, textOf } from '../support/previews.ts';
import { run, shown } from '../support/window.ts';

/** One row of the plan in the active tab. */
interface Row {
  readonly name: string;
  readonly left: vscode.Uri;
  readonly right: vscode.Uri;
}

function rows(): readonly Row[] {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const diffs = (input as { textDiffs?: readonly vscode.TabInputTextDiff[] } | undefined)
    ?.textDiffs;
  return (diffs ?? [])
    .filter(({ modified }) => modified.scheme === 'karmada-plan')
    .map(({ original, modified }) => ({
      name: modified.path.slice(1),
      left: original,
      right: modified,
    }));
}

const plan = () =>
  waitFor('the plan', () => {
    const found = rows();
    return found.length > 1 ? found : undefined;
  });

const choice = async (what: RegExp) => {
  await shown('.quick-input-list-row', what);
};

/** Ticks the line of a cluster in the list of clusters. */
async function tick(cluster: string): Promise<void> {
  await choice(new RegExp(cluster));
  await click(`.quick-input-list-row:has-text("${cluster}")`);
}

function isSourceMissing({ code }: vscode.Diagnostic): boolean {
  return typeof code === 'object' && code.value === 'source-not-propagated';
}

async function onDisk(name: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(fileUri(name)));
  } catch {
    return undefined;
  }
}

/** What a plan says becomes of each template on each cluster. */
function outcomes(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let clusters = new Map<string, string>();
  for (const row of text.split('\n')) {
    const [, cluster, said] = /^ +(member\d) +(.*)$/.exec(row) ?? [];
    if (cluster !== undefined && said !== undefined) clusters.set(cluster, said);
    else if (/^\w/.test(row)) found.set(row, (clusters = new Map()));
  }
  return found;
}

const files = async () =>
  new Map(
    await Promise.all(
      (await vscode.workspace.findFiles('**/*.yaml')).map(
        async (uri) =>
          [
            uri.toString(),
            new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)),
          ] as const,
      ),
    ),
  );

describe('plans of files', () => {
  let seed = new Map<string, string>();

  before(async () => {
    await keepUnsaved();
    seed = await files();
  });

  afterEach(async () => {
    await run('notifications.clearAll');
    await press('Escape');
    await closeEverything();
    for (const uri of (await files()).keys()) {
      if (!seed.has(uri)) await vscode.workspace.fs.delete(vscode.Uri.parse(uri));
    }
    for (const [uri, text] of seed) {
      await vscode.workspace.fs.writeFile(vscode.Uri.parse(uri), new TextEncoder().encode(text));
    }
  });

  after(() => run('workbench.view.explorer'));

  /** The files on disk are what the rows showed, and no other file has changed. */
  async function isAsShown(shownRows: readonly (Row & { readonly text: string })[]): Promise<void> {
    const expected = new Map(seed);
    for (const { name, text } of shownRows) expected.set(fileUri(name).toString(), text);
    await waitFor('the files', async () => {
      const now = await files();
      return [...expected].every(([uri, text]) => (now.get(uri) ?? '') === text);
    });
  }

  /** Opens the release when the analysis has read the files as they are now. */
  async function openRelease(): Promise<void> {
    await openFile('helmrelease.yaml');
    await shown('.codelens-decoration a', /2 clusters/);
  }

  const withTexts = async (found: readonly Row[]) =>
    Promise.all(found.slice(1).map(async (row) => ({ ...row, text: await textOf(row.right) })));

  it('overrides one value for a cluster: picked, shown, saved, undone', async () => {
    await openRelease();
    void run('karmada.override');
    await tick('member2');
    await screenshot('override-clusters');
    await press('Enter');
    await choice(/Edit the manifest/);
    await screenshot('override-paths');
    await type('/spec/interval');
    await press('Enter');
    await waitFor('the box for the value', async () =>
      (await domText('.quick-input-message')).some((text) => text.includes('/spec/interval')),
    ).catch(async (error: unknown) => {
      const now = await domText('.quick-input-widget, .quick-input-message, .quick-input-list-row');
      throw new Error(
        `${String(error)}; there is ${now.join(' | ')}, ${vscode.window.activeTextEditor?.document.uri.toString()}`,
      );
    });
    await press('Control+A');
    await type('7m');
    await press('Enter');
    const found = await plan();
    await waitFor('the question', async () => {
      await run('notifications.showList');
      return (await domText('.notifications-center')).some((text) =>
        /1 (new|changed) file/.test(text),
      );
    });
    await screenshot('override-asked');
    await run('notifications.hideList');
    const texts = await withTexts(found);
    assert.match(await textOf(found[0]?.right ?? fileUri('.')), /member2 .*\/spec\/interval .*7m/);
    assert.match(texts[0]?.text ?? '', /value: 7m/);
    await screenshot('override-plan');
    await click('.editor-actions [aria-label="Save to Files"]');
    await isAsShown(texts);
    await waitFor('the plan to close', () => rows().length === 0);
    const [file] = texts;
    assert.ok(file);
    if (seed.has(fileUri(file.name).toString())) {
      await openFile(file.name);
      await run('undo');
      assert.equal(
        vscode.window.activeTextEditor?.document.getText(),
        seed.get(fileUri(file.name).toString()),
      );
    }
  });

  it('overrides by an edited manifest, and forgets it with Discard', async () => {
    await openRelease();
    void run('karmada.override');
    await tick('member1');
    await press('Enter');
    await choice(/Edit the manifest/);
    await press('Enter');
    const editor = await waitFor('the manifest', () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.scheme === 'karmada-override' ? active : undefined;
    });
    assert.match(editor.document.getText(), /replicaCount: 2/);
    await shown('.codelens-decoration a', /Create Override for member1/);
    const at = editor.document.getText().indexOf('replicaCount: 2') + 'replicaCount: '.length;
    const position = editor.document.positionAt(at);
    await editor.edit((edit) =>
      edit.replace(new vscode.Range(position, position.translate(0, 1)), '5'),
    );
    await screenshot('override-manifest');
    await click('.editor-actions [aria-label="Create Override"]');
    const found = await plan();
    const [file] = await withTexts(found);
    assert.equal(file?.name, 'overridepolicy.yaml');
    assert.match(file.text, /value: 5\n/);
    assert.match(file.text, /# Adds one key below/);
    await click('.editor-actions [aria-label="Discard Plan"]');
    await waitFor('the plan to close', () => rows().length === 0);
    assert.deepEqual(await files(), seed);
  });

  it('propagates to clusters with new policies, and says what happens there', async () => {
    await openRelease();
    // Emptied first: a document that was open a while ago counts on for minutes. One after the other, so that what is
    // found tells that the first is known.
    const empty = new TextEncoder().encode('# Nothing.\n');
    await vscode.workspace.fs.writeFile(fileUri('propagationpolicy-source.yaml'), empty);
    await waitFor('the finding', () =>
      vscode.languages.getDiagnostics().some(([, found]) => found.some(isSourceMissing)),
    );
    await vscode.workspace.fs.writeFile(fileUri('propagationpolicy-release.yaml'), empty);
    await shown('.codelens-decoration a', /No policy/i);
    for (const name of ['propagationpolicy-source.yaml', 'propagationpolicy-release.yaml']) {
      await vscode.workspace.fs.delete(fileUri(name));
    }
    await click('.codelens-decoration a:has-text("Propagate to Clusters")');
    await tick('member1');
    await tick('member2');
    await screenshot('propagate-clusters');
    await press('Enter');
    // VS Code tells of a row only when it has two sides, which a new file has not.
    const [first] = await waitFor('the plan', () => (rows().length > 0 ? rows() : undefined));
    const outcome = await textOf(first?.right ?? fileUri('.'));
    const said = outcomes(outcome);
    for (const template of ['HelmRelease default/podinfo', 'HelmRepository default/podinfo']) {
      assert.deepEqual([...(said.get(template)?.keys() ?? [])], ['member1', 'member2'], outcome);
    }
    await screenshot('propagate-plan');
    const before = await files();
    await click('.editor-actions [aria-label="Save to Files"]');
    const made = await waitFor('the new file', async () => {
      const now = [...(await files())].filter(([uri]) => !before.has(uri));
      return now.length > 0 ? now : undefined;
    });
    assert.match(
      made.map(([, text]) => text).join(''),
      /kind: PropagationPolicy[^]*member1[^]*member2/,
    );
    await openRelease();
  });

  it('says what to do when no cluster is ticked', async () => {
    await openRelease();
    void run('karmada.override');
    await choice(/member1/);
    await press('Enter');
    await click('.quick-input-widget input[placeholder*="Tick at least one cluster"]');
    await screenshot('no-cluster-ticked');
  });

  it('stops propagating to a cluster', async () => {
    await openRelease();
    void run('karmada.stopPropagating');
    await tick('member2');
    await press('Enter');
    const found = await plan();
    const texts = await withTexts(found);
    const said = outcomes(await textOf(found[0]?.right ?? fileUri('.')));
    for (const clusters of [...said.values()].filter((one) => one.size > 0)) {
      assert.notEqual(clusters.get('member2'), clusters.get('member1'));
    }
    await screenshot('stop-plan');
    await click('.editor-actions [aria-label="Save to Files"]');
    await isAsShown(texts);
  });

  it('plans anew when a file has changed meanwhile, and writes nothing', async () => {
    await openRelease();
    void run('karmada.stopPropagating');
    await tick('member2');
    await press('Enter');
    const found = await plan();
    const [row] = found.slice(1);
    assert.ok(row);
    const before = await onDisk(row.name);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(fileUri(row.name), new vscode.Position(0, 0), '# seen\n');
    await vscode.workspace.applyEdit(edit);
    await run('karmada.plan.save');
    const again = await waitFor('the new plan', () => {
      const now = rows();
      return now.length > 1 && now[1]?.right.toString() !== row.right.toString() ? now : undefined;
    });
    assert.match(await textOf(again[1]?.right ?? row.right), /^# seen\n/);
    assert.equal(await onDisk(row.name), before);
  });

  const said = (what: RegExp) =>
    waitFor(String(what), async () => {
      await run('notifications.showList');
      return (await domText('.notifications-center')).some((text) => what.test(text));
    });

  async function insertLine(name: string, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(fileUri(name), new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
  }

  it('tells which unsaved edits are saved with a plan', async () => {
    await openRelease();
    await insertLine('propagationpolicy-release.yaml', '# mine\n');
    void run('karmada.stopPropagating');
    await tick('member2');
    await press('Enter');
    await plan();
    await said(/Your unsaved edits of propagationpolicy-release\.yaml are saved with it\./);
  });

  it('asks when a release has changed since its manifest was opened for an override', async () => {
    await openRelease();
    void run('karmada.override');
    await tick('member1');
    await press('Enter');
    await choice(/Edit the manifest/);
    await press('Enter');
    const editor = await waitFor('the manifest', () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.scheme === 'karmada-override' ? active : undefined;
    });
    const text = await textOf(fileUri('helmrelease.yaml'));
    const at = text.indexOf('interval: ') + 'interval: '.length;
    const release = await vscode.workspace.openTextDocument(fileUri('helmrelease.yaml'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(release.uri, release.positionAt(at), '1');
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(editor.document);
    void run('karmada.override.create');
    await said(/podinfo has changed on member1 since you began/);
    assert.equal(rows().length, 0);
  });
});
