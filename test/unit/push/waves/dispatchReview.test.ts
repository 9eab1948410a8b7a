import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveControlPlane } from '../../../../src/analysis/index.ts';
import {
  dispatchReview,
  withDispatched,
  type DispatchRequest,
} from '../../../../src/push/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { fakePushApi } from '../../../support/fakePushApi.ts';
import { binding, modelOf, readyReport } from '../../../support/fleetRows.ts';

const reference = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  namespace: 'apps',
  name: 'spread',
};
const template = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web';

function policy(suspension?: JsonObject, manager = 'vscode-karmada-flux-hold'): JsonObject {
  const fieldsV1 = { 'f:spec': { 'f:suspension': {} } };
  return {
    apiVersion: reference.apiVersion,
    kind: reference.kind,
    metadata: {
      name: 'spread',
      namespace: 'apps',
      ...(suspension ? { managedFields: [{ manager, fieldsV1 }] } : {}),
    },
    spec: { placement: {}, ...(suspension ? { suspension } : {}) },
  };
}

const on = (...clusterNames: string[]): JsonObject => ({ dispatchingOnClusters: { clusterNames } });

function review(
  object: JsonObject,
  request: Pick<DispatchRequest, 'action' | 'clusters' | 'holdOf'>,
  releases: readonly string[] = ['web'],
) {
  const annotations = {
    'propagationpolicy.karmada.io/namespace': 'apps',
    'propagationpolicy.karmada.io/name': 'spread',
  };
  const reports = { member1: readyReport(), member2: readyReport() };
  const model = modelOf({
    bindings: releases.map((name) =>
      binding(`apps/${name}`, ['member1', 'member2'], { metadata: { annotations }, reports }),
    ),
  });
  return dispatchReview(model, {
    ...request,
    policies: [{ reference, object }],
    templates: [template],
    context: 'karmada',
    server: 'https://karmada',
    plane: '',
  });
}

test('a hold names the clusters and waits until their Works show it', () => {
  const { steps, questions, type } = review(policy(), { action: 'hold', clusters: ['member2'] });
  assert.equal(type, 'dispatch');
  assert.deepEqual(
    steps.map((step) => (step.type === 'hold' ? step.hold.clusters : step.type)),
    [['member2'], 'settle'],
  );
  const [, settle] = steps;
  assert.ok(settle?.type === 'settle');
  assert.deepEqual(settle.works, [
    { template, clusters: ['member2'], isHeld: true },
    { template, clusters: ['member1'], isHeld: false },
  ]);
  assert.deepEqual(
    questions.map(({ severity }) => severity),
    ['warning'],
  );
});

test('what we hold already is added to, and nothing is done twice', () => {
  const held = policy(on('member1'));
  const more = review(held, { action: 'hold', clusters: ['member2'] });
  assert.deepEqual(more.steps[0]?.type === 'hold' && more.steps[0].hold.clusters, [
    'member1',
    'member2',
  ]);
  assert.deepEqual(review(held, { action: 'hold', clusters: ['member1'] }).steps, []);
});

test('other releases of the policy are named and asked about', () => {
  const { questions } = review(policy(), { action: 'hold', clusters: 'all' }, ['web', 'shop']);
  const shared = questions.find(({ code }) => code === 'shared-policy');
  assert.equal(shared?.severity, 'confirm');
  assert.match(shared?.message ?? '', /HelmRelease apps\/shop/);
});

test('a hold beside that of somebody else is refused', () => {
  const { questions, steps } = review(policy(on('member1'), 'argocd'), {
    action: 'hold',
    clusters: ['member2'],
  });
  assert.deepEqual(steps, []);
  assert.equal(questions[0]?.severity, 'blocked');
  assert.match(questions[0]?.message ?? '', /held on member1 by argocd/);
});

test('resuming what we hold lets go of the clusters chosen', () => {
  const held = policy(on('member1', 'member2'));
  const clustersAfter = (clusters: DispatchRequest['clusters']) => {
    const [step] = review(held, { action: 'resume', clusters }).steps;
    return step?.type === 'hold' && step.hold.clusters;
  };
  assert.deepEqual(clustersAfter(['member1']), ['member2']);
  assert.equal(clustersAfter('all'), 'none');
  assert.equal(clustersAfter(['member1', 'member2']), 'none');
});

test('resuming what somebody else holds is a change of the policy, with a second yes', () => {
  const { steps, questions, changes } = review(policy(on('member1', 'member2'), 'argocd'), {
    action: 'resume',
    clusters: ['member1'],
  });
  assert.deepEqual(
    steps.map(({ type }) => type),
    ['restore', 'settle'],
  );
  assert.deepEqual(changes[0]?.after?.['spec'], { placement: {}, suspension: on('member2') });
  const taking = questions.find(({ severity }) => severity === 'confirm');
  assert.match(taking?.message ?? '', /held by argocd/);
});

const heldByPush: DispatchRequest['holdOf'] = () => ({
  push: 'id',
  title: 'web.yaml',
  state: 'stopped',
  type: 'waves',
});

test('what a push holds that stopped is neither held nor let go by itself, and the push is named', () => {
  const object = policy(on('member1'));
  for (const action of ['hold', 'resume'] as const) {
    for (const clusters of [['member1'], ['member2'], 'all'] as const) {
      const { steps, questions } = review(object, { action, clusters, holdOf: heldByPush });
      assert.deepEqual(steps, []);
      assert.deepEqual(
        questions.map(({ severity, code, push, message }) => [severity, code, push, message]),
        [
          [
            'blocked',
            'held',
            'id',
            'Dispatch of PropagationPolicy apps/spread is held on member1 by the push “web.yaml”, which stopped. Resume or undo that push instead.',
          ],
        ],
      );
    }
  }
});

test('a policy that waves created is told as theirs, although they wrote it like any field', () => {
  const object = policy(on('member2'), 'vscode-karmada-flux');
  const request = { action: 'resume', clusters: 'all' } as const;
  const { questions } = review(object, { ...request, holdOf: heldByPush });
  assert.equal(questions[0]?.push, 'id');
  const unknown = review(object, request).questions.map(({ message }) => message);
  assert.match(unknown.join(), /is held by an earlier push/);
});

test('the hold of a push is not taken for that of somebody else who holds the policy now', () => {
  const { questions } = review(policy(on('member1'), 'argocd'), {
    ...{ action: 'resume', clusters: 'all' },
    holdOf: heldByPush,
  });
  assert.ok(questions.every(({ push }) => push === undefined));
  assert.match(questions[0]?.message ?? '', /held by argocd/);
});

test('what a push that was given up holds is let go after a second yes', () => {
  const holdOf: DispatchRequest['holdOf'] = () => ({
    ...{ push: 'id', title: 'web.yaml', type: 'push', state: 'dropped' },
  });
  const request = { action: 'resume', clusters: 'all', holdOf } as const;
  const { steps, questions } = review(policy(on('member1')), request);
  assert.deepEqual(steps[0]?.type === 'hold' && steps[0].hold.clusters, 'none');
  const asked = questions.filter(({ severity }) => severity === 'confirm');
  assert.match(asked[0]?.message ?? '', /“web.yaml”, which was given up: what it has written/);
});

test('a part of what is held everywhere stays held', () => {
  const [step] = review(policy({ dispatching: true }), {
    action: 'resume',
    clusters: ['member1'],
  }).steps;
  assert.deepEqual(step?.type === 'hold' && step.hold.clusters, ['member2']);
});

test('a lazy policy is refused with the reason', () => {
  const object = policy();
  const lazy = {
    ...object,
    spec: { ...(object['spec'] as JsonObject), activationPreference: 'Lazy' },
  };
  const { questions } = review(lazy, { action: 'hold', clusters: 'all' });
  assert.deepEqual([questions[0]?.code, questions[0]?.severity], ['lazy-policy', 'blocked']);
});

test('the end of a hold shows what held Works send then, and to which clusters', async () => {
  const object = policy(on('member1', 'member2', 'member3', 'member4'));
  const request = { action: 'resume', clusters: ['member1', 'member2', 'member4'] } as const;
  const annotations = {
    'propagationpolicy.karmada.io/namespace': 'apps',
    'propagationpolicy.karmada.io/name': 'spread',
  };
  const id = { 'resourcebinding.karmada.io/permanent-id': '1' };
  const clusters = ['member1', 'member2', 'member3', 'member4'];
  const bound = binding('apps/web', clusters, { metadata: { annotations, labels: id } });
  const model = modelOf({ bindings: [bound] });
  const manifest = (replicas: number, metadata: JsonObject = {}): JsonObject => ({
    metadata: { name: 'web', ...metadata },
    spec: { replicas },
  });
  // What Karmada notes for each cluster sets no two of them apart.
  const noted = (cluster: string): JsonObject => ({
    annotations: { 'work.karmada.io/namespace': `karmada-es-${cluster}` },
  });
  const works = clusters.map((cluster): JsonObject => ({
    metadata: { name: 'web', namespace: `karmada-es-${cluster}`, labels: id },
    spec: {
      suspendDispatching: cluster !== 'member2',
      workload: { manifests: [manifest(cluster === 'member3' ? 1 : 2, noted(cluster))] },
    },
  }));
  const [row] = model.rows('bindings').values();
  assert.ok(row);
  const api = {
    ...fakePushApi(),
    get: async () => ({ metadata: { name: row.name, namespace: row.namespace, labels: id } }),
    list: async () => works,
  };
  const live = { objects: [] } as unknown as LiveControlPlane;
  const ports = { api, model: { model, plane: () => live, onDidChange: () => () => undefined } };
  const policies = [{ reference, object }];
  const shown = await withDispatched(review(object, request), { policies, ...request }, ports);
  assert.deepEqual(
    shown.effects.map(({ type, template: key, clusters: where, after }) => [
      type,
      key,
      where,
      after,
    ]),
    [['changes', template, ['member1', 'member4'], manifest(2)]],
  );
});
