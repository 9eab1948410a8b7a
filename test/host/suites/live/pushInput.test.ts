import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startControlPlane } from '../../support/controlPlane.ts';
import { domText, waitFor } from '../../support/driver.ts';
import { kubeconfigFile, setSetting } from '../../support/kubeconfigs.ts';
import { client, context, kubectl, seedFleet, writeKubeconfig } from '../../support/liveFleet.ts';
import { playKarmada, type PlayedKarmada } from '../../support/playedKarmada.ts';
import { closeEverything, fileUri, keepUnsaved, replace } from '../../support/previews.ts';
import {
  documentsIn,
  forgetJournals,
  helm,
  journalTexts,
  journals,
  latest,
  leavePush,
  namespaceObject,
  releaseObject,
  reviewed,
  runReviewed,
  toggleOthers,
} from '../../support/pushes.ts';
import { line, noLine, notified, run, treeLines } from '../../support/window.ts';

const namespace = 'pushinput';
const documents = documentsIn('pushinput');
const releasePath = `/apis/${helm}/namespaces/${namespace}/helmreleases/web`;

const push = async (...uris: readonly vscode.Uri[]) => run('karmada.push', { uris });

const intervalOnServer = async () => {
  const { spec } = (await client.send('GET', releasePath)) as unknown as {
    spec: { interval: string; values: { replicas: number } };
  };
  return spec;
};

const serverFindings = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => /server/i.test(source ?? ''));

/** Nothing is reviewed, nothing is asked. */
async function isIdle(): Promise<void> {
  await noLine(/^Changes/);
  assert.deepEqual(await domText('.monaco-dialog-box'), []);
}

describe('what cannot be pushed to a real API server, or not like this', () => {
  let karmada: PlayedKarmada;

  before(async () => {
    await seedFleet();
    await keepUnsaved();
    await setSetting('kubeconfig', writeKubeconfig());
    forgetJournals();
    await client.send('POST', '/api/v1/namespaces', namespaceObject(namespace));
    karmada = playKarmada({
      client,
      namespace,
      clusters: ['member1'],
      seen: ({ metadata }) => metadata.name,
    });
    await documents.write('release.yaml', releaseObject(namespace, 'web', { replicas: 1 }));
    await run('karmada.connect', context);
    await line(/^podinfo/);
    await run('notifications.clearAll');
    await toggleOthers();
  });

  afterEach(async () => {
    await leavePush();
    await run('notifications.clearAll');
  });

  after(async () => {
    await toggleOthers();
    await setSetting('readOnlyContexts', undefined);
    await setSetting('kubeconfig', undefined);
    await run('karmada.rollout.stop');
    await closeEverything();
    await documents.remove();
    await karmada.stop();
    await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
    forgetJournals();
    await run('karmada.disconnect');
  });

  it('is nothing: no document, or a folder without objects', async () => {
    await closeEverything();
    void push();
    await notified(/Open or select a file/);
    await isIdle();
    await run('notifications.clearAll');
    const bare = documentsIn('pushinput-bare');
    await bare.write('values.yaml', { replicas: 1 });
    void push(bare.uri);
    await notified(/pushinput-bare/);
    await isIdle();
    await bare.remove();
  });

  it('is refused in a read-only context, before anything is asked', async () => {
    await setSetting('readOnlyContexts', ['fl*']);
    try {
      void push(documents.uri);
      await notified(/read-only/);
      await isIdle();
    } finally {
      await setSetting('readOnlyContexts', undefined);
    }
  });

  it('holds what the editor shows, saved or not', async () => {
    await documents.write('release.yaml', releaseObject(namespace, 'web', { replicas: 1 }));
    const editor = await vscode.window.showTextDocument(documents.file('release.yaml'));
    await replace(editor, '"replicas": 1', '"replicas": 2');
    await reviewed([documents.uri], /^Changes ?1 created/);
    await line(/release\.yaml/);
    await runReviewed();
    await latest('done');
    assert.equal((await intervalOnServer()).values.replicas, 2);
    assert.ok(editor.document.isDirty);
  });

  it('is reviewed anew when a document changes between review and push', async () => {
    const { document } = await vscode.window.showTextDocument(documents.file('release.yaml'));
    await replace(document, '"replicas": 2', '"replicas": 3');
    await reviewed([documents.uri], /^Changes ?1 changed/);
    await replace(document, '"replicas": 3', '"replicas": 4');
    const count = (await journals()).length;
    await waitFor('the review to be out of date', async () => {
      await run('karmada.push.run');
      return (await domText('.monaco-dialog-box')).length === 0;
    });
    await notified(/documents have changed since the review/);
    await line(/^Changes ?1 changed/);
    assert.equal((await intervalOnServer()).values.replicas, 2);
    assert.equal((await journals()).length, count);
    await runReviewed();
    await waitFor('the push', async () => (await intervalOnServer()).values.replicas === 4);
    await latest('done');
    await run('workbench.action.files.save');
  });

  it('is reviewed anew, and nothing is overwritten, when the object changes on the server', async () => {
    await documents.write('release.yaml', releaseObject(namespace, 'web', { replicas: 5 }));
    await reviewed([documents.uri], /^Changes ?1 changed/);
    const count = (await journals()).length;
    const patch = JSON.stringify({ spec: { suspend: true } });
    const by = ['--field-manager', 'somebody', '-p', patch];
    await kubectl('patch', 'helmrelease', 'web', '-n', namespace, '--type', 'merge', ...by);
    await run('notifications.clearAll');
    await runReviewed();
    await notified(/pushinput\/web/);
    await line(/^Changes ?1 changed/);
    assert.equal((await intervalOnServer()).values.replicas, 4);
    assert.equal((await journals()).length, count, 'of a push that wrote nothing nothing is left');
    await runReviewed();
    await waitFor('the push', async () => (await intervalOnServer()).values.replicas === 5);
    await latest('done');
    assert.equal(Reflect.get(await intervalOnServer(), 'suspend'), true);
  });

  it('is what files hold on disk, also where the editor does not watch them', async () => {
    await closeEverything();
    const files = vscode.workspace.getConfiguration('files');
    await files.update('watcherExclude', { '**': true }, vscode.ConfigurationTarget.Global);
    try {
      await documents.write('release.yaml', releaseObject(namespace, 'web', { replicas: 6 }));
      await documents.write('new.yaml', releaseObject(namespace, 'new', { replicas: 1 }));
      await reviewed([documents.uri], /^Changes ?1 created, 1 changed/);
      await documents.write('release.yaml', releaseObject(namespace, 'web', { replicas: 7 }));
      await run('karmada.push.run');
      assert.deepEqual(await domText('.monaco-dialog-box'), []);
      await vscode.workspace.fs.delete(documents.file('new.yaml'));
      await reviewed([documents.uri], /^Changes ?1 changed/);
      await runReviewed();
      await waitFor('the push', async () => (await intervalOnServer()).values.replicas === 7);
      await latest('done');
    } finally {
      await files.update('watcherExclude', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('does not hold a deleted file that is only open, and does what the user has edited of one', async () => {
    const uri = documents.file('deleted.yaml');
    await documents.write('deleted.yaml', releaseObject(namespace, 'deleted', {}));
    const { document } = await vscode.window.showTextDocument(uri, { preview: false });
    await reviewed([documents.uri], /^Changes ?1 created/);
    await vscode.workspace.fs.delete(uri);
    assert.equal(document.isClosed, false, 'the editor keeps its text');
    void push(documents.uri);
    await notified(/already/);
    await isIdle();
    await run('notifications.clearAll');
    void push(uri);
    await notified(/deleted\.yaml is deleted/);
    await replace(document, '"10m"', '"11m"');
    await reviewed([documents.uri], /^Changes ?1 created/);
    await leavePush();
    await vscode.window.showTextDocument(document);
    await run('workbench.action.revertAndCloseActiveEditor');
  });

  it('is no text that cannot be read, nor an object without a name', async () => {
    const uri = documents.file('broken.yaml');
    const text = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
    const nameless = ['apiVersion: v1', 'kind: ConfigMap', 'metadata:', '  generateName: a-'];
    await vscode.workspace.fs.writeFile(uri, text([...nameless, 'data: {']));
    void push(documents.uri);
    await notified(/broken\.yaml .* line \d+: /);
    await isIdle();
    await vscode.workspace.fs.writeFile(uri, text(nameless));
    await run('notifications.clearAll');
    void push(uri);
    await notified(/1 ConfigMap in broken\.yaml is left out: .*metadata\.name/);
    await isIdle();
    await vscode.workspace.fs.delete(uri);
  });

  it('is an integer of any length', async () => {
    await documents.write('release.yaml', releaseObject(namespace, 'web', { replicas: 5 }));
    const editor = await vscode.window.showTextDocument(documents.file('release.yaml'));
    await replace(editor, '"replicas": 5', '"replicas": 5, "id": 12345678901234567');
    await reviewed([documents.uri], /^Changes ?1 changed/);
    await runReviewed();
    await latest('done');
    const yaml = await kubectl('get', 'helmrelease', 'web', '-n', namespace, '-o', 'json');
    assert.match(yaml, /"id": 12345678901234567\b/);
    await run('workbench.action.files.save');
  });

  it('shows what the server refuses on the field, until the document changes', async () => {
    const uri = documents.file('refused.yaml');
    const bad = releaseObject(namespace, 'refused', {}) as { spec: { interval: string } };
    bad.spec.interval = 'soon';
    await documents.write('refused.yaml', bad);
    await reviewed([uri], /^refused/);
    const [finding] = await waitFor('the verdict', () => {
      const found = serverFindings(uri);
      return found.length > 0 ? found : undefined;
    });
    const { document } = await vscode.window.showTextDocument(uri);
    assert.ok(finding);
    assert.equal(
      document.getText(finding.range).includes('interval') ||
        document.getText(finding.range).includes('soon'),
      true,
      document.getText(finding.range),
    );
    await run('karmada.push.run');
    await notified(/pushinput\/refused/);
    assert.deepEqual(await domText('.monaco-dialog-box'), []);
    await replace(document, 'soon', '10m');
    await waitFor('the verdict to go', () => serverFindings(uri).length === 0);
    await waitFor('the review of the mended document', async () => {
      await run('karmada.push.refresh');
      return (
        (await treeLines()).some((text) => /^Changes ?1 created/.test(text)) &&
        serverFindings(uri).length === 0
      );
    });
    await run('workbench.action.files.revert');
    await vscode.workspace.fs.delete(uri);
  });

  for (const [what, object] of [
    ['a namespace that is not there', releaseObject('nowhere-at-all', 'web', {})],
    [
      'a kind that the server does not know',
      {
        ...{ apiVersion: 'example.com/v1', kind: 'Gadget' },
        metadata: { name: 'web', namespace },
      },
    ],
  ] as const) {
    it(`is not begun with ${what}`, async () => {
      const uri = documents.file('impossible.yaml');
      await documents.write('impossible.yaml', object);
      await reviewed([uri], /^web/);
      await run('notifications.clearAll');
      await run('karmada.push.run');
      await notified(/nowhere-at-all|Gadget/);
      assert.deepEqual(await domText('.monaco-dialog-box'), []);
      await vscode.workspace.fs.delete(uri);
    });
  }

  it('tells no value of a Secret: not in the review, its documents, journals or the log', async () => {
    const value = 'hunter2-of-the-test';
    const encoded = Buffer.from(value).toString('base64');
    const uri = documents.file('secret.yaml');
    const secret = (password: string) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web', namespace } },
      data: { password: Buffer.from(password).toString('base64') },
    });
    await documents.write('secret.yaml', secret(`${value}-before`));
    await reviewed([uri], /^Changes ?1 created/);
    const asked = await runReviewed();
    await latest('done');
    await documents.write('secret.yaml', secret(value));
    await reviewed([uri], /^Changes ?1 changed/);
    const lines = await treeLines();
    await run('karmada.push.compareAll');
    const shown = await waitFor('the comparison', () => {
      const open = vscode.workspace.textDocuments.filter(
        (one) => one.uri.scheme === 'karmada-push',
      );
      return open.length > 0 ? open : undefined;
    });
    await waitFor('the texts', () => shown.some((one) => /kind: Secret/.test(one.getText())));
    const texts = [
      ...[asked, ...lines, ...shown.map((one) => one.getText())],
      ...journalTexts(),
      ...logTexts(),
    ];
    assert.ok(texts.some((text) => /kind: Secret/.test(text)));
    for (const text of texts) {
      assert.ok(!text.includes(value) && !text.includes(encoded), text.slice(0, 200));
      assert.ok(!text.includes(encoded.slice(0, 16)), text.slice(0, 200));
    }
    await closeEverything();
    await vscode.workspace.fs.delete(uri);
  });

  it('shows how far it is, however fast one object follows the other', async () => {
    const count = 80;
    const objects = Array.from({ length: count }, (_, i) => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `many-${i}`, namespace } },
      data: { value: String(i) },
    }));
    await documents.write('many.yaml', ...objects);
    const uri = documents.file('many.yaml');
    await reviewed([uri], new RegExp(`^Changes ?${count} created`));
    await runReviewed();
    const seen = new Set<string>();
    await waitFor(
      'the push',
      async () => {
        for (const text of await treeLines()) {
          const [, done] = /^Steps ?(\d+) of \d+ done/.exec(text) ?? [];
          if (done !== undefined) seen.add(done);
        }
        const [journal] = await journals();
        return journal?.review.title.includes('many.yaml') && journal.state === 'done';
      },
      90_000,
    );
    const between = [...seen].filter((done) => done !== '0' && done !== String(count));
    assert.ok(between.length >= 2, [...seen].join());
    await latest('done');
    await run('notifications.clearAll');
    await vscode.workspace.fs.delete(uri);
  });

  it('is nothing where the context is no Karmada', async () => {
    const plain = await startControlPlane();
    const file = kubeconfigFile();
    file.write({ plain: plain.url }, 'plain');
    await run('karmada.disconnect');
    await setSetting('kubeconfig', file.path);
    void run('karmada.connect', 'plain');
    await waitFor('the answer', () => plain.requests.length > 0);
    void push(documents.uri);
    await notified(/is not a Karmada control plane/);
    await isIdle();
    await noLine(/^Steps/);
    await run('karmada.disconnect');
    await plain.stop();
    file.remove();
  });
});

/** All logs of the window that speak of this extension. */
function logTexts(): readonly string[] {
  const window = join(fileUri('.').fsPath, '..');
  const folders = [join(window, 'server', 'data', 'logs'), join(window, 'user', 'logs')];
  return folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /karmada/i.test(name) && name.endsWith('.log'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
}
