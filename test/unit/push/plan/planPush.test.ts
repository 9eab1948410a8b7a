import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
});
