import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planWaves, type PushStep } from '../../../../src/push/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { changeOf, groundOf, override, planeOf, propagation, release } from '../plan/ground.ts';

const clusters = ['member1', 'member2', 'member3'];
const waves = [['member1'], ['member2', 'member3']];

/** A step in a few words. */
function brief(step: PushStep): string {
  switch (step.type) {
    case 'hold': {
      const { policy, clusters: held } = step.hold;
      return `hold ${policy.name}: ${typeof held === 'string' ? held : held.join(' ')}`;
    }
    case 'settle':
      return `settle ${step.works
        .map(({ clusters: on, isHeld }) => `${on.join(' ')}${isHeld === true ? ' held' : ''}`)
        .join('; ')}`;
    case 'ready':
      return `ready ${step.clusters.join(' ')}`;
    default:
      return `${step.type} ${step.change.reference.kind}`;
  }
}

function upgrade(objects: readonly JsonObject[], changed: readonly JsonObject[], order = waves) {
  const ground = groundOf(planeOf(objects, clusters));
  const changes = changed.map((object) => changeOf(ground.live, object));
  return planWaves(ground, changes, { waves: order });
}

test('later waves are held before anything is written, and let go one after the other', () => {
  const policy = propagation('spread', ['web'], clusters);
  const plan = upgrade(
    [release('web'), policy],
    [release('web', { a: 1 })],
    [['member1'], ['member2'], ['member3']],
  );
  assert.deepEqual(plan.questions, []);
  assert.deepEqual(plan.steps.map(brief), [
    'hold spread: member2 member3',
    'settle member2 member3 held',
    'apply HelmRelease',
    'settle member1; member2 member3 held',
    'ready member1',
    'hold spread: member3',
    'settle member1 member2; member3 held',
    'ready member2',
    'hold spread: none',
    'settle member1 member2 member3',
    'ready member3',
  ]);
  assert.deepEqual(
    plan.steps.map(({ id }) => id),
    plan.steps.map((_, index) => String(index + 1)),
  );
});

test('clusters in no wave come last, and a wave without a change is left out', () => {
  const policy = propagation('spread', ['web'], clusters);
  const plan = upgrade(
    [release('web'), policy],
    [release('web', { a: 1 })],
    [['elsewhere'], ['member3']],
  );
  const ready = plan.steps.filter(({ type }) => type === 'ready').map(brief);
  assert.deepEqual(ready, ['ready member3', 'ready member1 member2']);
});

test('a policy that the push creates is created with its suspension', () => {
  const policy = propagation('spread', ['web'], clusters);
  const plan = upgrade([], [release('web'), policy]);
  const applies = plan.steps.flatMap((step) =>
    step.type === 'apply' && step.change.reference.kind === 'PropagationPolicy'
      ? [step.change.source?.object['spec']]
      : [],
  );
  const suspension = { dispatchingOnClusters: { clusterNames: ['member2', 'member3'] } };
  assert.deepEqual(applies, [{ ...(policy['spec'] as JsonObject), suspension }, policy['spec']]);
  assert.ok(!plan.steps.some(({ type }) => type === 'hold'));
  const said = plan.questions.filter(({ code }) => code === 'passing-state');
  assert.deepEqual(
    said.map(({ severity }) => severity),
    ['warning'],
  );
  assert.match(
    said[0]?.message ?? '',
    /PropagationPolicy apps\/spread is created with a spec\.suspension .* on member2 and member3 /,
  );
});

test('a policy that is shared is named with what else it propagates', () => {
  const policy = propagation('spread', ['web', 'shop'], clusters);
  const plan = upgrade([release('web'), release('shop'), policy], [release('web', { a: 1 })]);
  assert.deepEqual(
    plan.questions.map(({ code, severity }) => [code, severity]),
    [['shared-policy', 'confirm']],
  );
  assert.match(plan.questions[0]?.message ?? '', /HelmRelease apps\/shop/);
});

test('a lazy policy is refused with the reason', () => {
  const policy = propagation('spread', ['web'], clusters, { activationPreference: 'Lazy' });
  const plan = upgrade([release('web'), policy], [release('web', { a: 1 })]);
  assert.deepEqual(
    plan.questions.map(({ code, severity }) => [code, severity]),
    [['lazy-policy', 'blocked']],
  );
});

test('a policy that a hold would let go of something is refused', () => {
  const spread = propagation('spread', ['web', 'old'], clusters);
  const { live, ...ground } = groundOf(planeOf([release('web'), release('old'), spread], clusters));
  const narrow = propagation('spread', ['web'], clusters);
  const objects = live.objects.map((one) => (one['kind'] === spread['kind'] ? narrow : one));
  const now = { ...ground, live: { ...live, objects } };
  const plan = planWaves(now, [changeOf(now.live, release('web', { a: 1 }))], { waves });
  const blocked = plan.questions.filter(({ severity }) => severity === 'blocked');
  assert.deepEqual(
    blocked.map(({ code }) => code),
    ['refused'],
  );
  assert.match(blocked[0]?.message ?? '', /no longer selects/);
});

test('a policy that somebody else holds is refused, and it is said who', () => {
  const held = propagation('spread', ['web'], clusters, { suspension: { dispatching: true } });
  const fieldsV1 = { 'f:spec': { 'f:suspension': { 'f:dispatching': {} } } };
  const managedFields = [{ manager: 'kubectl-edit', operation: 'Update', fieldsV1 }];
  const metadata = { ...(held['metadata'] as JsonObject), managedFields };
  const plan = upgrade([release('web'), { ...held, metadata }], [release('web', { a: 1 })]);
  assert.equal(plan.questions[0]?.severity, 'blocked');
  assert.match(plan.questions[0]?.message ?? '', /held on all clusters by kubectl-edit/);
});

test('a push that stopped and holds a policy is named, and can be gone on with', () => {
  const held = propagation('spread', ['web'], clusters, {
    suspension: { dispatchingOnClusters: { clusterNames: ['member2'] } },
  });
  const ground = groundOf(planeOf([release('web'), held], clusters));
  const policy = 'PropagationPolicy/apps/spread';
  const reference = {
    ...{ apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' },
    ...{ namespace: 'apps', name: 'spread' },
  };
  const holder = {
    ...{ reference, clusters: ['member2'], manager: 'vscode-karmada-flux-hold', isOurs: true },
    push: { push: 'id', title: 'web.yaml', state: 'stopped', type: 'push' } as const,
  };
  const plan = planWaves(ground, [changeOf(ground.live, release('web', { a: 1 }))], {
    waves,
    holders: new Map([[policy, holder]]),
  });
  const [first] = plan.questions;
  assert.deepEqual([first?.severity, first?.code, first?.push], ['blocked', 'held', 'id']);
  assert.equal(
    first?.message,
    'Dispatch of PropagationPolicy apps/spread is held on member2 by the push “web.yaml”, which stopped. Resume or undo that push first.',
  );
});

/** A push of deletions and, where given, of other objects. */
function withDeletions(
  objects: readonly JsonObject[],
  deleted: readonly JsonObject[],
  changed: readonly JsonObject[] = [],
) {
  const ground = groundOf(planeOf(objects, clusters));
  const changes = [
    ...changed.map((object) => changeOf(ground.live, object)),
    ...deleted.map((object) => changeOf(ground.live, object, 'delete')),
  ];
  return planWaves(ground, changes, { waves });
}

test('an override that goes changes what clusters get: it goes before the first wave', () => {
  const tune = override('tune', 'web', 3, clusters);
  const spread = propagation('spread', ['web'], clusters);
  const plan = withDeletions([release('web'), tune, spread], [tune]);
  assert.deepEqual(plan.steps.map(brief), [
    'hold spread: member2 member3',
    'settle member2 member3 held',
    'delete OverridePolicy',
    'settle member1; member2 member3 held',
    'ready member1',
    'hold spread: none',
    'settle member1 member2 member3',
    'ready member2 member3',
  ]);
});

test('a policy that goes behind the waves is let go before', () => {
  const [spread, wide] = ['spread', 'wide'].map((name) => propagation(name, ['web'], clusters));
  assert.ok(spread && wide);
  const steps = withDeletions(
    [release('web'), spread, wide],
    [spread],
    [release('web', { a: 1 })],
  ).steps.map(brief);
  const letGo = steps.indexOf('hold spread: none');
  assert.ok(letGo > 0 && steps.indexOf('delete PropagationPolicy') > letGo, steps.join('\n'));
});

test('what a policy lets go of would stay held: such a push does not go in waves', () => {
  const spread = propagation('spread', ['web', 'old'], clusters);
  const plan = upgrade(
    [release('web'), release('old'), spread],
    [release('web', { a: 1 }), propagation('spread', ['web'], clusters)],
  );
  const blocked = plan.questions.filter(({ severity }) => severity === 'blocked');
  assert.match(blocked[0]?.message ?? '', /lets go of objects in this push/);
});

test('nothing is held on a Work that Karmada cannot render: it would never show', () => {
  const broken = override('tune', 'web', 3, ['member2'], '/spec/values/none', 'replace');
  const spread = propagation('spread', ['web'], clusters);
  const { live, works, previous } = groundOf(planeOf([release('web'), spread], clusters));
  const ground = groundOf(planeOf([...live.objects, broken], clusters));
  const mended = override('tune', 'web', 3, ['member2']);
  const plan = planWaves(
    { live: ground.live, works, previous },
    [mended, release('web', { a: 1 })].map((object) => changeOf(ground.live, object)),
    { waves },
  );
  assert.deepEqual(plan.steps.slice(0, 2).map(brief), [
    'hold spread: member2 member3',
    'settle member3 held',
  ]);
});

test('a wave waits for everything that arrives in it, a ConfigMap until it is applied', () => {
  const config = (value: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'apps', uid: 'settings' },
    data: { value },
  });
  const selector = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: 'settings' };
  const spread = propagation('spread', [], clusters, { resourceSelectors: [selector] });
  const plan = upgrade([config('a'), spread], [config('b')]);
  const ready = plan.steps.flatMap((step) => (step.type === 'ready' ? [step.templates] : []));
  assert.deepEqual(ready, [['v1/ConfigMap/apps/settings'], ['v1/ConfigMap/apps/settings']]);
});

test('a Secret of which nothing but a value changes goes in waves, and no shown value is waited for', () => {
  const secret = (value: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login', namespace: 'apps', uid: 'login' },
    data: { password: value },
  });
  const selector = { apiVersion: 'v1', kind: 'Secret', namespace: 'apps', name: 'login' };
  const spread = propagation('spread', [], clusters, { resourceSelectors: [selector] });
  const ground = groundOf(planeOf([secret('YQ=='), spread], clusters));
  const hidden = secret('');
  const change = {
    ...changeOf(ground.live, { ...hidden, data: { password: null } }),
    secretKeys: ['password'],
  };
  const withHidden = {
    ...ground,
    live: {
      ...ground.live,
      objects: ground.live.objects.map((object) =>
        object['kind'] === 'Secret' ? { ...object, data: { password: null } } : object,
      ),
    },
  };
  for (const plan of [
    planWaves(withHidden, [change], { waves }),
    upgrade([], [secret('YQ=='), spread]),
  ]) {
    const works = plan.steps.flatMap((step) => (step.type === 'settle' ? step.works : []));
    const data = works.flatMap(({ manifest }) => (manifest ? [manifest['data']] : []));
    assert.ok(data.length > 0 && plan.steps.some(({ type }) => type === 'ready'));
    for (const one of data) assert.deepEqual(one, { password: null });
  }
});

test('a release that Flux leaves alone, and a member that is away, are told before', () => {
  const spread = propagation('spread', ['web'], clusters);
  const { live, ...ground } = groundOf(planeOf([release('web'), spread], clusters));
  const away = live.clusters.map((cluster, index) =>
    index < 2
      ? cluster
      : { ...cluster, status: { ...(cluster['status'] as object), conditions: [] } },
  );
  const now = { ...ground, live: { ...live, clusters: away } };
  const suspended = release('web', { a: 1 }, { suspend: true });
  const { questions } = planWaves(now, [changeOf(live, suspended)], { waves });
  assert.deepEqual(
    questions.map(({ severity, message }) => [severity, message]),
    [
      [
        'warning',
        'member3 is not ready now: a wave with it stops until it is ready or you go on without.',
      ],
      [
        'warning',
        'HelmRelease apps/web is suspended for Flux on member1, member2 and member3: its wave waits there until it is applied, and not until it is ready.',
      ],
    ],
  );
});

test('deletions come behind all waves', () => {
  const spread = propagation('spread', ['web', 'old'], clusters);
  const ground = groundOf(planeOf([release('web'), release('old'), spread], clusters));
  const changes = [
    changeOf(ground.live, release('web', { a: 1 })),
    changeOf(ground.live, release('old'), 'delete'),
  ];
  const plan = planWaves(ground, changes, { waves });
  const steps = plan.steps.map(brief);
  const last = steps.indexOf('ready member2 member3');
  assert.ok(last > 0 && steps.indexOf('delete HelmRelease') > last, steps.join('\n'));
  assert.ok(plan.questions.some(({ code }) => code === 'removal'));
});

test('nothing changes on a second cluster: no waves', () => {
  const policy = propagation('spread', ['web'], ['member1']);
  const plan = upgrade([release('web'), policy], [release('web', { a: 1 })]);
  assert.ok(plan.steps.every(({ type }) => type !== 'hold' && type !== 'ready'));
});
