import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import {
  domText,
  killApiServer,
  restartApiServer,
  screenshot,
  waitFor,
} from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import {
  client,
  context,
  kubectl,
  seedFleet,
  watchCount,
  writeKubeconfig,
} from '../../support/liveFleet.ts';
import { line, noLine, run, shown, treeLines } from '../../support/window.ts';

describe('a real API server that goes', () => {
  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    await run('karmada.connect', context);
    await line(/^podinfo/);
  });

  after(async () => {
    await run('karmada.disconnect');
    await setSetting('kubeconfig', undefined);
  });

  it('leaves what it said, with its age, and is followed again when it is back', async () => {
    await killApiServer();
    await shown('.statusbar-item', /fleet: less than 1 min old/);
    await shown('.pane-body .message', /Not up to date: less than 1 min old/);
    await line(/^podinfo ?apps · 1\/2 ready/);
    await screenshot('live-stale');
    await restartApiServer();
    await kubectl('delete', 'helmrelease', '-n', 'shop', 'unclaimed');
    await kubectl('label', 'cluster', 'member3', 'back=true');
    await shown('.statusbar-item', /^\s*fleet$/, 45_000);
    await noLine(/^unclaimed/);
    const names = (await kubectl('get', 'helmreleases', '-A', '-o', 'name')).trim().split('\n');
    const shownNames = await treeLines();
    for (const name of names.map((one) => one.split('/')[1] ?? '')) {
      assert.ok(
        shownNames.some((text) => text.startsWith(name)),
        name,
      );
    }
    assert.deepEqual(await domText('.notification-list-item.error'), []);
  });

  it('is followed no more after disconnecting', async () => {
    assert.ok((await watchCount()) > 0);
    await run('karmada.disconnect');
    await waitFor('no watch', async () => (await watchCount()) === 0);
    await shown('.welcome-view-content', /Not connected/);
    await noLine(/^podinfo/);
    client.dispose();
  });
});
