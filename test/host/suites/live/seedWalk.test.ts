import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Uri } from 'vscode';
import { screenshot } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import { client, context, seedFleet, writeKubeconfig } from '../../support/liveFleet.ts';
import { playKarmada, type PlayedKarmada } from '../../support/playedKarmada.ts';
import { closeEverything, fileUri } from '../../support/previews.ts';
import {
  forgetJournals,
  latest,
  leavePush,
  reviewed,
  runReviewed,
  toggleOthers,
} from '../../support/pushes.ts';
import { line, run, treeLines } from '../../support/window.ts';

/*
 * The page "Using Karmada with Flux" with the example's files, as far as a server without Karmada's controllers shows it.
 * That each template gets the Works of its policy is played; what Flux then installs is shown on a running Karmada alone.
 */

const template = fileUri('helmrelease.yaml');
const source = fileUri('helmrepository.yaml');
const policies = ['propagationpolicy-release.yaml', 'propagationpolicy-source.yaml'].map(fileUri);
const override = fileUri('overridepolicy.yaml');

const base = '/apis/helm.toolkit.fluxcd.io/v2/namespaces/default/helmreleases/podinfo';

interface Work {
  readonly spec: {
    readonly workload: {
      readonly manifests: readonly [{ spec: { values?: Readonly<Record<string, unknown>> } }];
    };
  };
}

async function valuesOn(cluster: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const path = `/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-${cluster}/works/podinfo-helmrelease`;
  const { status, text } = await client.raw('GET', path);
  if (status === 404) return undefined;
  return (JSON.parse(text) as Work).spec.workload.manifests[0].spec.values ?? {};
}

async function push(uris: readonly Uri[], what: RegExp, more = what): Promise<readonly string[]> {
  await reviewed(uris, what);
  await line(more);
  const lines = await treeLines();
  await runReviewed();
  await latest('done');
  return lines;
}

describe('the page on Karmada with Flux, on a real API server, Karmada being played', () => {
  let karmada: PlayedKarmada;

  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    forgetJournals();
    karmada = playKarmada({
      client,
      namespace: 'default',
      clusters: ['member1', 'member2'],
      seen: ({ spec }) => JSON.stringify((spec as { values?: object }).values ?? {}),
    });
    await run('karmada.connect', context);
    await line(/^podinfo/);
    await run('notifications.clearAll');
    await toggleOthers();
  });

  afterEach(() => run('notifications.clearAll'));

  after(async () => {
    await toggleOthers();
    await leavePush();
    await run('karmada.rollout.stop');
    await closeEverything();
    await karmada.stop();
    const there = [
      ['policy.karmada.io/v1alpha1', 'propagationpolicies/helm-release'],
      ['policy.karmada.io/v1alpha1', 'propagationpolicies/helm-repo'],
      ['policy.karmada.io/v1alpha1', 'overridepolicies/example-override'],
      ['helm.toolkit.fluxcd.io/v2', 'helmreleases/podinfo'],
      ['source.toolkit.fluxcd.io/v1', 'helmrepositories/podinfo'],
    ];
    for (const [version, name] of there) {
      await client.raw('DELETE', `/apis/${version}/namespaces/default/${name}`);
    }
    forgetJournals();
    await run('karmada.disconnect');
  });

  it('keeps templates on the control plane, and sends nothing without a policy', async () => {
    const lines = await push([template, source], /^Changes ?2 created/);
    assert.ok(lines.every((text) => !/^member\d/.test(text)));
    const { status = {} } = await client.send('GET', base);
    assert.equal(Reflect.get(status as object, 'conditions'), undefined);
    assert.deepEqual(karmada.log, []);
    assert.equal(await valuesOn('member1'), undefined);
  });

  it('creates the policies, which send both objects to the clusters with Flux and no other', async () => {
    const lines = await push([template, source, ...policies], /^Changes ?2 created, 2 unchanged/);
    const clusters = lines.filter((text) => /^member\d/.test(text));
    assert.ok(clusters.some((text) => text.startsWith('member1')));
    assert.ok(
      clusters.every((text) => !text.includes('member3')),
      clusters.join('\n'),
    );
    assert.deepEqual(await valuesOn('member1'), await valuesOn('member2'));
    assert.equal(await valuesOn('member3'), undefined);
    await run('karmada.rollout.show');
    await line(/^member1 ?ready after/);
    await line(/^member2 ?ready after/);
    await screenshot('live-seed-delivered');
  });

  it('overrides on member1, and member2 stays as it is', async () => {
    const lines = await push([override], /^Changes ?1 created/, /^member1 ?changes/);
    const clusters = lines.filter((text) => /^member\d/.test(text));
    assert.ok(
      clusters.some((text) => /^member1 ?changes/.test(text)),
      clusters.join('\n'),
    );
    assert.ok(
      clusters.every((text) => !/^member2 ?changes/.test(text)),
      clusters.join('\n'),
    );
    assert.equal((await valuesOn('member1'))?.['replicaCount'], 2);
    assert.equal((await valuesOn('member2'))?.['replicaCount'], undefined);
    assert.equal(karmada.log.filter((text) => text.startsWith('send member2')).length, 1);
  });

  it('takes the override back with an undo, and member1 is as it was', async () => {
    void run('karmada.push.undoLast');
    await line(/^Changes ?1 deleted/);
    await runReviewed();
    await latest('done');
    assert.equal((await valuesOn('member1'))?.['replicaCount'], undefined);
    assert.deepEqual(await valuesOn('member1'), await valuesOn('member2'));
  });
});
