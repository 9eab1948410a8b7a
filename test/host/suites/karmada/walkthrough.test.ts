import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, domText, press, screenshot, type, waitFor } from '../../support/driver.ts';
import {
  allClusters,
  clustersWithFlux,
  connect,
  differences,
  disconnect,
  placeOf,
  useCharts,
  type Place,
} from '../../support/karmada.ts';
import { closeEverything, fileUri, keepUnsaved, openFile } from '../../support/previews.ts';
import {
  confirm,
  forgetJournals,
  latest,
  leavePush,
  reviewed,
  runReviewed,
  toggleOthers,
} from '../../support/pushes.ts';
import { chooseFromMenu, line, run, shown, treeLines } from '../../support/window.ts';

/*
 * The whole way on a running Karmada with Flux on its members, in the window alone: from the example's release and source
 * without any policy to podinfo on two clusters with its replicas overridden on one, and back with an undo. The control
 * plane and the members must be without podinfo; everything else on them is compared before and after.
 */

const read = async (name: string) =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(fileUri(name)));

/** The rows of the plan in the active tab that VS Code tells of. */
const planRows = () => {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const { textDiffs = [] } = (input ?? {}) as {
    textDiffs?: readonly vscode.TabInputTextDiff[];
  };
  return textDiffs.filter(({ modified }) => modified.scheme === 'karmada-plan');
};

async function tick(cluster: string): Promise<void> {
  await shown('.quick-input-list-row', new RegExp(cluster));
  await click(`.quick-input-list-row:has-text("${cluster}")`);
}

const planned = () => waitFor('the plan', () => planRows().length > 0);

/** Saves the plan that is shown, and gives what became of the files. */
async function savePlan(): Promise<void> {
  await click('.editor-actions [aria-label="Save to Files"]');
  await waitFor('the plan to close', () => planRows().length === 0);
}

describe('podinfo on a running Karmada, from nothing to two clusters and back', () => {
  let context = '';
  let clusters: readonly string[] = [];
  let first = '';
  let second = '';
  const controlPlane = placeOf();
  const members = new Map<string, Place>();
  const atFirst = new Map<string, ReadonlyMap<string, string>>();

  const replicas = async (cluster: string): Promise<string> =>
    (await members
      .get(cluster)
      ?.kubectl(
        ...['get', 'deployment', 'podinfo', '-n', 'default', '--ignore-not-found'],
        ...['-o', 'jsonpath={.spec.replicas}'],
      )) ?? '';
  const releases = (cluster: string) => members.get(cluster)?.helmList('default');

  before(async function () {
    this.timeout(120_000);
    clusters = await clustersWithFlux();
    [first = '', second = ''] = clusters;
    assert.ok(second, 'Flux is to be on two clusters at least');
    for (const cluster of await allClusters()) members.set(cluster, placeOf(cluster));
    for (const [name, place] of [['control plane', controlPlane] as const, ...members]) {
      atFirst.set(name, await place.everything());
    }
    const there = [...atFirst].flatMap(([place, texts]) =>
      [...texts.keys()].filter((key) => key.endsWith(' podinfo')).map((key) => `${place}: ${key}`),
    );
    assert.deepEqual(there, [], 'podinfo is to be nowhere at first');
    await keepUnsaved();
    await useCharts();
    for (const name of [
      'propagationpolicy-release',
      'propagationpolicy-source',
      'overridepolicy',
    ]) {
      await vscode.workspace.fs.delete(fileUri(`${name}.yaml`));
    }
    await vscode.workspace.fs.delete(fileUri('fleet.yaml'));
    forgetJournals();
    context = await connect();
    await run('karmada.clusters.focus');
    await line(new RegExp(`^${first} ?v\\d`));
    await run('notifications.clearAll');
  });

  after(async () => {
    await leavePush();
    await run('karmada.rollout.stop');
    await run('notifications.clearAll');
    await closeEverything();
    await disconnect();
  });

  it('begins with a release that nothing propagates', async () => {
    await openFile('helmrelease.yaml');
    await shown('.codelens-decoration a', /No policy/i);
    await screenshot('walk-1-nothing');
  });

  it('propagates to two clusters from the menu of the file', async () => {
    await run('workbench.view.explorer');
    await chooseFromMenu(
      '.explorer-folders-view .monaco-list-row:has-text("helmrelease.yaml")',
      'Propagate to Clusters…',
    );
    await tick(first);
    await tick(second);
    await screenshot('walk-2-clusters');
    await press('Enter');
    await planned();
    await screenshot('walk-3-policies');
    await savePlan();
    const made = await waitFor('the policies', async () => {
      const found = await vscode.workspace.findFiles('**/*.yaml');
      return found.length > 2 ? found : undefined;
    });
    const texts = await Promise.all(
      made.map(async (uri) => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))),
    );
    const policies = texts.filter((text) => text.includes('kind: PropagationPolicy')).join('');
    for (const part of ['HelmRelease', 'HelmRepository', first, second]) {
      assert.ok(policies.includes(part), policies);
    }
  });

  it('overrides the replicas on the first', async () => {
    await openFile('helmrelease.yaml');
    await shown('.codelens-decoration a', /2 clusters/);
    void run('karmada.override');
    await tick(first);
    await press('Enter');
    await shown('.quick-input-list-row', /Edit the manifest/);
    await type('/spec/values/replicaCount');
    await shown('.quick-input-list-row', /replicaCount.*new/);
    await press('Enter');
    await waitFor('the box for the value', async () =>
      (await domText('.quick-input-message')).some((text) => text.includes('replicaCount')),
    );
    await press('Control+A');
    await type('2');
    await press('Enter');
    await planned();
    await screenshot('walk-4-override');
    await savePlan();
    await openFile('helmrelease.yaml');
    await shown('.codelens-decoration a', /1 (changed|overridden)/i);
  });

  it('previews the override before anything is pushed', async () => {
    await run('karmada.preview.open');
    await waitFor('the preview', () =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('podinfo'),
    );
    await screenshot('walk-5-preview');
  });

  it('reviews the push: five objects new, both templates on both clusters', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    await closeEverything();
    await toggleOthers();
    await reviewed([folder], /^Changes ?[45] created/);
    const lines = await treeLines();
    for (const cluster of [first, second]) {
      assert.ok(
        lines.some((text) => text.startsWith(cluster) && text.includes('appears')),
        lines.join('\n'),
      );
    }
    await screenshot('walk-6-review');
    for (const cluster of clusters) assert.deepEqual(await releases(cluster), []);
  });

  it('pushes it, and the rollout ends ready on both', async function () {
    this.timeout(240_000);
    await runReviewed(new RegExp(context));
    await latest('done', 120_000);
    await run('karmada.rollout.show');
    // One line for the release and one for its source, each with its clusters.
    await waitFor(
      'both templates ready on both clusters',
      async () =>
        (await treeLines()).filter((text) => /^podinfo.* ready 2\/2/.test(text)).length === 2,
      180_000,
    );
    await screenshot('walk-7-rollout');
  });

  it('is listed by helm on both, with two replicas on the first and one on the second', async () => {
    for (const cluster of [first, second]) {
      const [release, ...more] = (await releases(cluster)) ?? [];
      assert.deepEqual(more, []);
      assert.deepEqual(
        [release?.['name'], release?.['status'], release?.['chart']],
        ['podinfo', 'deployed', 'podinfo-5.0.3'],
      );
    }
    assert.equal(await replicas(first), '2');
    assert.equal(await replicas(second), '1');
    await run('karmada.releases.toggleVisibility');
    await run('karmada.releases.focus');
    await run('list.focusFirst');
    await run('list.expand');
    await line(/^podinfo/);
    await screenshot('walk-8-delivered');
    await run('karmada.releases.toggleVisibility');
  });

  it('reviews the undo with the uninstalls, asks twice, and does it', async function () {
    this.timeout(240_000);
    void run('karmada.push.undoLast');
    await line(/^Changes ?[45] deleted/);
    await line(new RegExp(`^${first} ?.*removed`));
    await screenshot('walk-9-undo');
    await runReviewed(new RegExp(context));
    const twice = await confirm(/takes something away/);
    for (const cluster of [first, second]) assert.ok(twice.includes(cluster), twice);
    await latest('done', 120_000);
    for (const cluster of [first, second]) {
      await waitFor(
        `no release on ${cluster}`,
        async () => (await releases(cluster))?.length === 0,
        90_000,
      );
      assert.equal(await replicas(cluster), '');
    }
    await screenshot('walk-10-undone');
  });

  it('leaves the control plane and the members as they were', async function () {
    this.timeout(180_000);
    for (const [name, place] of [['control plane', controlPlane] as const, ...members]) {
      const wanted = atFirst.get(name) ?? new Map<string, string>();
      let found: readonly string[] = [];
      await waitFor(
        `${name} as before`,
        async () => {
          found = differences(wanted, await place.everything());
          return found.length === 0;
        },
        60_000,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}:\n${found.join('\n')}`);
      });
    }
  });

  it('leaves the files as they were written', async () => {
    assert.match(await read('helmrelease.yaml'), /^# The release every cluster gets/);
  });
});
