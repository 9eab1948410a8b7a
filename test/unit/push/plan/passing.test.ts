import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memberAt, withMember } from '../../../../src/engine/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { createLiveStepper } from '../../../../src/analysis/index.ts';
import { planPush } from '../../../../src/push/index.ts';
import type { PushPlan } from '../../../../src/push/index.ts';
import { changeOf, groundOf, override, planeOf, propagation, release } from './ground.ts';

const both = ['member1', 'member2'];

function planned(
  existing: readonly JsonObject[],
  pushed: readonly JsonObject[],
  deleted: readonly JsonObject[] = [],
): PushPlan {
  const ground = groundOf(planeOf(existing));
  return planPush(ground, [
    ...pushed.map((object) => changeOf(ground.live, object)),
    ...deleted.map((object) => changeOf(ground.live, object, 'delete')),
  ]);
}

/** `apply OverridePolicy o`, `hold all member1`, `settle a@member1`. */
function told({ steps }: PushPlan): readonly string[] {
  return steps.map((step) => {
    if ('change' in step) {
      return `${step.type} ${step.change.reference.kind} ${step.change.reference.name}`;
    }
    if (step.type === 'hold') {
      const { policy, clusters, preserves } = step.hold;
      const keeps = preserves === undefined ? '' : ` preserves ${preserves}`;
      return `hold ${policy.name} ${String(clusters)}${keeps}`;
    }
    const works = step.type === 'settle' ? step.works : [];
    const states = works.map(({ template, clusters, manifest, isHeld, isPreserving }) =>
      [
        `${template.split('/').at(-1)}@${clusters.join('+')}`,
        ...(manifest || isHeld !== undefined || isPreserving !== undefined ? [] : ['gone']),
        ...(isHeld === true ? ['held'] : []),
        ...(isPreserving === undefined ? [] : [`preserving ${isPreserving}`]),
      ].join(' '),
    );
    return `${step.type} ${states.join(', ')}`.trim();
  });
}

function codes({ questions }: PushPlan): readonly string[] {
  return questions.map(({ severity, code }) => `${severity} ${code}`);
}

function fates({ effects }: PushPlan): readonly string[] {
  return effects.map(
    ({ type, template, clusters, isPassing }) =>
      `${isPassing === true ? 'passing ' : ''}${type} ${template.split('/').at(-1)}@${clusters.join('+')}`,
  );
}

describe('planPush between the first write and the last', () => {
  it('names the overrides that stay noted on a new Work although they are gone', () => {
    const gone = override('o', 'a', 1, ['member1']);
    const plan = planned(
      [gone, propagation('all', [], both)],
      [release('a', { replicas: 1 })],
      [gone],
    );
    assert.deepEqual(told(plan).slice(0, 2), ['apply HelmRelease a', 'delete OverridePolicy o']);
    assert.deepEqual(
      plan.effects.map(({ clusters, overrides, leftNotes }) => [clusters, overrides, leftNotes]),
      [
        [['member1'], undefined, { overrides: ['o'] }],
        [['member2'], undefined, undefined],
      ],
    );
  });

  it('lets Karmada know a new override before the template that a policy claims at once', () => {
    const plan = planned(
      [propagation('all', [], both)],
      [release('a'), override('o', 'a', 2, ['member1'])],
    );
    assert.deepEqual(told(plan), [
      'apply OverridePolicy o',
      'settle',
      'apply HelmRelease a',
      'settle a@member2, a@member1',
    ]);
  });

  it('holds dispatch where a template and its override both change', () => {
    const plan = planned(
      [
        propagation('all', [], both),
        release('a', { replicas: 1 }),
        release('b'),
        override('o', 'a', 2, ['member1']),
      ],
      [release('a', { replicas: 1, x: 1 }), override('o', 'a', 3, ['member1'])],
    );
    assert.deepEqual(told(plan), [
      'hold all member1',
      'settle a@member1 held',
      'apply OverridePolicy o',
      'apply HelmRelease a',
      'settle a@member1 held',
      'hold all none',
      'settle a@member2, a@member1',
    ]);
    assert.deepEqual(codes(plan), ['warning shared-policy']);
    assert.match(plan.questions[0]?.message ?? '', /HelmRelease apps\/b/);
  });

  it('waits for held Works to change before they come back to what they were', () => {
    const plan = planned(
      [propagation('all', [], both), release('a', { list: ['a', 'b'] })],
      [
        release('a', { list: ['a'] }),
        override('o', 'a', 'b', ['member1'], '/spec/values/list/-', 'add'),
      ],
    );
    assert.deepEqual(told(plan), [
      'hold all member1',
      'settle a@member1 held',
      'apply OverridePolicy o',
      'settle a@member1 held',
      'apply HelmRelease a',
      'settle a@member1 held',
      'hold all none',
      'settle a@member2, a@member1',
    ]);
    const lists = plan.steps.flatMap((step) =>
      step.type === 'settle'
        ? step.works.map(({ manifest }) => memberAt(manifest, 'spec', 'values', 'list'))
        : [],
    );
    const [two, three] = [
      ['a', 'b'],
      ['a', 'b', 'b'],
    ];
    assert.deepEqual(lists, [undefined, three, two, ['a'], two]);
  });

  it('holds Works whatever they hold now, for Karmada renders them anew then', () => {
    const ground = groundOf(
      planeOf([
        propagation('all', [], both),
        release('a', { replicas: 1 }),
        override('o', 'a', 2, both),
      ]),
    );
    const works = new Map(
      [...ground.works].map(([key, byCluster]) => [
        key,
        new Map(
          [...byCluster].map(([cluster, work]) => [
            cluster,
            { ...work, manifest: withMember(work.manifest, 'spec', { behind: true }) },
          ]),
        ),
      ]),
    );
    const changes = [release('a', { replicas: 1, x: 1 }), override('o', 'a', 3, both)];
    const plan = planPush(
      { ...ground, works },
      changes.map((object) => changeOf(ground.live, object)),
    );
    const [hold, settle] = plan.steps;
    assert.equal(hold?.type, 'hold');
    assert.deepEqual(settle?.type === 'settle' && settle.works, [
      {
        template: 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/a',
        clusters: both,
        isHeld: true,
      },
    ]);
  });

  it('names what members see where a lazy policy cannot be held', () => {
    const lazy = { activationPreference: 'Lazy' };
    const plan = planned(
      [
        propagation('all', [], both, lazy),
        release('a', { replicas: 1 }),
        override('o', 'a', 2, both),
      ],
      [release('a', { replicas: 1, x: 1 }), override('o', 'a', 3, both)],
    );
    assert.ok(!told(plan).some((step) => step.startsWith('hold')));
    assert.ok(fates(plan).includes('passing changes a@member1+member2'));
    assert.deepEqual(codes(plan), ['confirm passing-state']);
  });

  it('does not hold a policy that lets go of something meanwhile: that would stay held', () => {
    const plan = planned(
      [
        propagation('all', ['a', 'b'], both),
        release('a', { replicas: 1 }),
        release('b'),
        override('o', 'a', 2, ['member1']),
      ],
      [
        release('a', { replicas: 1, x: 1 }),
        override('o', 'a', 3, ['member1']),
        propagation('all', ['a'], both),
      ],
    );
    assert.ok(!told(plan).some((step) => step.startsWith('hold')), told(plan).join('\n'));
    const [passing] = plan.questions.filter(({ code }) => code === 'passing-state');
    assert.match(passing?.message ?? '', /lets go of objects in the same push/);
  });

  it('needs no hold where a suspension keeps members from seeing it', () => {
    const suspended = { suspension: { dispatching: true } };
    const plan = planned(
      [
        propagation('all', [], both, suspended),
        release('a', { replicas: 1 }),
        override('o', 'a', 2, both),
      ],
      [release('a', { replicas: 1, x: 1 }), override('o', 'a', 3, both)],
    );
    assert.ok(!told(plan).some((step) => step.startsWith('hold')));
    assert.deepEqual(codes(plan), []);
  });

  it('goes on holding what leaves a cluster by the write that ends the suspension', () => {
    const suspended = { suspension: { dispatching: true } };
    const plan = planned(
      [propagation('all', [], ['member2'], suspended), release('a')],
      [propagation('all', [], ['member1'])],
    );
    assert.deepEqual(told(plan), [
      'hold all all',
      'settle a@member2 held',
      'apply PropagationPolicy all',
      'settle a@member1 held, a@member2 gone',
      'hold all none',
      'settle a@member1, a@member2 gone',
    ]);
    const [first] = plan.steps;
    assert.equal(first?.type === 'hold' && first.hold.before, 'all');
    assert.deepEqual(fates(plan), ['appears a@member1', 'removed a@member2']);
  });

  it('holds only what was held before where a suspension on clusters ends', () => {
    const on = { suspension: { dispatchingOnClusters: { clusterNames: ['member2'] } } };
    const plan = planned(
      [propagation('all', [], both, on), release('a')],
      [propagation('all', [], ['member1'])],
    );
    assert.deepEqual(told(plan), [
      'hold all member2',
      'settle a@member2 held',
      'apply PropagationPolicy all',
      'settle a@member2 gone',
      'hold all none',
      'settle a@member2 gone',
    ]);
  });

  it('says what is sent for a moment where a policy that holds nothing takes over', () => {
    const old = propagation('old', ['a'], ['member2'], {
      priority: 1,
      suspension: { dispatching: true },
    });
    const plan = planned([old, propagation('rest', [], ['member1']), release('a')], [], [old]);
    assert.ok(!told(plan).some((step) => step.startsWith('hold')), told(plan).join('\n'));
    assert.deepEqual(fates(plan), [
      'appears a@member1',
      'removed a@member2',
      'passing changes a@member2',
    ]);
    assert.deepEqual(codes(plan), ['confirm removal', 'confirm passing-state']);
    assert.match(plan.questions[1]?.message ?? '', /old is deleted in the same push/);
  });

  it('holds nothing where what was held stays on its clusters', () => {
    const suspended = { suspension: { dispatching: true } };
    const plan = planned(
      [propagation('all', [], both, suspended), release('a')],
      [propagation('all', [], both)],
    );
    assert.ok(!told(plan).some((step) => step.startsWith('hold')), told(plan).join('\n'));
    assert.deepEqual(codes(plan), []);
  });

  it('writes a new policy before a new template that another would claim', () => {
    const plan = planned(
      [propagation('all', [], both)],
      [release('a'), propagation('best', ['a'], ['member1'], { priority: 1 })],
    );
    assert.deepEqual(told(plan).slice(0, 3), [
      'apply PropagationPolicy best',
      'settle',
      'apply HelmRelease a',
    ]);
    assert.deepEqual(fates(plan), ['appears a@member1']);
  });

  it('has the policy that takes over before the old one goes', () => {
    const plan = planned(
      [
        propagation('old', ['a'], ['member1'], { priority: 1 }),
        propagation('all', [], both),
        release('a'),
      ],
      [propagation('new', ['a'], ['member1'], { priority: 1 })],
      [propagation('old', ['a'], ['member1'])],
    );
    assert.deepEqual(told(plan), [
      'apply PropagationPolicy new',
      'settle',
      'delete PropagationPolicy old',
    ]);
    assert.deepEqual(fates(plan), ['unchanged a@member1']);
  });

  it('deletes a template before what placed and overrode it', () => {
    const policy = propagation('p', ['a'], both);
    const over = override('o', 'a', 2, ['member1']);
    const plan = planned([policy, release('a'), over], [], [policy, over, release('a')]);
    assert.deepEqual(told(plan), [
      'delete HelmRelease a',
      'delete PropagationPolicy p',
      'settle a@member1+member2 gone',
      'delete OverridePolicy o',
      'settle a@member1+member2 gone',
    ]);
    assert.deepEqual(codes(plan), ['confirm removal']);
    assert.match(plan.questions[0]?.message ?? '', /deleted on member1 and member2, and its Helm/);
  });
});

describe('planPush at the end', () => {
  const keep = { preserveResourcesOnDeletion: true };

  it('leaves what a deleted policy has sent', () => {
    const policy = propagation('p', ['a'], both);
    const plan = planned([policy, release('a')], [], [policy]);
    assert.deepEqual(fates(plan), ['orphaned a@member1+member2']);
    assert.deepEqual(codes(plan), []);
  });

  it('keeps objects on members where the policy says so', () => {
    const plan = planned([propagation('p', ['a'], both, keep), release('a')], [], [release('a')]);
    assert.deepEqual(fates(plan), ['kept a@member1+member2']);
  });

  it('has Works know that their objects stay before the policy takes them away', () => {
    const plan = planned(
      [propagation('p', ['a'], both), release('a')],
      [propagation('p', ['a'], ['member1'], keep)],
    );
    assert.deepEqual(told(plan), [
      'hold p none preserves true',
      'settle a@member2 preserving true',
      'apply PropagationPolicy p',
      'hold p none',
      'settle a@member2 gone',
    ]);
    assert.deepEqual(fates(plan), ['unchanged a@member1', 'kept a@member2']);
    assert.deepEqual(codes(plan), []);
  });

  it('has Works know that their objects go before the policy takes them away', () => {
    const plan = planned(
      [propagation('p', ['a'], both, keep), release('a')],
      [propagation('p', ['a'], ['member1'])],
    );
    assert.deepEqual(told(plan).slice(0, 3), [
      'hold p none preserves false',
      'settle a@member2 preserving false',
      'apply PropagationPolicy p',
    ]);
    assert.deepEqual(fates(plan), ['unchanged a@member1', 'removed a@member2']);
  });

  it('lets a hold of the user stand when it writes ahead what is preserved', () => {
    const held = {
      ...propagation('p', ['a'], both, { suspension: { dispatching: true } }),
    };
    const metadata = held['metadata'] as JsonObject;
    const manager = 'vscode-karmada-flux-hold';
    const fieldsV1 = { 'f:spec': { 'f:suspension': { 'f:dispatching': {} } } };
    const byUs = { ...held, metadata: { ...metadata, managedFields: [{ manager, fieldsV1 }] } };
    const after = { ...keep, suspension: { dispatching: true } };
    const ground = groundOf(planeOf([byUs, release('a')]));
    for (const work of ground.works.values()) {
      for (const state of work.values()) Object.assign(state, { isApplied: true });
    }
    const plan = planPush(ground, [
      changeOf(ground.live, propagation('p', ['a'], ['member1'], after)),
    ]);
    assert.deepEqual(told(plan), [
      'hold p all preserves true',
      'settle a@member2 preserving true',
      'apply PropagationPolicy p',
      'hold p all',
      'settle a@member2 gone',
    ]);
  });

  it('preserves only what has come to members, so that Karmada can delete the other Works', () => {
    const plan = planned(
      [propagation('p', ['a'], ['member2'], { suspension: { dispatching: true } }), release('a')],
      [propagation('p', ['a'], ['member1'], keep)],
    );
    assert.deepEqual(told(plan), [
      'hold p all',
      'settle a@member2 held',
      'apply PropagationPolicy p',
      'settle a@member2 gone',
      'apply PropagationPolicy p',
      'settle a@member1 held, a@member2 gone',
      'hold p none',
      'settle a@member1, a@member2 gone',
    ]);
    const written = plan.steps.flatMap((step) =>
      step.type === 'apply' ? [[step.change.after, step.change.source?.object]] : [],
    );
    assert.deepEqual(
      written.map((objects) =>
        objects.map((object) => {
          const spec = object?.['spec'] as JsonObject;
          return spec['preserveResourcesOnDeletion'];
        }),
      ),
      [
        [undefined, undefined],
        [true, true],
      ],
    );
    assert.deepEqual(fates(plan), ['appears a@member1', 'removed a@member2']);
    assert.deepEqual(codes(plan), ['confirm removal']);
  });

  it('says that Karmada cannot finish with Works that preserve what has not come to a member', () => {
    const suspended = { suspension: { dispatching: true } };
    const plan = planned(
      [propagation('p', ['a'], both, { ...keep, ...suspended }), release('a')],
      [propagation('p', ['a'], ['member1'], { ...keep, ...suspended })],
    );
    assert.deepEqual(fates(plan), ['unchanged a@member1', 'kept a@member2']);
    assert.deepEqual(codes(plan), ['warning stuck-work']);
    assert.match(plan.questions[0]?.message ?? '', /has not come to member2/);
  });

  it('has Works know what becomes of their objects before their template is deleted', () => {
    const plan = planned(
      [propagation('p', ['a'], both), release('a')],
      [propagation('p', ['a'], both, keep)],
      [release('a')],
    );
    assert.deepEqual(told(plan), [
      'apply PropagationPolicy p',
      'settle a@member1+member2 preserving true',
      'delete HelmRelease a',
      'settle a@member1+member2 gone',
    ]);
    assert.deepEqual(fates(plan), ['kept a@member1+member2']);
  });

  it('says what is not certain where another policy takes over', () => {
    const old = propagation('old', ['a'], ['member2'], { priority: 1 });
    const rest = propagation('rest', [], ['member1'], keep);
    const plan = planned([old, rest, release('a')], [], [old]);
    assert.deepEqual(fates(plan), ['appears a@member1', 'kept a@member2']);
    assert.deepEqual(codes(plan), ['confirm uncertain-removal']);
    assert.match(plan.questions[0]?.message ?? '', /stays on member2 is not certain/);
  });

  it('asks before Flux installs anew', () => {
    const plan = planned(
      [propagation('p', ['a'], both), release('a')],
      [release('a', {}, { targetNamespace: 'other' })],
    );
    assert.deepEqual(fates(plan), ['reinstalls a@member1+member2']);
    assert.deepEqual(codes(plan), ['confirm reinstallation']);
  });

  describe('with a template that a Lazy policy has claimed, so that it has no binding', () => {
    const lazy = propagation('p', ['a'], both, { activationPreference: 'Lazy' });
    /** As Karmada leaves it: the template came first, then the policy. */
    const ground = () => {
      const { live, ...rest } = groundOf(planeOf([release('a')]));
      const state = createLiveStepper()(
        { ...live, objects: [...live.objects, lazy] },
        new Set(['policy.karmada.io/v1alpha1/PropagationPolicy/apps/p']),
      );
      return { ...rest, live: state.plane, previous: state.plane.previous };
    };
    const plannedOn = (...pushed: readonly JsonObject[]): PushPlan => {
      const start = ground();
      return planPush(
        start,
        pushed.map((object) => changeOf(start.live, object)),
      );
    };

    it('sends nothing when the policy is no longer Lazy: Karmada looks for bindings', () => {
      assert.deepEqual(fates(plannedOn(propagation('p', ['a'], both))), []);
    });

    it('lets no other policy claim it when the policy no longer selects it', () => {
      const plan = plannedOn(propagation('p', ['b'], both), propagation('q', ['a'], ['member1']));
      assert.deepEqual(fates(plan), []);
    });

    it('may send it where nobody may read bindings', () => {
      const start = ground();
      const live = { ...start.live, unread: new Set(['work.karmada.io/ResourceBinding']) };
      const plan = planPush({ ...start, live }, [changeOf(live, propagation('p', ['a'], both))]);
      assert.deepEqual(fates(plan), ['appears a@member1+member2']);
    });

    it('sends it when it is written itself', () => {
      const plan = plannedOn(propagation('p', ['a'], both), release('a', { x: 1 }));
      assert.deepEqual(fates(plan), ['appears a@member1+member2']);
    });
  });

  it('says what may come and stay while a policy lets go of what waited for an override', () => {
    const waiting = propagation('p', ['a'], both, { dependentOverrides: ['o'] });
    const plan = planned(
      [waiting, release('a')],
      [override('o', 'b', 1, both), propagation('p', ['b'], both)],
    );
    const [effect, ...others] = plan.effects;
    assert.deepEqual(others, []);
    assert.deepEqual([effect?.type, effect?.isPassing, effect?.isDelayed], ['appears', true, true]);
    assert.match(effect?.reason ?? '', /Nothing claims it in the end, and it stays/);
  });

  it('leaves the Work of a failing override as it is', () => {
    const plan = planned(
      [propagation('p', ['a'], both), release('a')],
      [override('o', 'a', 2, ['member1'], '/spec/no/way', 'replace')],
    );
    assert.deepEqual(fates(plan), ['fails a@member1', 'unchanged a@member2']);
    assert.match(plan.effects[0]?.reason ?? '', /doc is missing path/);
  });

  it('never shows the values of a Secret', () => {
    const secret = (value: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'apps' },
      data: { key: value },
    });
    const policy = {
      ...propagation('p', [], both),
      spec: {
        resourceSelectors: [{ apiVersion: 'v1', kind: 'Secret', namespace: 'apps', name: 's' }],
        placement: { clusterAffinity: { clusterNames: both } },
      },
    };
    const plan = planned([policy, secret('b2xkLXZhbHVl')], [secret('bmV3LXZhbHVl')]);
    const { steps, ...shown } = plan;
    const waits = steps.filter(({ type }) => type === 'settle');
    assert.doesNotMatch(JSON.stringify([shown, waits]), /b2xkLXZhbHVl|bmV3LXZhbHVl/);
    assert.deepEqual(fates(plan), ['changes s@member1+member2']);
    assert.deepEqual(codes(plan), ['confirm secret-not-undoable']);
  });

  it('blocks what is refused, undecided or protected', () => {
    const ground = groundOf(planeOf([release('a')]));
    const change = changeOf(ground.live, release('a', { x: 1 }));
    const label = { 'resourcetemplate.karmada.io/deletion-protected': 'Always' };
    const plan = planPush(ground, [
      {
        ...change,
        verdicts: [{ severity: 'error', message: 'No.', field: 'spec' }],
        conflicts: [
          { manager: 'helm', field: '.spec.values', path: ['spec', 'values'], choice: 'undecided' },
        ],
      },
      {
        ...change,
        type: 'delete',
        before: { ...release('b'), metadata: { name: 'b', labels: label } },
      },
    ]);
    assert.deepEqual(codes(plan), [
      'blocked refused',
      'blocked undecided-conflict',
      'blocked deletion-protected',
    ]);
  });

  it('takes away with a namespace what is in it', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } };
    const plan = planned([namespace, propagation('p', ['a'], both), release('a')], [], [namespace]);
    assert.deepEqual(fates(plan), ['removed a@member1+member2']);
    assert.deepEqual(codes(plan), ['confirm removal', 'confirm removal']);
  });

  it('says that a new namespace goes to every cluster, and which does not', () => {
    const namespace = (name: string, labels: JsonObject = {}): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    });
    const skip = { 'namespace.karmada.io/skip-auto-propagation': 'True' };
    const plan = planned([], [namespace('apps'), namespace('kube-x'), namespace('own', skip)]);
    assert.deepEqual(
      plan.questions.map(({ reference }) => reference?.name),
      ['apps'],
    );
  });
});
