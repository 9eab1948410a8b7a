import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { click, screenshot } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import {
  client,
  context,
  narrowContext,
  seedFleet,
  watchCount,
  writeKubeconfig,
} from '../../support/liveFleet.ts';
import { line, notified, run, shown } from '../../support/window.ts';

const welcome = (what: RegExp) => shown('.welcome-view-content', what);

/** Lets a user read some kinds. */
async function allow(user: string, role: string, resources: readonly string[]): Promise<void> {
  const base = '/apis/rbac.authorization.k8s.io/v1';
  const group = 'rbac.authorization.k8s.io';
  const rules = [{ apiGroups: ['*'], resources, verbs: ['get', 'list', 'watch'] }];
  await client.send('POST', `${base}/clusterroles`, { metadata: { name: role }, rules });
  await client.send('POST', `${base}/clusterrolebindings`, {
    metadata: { name: role },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: group, kind: 'User', name: user }],
  });
}

describe('on a real API server the window', () => {
  before(() => setSetting('kubeconfig', writeKubeconfig()));
  after(() => run('karmada.disconnect'));

  it('says that there is nothing yet', async () => {
    assert.equal(await watchCount(), 0);
    await run('karmada.connect', context);
    await welcome(/No member cluster has joined/);
    await welcome(/no Flux HelmReleases/);
    await screenshot('live-empty');
  });

  it('says which right is missing to see clusters', async () => {
    void run('karmada.connect', narrowContext);
    await welcome(/does not let you see clusters.*clusters\.cluster\.karmada\.io/s);
    await notified(/narrow/);
    await run('notifications.hideList');
    await screenshot('live-forbidden');
  });

  it('fills as the fleet comes into being, and says what it may not read', async () => {
    await allow('narrow', 'see-clusters', ['clusters']);
    await click('.welcome-view-content .monaco-button');
    await seedFleet();
    await line(/^member3 ?v1\.36\.1 Push Ready/);
    await shown('.pane-body .message', /Not all can be read: .*helmreleases/);
    await screenshot('live-narrow');
    await run('notifications.clearAll');
    await run('karmada.connect', context);
    await line(/^podinfo/);
  });
});
