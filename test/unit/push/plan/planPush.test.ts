import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { planPush } from '../../../../src/push/index.ts';
import type { PushPlan } from '../../../../src/push/index.ts';
import { changeOf, groundOf, override, planeOf, propagation, release } from './ground.ts';

const both = ['member1', 'member2'];

/** The writes of a plan, as `apply OverridePolicy apps/a`. */
function writesOf(plan: PushPlan): readonly string[] {
  return plan.steps.flatMap((step) =>
    'change' in step
      ? [`${step.type} ${step.change.reference.kind} ${step.change.reference.name}`]
      : [],
  );
}

describe('planPush', () => {
  it('writes overrides before releases and propagation policies last', () => {
    const ground = groundOf(planeOf([]));
    const objects = [
      propagation('to-all', ['podinfo'], both),
      release('podinfo', { replicas: 1 }),
      override('more', 'podinfo', 2, ['member1']),
    ];
    const plan = planPush(
      ground,
      objects.map((object) => changeOf(ground.live, object)),
    );
    assert.deepEqual(writesOf(plan), [
      'apply OverridePolicy more',
      'apply HelmRelease podinfo',
      'apply PropagationPolicy to-all',
    ]);
    assert.deepEqual(
      plan.effects.map(({ type, clusters, after }) => [type, clusters, after?.['spec']]),
      [
        ['appears', ['member1'], release('podinfo', { replicas: 2 })['spec']],
        ['appears', ['member2'], release('podinfo', { replicas: 1 })['spec']],
      ],
    );
  });

  it('says what appears when the override comes that a policy waits for, whatever that selects', () => {
    const waiting = propagation('to-all', ['podinfo'], both, { dependentOverrides: ['late'] });
    const ground = groundOf(planeOf([release('podinfo'), waiting]));
    const plan = planPush(ground, [
      changeOf(ground.live, override('late', 'another', 2, ['member1'])),
    ]);
    assert.deepEqual(
      plan.effects.map(({ type, clusters, isDelayed }) => [type, clusters, isDelayed]),
      [['appears', both, true]],
    );
  });

  it('says what changes, what is unchanged and what goes', () => {
    const ground = groundOf(
      planeOf([release('podinfo', { replicas: 1 }), propagation('to-all', ['podinfo'], both)]),
    );
    const plan = planPush(ground, [
      changeOf(ground.live, propagation('to-all', ['podinfo'], ['member2'])),
      changeOf(ground.live, override('more', 'podinfo', 2, ['member1'])),
    ]);
    assert.deepEqual(
      plan.effects.map(({ type, clusters }) => [type, clusters]),
      [
        ['removed', ['member1']],
        ['unchanged', ['member2']],
      ],
    );
  });

  it('asks where an override gives an object another name, for the old one stays', () => {
    const rename = override('o', 'podinfo', 'other', ['member1'], '/metadata/name', 'replace');
    const ground = groundOf(
      planeOf([release('podinfo'), propagation('to-all', ['podinfo'], both)]),
    );
    const { questions } = planPush(ground, [changeOf(ground.live, rename)]);
    assert.deepEqual(
      questions.map(({ severity, code, message }) => [severity, code, message]),
      [
        [
          'confirm',
          'not-previewed',
          'Nothing changes HelmRelease apps/podinfo into HelmRelease apps/other on member1: HelmRelease apps/other appears, and HelmRelease apps/podinfo stays there as it is.',
        ],
      ],
    );
  });

  it('says that dependencies are not shown, where Karmada may know of any', () => {
    const policy = propagation('to-all', ['podinfo'], both, { propagateDeps: true });
    const customization = {
      apiVersion: 'config.karmada.io/v1alpha1',
      kind: 'ResourceInterpreterCustomization',
      metadata: { name: 'releases' },
      spec: {
        target: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' },
        customizations: { dependencyInterpretation: { luaScript: '' } },
      },
    };
    const asked = (more: readonly JsonObject[]): readonly string[] => {
      const ground = groundOf(planeOf([release('podinfo'), ...more]));
      return planPush(ground, [changeOf(ground.live, policy)]).questions.map(({ code }) => code);
    };
    assert.deepEqual(asked([]), []);
    assert.deepEqual(asked([customization]), ['not-previewed']);
  });

  it('says what goes with a namespace and with a kind, and on how many clusters', () => {
    const namespace: JsonObject = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'apps' },
    };
    const definition: JsonObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'gadgets.a.io' },
      spec: { group: 'a.io', names: { kind: 'Gadget' } },
    };
    const messages = (clusters: readonly string[], ...gone: readonly JsonObject[]) => {
      const objects = [namespace, definition, release('podinfo', {}), release('other', {})];
      const ground = groundOf(planeOf(objects, clusters));
      const { questions } = planPush(
        ground,
        gone.map((object) => changeOf(ground.live, object, 'delete')),
      );
      return questions
        .filter(({ code, reference }) => code === 'removal' && reference?.kind !== 'HelmRelease')
        .map(({ severity, message }) => `${severity}: ${message}`);
    };
    const all = 'confirm: Deleting namespace apps deletes everything in it on the control plane';
    assert.deepEqual(messages(both, namespace, release('podinfo', {})), [
      `${all}, and namespace apps on all 2 clusters. Among it: HelmRelease apps/other.`,
    ]);
    assert.deepEqual(
      messages(['member1'], namespace, release('podinfo', {}), release('other', {})),
      [`${all}, and namespace apps on the only cluster.`],
    );
    assert.deepEqual(messages([], namespace, release('podinfo', {}), release('other', {})), [
      `${all}.`,
    ]);
    assert.deepEqual(messages(both, definition), [
      'confirm: Deleting CustomResourceDefinition gadgets.a.io deletes every Gadget on the control plane, and what members have of them from Karmada.',
    ]);
  });
});
