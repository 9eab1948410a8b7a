import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { admit } from '../../../../src/engine/admission/admit.ts';
import { updateProblem } from '../../../../src/engine/admission/admitUpdate.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/types.ts';

const selector = { apiVersion: 'v1', kind: 'ConfigMap' };

function policy(kind: string, spec: JsonValue, metadata: JsonObject = {}): JsonObject {
  const namespace = kind.startsWith('Cluster') ? {} : { namespace: 'apps' };
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind,
    metadata: { name: 'p', ...namespace, ...metadata },
    spec,
  };
}

function propagation(spec: JsonObject): JsonObject {
  return policy('ClusterPropagationPolicy', { resourceSelectors: [selector], ...spec });
}

function placement(value: JsonObject): JsonObject {
  return propagation({ placement: value });
}

function overriders(value: JsonObject): JsonObject {
  return policy('ClusterOverridePolicy', { overrideRules: [{ overriders: value }] });
}

function fields(object: JsonObject): string[] {
  return admit(object).errors.map((error) => error.field);
}

function checkMessage(object: JsonObject, message: string | undefined): void {
  const answer = admit(object);
  assert.equal(answer.message, message);
  assert.equal(answer.type, message === undefined ? 'allowed' : 'denied');
}

function checkSpec(object: JsonObject, expected: JsonValue): void {
  assert.deepEqual(admit(object).object['spec'], expected);
}

test('gives selectors of a namespaced policy its namespace', () => {
  const resourceSelectors = [{ ...selector, namespace: 'apps' }];
  checkSpec(policy('PropagationPolicy', { resourceSelectors: [selector] }), {
    resourceSelectors,
    placement: {},
  });
  checkSpec(policy('OverridePolicy', { resourceSelectors: [selector] }), {
    resourceSelectors,
    overriders: {},
  });
  checkSpec(propagation({}), { resourceSelectors: [selector], placement: {} });
});

test('defaults spreading, division, dependencies and grace', () => {
  const defaulted = (spec: JsonObject): JsonValue =>
    admit(propagation(spec)).object['spec'] ?? null;
  const spread = defaulted({ placement: { spreadConstraints: [{ maxGroups: 2 }] } });
  assert.deepEqual((spread as JsonObject)['placement'], {
    spreadConstraints: [{ spreadByField: 'cluster', maxGroups: 2, minGroups: 1 }],
  });
  const divided = defaulted({
    placement: { replicaScheduling: { replicaSchedulingType: 'Divided' } },
  });
  assert.deepEqual((divided as JsonObject)['placement'], {
    replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' },
  });
  const imported = { apiVersion: 'multicluster.x-k8s.io/v1alpha1', kind: 'ServiceImport' };
  assert.equal((defaulted({ resourceSelectors: [imported] }) as JsonObject)['propagateDeps'], true);
  const application = { decisionConditions: { tolerationSeconds: 1 }, purgeMode: 'Graciously' };
  const failover = defaulted({ propagateDeps: true, failover: { application } });
  assert.deepEqual((failover as JsonObject)['failover'], {
    application: { ...application, gracePeriodSeconds: 600 },
  });
});

test('leaves a ClusterOverridePolicy as it is', () => {
  const object = overriders({ plaintext: [{ path: '/a', operator: 'remove' }] });
  assert.equal(admit(object).object, object);
});

test('writes out what a typed struct always writes', () => {
  const plaintext = [{ path: '/a', operator: 'remove' }];
  checkSpec(
    policy('OverridePolicy', { overrideRules: [{ overriders: { plaintext } }], unknown: 1 }),
    {
      overrideRules: [{ overriders: { plaintext: [{ ...plaintext[0], value: null }] } }],
      overriders: {},
    },
  );
});

test('drops empty lists before validating, except where nothing rewrites the policy', () => {
  const spec = { overrideRules: [], targetCluster: { clusterNames: ['m1'] } };
  checkMessage(policy('OverridePolicy', spec), undefined);
  checkMessage(
    policy('ClusterOverridePolicy', spec),
    'spec.targetCluster: Invalid value: {"clusterNames":["m1"]}: overrideRules and targetCluster can\'t co-exist',
  );
});

test('refuses selectors of another namespace', () => {
  checkMessage(
    policy('PropagationPolicy', { resourceSelectors: [{ ...selector, namespace: 'other' }] }),
    'spec.resourceSelectors[0].namespace: Invalid value: "other": namespace of resource selector must be the same as the namespace of the policy',
  );
  checkMessage(
    propagation({ resourceSelectors: [{ ...selector, namespace: 'other' }] }),
    undefined,
  );
});

test('refuses preemption without names', () => {
  assert.deepEqual(fields(propagation({ preemption: 'Always' })), [
    'spec.resourceSelectors[0].name',
  ]);
});

test('prints structs with the fields in the order of Go', () => {
  checkMessage(
    placement({
      clusterAffinities: [{ clusterNames: ['m1'], affinityName: 'a' }],
      clusterAffinity: { exclude: ['<m2>'], clusterNames: [] },
    }),
    'spec.placement: Invalid value: {"clusterAffinity":{"exclude":["\\u003cm2\\u003e"]},"clusterAffinities":[{"affinityName":"a","clusterNames":["m1"]}]}: clusterAffinities cannot co-exist with clusterAffinity',
  );
});

test('joins several messages and drops repeated ones', () => {
  checkMessage(
    placement({
      spreadConstraints: [
        { spreadByField: 'region', maxGroups: -1, minGroups: -1 },
        { spreadByField: 'region', maxGroups: -1, minGroups: -1 },
        { spreadByField: 'region', maxGroups: -1, minGroups: -1 },
      ],
    }),
    '[' +
      [0, 1, 2]
        .flatMap((i) => {
          const at = `spec.placement.spreadConstraints[${i}]: Invalid value: {"spreadByField":"region","maxGroups":-1,"minGroups":-1}: `;
          const all =
            'spec.placement.spreadConstraints: Invalid value: [' +
            Array(3).fill('{"spreadByField":"region","maxGroups":-1,"minGroups":-1}').join() +
            ']: ';
          return [
            `${at}minGroups lower than 0 is not allowed`,
            `${at}maxGroups lower than 0 is not allowed`,
            ...(i === 1 ? [`${all}multiple region spread constraints are not allowed`] : []),
            ...(i === 2
              ? [
                  `${all}the cluster spread constraint must be enabled in one of the constraints in case of SpreadByField is enabled`,
                ]
              : []),
          ];
        })
        .join(', ') +
      ']',
  );
});

test('checks placements', () => {
  const at = (value: JsonObject): string[] =>
    fields(placement(value)).map((field) => field.slice('spec.placement.'.length));
  const badField = { fieldSelector: { matchExpressions: [{ key: 'name', operator: 'In' }] } };
  assert.deepEqual(at({ clusterAffinity: badField }), ['clusterAffinity.fieldSelector']);
  assert.deepEqual(
    at({ clusterAffinities: [{ affinityName: 'a' }, { affinityName: 'a', ...badField }] }),
    ['clusterAffinities', 'clusterAffinities[1].fieldSelector'],
  );
  assert.deepEqual(at({ clusterAffinities: [{ affinityName: '' }] }), [
    'clusterAffinities[0]',
    'clusterAffinities[0]',
  ]);
  const overflow = [{ affinityName: 'a', overflowAffinities: [{ affinityName: 'a' }] }];
  assert.deepEqual(at({ clusterAffinities: overflow }), [
    'clusterAffinities[0].overflowAffinities',
    'clusterAffinities[0].overflowAffinities',
    'clusterAffinities[0].overflowAffinities[0].affinityName',
  ]);
  const spread = { spreadByField: 'cluster', spreadByLabel: 'x', minGroups: 3, maxGroups: 2 };
  assert.deepEqual(at({ spreadConstraints: [spread] }), [
    'spreadConstraints[0]',
    'spreadConstraints[0]',
  ]);
  const key = { groupByLabelKey: 'k' };
  assert.deepEqual(at({ workloadAffinity: { affinity: key, antiAffinity: key } }), [
    'workloadAffinity',
  ]);
  assert.deepEqual(at({ clusterTolerations: [{ operator: 'Lt' }] }), [
    'clusterTolerations[0].operator',
  ]);
});

test('words an unsupported operator as Kubernetes does', () => {
  checkMessage(
    placement({ clusterTolerations: [{ operator: 'Gt' }] }),
    'spec.placement.clusterTolerations[0].operator: Unsupported value: "Gt": supported values: "", "Exists", "Equal"',
  );
});

test('checks failover and suspension', () => {
  const application = {
    decisionConditions: { tolerationSeconds: -1 },
    gracePeriodSeconds: 0,
    statePreservation: { rules: [{ aliasLabelName: 'a/b/c', jsonPath: '' }] },
  };
  assert.deepEqual(fields(propagation({ failover: { application } })), [
    'spec.propagateDeps',
    'spec.failover.application.decisionConditions.tolerationSeconds',
    'spec.failover.application.gracePeriodSeconds',
    'spec.failover.application.gracePeriodSeconds',
    'spec.failover.application.statePreservation.rules[0].aliasLabelName',
  ]);
  const suspension = { dispatching: true, dispatchingOnClusters: { clusterNames: ['m1'] } };
  assert.deepEqual(fields(propagation({ suspension })), ['spec.suspension.suspension']);
});

test('checks override rules', () => {
  const at = (value: JsonObject): string[] =>
    fields(overriders(value)).map((field) =>
      field.slice('spec.overrideRules[0].overriders.'.length),
    );
  const item = { operator: 'remove', value: { 'a~b': 'not ok', ok: 'ok' } };
  assert.deepEqual(at({ labelsOverrider: [item] }), [
    'labelsOverrider[0].value',
    'labelsOverrider[0].value',
  ]);
  assert.deepEqual(at({ annotationsOverrider: [item] }), ['annotationsOverrider[0].value']);
  assert.deepEqual(at({ annotationsOverrider: [{ operator: 'add', value: { UPPER: 'x' } }] }), []);
  const image = { component: 'Tag', operator: 'remove', predicate: { path: 'a' } };
  assert.deepEqual(at({ imageOverrider: [image] }), ['imageOverrider[0].predicate.path']);
  assert.deepEqual(at({ fieldOverrider: [{ fieldPath: 'a' }] }), [
    'fieldOverrider[0]',
    'fieldOverrider[0].fieldPath',
  ]);
  const json = [
    { subPath: 'a', operator: 'add', value: null },
    { subPath: '', operator: 'remove', value: 1 },
    { subPath: '/a', operator: 'remove', value: null },
  ];
  assert.deepEqual(at({ fieldOverrider: [{ fieldPath: '', json, yaml: [json[2] ?? null] }] }), [
    'fieldOverrider[0]',
    'fieldOverrider[0].json[0].subPath',
    'fieldOverrider[0].json[0].value',
    'fieldOverrider[0].json[1].value',
  ]);
});

test('limits the size of annotations in bytes', () => {
  const value = { a: 'ä'.repeat(128 * 1024) };
  checkMessage(
    overriders({ annotationsOverrider: [{ operator: 'add', value }] }),
    'spec.overrideRules[0].overriders.annotationsOverrider[0].value: Too long: may not be more than 262144 bytes',
  );
});

test('forgets fieldOverrider when it looks for deprecated overriders', () => {
  const spec = (deprecated: JsonObject): JsonObject =>
    policy('ClusterOverridePolicy', { overrideRules: [], overriders: deprecated });
  checkMessage(spec({ fieldOverrider: [{ fieldPath: '/a' }] }), undefined);
  assert.deepEqual(fields(spec({ argsOverrider: [{ containerName: 'a', operator: 'add' }] })), [
    'spec.overriders',
  ]);
});

test('tells an object that the webhook cannot decode from one that it refuses', () => {
  const answer = (spec: JsonValue): [string, string | undefined] => {
    const { type, message } = admit(policy('PropagationPolicy', spec));
    return [type, message];
  };
  assert.deepEqual(answer({ resourceSelectors: [{ ...selector, kind: 1 }] }), [
    'undecodable',
    'json: cannot unmarshal number into Go struct field ResourceSelector.spec.resourceSelectors.kind of type string',
  ]);
  assert.deepEqual(answer({ priority: 1.5 }), [
    'undecodable',
    'json: cannot unmarshal number 1.5 into Go struct field PropagationSpec.spec.priority of type int32',
  ]);
  assert.equal(answer('x')[0], 'undecodable');
  assert.equal(answer({ priority: 2 ** 31 })[0], 'undecodable');
  assert.equal(answer({ priority: null, resourceSelectors: null })[0], 'allowed');
});

test('allows what is no policy', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  assert.equal(admit(object).allowed, true);
  assert.equal(admit(object).object, object);
});

test('refuses to change the scheduler or the permanent id of a stored policy', () => {
  const label = 'clusterpropagationpolicy.karmada.io/permanent-id';
  const stored = (schedulerName: string, id: string): JsonObject =>
    policy('ClusterPropagationPolicy', { schedulerName }, { labels: { [label]: id } });
  assert.equal(updateProblem(stored('a', '1'), stored('a', '1')), undefined);
  assert.match(updateProblem(stored('a', '1'), stored('b', '2')) ?? '', /schedulerName should not/);
  assert.match(
    updateProblem(stored('a', '1'), stored('a', '2')) ?? '',
    /permanent-id is immutable/,
  );
  assert.equal(
    updateProblem(policy('OverridePolicy', {}), policy('OverridePolicy', {})),
    undefined,
  );
});

const kinds = [
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
];

test('never throws and never changes a policy, whatever is in it', () => {
  const json = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<JsonValue>;
  const spec = fc.dictionary(
    fc.constantFrom(
      'resourceSelectors',
      'placement',
      'overrideRules',
      'overriders',
      'failover',
      'x',
    ),
    json,
  );
  fc.assert(
    fc.property(fc.constantFrom(...kinds), spec, (kind, value) => {
      const object = policy(kind, value);
      const before = JSON.stringify(object);
      admit(object);
      assert.equal(JSON.stringify(object), before);
    }),
  );
});

test('admits again what it has stored, unchanged', () => {
  const number = fc.integer({ min: 0, max: 3 });
  const spread = fc.record(
    { spreadByField: fc.constantFrom('cluster', 'region'), minGroups: number, maxGroups: number },
    { requiredKeys: [] },
  );
  const given = fc.record({
    spreadConstraints: fc.array(spread, { maxLength: 3 }),
    replicaScheduling: fc.record({
      replicaSchedulingType: fc.constantFrom('Divided', 'Duplicated'),
    }),
  });
  fc.assert(
    fc.property(given, (value) => {
      const first = admit(
        policy('PropagationPolicy', { resourceSelectors: [selector], placement: value }),
      );
      const second = admit(structuredClone<JsonObject>(first.object));
      assert.equal(second.message, first.message);
      assert.deepEqual(second.object, first.object);
    }),
  );
});
