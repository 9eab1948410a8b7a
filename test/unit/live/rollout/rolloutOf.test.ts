import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createRolloutTree,
  rolloutBaseline,
  rolloutOf,
  type Expectation,
  type FleetModel,
  type FleetRows,
  type Rollout,
} from '../../../../src/live/index.ts';
import { binding, change, cluster, event, modelOf, template } from '../../../support/fleetRows.ts';
import { fluxCondition, readyAt, recordedWork, upgradingTo } from './recordedWorks.ts';

const release = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};
const began = Date.parse('2026-11-23T04:10:10Z');
const seconds = (count: number) => began + count * 1000;

const upgrade: Expectation = {
  template: release,
  clusters: ['member1'],
  type: 'arrives',
  isSpecChanged: true,
  templateGeneration: 2,
  chartVersion: '6.6.1',
};

function installed(): FleetModel {
  const report = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  return modelOf({
    clusters: [cluster('member1')],
    objects: [template('apps/podinfo', { metadata: { generation: 1 } })],
    bindings: [binding('apps/podinfo', ['member1'])],
    works: [recordedWork('member1', { generation: 1, sent: 1, version: '5.0.3', report })],
  });
}

function follower(expectation: Expectation, model = installed()) {
  const baseline = rolloutBaseline(model, [release]);
  let rollout: Rollout | undefined;
  return {
    model,
    set(...works: readonly FleetRows['works'][]) {
      model.apply([change('works', works)]);
    },
    at(second: number) {
      const request = { expectations: [expectation], since: began, baseline };
      rollout = rolloutOf(model, request, seconds(second), rollout);
      const [line] = rollout.lines;
      assert.ok(line);
      return { ...line, rollout };
    },
  };
}

test('an upgrade passes all stages, each with its time, and the old readiness counts for none', () => {
  const { set, at } = follower(upgrade);
  assert.equal(at(1).stage, 'scheduled');
  const old = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  set(recordedWork('member1', { generation: 2, sent: 2, report: old }));
  assert.equal(at(2).stage, 'written');
  set(
    recordedWork('member1', {
      generation: 2,
      sent: 2,
      report: upgradingTo(2, '6.6.1', '2026-11-23T04:10:13Z'),
    }),
  );
  assert.equal(at(4).stage, 'reconciling');
  set(
    recordedWork('member1', {
      generation: 2,
      sent: 2,
      report: readyAt(2, '6.6.1', '2026-11-23T04:10:23Z'),
    }),
  );
  const ready = at(14);
  assert.equal(ready.stage, 'ready');
  assert.deepEqual(ready.reached, {
    scheduled: seconds(1),
    written: seconds(2),
    applied: seconds(3),
    reconciling: seconds(3),
    ready: seconds(13),
  });
  assert.ok(ready.rollout.isSettled);
  const line = createRolloutTree(ready.rollout).node(
    'template HelmRelease/apps/podinfo cluster member1',
  );
  assert.equal(line?.description, 'ready after 13 s');
});

test('Karmada sends the same generation again until the new one shows', () => {
  const { set, at } = follower(upgrade);
  const report = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  set(recordedWork('member1', { generation: 2, sent: 1, report }));
  assert.equal(at(2).stage, 'scheduled');
});

test('Applied alone, long after, shows as applied and not as ready', () => {
  const { set, at } = follower(upgrade);
  const report = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  set(recordedWork('member1', { generation: 2, sent: 2, report }));
  at(2);
  const later = at(30);
  assert.equal(later.stage, 'applied');
  assert.ok(!later.rollout.isSettled);
});

test('a held Work shows as held whatever is in it, and goes on when it is let go', () => {
  const { set, at, model } = follower(upgrade);
  const report = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  set(recordedWork('member1', { generation: 3, sent: 2, isHeld: true, report }));
  const held = at(3);
  assert.equal(held.stage, 'held');
  assert.deepEqual(Object.keys(held.reached), ['scheduled', 'written']);
  model.apply([change('bindings', [binding('apps/podinfo', ['member1'])])]);
  set(
    recordedWork('member1', {
      generation: 4,
      sent: 2,
      report: readyAt(2, '6.6.1', '2026-11-23T04:10:40Z'),
    }),
  );
  assert.equal(at(40).stage, 'ready');
});

test('a change by an override only is seen by the generation of the Work', () => {
  const { set, at } = follower({ ...upgrade, templateGeneration: 1, chartVersion: '5.0.3' });
  assert.equal(at(1).stage, 'scheduled');
  const report = readyAt(2, '5.0.3', '2026-11-23T04:10:20Z');
  set(recordedWork('member1', { generation: 2, sent: 1, version: '5.0.3', report }));
  assert.equal(at(12).stage, 'ready');
});

test('labels alone give the member no new generation: applied is enough, after a moment', () => {
  const { set, at } = follower({
    ...upgrade,
    isSpecChanged: false,
    templateGeneration: 1,
    chartVersion: '5.0.3',
  });
  const report = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  set(recordedWork('member1', { generation: 2, sent: 1, version: '5.0.3', report }));
  assert.equal(at(2).stage, 'written');
  assert.equal(at(6).stage, 'ready');
});

test('a failed upgrade fails with the message of Flux; the failure of before does not', () => {
  const failedAt = (generation: number, at: string) => ({
    observedGeneration: 1,
    lastAttemptedGeneration: generation,
    lastAttemptedRevision: '6.6.1',
    conditions: [
      fluxCondition('Ready', 'False', 'UpgradeFailed', {
        generation,
        at,
        message: 'Helm upgrade failed',
      }),
    ],
  });
  const before = installed();
  const old = failedAt(1, '2026-11-23T04:09:58Z');
  before.apply([
    change('works', [recordedWork('member1', { generation: 1, sent: 1, report: old })]),
  ]);
  const { set, at } = follower(upgrade, before);
  set(recordedWork('member1', { generation: 2, sent: 2, report: old }));
  assert.equal(at(2).stage, 'written');
  set(
    recordedWork('member1', {
      generation: 2,
      sent: 2,
      report: failedAt(2, '2026-11-23T04:10:15Z'),
    }),
  );
  const failed = at(6);
  assert.equal(failed.stage, 'failed');
  assert.equal(failed.message, 'Helm upgrade failed');
  assert.ok(!failed.rollout.isSettled);
  assert.ok(at(40).rollout.isSettled);
});

test('a failure after which Flux tries again is told as such, and the rollout goes on', () => {
  const { set, at } = follower(upgrade);
  const failing = (isRetried: boolean) => ({
    observedGeneration: 1,
    lastAttemptedGeneration: 2,
    lastAttemptedRevision: '6.6.1',
    conditions: [
      fluxCondition('Ready', 'False', 'UpgradeFailed', {
        ...{ generation: 2, at: '2026-11-23T04:10:12Z', message: 'Helm upgrade failed' },
      }),
      isRetried
        ? fluxCondition('Reconciling', 'True', 'ProgressingWithRetry', {
            ...{ generation: 2, at: '2026-11-23T04:10:12Z', message: 'retrying after 1m' },
          })
        : fluxCondition('Stalled', 'True', 'RetriesExceeded', {
            ...{ generation: 2, at: '2026-11-23T04:10:12Z', message: 'Failed to upgrade' },
          }),
    ],
  });
  set(recordedWork('member1', { generation: 2, sent: 2, report: failing(true) }));
  at(3);
  const retried = at(60);
  assert.deepEqual([retried.stage, retried.isRetried], ['failed', true]);
  assert.ok(!retried.rollout.isSettled);
  const id = 'template HelmRelease/apps/podinfo cluster member1';
  const line = createRolloutTree(retried.rollout).node(id);
  assert.equal(line?.description, 'failed, tried again · Helm upgrade failed');
  set(recordedWork('member1', { generation: 2, sent: 2, report: failing(false) }));
  at(61);
  assert.ok(at(90).rollout.isSettled);
  set(
    recordedWork('member1', {
      ...{ generation: 2, sent: 2 },
      report: readyAt(2, '6.6.1', '2026-11-23T04:12:00Z'),
    }),
  );
  assert.equal(at(120).stage, 'ready');
});

test('a new generation in which Helm finds nothing to do is ready when Flux says so of it', () => {
  const { set, at } = follower({ ...upgrade, chartVersion: '5.0.3' });
  const old = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  const sent = { generation: 2, sent: 2, version: '5.0.3' };
  set(recordedWork('member1', { ...sent, report: old }));
  at(2);
  assert.equal(at(20).stage, 'applied');
  // helm-controller notes the new generation on the condition; its time and reason stay.
  const seen = fluxCondition('Ready', 'True', 'UpgradeSucceeded', {
    ...{ generation: 2, at: '2026-11-23T04:09:58Z' },
  });
  set(recordedWork('member1', { ...sent, report: { ...old, conditions: [seen] } }));
  assert.equal(at(21).stage, 'ready');
});

test('a release that Flux leaves alone is held, as far as applied', () => {
  const { at, model } = follower({ ...upgrade, chartVersion: '', isSuspended: true });
  const held = recordedWork('member1', { generation: 2, sent: 2 });
  model.apply([change('works', [{ ...held, isReleaseSuspended: true, chartVersion: '' }])]);
  at(2);
  const line = at(10);
  assert.deepEqual([line.stage, line.message], ['held', 'Flux is suspended for it.']);
  assert.deepEqual(Object.keys(line.reached), ['scheduled', 'written', 'applied']);
});

test('what was held long is no newer for it: Karmada is given time once it is let go', () => {
  const { set, at } = follower({
    ...{ ...upgrade, isSpecChanged: false, templateGeneration: 1, chartVersion: '5.0.3' },
  });
  const report = readyAt(1, '5.0.3', '2026-11-23T04:09:58Z');
  const sent = { sent: 1, version: '5.0.3', report };
  set(recordedWork('member1', { generation: 2, isHeld: true, ...sent }));
  assert.equal(at(1).stage, 'held');
  assert.equal(at(60).stage, 'held');
  set(recordedWork('member1', { generation: 3, ...sent }));
  assert.equal(at(61).stage, 'written');
  assert.equal(at(65).stage, 'ready');
});

test('a cluster that is registered no more, and one that it is taken off, fail', () => {
  const { set, at, model } = follower(upgrade);
  set(recordedWork('member1', { generation: 2, sent: 2 }));
  at(2);
  model.apply([change('bindings', [binding('apps/podinfo', ['member2'])])]);
  assert.deepEqual(
    [at(5).stage, at(5).message],
    ['failed', 'Karmada no longer schedules it there.'],
  );
  model.apply([
    change('bindings', [binding('apps/podinfo', ['member1'])]),
    change('clusters', [cluster('member2')], { deleted: ['member1'] }),
  ]);
  assert.equal(at(6).message, 'No cluster of this name is registered.');
  assert.ok(at(60).rollout.isSettled);
});

test('a source that is not ready yet is waited for', () => {
  const { set, at } = follower(upgrade);
  const waiting = fluxCondition('Ready', 'False', 'SourceNotReady', {
    generation: 2,
    at: '2026-11-23T04:10:12Z',
    message: 'HelmChart is not ready',
  });
  const report = {
    observedGeneration: 1,
    lastAttemptedGeneration: 1,
    lastAttemptedRevision: '6.6.1',
    conditions: [waiting],
  };
  set(recordedWork('member1', { generation: 2, sent: 2, report }));
  assert.equal(at(3).stage, 'reconciling');
  assert.equal(at(90).stage, 'failed');
});

test('a Work that cannot be applied fails with the words of Karmada', () => {
  const { set, at } = follower(upgrade);
  const message =
    'Failed to apply all manifests (0/1): resource(kind=HelmRelease, apps/podinfo) already exists in the cluster member1';
  const applied = {
    type: 'Applied',
    status: 'False',
    reason: 'AppliedFailed',
    message,
    lastTransitionTime: '2026-11-23T04:10:12Z',
  };
  set(recordedWork('member1', { generation: 2, sent: 2, applied }));
  assert.deepEqual([at(3).stage, at(3).message], ['failed', message]);
});

test('a failing override is told by its event although the binding says that all is applied', () => {
  const { at, model } = follower(upgrade);
  const failing = event(
    'apps/podinfo',
    'ApplyOverridePolicyFailed',
    'Apply override policy(apps/tune) for cluster(member1) failed.',
    '2026-11-23T04:10:12Z',
  );
  model.apply([change('events', [failing])]);
  const failed = at(3);
  assert.equal(failed.stage, 'failed');
  assert.match(failed.message, /apps\/tune/);
});

test('the event of before the push does not count', () => {
  const before = installed();
  before.apply([
    change('events', [
      event(
        'apps/podinfo',
        'ApplyOverridePolicyFailed',
        'Apply override policy(apps/tune) for cluster(member1) failed.',
      ),
    ]),
  ]);
  assert.equal(follower(upgrade, before).at(1).stage, 'scheduled');
});

test('an event about another cluster does not make an old failure a new one', () => {
  const failedOn = (name: string, at: string) =>
    event(
      'apps/podinfo',
      'ApplyOverridePolicyFailed',
      `Apply override policy(apps/tune) for cluster(${name}) failed.`,
      at,
    );
  const before = installed();
  before.apply([change('events', [failedOn('member1', '2026-11-23T04:09:00Z')])]);
  const { at, model } = follower(upgrade, before);
  model.apply([change('events', [failedOn('member2', '2026-11-23T04:10:12Z')])]);
  assert.equal(at(3).stage, 'scheduled');
  const standing = { ...upgrade, type: 'stands' } as const;
  assert.equal(follower(standing, before).at(1).stage, 'failed');
});

test('a cluster that is not ready gets nothing, and says so', () => {
  const { set, at, model } = follower(upgrade);
  model.apply([change('clusters', [cluster('member1', 'False')])]);
  set(recordedWork('member1', { generation: 2, sent: 2 }));
  assert.deepEqual([at(2).stage, at(2).message], ['failed', 'The cluster is not ready: no answer']);
});

test('what leaves is on its way until the Work is gone', () => {
  const { at, model } = follower({ ...upgrade, type: 'leaves' });
  assert.equal(at(1).stage, 'leaving');
  model.apply([
    change('bindings', [binding('apps/podinfo', [])]),
    change('works', [], { deleted: ['karmada-es-member1/podinfo-HelmRelease'] }),
  ]);
  const gone = at(5);
  assert.equal(gone.stage, 'gone');
  assert.equal(gone.reached.gone, seconds(5));
});

test('what has never come to a cluster and is preserved there is gone, and says what is left', () => {
  const { at, model } = follower({ ...upgrade, type: 'leaves' });
  const { applied: _, ...row } = recordedWork('member1', { generation: 1, sent: 1 });
  const going = { ...row, deletedAt: '2026-11-23T04:10:00Z', isPreserving: true } as const;
  model.apply([change('bindings', [binding('apps/podinfo', [])]), change('works', [going])]);
  const { stage, message } = at(5);
  assert.equal(stage, 'gone');
  assert.match(message, /^Karmada cannot finish deleting the Work/);
});

test('what no scheduler placed fails with its reason', () => {
  const unscheduled = {
    conditions: [
      {
        type: 'Scheduled',
        status: 'False',
        reason: 'NoClusterFit',
        message: '0/3 clusters are available',
        lastTransitionTime: '2026-11-23T04:10:11Z',
      },
    ],
  };
  const { at, model } = follower(upgrade);
  model.apply([change('bindings', [binding('apps/podinfo', [], { status: unscheduled })])]);
  assert.deepEqual([at(2).stage, at(2).message], ['failed', '0/3 clusters are available']);
});

test('a thousand clusters are grouped by stage, failed ones first', () => {
  const clusters = Array.from({ length: 1000 }, (_, index) => `c${index}`);
  const model = modelOf({
    clusters: clusters.map((name) => cluster(name, name === 'c7' ? 'False' : 'True')),
    objects: [template('apps/podinfo', { metadata: { generation: 2 } })],
    bindings: [binding('apps/podinfo', clusters)],
    works: clusters.map((name) =>
      recordedWork(name, {
        generation: 2,
        sent: 2,
        report: readyAt(2, '6.6.1', '2026-11-23T04:10:23Z'),
      }),
    ),
  });
  const baseline = { works: {}, events: {} };
  const rollout = rolloutOf(
    model,
    { expectations: [{ ...upgrade, clusters }], since: began, baseline },
    seconds(20),
  );
  const tree = createRolloutTree(rollout);
  const [root] = tree.roots();
  assert.ok(root);
  assert.equal(root.description, 'apps · ready 999/1000, 1 failed');
  assert.deepEqual(
    tree.children(root.id).map(({ label, description }) => [label, description]),
    [
      ['Failed', '1'],
      ['Ready', '999'],
    ],
  );
  const [failed] = createRolloutTree(rollout, true).children(root.id);
  assert.equal(failed?.label, 'c7');
  assert.equal(tree.parent(failed?.id ?? ''), 'template HelmRelease/apps/podinfo stage failed');
});
