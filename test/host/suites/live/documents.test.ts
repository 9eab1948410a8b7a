import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, screenshot, waitFor } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import {
  change,
  context,
  recordedObject,
  seedFleet,
  writeKubeconfig,
} from '../../support/liveFleet.ts';
import { closeEverything } from '../../support/previews.ts';
import { editorText, line, lineOf, run } from '../../support/window.ts';

const reference = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};

describe('documents of a real API server', () => {
  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    await run('karmada.connect', context);
    await line(/^podinfo/);
  });
  afterEach(closeEverything);
  after(() => run('karmada.disconnect'));

  it('explain a release that is clicked, with links to what has to do with it', async () => {
    await click(lineOf('podinfo'));
    const text = await editorText('karmada-why', /override failing by OverridePolicy/);
    assert.match(text, /^# HelmRelease apps\/podinfo\n\n✗ 1 of 2 clusters ready/);
    assert.match(text, /PropagationPolicy apps\/everything: ✓ has it/);
    assert.match(text, /apps\/low: . not stronger/);
    assert.match(text, /19 times, by binding-controller/);
    await screenshot('live-why');
    const { uri } = vscode.window.activeTextEditor?.document ?? {};
    const links = await waitFor('links', async () => {
      const all = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        uri,
      );
      return all.length > 5 ? all : undefined;
    });
    const policy = links.find(({ target }) => target?.path.endsWith('/apps/everything.yaml'));
    assert.ok(policy?.target, 'no link to the policy');
    await run('vscode.open', policy.target);
    await editorText('karmada-live', /kind: PropagationPolicy/);
  });

  it('explain a release on one cluster, and follow what changes', async () => {
    await run('karmada.why.open', { reference, cluster: 'member1' });
    await editorText('karmada-why', /^✓ Ready\.$/m);
    const work = recordedObject('Work', 'podinfo-6876d57447');
    const set = (status: string, reason: string, message: string) =>
      change(work, (now) => {
        const { conditions } = now['status'] as { conditions: { type: string }[] };
        const applied = conditions.find(({ type }) => type === 'Applied');
        assert.ok(applied);
        Object.assign(applied, { status, reason, message });
      });
    await set('False', 'AppliedFailed', 'failed to create resource: podinfo already exists');
    await editorText('karmada-why', /^✗ Not applied\.$/m);
    await screenshot('live-why-cluster');
    await set('True', 'AppliedSuccessful', 'Manifest has been successfully applied');
    await editorText('karmada-why', /^✓ Ready\.$/m);
  });

  it('show an object as it is, and no value of a Secret', async () => {
    await run('karmada.object.open', { reference });
    assert.match(await editorText('karmada-live', /kind: HelmRelease/), /version: "?5\.0\.3/);
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'apps', name: 'registry' };
    await run('karmada.object.open', { reference: secret });
    const text = await editorText('karmada-live', /kind: Secret/);
    assert.match(text, /password:/);
    const value = 'nobody-may-see-this';
    assert.ok(!text.includes(value) && !text.includes(Buffer.from(value).toString('base64')));
    await screenshot('live-secret');
  });

  it('say of a member that it cannot be read, and go on', async () => {
    await run('karmada.member.open', { reference, cluster: 'member1' });
    const text = await editorText('karmada-live', /^#/);
    assert.doesNotMatch(text, /undefined|\[object|at .*\.js/);
    await screenshot('live-member');
    await run('karmada.member.compareWithWork', { reference, cluster: 'member1' });
    await editorText('karmada-drift', /^#/);
    await screenshot('live-drift');
    await line(/^podinfo ?apps · 1\/2 ready/);
  });
});
