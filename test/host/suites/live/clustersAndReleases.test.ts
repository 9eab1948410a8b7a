import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  domText,
  hover,
  press,
  click,
  clickRight,
  screenshot,
  type,
  waitFor,
} from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import {
  change,
  client,
  context,
  kubectl,
  pathOf,
  recordedObject,
  seedFleet,
  setReady,
  writeKubeconfig,
} from '../../support/liveFleet.ts';
import {
  chooseFromMenu,
  line,
  lineOf,
  noLine,
  run,
  shown,
  treeLines,
} from '../../support/window.ts';

/** Longer than a watch takes and shorter than a list would be asked for again. */
const atOnce = 5000;

const states: Readonly<Record<string, string>> = {
  cart: 'shop · 2/2 ready',
  checkout: 'shop · 1/2 ready, 1 failed',
  existing: 'apps · 1/2 ready, 1 not applied',
  mail: 'shop · 1/2 ready, 1 suspended',
  nochart: 'apps · 0/2 ready, 2 failed',
  nofit: 'apps · no cluster fits',
  paused: 'apps · 1/2 ready, 1 dispatch suspended',
  podinfo: 'apps · 1/2 ready, 1 override failing',
  search: 'shop · 1/2 ready, 1 reconciling',
  unclaimed: 'shop · no policy claims it',
};

/** Picks an item of the picker by typing. */
async function pick(text: string): Promise<void> {
  await shown('.quick-input-list .monaco-list-row', new RegExp(text));
  await type(text);
  await waitFor('the item alone', async () => {
    const [item = '', ...others] = await domText('.quick-input-list .monaco-list-row');
    return item.includes(text) && others.length === 0;
  });
  await press('Enter');
}

async function typeFilter(command: string, text: string): Promise<void> {
  void run(command);
  await shown('.quick-input-title', /Filter/);
  await press('Control+A');
  await type(text);
  await press('Enter');
}

const linesWith = async (names: readonly string[]) =>
  (await treeLines()).filter((text) => names.some((name) => text.startsWith(name)));

describe('clusters and releases of a real API server', () => {
  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    await run('karmada.connect', context);
    await line(/^podinfo/);
  });

  afterEach(async () => {
    await press('Escape');
    await run('karmada.clusters.clearFilter');
    await run('karmada.releases.clearFilter');
  });

  after(() => run('karmada.disconnect'));

  it('are shown as kubectl has them', async () => {
    const table = await kubectl('get', 'clusters', '--no-headers');
    for (const row of table.trim().split('\n')) {
      const [name = '', version = '', mode = '', ready = ''] = row.split(/\s+/);
      await line(new RegExp(`^${name} ?${version} ${mode} ${ready === 'True' ? 'Ready' : '-'}`));
    }
    const names = await kubectl('get', 'helmreleases', '-A', '-o', 'name');
    const releases = names
      .trim()
      .split('\n')
      .map((name) => name.split('/')[1] ?? '');
    assert.deepEqual(releases.toSorted(), Object.keys(states).toSorted());
    for (const name of releases) {
      assert.equal((await line(new RegExp(`^${name}`))).slice(name.length).trim(), states[name]);
    }
    await shown('.activitybar .badge', /^6$/);
    await screenshot('live-views');
  });

  it('tell details on demand', async () => {
    await click(`${lineOf('member1')} .monaco-tl-twistie`);
    await line(/^Flux/);
    await line(/^Location ?aws, eu-west-1, eu-west-1a/);
    await click(`${lineOf('podinfo')} .monaco-tl-twistie`);
    await line(/^member2 ?override failing/);
    await hover(`${lineOf('podinfo')} .label-name`);
    await shown('.monaco-hover', /PropagationPolicy apps\/everything/);
    await screenshot('live-details');
    await run('workbench.actions.treeView.karmada.clusters.collapseAll');
    await run('workbench.actions.treeView.karmada.releases.collapseAll');
  });

  it('follow what others change, without being asked', async () => {
    const work = recordedObject('Work', 'podinfo-6876d57447');
    const cart = { ...work, metadata: { ...work.metadata, name: 'cart-6876d57447' } };
    const ready = { status: 'False', reason: 'UpgradeFailed', message: 'upgrade failed: no' };
    await change(cart, (now) => setReady(now, 'member1', ready));
    await line(/^cart ?shop · 1\/2 ready, 1 failed/, atOnce);
    await shown('.activitybar .badge', /^7$/);
    await change(cart, (now) => setReady(now, 'member1', { status: 'True', message: 'fine' }));
    await line(/^cart ?shop · 2\/2 ready/, atOnce);

    const cluster = recordedObject('Cluster', 'member3');
    const { uid: _, resourceVersion: _version, ...metadata } = cluster.metadata;
    const joined = { ...cluster, metadata: { ...metadata, name: 'member4', finalizers: [] } };
    const made = await client.send('POST', pathOf(joined).replace('/member4', ''), joined);
    await line(/^member4/, atOnce);
    await client.send('PUT', `${pathOf(joined)}/status`, { ...made, status: cluster['status'] });
    await line(/^member4 ?v1\.36\.1 Push Ready/, atOnce);
    await client.send('DELETE', pathOf(joined));
    await noLine(/^member4/);

    const release = recordedObject('HelmRelease', 'podinfo');
    const brief = {
      ...{ apiVersion: release.apiVersion, kind: release.kind, spec: release['spec'] },
      metadata: { name: 'brief', namespace: 'shop' },
    } as typeof release;
    await client.send('POST', pathOf(brief).replace('/brief', ''), brief);
    await line(/^brief ?shop · no policy claims it/, atOnce);
    await client.send('DELETE', pathOf(brief));
    await noLine(/^brief/);
  });

  it('show less when a filter is typed, or only problems', async () => {
    await typeFilter('karmada.releases.filter', 'check');
    await noLine(/^podinfo/);
    await line(/^checkout/);
    await run('karmada.releases.clearFilter');
    await run('karmada.releases.showProblems');
    await noLine(/^cart/);
    await waitFor('the six', async () => (await linesWith(Object.keys(states))).length === 6);
    await shown('.pane-body .message', /Only with problems/);
    await typeFilter('karmada.clusters.filter', 'gcp');
    await noLine(/^member1/);
    await line(/^member3/);
    await screenshot('live-filtered');
    await typeFilter('karmada.clusters.filter', 'nothing like it');
    await shown('.welcome-view-content', /No cluster is like that/);
    await click('.welcome-view-content .monaco-button');
    await line(/^member1/);
  });

  it('are grouped as the user likes', async () => {
    void run('karmada.clusters.group');
    await pick('Provider');
    await line(/^aws ?2/);
    await line(/^gcp ?1/);
    await run('karmada.releases.group');
    await line(/^apps ?5 · 4 with problems/);
    await screenshot('live-grouped');
    await run('karmada.releases.group');
    void run('karmada.clusters.group');
    await pick('Not grouped');
    await noLine(/^aws/);
  });

  it('are pinned from their menu, and shown by namespace', async () => {
    const first = async () => (await treeLines()).find((text) => !text.startsWith('member')) ?? '';
    await chooseFromMenu(lineOf('search'), 'Pin to the Top');
    await waitFor('the pin', async () => (await first()).startsWith('search'));
    await clickRight(lineOf('search'));
    await screenshot('live-menu');
    await press('Escape');
    await chooseFromMenu(lineOf('search'), 'Unpin');
    await waitFor('no pin', async () => (await first()).startsWith('cart'));
    void run('karmada.releases.chooseNamespaces');
    await shown('.quick-input-list .monaco-list-row', /apps/);
    await click('.quick-input-list .monaco-list-row:has-text("apps")');
    await press('Enter');
    await noLine(/^cart/);
    await line(/^podinfo/);
    await shown('.pane-body .message', /Only in apps/);
  });
});
