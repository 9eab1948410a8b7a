import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, domText, hover, press, screenshot, waitFor } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import { client, context, kubectl, seedFleet, writeKubeconfig } from '../../support/liveFleet.ts';
import { closeEverything, fileUri } from '../../support/previews.ts';
import { actOn } from '../../support/pushes.ts';
import { answerDialog, line, noLine, notified, run, treeLines } from '../../support/window.ts';

const helm = 'helm.toolkit.fluxcd.io/v2';
const releasePath = `/apis/${helm}/namespaces/pushed/helmreleases/web`;

const release = (replicas: number) => `apiVersion: v1
kind: Namespace
metadata:
  name: pushed
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: web
  namespace: pushed
spec:
  url: https://example.com/charts
  interval: 10m
---
apiVersion: ${helm}
kind: HelmRelease
metadata:
  name: web
  namespace: pushed
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      version: 1.0.0
      sourceRef:
        kind: HelmRepository
        name: web
  values:
    replicas: ${replicas}
`;

const policies = `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: web
  namespace: pushed
spec:
  resourceSelectors:
    - apiVersion: ${helm}
      kind: HelmRelease
      name: web
  overrideRules:
    - targetCluster:
        clusterNames: [member1]
      overriders:
        plaintext:
          - path: /spec/values/replicas
            operator: replace
            value: 9
---
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: web
  namespace: pushed
spec:
  resourceSelectors:
    - apiVersion: ${helm}
      kind: HelmRelease
      name: web
  placement:
    clusterAffinity:
      clusterNames: [member1]
`;

const folder = fileUri('pushed');
const write = (name: string, text: string) =>
  vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));

/** The replicas that the release has on the server, and who owns them. */
async function onServer(): Promise<{ replicas: unknown; managers: readonly string[] }> {
  const { spec, metadata } = (await client.send('GET', releasePath)) as unknown as {
    spec: { values: { replicas: number } };
    metadata: { managedFields: { manager: string; fieldsV1: unknown }[] };
  };
  const owners = metadata.managedFields.filter(({ fieldsV1 }) =>
    JSON.stringify(fieldsV1).includes('f:replicas'),
  );
  return { replicas: spec.values.replicas, managers: owners.map(({ manager }) => manager) };
}

/** Nobody makes Works here: each step that waits for them is passed over until the push is done. */
async function passWaits(until: RegExp): Promise<void> {
  const skip = '.pane-body .monaco-list-row .action-label[aria-label^="Go On Without"]';
  const goOn = '.monaco-dialog-box .dialog-buttons .monaco-button:not(.secondary)';
  await waitFor(
    `the push to end with ${String(until)}`,
    async () => {
      if ((await domText(goOn)).length > 0) await click(goOn).catch(() => undefined);
      await run('notifications.showList');
      if ((await domText('.notifications-center')).some((text) => until.test(text))) return true;
      const waiting = '.pane-body .monaco-list-row:has-text("Wait for")';
      if ((await domText(waiting)).length === 0) return false;
      await run('notifications.hideList');
      await hover(waiting).catch(() => undefined);
      if ((await domText(skip)).length > 0) await click(skip).catch(() => undefined);
      return false;
    },
    45_000,
  );
}

/** Hides or shows the views beside the push: only lines that can be seen are in the window. */
async function toggleOthers(): Promise<void> {
  for (const view of ['clusters', 'releases']) {
    await run(`karmada.${view}.toggleVisibility`);
  }
}

const push = async (): Promise<void> => {
  await vscode.extensions.getExtension('karmada-flux.karmada-flux')?.activate();
  await run('karmada.push', { uris: [folder] });
};

describe('a push to a real API server', () => {
  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    await write('release.yaml', release(1));
    await write('policies.yaml', policies);
    await run('karmada.connect', context);
    await line(/^podinfo/);
    await run('notifications.clearAll');
    await toggleOthers();
  });

  after(async () => {
    await toggleOthers();
    await setSetting('protectedContexts', undefined);
    await closeEverything();
    await vscode.workspace.fs.delete(folder, { recursive: true });
    await run('karmada.disconnect');
  });

  it('is reviewed first, and nothing is written before it is confirmed', async () => {
    await waitFor('the files', async () => {
      await push();
      return (await treeLines()).some((text) => /^Changes ?5 created/.test(text));
    });
    await line(/^Push to fleet/);
    await line(/^web ?HelmRelease · pushed/);
    await line(/^member1 ?appears/);
    await screenshot('live-push-review');
    await assert.rejects(client.send('GET', releasePath));
    void run('karmada.push.run');
    await answerDialog(/Push 5 objects to fleet\?/, 'Cancel');
    await assert.rejects(client.send('GET', releasePath));
  });

  it('writes what was reviewed, as the owner of what the files say', async () => {
    void run('karmada.push.run');
    await answerDialog(/Push 5 objects to fleet\?/, 'Push');
    await passWaits(/Pushed to fleet: 5 objects/);
    assert.deepEqual(await onServer(), { replicas: 1, managers: ['vscode-karmada-flux'] });
    await noLine(/^Push to fleet/);
    await run('notifications.clearAll');
  });

  it('says so when nothing is to be pushed', async () => {
    await push();
    await notified(/Everything is on the control plane already/);
    await noLine(/^Push to fleet/);
    await run('notifications.clearAll');
  });

  it('takes a field of somebody else only when told to', async () => {
    const patch = JSON.stringify({ spec: { values: { replicas: 5 } } });
    const type = ['--type', 'merge', '--field-manager', 'somebody', '-p', patch];
    await kubectl('patch', 'helmrelease', 'web', '-n', 'pushed', ...type);
    await write('release.yaml', release(3));
    await waitFor('the conflict', async () => {
      await push();
      return (await treeLines()).some((text) => /owned by somebody/.test(text));
    });
    await run('karmada.push.run');
    await notified(/owned by somebody else/);
    await run('notifications.clearAll');
    const conflict = '.pane-body .monaco-list-row:has-text("owned by somebody")';
    await hover(conflict);
    await screenshot('live-push-conflict');
    await actOn('owned by somebody', 'Take Over');
    await line(/taken over from somebody/);
    await setSetting('protectedContexts', ['fl*']);
    void run('karmada.push.run');
    await answerDialog(/Push 1 object to fleet\?[^]*fleet is a protected context/, 'Push');
    await waitFor('the question for the name', async () =>
      (await domText('.quick-input-widget')).some((text) => /Type fleet/.test(text)),
    );
    assert.equal((await onServer()).replicas, 5, 'not before the name is typed');
    await press('f');
    for (const key of 'leet') await press(key);
    await press('Enter');
    await passWaits(/Pushed to fleet: 1 object/);
    await setSetting('protectedContexts', undefined);
    assert.deepEqual(await onServer(), { replicas: 3, managers: ['vscode-karmada-flux'] });
    await run('notifications.clearAll');
  });

  it('is undone, after a review of its own', async () => {
    void run('karmada.push.undoLast');
    await line(/^Undo on fleet/);
    await screenshot('live-push-undo');
    void run('karmada.push.run');
    await answerDialog(/Undo of .+ on fleet\?/, 'Undo');
    await passWaits(/Undone on fleet/);
    assert.equal((await onServer()).replicas, 5);
    await run('notifications.clearAll');
  });
});
