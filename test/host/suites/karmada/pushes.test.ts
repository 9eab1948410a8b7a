import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { click, domText, hover, press, screenshot, waitFor } from '../../support/driver.ts';
import {
  allClusters,
  clustersWithFlux,
  connect,
  disconnect,
  helmVersion,
  kubectl,
  kubectlApply,
  placeOf,
} from '../../support/karmada.ts';
import { closeEverything, keepUnsaved } from '../../support/previews.ts';
import {
  actOn,
  chooseWaves,
  confirm,
  documentsIn,
  forgetJournals,
  latest,
  leavePush,
  namespaceObject,
  propagationObject,
  releaseObject,
  reviewed,
  runReviewed,
  sourceObject,
  toggleOthers,
} from '../../support/pushes.ts';
import { line, notified, run, shown, treeLines } from '../../support/window.ts';

/*
 * What a push meets on a running Karmada that a server without its controllers cannot show: objects of others on members,
 * waves through real Works and real Flux, held dispatch, what Karmada's webhooks refuse.
 */

const namespace = 'karmada-flux-window';
const documents = documentsIn('on-karmada');
const policyVersion = 'policy.karmada.io/v1alpha1';

const configMap = (name: string, data: object) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } },
  data,
});
const propagationOf = (name: string, clusters: readonly string[]) => ({
  ...{ apiVersion: policyVersion, kind: 'PropagationPolicy', metadata: { name, namespace } },
  spec: {
    resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name }],
    placement: { clusterAffinity: { clusterNames: clusters } },
  },
});

describe('pushes to a running Karmada', () => {
  let context = '';
  let first = '';
  let second = '';

  const dataOn = async (cluster: string | undefined, name: string): Promise<string> =>
    placeOf(cluster).kubectl(
      ...['get', 'configmap', name, '-n', namespace, '--ignore-not-found'],
      ...['-o', 'jsonpath={.data.key}'],
    );
  const chartVersionOn = async (cluster: string): Promise<string | undefined> => {
    const [release] = await placeOf(cluster).helmList(namespace);
    return release?.['status'] === 'deployed' ? release['revision'] : undefined;
  };
  const isNamed = () => new RegExp(context);

  before(async function () {
    this.timeout(120_000);
    await keepUnsaved();
    [first = '', second = ''] = await clustersWithFlux();
    await kubectlApply([namespaceObject(namespace)]);
    forgetJournals();
    context = await connect();
    await run('karmada.clusters.focus');
    await line(new RegExp(`^${first} ?v\\d`));
    await run('notifications.clearAll');
    await toggleOthers();
  });

  afterEach(async () => {
    await run('notifications.clearAll');
    await leavePush();
    await run('karmada.rollout.stop');
    await closeEverything();
    await documents.remove();
  });

  after(async function () {
    this.timeout(180_000);
    await toggleOthers();
    forgetJournals();
    await disconnect();
    const kinds = 'helmreleases,helmrepositories,configmaps';
    await kubectl('delete', kinds, '--all', '-n', namespace);
    const policies = 'propagationpolicies,overridepolicies';
    await kubectl('delete', policies, '--all', '-n', namespace, '--wait=false');
    // On the members too, where Karmada leaves a namespace that it did not make.
    for (const place of [placeOf(), ...(await allClusters()).map((name) => placeOf(name))]) {
      const gone = ['--ignore-not-found', '--timeout=60s'];
      await place.kubectl('delete', 'namespace', namespace, ...gone);
    }
  });

  it('lets Karmada overwrite what exists on a member only when told to', async function () {
    this.timeout(120_000);
    const member = placeOf(first);
    await member.kubectl('create', 'namespace', namespace).catch(() => undefined);
    await member.kubectl(
      ...['create', 'configmap', 'taken', '-n', namespace],
      '--from-literal=key=of-the-member',
    );
    await documents.write('taken.yaml', configMap('taken', { key: 'of-the-template' }));
    await documents.write('policy.yaml', propagationOf('taken', [first]));
    await reviewed([documents.uri], /^Changes ?2 created/);
    const asked = `.pane-body .monaco-list-row:has-text("exists")`;
    await waitFor('the question', async () => (await domText(asked)).length > 0);
    await hover(asked);
    await screenshot('karmada-unmanaged');
    await click(`${asked} .action-label[aria-label^="Let Karmada Overwrite"]`);
    await waitFor('the edit', () =>
      vscode.window.activeTextEditor?.document.getText().includes('Overwrite'),
    );
    await waitFor('no question', async () => (await domText(asked)).length === 0);
    assert.equal(await dataOn(first, 'taken'), 'of-the-member');
    await runReviewed(isNamed());
    await latest('done', 60_000);
    await waitFor(
      'the template on the member',
      async () => (await dataOn(first, 'taken')) === 'of-the-template',
    );
  });

  it('keeps or takes a field that kubectl owns, as the user chooses', async function () {
    this.timeout(120_000);
    await kubectlApply([configMap('shared', { key: 'by-kubectl' })], '--field-manager=kubectl');
    await documents.write('shared.yaml', configMap('shared', { key: 'by-file', more: 'x' }));
    for (const [action, wanted] of [
      ['Keep Theirs', 'by-kubectl'],
      ['Take Over', 'by-file'],
    ] as const) {
      await reviewed([documents.uri], /owned by kubectl/);
      await actOn('owned by kubectl', action);
      await runReviewed(isNamed());
      await latest('done', 60_000);
      assert.equal(await dataOn(undefined, 'shared'), wanted);
    }
  });

  it('shows what Karmada’s webhook refuses on the field', async () => {
    const policy = propagationOf('refused', [first]) as { spec: object };
    Object.assign(policy.spec, { conflictResolution: 'Abort', priority: 1, preemption: 'Never' });
    const spread = { spreadByField: 'cluster', maxGroups: 1, minGroups: 2 };
    Object.assign(policy.spec, { placement: { spreadConstraints: [spread] } });
    await documents.write('refused.yaml', policy);
    await reviewed([documents.uri], /^refused/);
    const found = await waitFor('the verdict', () => {
      const all = vscode.languages
        .getDiagnostics(documents.file('refused.yaml'))
        .filter(({ source }) => /server/i.test(source ?? ''));
      return all.length > 0 ? all : undefined;
    });
    assert.match(found.map(({ message }) => message).join(), /Groups/);
    await run('karmada.push.run');
    await notified(/Groups/);
    assert.deepEqual(await domText('.monaco-dialog-box'), []);
    await vscode.window.showTextDocument(documents.file('refused.yaml'));
    await screenshot('karmada-refused');
  });

  it('goes in waves through Flux: the second cluster gets it when the first is ready', async function () {
    this.timeout(300_000);
    const both = [first, second];
    const source = sourceObject(namespace, 'podinfo') as { spec: { url: string } };
    source.spec.url = process.env.KARMADA_TEST_CHARTS ?? 'https://stefanprodan.github.io/podinfo';
    const release = (replicaCount: number) => {
      const object = releaseObject(namespace, 'podinfo', { replicaCount }) as {
        spec: { chart: { spec: { version: string } } };
      };
      object.spec.chart.spec.version = '5.0.3';
      return object;
    };
    await documents.write('release.yaml', release(1));
    await documents.write(
      'rest.yaml',
      source,
      propagationObject(namespace, 'podinfo', { kind: 'HelmRelease', clusters: both }),
      propagationObject(namespace, 'podinfo', { kind: 'HelmRepository', clusters: both }),
    );
    await reviewed([documents.uri], /^Changes ?4 created/);
    await runReviewed(isNamed());
    await latest('done', 90_000);
    for (const cluster of both) {
      await waitFor(
        `podinfo on ${cluster}`,
        async () => (await chartVersionOn(cluster)) === '1',
        120_000,
      );
    }
    await documents.write('release.yaml', release(2));
    await reviewed([documents.uri], /^Changes ?1 changed/);
    await leavePush();
    void run('karmada.push.waves', { uris: [documents.uri] });
    await chooseWaves(second);
    await line(/^Changes ?1 changed/);
    await screenshot('karmada-waves-review');
    await runReviewed(isNamed());
    const seen: string[] = [];
    await waitFor(
      'the waves',
      async () => {
        const now = await Promise.all(both.map(async (one) => (await chartVersionOn(one)) ?? '-'));
        const state = now.join(' ');
        if (seen.at(-1) !== state) seen.push(state);
        if (seen.length === 2) await screenshot('karmada-waves');
        return state === '2 2';
      },
      180_000,
    );
    await latest('done', 60_000);
    assert.ok(!seen.includes('1 2') && !seen.includes('- 2'), seen.join(', '));
    const policy = await kubectl(
      ...['get', 'propagationpolicy', 'podinfo-helmrelease', '-n', namespace, '-o', 'json'],
    );
    assert.ok(!policy.includes('suspension') && !policy.includes('karmada-flux-hold'), policy);
  });

  it('holds dispatch of a release on one cluster, and resumes it', async function () {
    this.timeout(180_000);
    const target = {
      reference: { apiVersion: helmVersion, kind: 'HelmRelease', namespace, name: 'podinfo' },
      cluster: second,
    };
    const isHeld = async (): Promise<boolean> => {
      const works = await kubectl('get', 'works', '-n', `karmada-es-${second}`, '-o', 'json');
      const { items } = JSON.parse(works) as {
        items: {
          spec: {
            suspendDispatching?: boolean;
            workload: { manifests: { kind: string; metadata: { namespace?: string } }[] };
          };
        }[];
      };
      return items.some(
        ({ spec }) =>
          spec.suspendDispatching === true &&
          spec.workload.manifests.some(
            ({ kind, metadata }) => kind === 'HelmRelease' && metadata.namespace === namespace,
          ),
      );
    };
    void run('karmada.dispatch.hold', target);
    await line(/^Steps/);
    await runReviewed(/podinfo-helmrelease/);
    await latest('done', 60_000);
    assert.ok(await isHeld());
    await run('karmada.releases.toggleVisibility');
    await line(/^podinfo/);
    await screenshot('karmada-held');
    await run('karmada.releases.toggleVisibility');
    void run('karmada.dispatch.resume', target);
    await line(/^Steps/);
    await runReviewed(/podinfo-helmrelease/);
    await latest('done', 60_000);
    assert.ok(!(await isHeld()));
  });

  it('plans the propagation of a release of the view that is in no file', async function () {
    await kubectlApply([releaseObject(namespace, 'only-there', {})]);
    const reference = {
      ...{ apiVersion: helmVersion, kind: 'HelmRelease' },
      ...{ namespace, name: 'only-there' },
    };
    await run('karmada.releases.toggleVisibility');
    await line(/^only-there/);
    await run('karmada.releases.toggleVisibility');
    void run('karmada.propagate', { reference });
    await shown('.quick-input-list-row', new RegExp(second));
    await click(`.quick-input-list-row:has-text("${second}")`);
    await press('Enter');
    await waitFor('the plan', () =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('only-there'),
    ).catch(async (error: unknown) => {
      await run('notifications.showList');
      throw new Error(
        `${String(error)}; there is ${(await domText('.notifications-center, .quick-input-widget')).join(' ')}`,
      );
    });
    await screenshot('karmada-propagate-live');
    await run('karmada.plan.discard');
  });

  it('deletes a release with its uninstalls, which are asked about', async function () {
    this.timeout(180_000);
    const reference = {
      ...{ apiVersion: helmVersion, kind: 'HelmRelease' },
      ...{ namespace, name: 'podinfo' },
    };
    void run('karmada.delete', { reference });
    await line(/^Changes ?1 deleted/);
    await screenshot('karmada-delete');
    await runReviewed(isNamed());
    const twice = await confirm(/takes something away/);
    assert.ok(twice.includes(first) && twice.includes(second), twice);
    await latest('done', 60_000);
    for (const cluster of [first, second]) {
      await waitFor(
        `no podinfo on ${cluster}`,
        async () => (await placeOf(cluster).helmList(namespace)).length === 0,
        90_000,
      );
    }
    assert.ok((await treeLines()).every((text) => !text.startsWith('Steps')));
  });
});
