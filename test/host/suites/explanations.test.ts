import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { screenshot, waitFor } from '../support/driver.ts';
import { kubeconfigFile, setSetting } from '../support/kubeconfigs.ts';
import { closeEverything } from '../support/previews.ts';
import {
  startRecordedControlPlane,
  type RecordedControlPlane,
} from '../support/recordedControlPlane.ts';

const run = (command: string, ...args: unknown[]) =>
  vscode.commands.executeCommand(command, ...args);
const reference = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};

/** The text of the active editor once it has what is looked for. */
async function text(scheme: string, what: RegExp): Promise<string> {
  return waitFor(`${String(what)} in ${scheme}`, async () => {
    const document = vscode.window.activeTextEditor?.document;
    const found = document?.uri.scheme === scheme ? document.getText() : '';
    return what.test(found) ? found : undefined;
  });
}

describe('explanations', () => {
  const kubeconfig = kubeconfigFile();
  let karmada: RecordedControlPlane;

  before(async () => {
    karmada = await startRecordedControlPlane();
    kubeconfig.write({ fleet: karmada.url }, 'fleet');
    await setSetting('kubeconfig', kubeconfig.path);
    await run('karmada.connect', 'fleet');
  });

  after(async () => {
    await run('karmada.disconnect');
    await setSetting('kubeconfig', undefined);
    await closeEverything();
    await karmada.stop();
    kubeconfig.remove();
  });

  it('say of a release what fails where, with links to the objects', async () => {
    await run('karmada.why.open', { reference });
    const found = await text(
      'karmada-why',
      /override failing by OverridePolicy apps\/bad-override/,
    );
    assert.match(found, /^# HelmRelease apps\/podinfo\n\n✗ 1 of 2 clusters ready/);
    await screenshot('why');
    const { uri } = vscode.window.activeTextEditor?.document ?? {};
    await run('markdown.showPreviewToSide');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await screenshot('why-preview');
    await run('workbench.action.closeActiveEditor');
    await run('karmada.why.open', { reference });
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
    assert.match(await text('karmada-live', /kind: PropagationPolicy/), /name: everything/);
  });

  it('follow the control plane', async () => {
    karmada.mayReadMembers = true;
    await run('karmada.why.open', { reference, cluster: 'member1' });
    await text('karmada-why', /^✓ Ready\.$/m);
    await text('karmada-why', /^- 01:00:39 ✓ Helm installed it \(InstallSucceeded\)$/m);
    await screenshot('why-member');
    const work = karmada.find('Work', 'podinfo-6876d57447');
    const conditions = [
      {
        ...{ type: 'Applied', status: 'False', reason: 'AppliedFailed' },
        message: 'cluster(member1) not ready',
        lastTransitionTime: '2026-11-23T02:00:00Z',
      },
    ];
    karmada.put({ ...work, status: { conditions } });
    await text('karmada-why', /member1 is not ready\. Karmada sends nothing until it is/);
    karmada.put(work);
    await text('karmada-why', /^✓ Ready\.$/m);
  });

  it('name the right that is missing on a member, and show its object once it is there', async () => {
    karmada.mayReadMembers = false;
    await run('karmada.member.open', { reference, cluster: 'member1' });
    const refused = await text('karmada-live', /kind: ClusterRoleBinding/);
    assert.match(refused, /resources: \[clusters\/proxy\]/);
    assert.match(refused, /name: "ada"/);
    assert.match(refused, /name: "devs"/);
    assert.doesNotMatch(refused, /YOUR-USER/);
    await screenshot('member-forbidden');
    await closeEverything();
    karmada.mayReadMembers = true;
    await run('karmada.member.open', { reference, cluster: 'member1' });
    assert.match(await text('karmada-live', /kind: HelmRelease/), /replicaCount: 2/);
  });

  it('compare a member with its Work, and say that nothing drifted', async () => {
    karmada.mayReadMembers = true;
    await run('karmada.member.compareWithWork', { reference, cluster: 'member1' });
    const found = await text('karmada-drift', /^# No difference between the Work for member1/);
    assert.match(found, /replicaCount: 2/);
    await screenshot('drift');
  });
});
