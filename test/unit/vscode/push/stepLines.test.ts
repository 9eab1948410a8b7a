import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectChange, PushStep } from '../../../../src/push/index.ts';
import { labelOf } from '../../../../src/push/run/accountOf.ts';
import { stepsLine } from '../../../../src/vscode/push/stepLines.ts';

const release = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'default',
  name: 'podinfo',
};
const policy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterPropagationPolicy',
  namespace: '',
  name: 'all',
};
const change = { reference: release } as ObjectChange;
const template = 'helm.toolkit.fluxcd.io/v2/HelmRelease/default/podinfo';

test('Each step says what is done, the name of its object in front', () => {
  const steps: readonly PushStep[] = [
    { type: 'hold', id: '1', hold: { policy, clusters: ['member2'] }, reason: 'R.' },
    { type: 'apply', id: '2', change },
    { type: 'restore', id: '3', change },
    { type: 'delete', id: '4', change },
    { type: 'settle', id: '5', works: [{ template, clusters: ['member1'] }], reason: 'S.' },
    { type: 'ready', id: '6', templates: [template], clusters: ['member1'], reason: 'T.' },
    { type: 'hold', id: '7', hold: { policy, clusters: 'none' }, reason: 'U.' },
  ];
  const account = steps.map((step) => ({
    step,
    state: { type: 'waiting' as const },
    label: labelOf(step),
    detail: '',
  }));
  const { children } = stepsLine(account, { stage: 'review', now: 0, waitingFor: [] });
  assert.deepEqual(
    children.map(({ label, description }) => `${label} | ${description}`),
    [
      'Hold all | ClusterPropagationPolicy · R.',
      'Write podinfo | HelmRelease · default',
      'Put back podinfo | HelmRelease · default',
      'Delete podinfo | HelmRelease · default',
      'Wait for member1 | S.',
      'Ready on member1 | T.',
      'Let all go | ClusterPropagationPolicy · U.',
    ],
  );
});
