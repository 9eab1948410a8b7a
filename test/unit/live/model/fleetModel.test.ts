import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createFleetModel,
  nowhere,
  reportOn,
  rollupText,
  type FleetChange,
  type FleetList,
  type FleetModel,
  type FleetRows,
} from '../../../../src/live/index.ts';
import {
  binding,
  change,
  cluster,
  condition,
  event,
  modelOf,
  notReadyReport,
  readyReport,
  template,
  work,
} from '../../../support/fleetRows.ts';

const app = 'HelmRelease/a/app';

/** What the model says of the release a/app on the cluster m1. */
function stateOn(model: FleetModel, on = 'm1'): string {
  return model.releases.get(app)?.states.get(on) ?? 'none';
}

test('a release is ready where its member says so, and the rollup counts the clusters', () => {
  const report = readyReport();
  const model = modelOf({
    clusters: [cluster('m1'), cluster('m2'), cluster('m3')],
    objects: [template('a/app')],
    bindings: [binding('a/app', ['m1', 'm2', 'm3'])],
    works: [
      work('a/app', 'm1', { report }),
      work('a/app', 'm2', { report: notReadyReport('install retries exhausted') }),
      work('a/app', 'm3', { report, manifest: { spec: { suspend: true } } }),
    ],
  });
  const release = model.releases.get(app);
  assert.ok(release);
  assert.deepEqual(Object.fromEntries(release.states), {
    m1: 'ready',
    m2: 'failed',
    m3: 'suspended',
  });
  assert.equal(rollupText(release.counts), '1/3 ready, 1 failed, 1 suspended');
  assert.equal(model.judge(app, 'm2')?.message, 'install retries exhausted');
});

test('each hop between the policy and Flux has a state of its own', () => {
  const failed = condition('Applied', 'False', 'AppliedFailed', 'cluster said no');
  const stalled = condition('Stalled', 'True', 'RetriesExceeded', 'gave up');
  const reconciling = condition('Reconciling', 'True', 'Progressing', 'Running');
  const cases: readonly (readonly [string, FleetRows['works'][], FleetRows['bindings']])[] = [
    ['waitingForDispatch', [work('a/other', 'm1')], binding('a/app', ['m1'])],
    [
      'waitingForDispatch',
      [work('a/app', 'm1', { status: { conditions: [] } })],
      binding('a/app', ['m1']),
    ],
    [
      'dispatchSuspended',
      [],
      binding('a/app', ['m1'], { spec: { suspension: { dispatching: true } } }),
    ],
    [
      'dispatchSuspended',
      [work('a/app', 'm1', { spec: { suspendDispatching: true } })],
      binding('a/app', ['m1']),
    ],
    [
      'notApplied',
      [work('a/app', 'm1', { status: { conditions: [failed] } })],
      binding('a/app', ['m1']),
    ],
    ['waitingForFlux', [work('a/app', 'm1')], binding('a/app', ['m1'])],
    [
      'reconciling',
      [work('a/app', 'm1', { report: { conditions: [reconciling] } })],
      binding('a/app', ['m1']),
    ],
    [
      'stalled',
      [work('a/app', 'm1', { report: notReadyReport('no', stalled) })],
      binding('a/app', ['m1']),
    ],
    [
      'failed',
      [work('a/app', 'm1', { report: notReadyReport('no', reconciling) })],
      binding('a/app', ['m1']),
    ],
    ['ready', [work('a/app', 'm1', { report: readyReport() })], binding('a/app', ['m1'])],
    ['removing', [work('a/app', 'm1', { report: readyReport() })], binding('a/app', ['m2'])],
    [
      'removing',
      [work('a/app', 'm1', { metadata: { deletionTimestamp: 'x' } })],
      binding('a/app', ['m1']),
    ],
    // Without Works, because they may not be read, the binding has to do.
    ['ready', [], binding('a/app', ['m1'], { reports: { m1: readyReport() } })],
    ['waitingForDispatch', [], binding('a/app', ['m1'], { reports: { m1: null } })],
    [
      'outdated',
      [work('a/app', 'm1')],
      binding('a/app', ['m1'], {
        metadata: { generation: 2 },
        status: { schedulerObservedGeneration: 1 },
      }),
    ],
  ];
  for (const [state, works, bound] of cases) {
    const model = modelOf({
      clusters: [cluster('m1'), cluster('m2')],
      objects: [template('a/app')],
      bindings: [bound],
      works,
    });
    assert.equal(stateOn(model), state, JSON.stringify(works));
  }
});

test('a Work of an older template is outdated, and a release at another version waits for Flux', () => {
  const sent = { metadata: { annotations: { 'resourcetemplate.karmada.io/generation': '1' } } };
  const bindings = [binding('a/app', ['m1'])];
  const old = modelOf({
    objects: [template('a/app', { metadata: { generation: 2 } })],
    bindings,
    works: [work('a/app', 'm1', { manifest: sent, report: readyReport() })],
  });
  assert.equal(stateOn(old), 'outdated');
  for (const [version, attempted, state] of [
    ['1.1.0', '1.0.0', 'waitingForFlux'],
    ['1.0.0', '1.0.0', 'ready'],
    ['1.0.0', '1.0.0+0cc9a8446c95', 'ready'],
    ['>=1.0.0', '1.4.0', 'ready'],
    ['>=2.0.0', '1.4.0', 'waitingForFlux'],
    ['latest', '1.0.0', 'ready'],
  ] as const) {
    const manifest = { spec: { chart: { spec: { version } } } };
    const works = [work('a/app', 'm1', { manifest, report: readyReport(attempted) })];
    assert.equal(stateOn(modelOf({ objects: [template('a/app')], bindings, works })), state);
  }
});

test('what a cluster that does not answer reported is old', () => {
  const rows = {
    objects: [template('a/app')],
    bindings: [binding('a/app', ['m1'])],
    works: [work('a/app', 'm1', { report: readyReport() })],
  };
  const model = modelOf({ ...rows, clusters: [cluster('m1', 'False')] });
  assert.equal(stateOn(model), 'clusterNotReady');
  assert.equal(model.judge(app, 'm1')?.message, 'no answer');
  model.apply([change('clusters', [cluster('m1')])]);
  assert.equal(stateOn(model), 'ready');
  model.apply([change('clusters', [cluster('m2')], { deleted: ['m1'] })]);
  assert.match(model.judge(app, 'm1')?.message ?? '', /registered/);
  // Nothing is said of clusters that could not be read.
  assert.equal(stateOn(modelOf(rows)), 'ready');
});

test('an override that fails is told by events, until the binding succeeds', () => {
  const model = modelOf({
    clusters: [cluster('m1'), cluster('m2')],
    objects: [template('a/app')],
    bindings: [binding('a/app', ['m1', 'm2'])],
    works: [
      work('a/app', 'm1', { report: readyReport() }),
      work('a/app', 'm2', { report: readyReport() }),
    ],
  });
  const failed = 'Apply override policy(a/bad) for cluster(m2) failed.';
  const cause = 'replace operation does not apply: doc is missing path';
  model.apply([
    change('events', [
      event('a/app', 'ApplyOverridePolicyFailed', failed, '2026-01-01T10:00:00Z'),
      event('a/app', 'SyncWorkFailed', cause, '2026-01-01T10:00:00Z'),
    ]),
  ]);
  assert.equal(stateOn(model, 'm1'), 'ready');
  assert.equal(stateOn(model, 'm2'), 'overrideFailing');
  assert.equal(model.judge(app, 'm2')?.message, `Override a/bad fails: ${cause}`);
  model.apply([change('events', [event('a/app', 'SyncWorkSucceed', '', '2026-01-01T11:00:00Z')])]);
  assert.equal(stateOn(model, 'm2'), 'ready');
});

test('reports of Works count where Karmada cannot write the binding any more', () => {
  const model = modelOf({
    objects: [template('a/app')],
    bindings: [binding('a/app', ['m1'], { reports: { m1: notReadyReport('old') } })],
    works: [work('a/app', 'm1', { report: readyReport('2.0.0') })],
    events: [event('a/app', 'AggregateStatusFailed', 'etcdserver: request is too large')],
  });
  const release = model.releases.get(app);
  assert.ok(release?.binding);
  assert.equal(stateOn(model), 'ready');
  assert.equal(model.isBindingTooLarge(app), true);
  const report = reportOn({
    work: model.workOn(app, 'm1'),
    binding: release.binding,
    cluster: 'm1',
  });
  assert.equal(report?.chartVersion, '2.0.0');
});

test('a binding that Karmada failed to write for another reason has not grown too large', () => {
  const isLarge = (message: string) =>
    modelOf({
      objects: [template('a/app')],
      bindings: [binding('a/app', ['m1'])],
      events: [event('a/app', 'AggregateStatusFailed', message)],
    }).isBindingTooLarge(app);
  assert.equal(isLarge('Operation cannot be fulfilled: the object has been modified'), false);
  assert.equal(isLarge('Request entity too large: limit is 3145728'), true);
  assert.equal(isLarge('rpc error: code = ResourceExhausted desc = trying to send'), true);
});

test('a release that goes nowhere says why in a word or two', () => {
  const claimed = { metadata: { annotations: { 'propagationpolicy.karmada.io/name': 'p' } } };
  const refused = (reason: string) => ({
    status: { conditions: [condition('Scheduled', 'False', reason)] },
  });
  const cases: readonly (readonly [string, FleetRows['objects'], FleetRows['bindings'][]])[] = [
    ['no policy claims it', template('a/app'), []],
    ['waiting for the binding', template('a/app', claimed), []],
    ['being removed', template('a/app', { metadata: { deletionTimestamp: 'x' } }), []],
    ['no cluster fits', template('a/app'), [binding('a/app', [], refused('NoClusterFit'))]],
    ['not schedulable', template('a/app'), [binding('a/app', [], refused('Unschedulable'))]],
    [
      'waiting for the scheduler',
      template('a/app'),
      [binding('a/app', [], { status: { conditions: [] } })],
    ],
    [
      'scheduling suspended',
      template('a/app'),
      [binding('a/app', [], { spec: { suspension: { scheduling: true } } })],
    ],
  ];
  for (const [word, object, bindings] of cases) {
    const release = modelOf({ objects: [object], bindings }).releases.get(app);
    assert.equal(release && nowhere(release), word);
  }
});

test('a HelmRepository of type oci is ready without a word of Flux', () => {
  const kind = 'HelmRepository';
  const model = modelOf({
    objects: [template('a/app', { kind, spec: { type: 'oci' } })],
    bindings: [binding('a/app', ['m1'], { kind })],
    works: [work('a/app', 'm1', { kind })],
  });
  assert.equal(model.releases.get('HelmRepository/a/app')?.states.get('m1'), 'ready');
});

test('a reset forgets the rows of its own stream only', () => {
  const model = createFleetModel();
  const source = template('a/app', { kind: 'HelmRepository' });
  model.apply([
    change('objects', [template('a/app'), template('a/two')], { origin: 'releases', reset: true }),
    change('objects', [source], { origin: 'sources', reset: true }),
  ]);
  const delta = model.apply([
    change('objects', [template('a/two')], { origin: 'releases', reset: true }),
  ]);
  assert.deepEqual([...model.releases.keys()].sort(), [
    'HelmRelease/a/two',
    'HelmRepository/a/app',
  ]);
  assert.deepEqual([...delta.releases.keys()].sort(), [app, 'HelmRelease/a/two']);
});

test('a list that is read anew and says the same touches nothing', () => {
  const rows = [template('a/app'), template('a/two')];
  const model = createFleetModel();
  model.apply([change('objects', rows, { reset: true })]);
  const again = rows.map((row) => ({ ...row }));
  const delta = model.apply([change('objects', again, { reset: true })]);
  assert.deepEqual([...delta.releases.keys()], []);
  assert.equal(model.objects.get(app), rows[0]);
});

test('one Work touches one cluster of one release', () => {
  const model = modelOf({
    clusters: [cluster('m1'), cluster('m2')],
    objects: [template('a/app'), template('a/two')],
    bindings: [binding('a/app', ['m1', 'm2']), binding('a/two', ['m1', 'm2'])],
    works: [work('a/two', 'm1')],
  });
  const { releases, clusters } = model.apply([change('works', [work('a/app', 'm2')])]);
  assert.deepEqual([...releases], [[app, new Set(['m2'])]]);
  assert.deepEqual([...clusters], []);
});

test('a heartbeat of a cluster keeps the object that the engine knows', () => {
  const model = modelOf({ clusters: [cluster('m1')] });
  const before = model.clusters.get('m1');
  model.apply([change('clusters', [cluster('m1')])]);
  const after = model.clusters.get('m1');
  assert.notEqual(before?.resourceVersion, after?.resourceVersion);
  assert.equal(before?.object, after?.object);
});

/** Everything that can be read of a model, in a fixed order. */
function allOf(model: FleetModel): unknown {
  const lists: FleetList[] = ['clusters', 'bindings', 'works', 'objects', 'events'];
  return {
    rows: lists.map((list) => [...model.rows(list).keys()].sort()),
    releases: [...model.releases.values()]
      .map((release) => ({
        key: release.key,
        word: nowhere(release),
        states: [...release.states.keys()].sort().map((on) => [on, model.judge(release.key, on)]),
        kept: [...release.states].sort(),
        counts: [...release.counts].sort(),
        large: model.isBindingTooLarge(release.key),
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

const names = fc.constantFrom('a/app', 'a/two');
const members = fc.constantFrom('m1', 'm2', 'm3');
const reports = fc.constantFrom(readyReport(), notReadyReport('no'), {});

const changes: fc.Arbitrary<FleetChange> = fc.oneof(
  fc
    .tuple(members, fc.constantFrom('True', 'False'))
    .map(([name, status]) => change('clusters', [cluster(name, status)])),
  members.map((name) => change('clusters', [], { deleted: [name] })),
  names.map((key) => change('objects', [template(key)])),
  names.map((key) => change('objects', [], { deleted: [`HelmRelease/${key}`] })),
  fc
    .tuple(names, fc.uniqueArray(members), members, reports)
    .map(([key, on, from, report]) =>
      change('bindings', [binding(key, on, { reports: { [from]: report } })]),
    ),
  names.map((key) => change('bindings', [], { deleted: [`${key}-helmrelease`] })),
  fc
    .tuple(names, members, reports)
    .map(([key, on, report]) => change('works', [work(key, on, { report })])),
  fc
    .tuple(names, members)
    .map(([key, on]) =>
      change('works', [], { deleted: [`karmada-es-${on}/${key.slice(2)}-HelmRelease`] }),
    ),
  fc
    .tuple(names, members, fc.integer({ min: 10, max: 19 }))
    .map(([key, on, minute]) =>
      change('events', [
        event(
          key,
          'ApplyOverridePolicyFailed',
          `Apply override policy(a/bad) for cluster(${on}) failed.`,
          `2026-01-01T00:${minute}:00Z`,
        ),
      ]),
    ),
  fc
    .tuple(names, fc.integer({ min: 10, max: 19 }))
    .map(([key, minute]) =>
      change('events', [event(key, 'SyncWorkSucceed', '', `2026-01-01T00:${minute}:00Z`)]),
    ),
  fc
    .constantFrom<FleetList>('clusters', 'bindings', 'works', 'objects', 'events')
    .map((list) => change(list, [], { reset: true })),
);

test('after any changes, looked at in between or not, the model is that of a fresh build in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(changes, fc.boolean()), { maxLength: 40 }),
      fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
      (steps, order) => {
        const model = createFleetModel();
        for (const [step, isLookedAt] of steps) {
          model.apply([step]);
          if (isLookedAt) allOf(model);
        }
        const fresh = createFleetModel();
        const lists: FleetList[] = ['clusters', 'bindings', 'works', 'objects', 'events'];
        const shuffled = lists
          .map((list, i) => ({ list, at: order[i] ?? 0 }))
          .sort((a, b) => a.at - b.at);
        for (const { list, at } of shuffled) {
          const rows = [...model.rows(list).values()];
          const turned = at % 2 === 0 ? rows : rows.toReversed();
          for (const row of turned) fresh.apply([change(list, [row] as never)]);
        }
        assert.deepEqual(allOf(model), allOf(fresh));
      },
    ),
    { numRuns: 300 },
  );
});

test('what a batch changes is among what it says it touched', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 25 }), (steps) => {
      const model = createFleetModel();
      for (const step of steps) {
        const looks = (key: string): string => {
          const release = model.releases.get(key);
          return release ? JSON.stringify([nowhere(release), [...release.states].sort()]) : '';
        };
        const keys = [app, 'HelmRelease/a/two'];
        const before = keys.map(looks);
        const delta = model.apply([step]);
        keys.forEach((key, i) => {
          if (looks(key) !== before[i]) assert.ok(delta.releases.has(key), key);
        });
      }
    }),
    { numRuns: 200 },
  );
});
