import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { checkSchema } from '../../../src/engine/schema/checkSchema.ts';
import { findSchema, kindSchemas } from '../../../src/engine/schema/registry.ts';
import type { JsonObject, JsonValue } from '../../../src/engine/types.ts';
import { validate } from '../../../src/engine/validate.ts';

function policy(spec: JsonValue, metadata: JsonObject = { name: 'p', namespace: 'default' }) {
  return { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy', metadata, spec };
}

function release(spec: JsonValue): JsonObject {
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'r', namespace: 'default' },
    spec,
  };
}

const selector = { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' };

test('stores a policy with the defaults of schema and webhook', () => {
  const object = policy({
    resourceSelectors: [selector],
    placement: { spreadConstraints: [{ maxGroups: 2 }] },
  });
  assert.deepEqual(validate(object), {
    status: 201,
    spec: {
      resourceSelectors: [{ ...selector, namespace: 'default' }],
      placement: { spreadConstraints: [{ spreadByField: 'cluster', maxGroups: 2, minGroups: 1 }] },
      priority: 0,
      preemption: 'Never',
      schedulerName: 'default-scheduler',
      conflictResolution: 'Abort',
    },
  });
});

test('refuses unknown fields before anything else', () => {
  const object = policy({ resourceSelector: 1, Priority: 2, priority: 'x' });
  assert.deepEqual(validate(object), {
    status: 400,
    reason: 'BadRequest',
    message:
      'PropagationPolicy in version "v1alpha1" cannot be handled as a PropagationPolicy: strict decoding error: ' +
      'unknown field "spec.Priority", unknown field "spec.resourceSelector"',
  });
});

test('a webhook that cannot read the policy answers before the schema', () => {
  const answer = validate(policy({ resourceSelectors: 'x' }));
  assert.equal(answer.status, 400);
  assert.equal(answer.reason, undefined);
  assert.match(
    answer.message ?? '',
    /^admission webhook "propagationpolicy.karmada.io" denied .* json: /,
  );
});

test('the schema answers before a webhook that validates', () => {
  const object = policy({
    resourceSelectors: [],
    placement: { clusterAffinity: {}, clusterAffinities: [{ affinityName: 'a' }] },
  });
  assert.deepEqual(validate(object), {
    status: 422,
    reason: 'Invalid',
    message:
      'PropagationPolicy.policy.karmada.io "p" is invalid: spec.resourceSelectors: Invalid value: 0: ' +
      'spec.resourceSelectors in body should have at least 1 items',
    causes: [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.resourceSelectors',
        message: 'Invalid value: 0: spec.resourceSelectors in body should have at least 1 items',
      },
    ],
  });
});

test('what the mutating webhook writes back is what the schema sees', () => {
  // No selectors at all become null, and an operation without an operator has an empty one.
  const [cause] = validate(policy({})).causes ?? [];
  assert.equal(cause?.field, 'spec.resourceSelectors');
  assert.match(cause?.message ?? '', /must be of type array: "null"/);
  const override = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: { name: 'o', namespace: 'default' },
    spec: { overrideRules: [{ overriders: { plaintext: [{ path: '/a' }] } }] },
  };
  assert.equal(validate(override).causes?.[0]?.reason, 'FieldValueNotSupported');
  const clusterWide = { ...override, kind: 'ClusterOverridePolicy', metadata: { name: 'o' } };
  assert.equal(validate(clusterWide).causes?.[0]?.reason, 'FieldValueRequired');
});

test('defaults that follow the mutating webhook reach the validating one', () => {
  // An empty purge mode is dropped by the first webhook, becomes Gracefully, and now lacks a grace period.
  const failover = { application: { decisionConditions: {}, purgeMode: '' } };
  const answer = validate(policy({ resourceSelectors: [selector], propagateDeps: true, failover }));
  assert.equal(answer.status, 403);
  assert.match(answer.message ?? '', /gracePeriodSeconds.*should not be empty/);
});

test('reports rules only in an object whose structure is right', () => {
  const wrong = validate(release({ interval: '5m', releaseName: 1 }));
  assert.deepEqual(
    wrong.causes?.map(({ field }) => field),
    ['spec.releaseName'],
  );
  assert.match(wrong.message ?? '', /<nil>: Invalid value: null: some validation rules were not/);
  assert.deepEqual(validate(release({ interval: '5m', releaseName: '' })).causes, [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.releaseName',
      message: 'Invalid value: "": spec.releaseName in body should be at least 1 chars long',
    },
    {
      reason: 'FieldValueInvalid',
      field: 'spec',
      message: 'Invalid value: either chart or chartRef must be set',
    },
  ]);
});

test('checks the metadata', () => {
  const causes = (metadata: JsonObject) =>
    validate(policy({ resourceSelectors: [selector] }, metadata)).causes?.map(
      ({ reason, field, message }) => `${reason} ${field} ${message.slice(0, 60)}`,
    );
  assert.deepEqual(causes({ name: 'My_Policy' }), [
    'FieldValueInvalid metadata.name Invalid value: "My_Policy": a lowercase RFC 1123 subdomain m',
  ]);
  assert.deepEqual(causes({}), [
    'FieldValueRequired metadata.name Required value: name or generateName is required',
  ]);
  assert.deepEqual(causes({ name: 'a', labels: { 'a b': 'ok' } }), [
    'FieldValueInvalid metadata.labels Invalid value: "a b": name part must consist of alphanumeric',
  ]);
  const undecodable = validate(policy({}, { name: 'a', labels: { a: 1 } }));
  assert.equal(undecodable.status, 400);
  assert.match(undecodable.message ?? '', /json: cannot unmarshal number/);
});

test('takes a status that a user writes for nothing', () => {
  const object = { ...release({ interval: '5m', chartRef: { kind: 'OCIRepository', name: 'x' } }) };
  assert.equal(validate({ ...object, status: { history: 'x' } }).status, 201);
});

test('stores what it has no table for as it is', () => {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { anything: [1] } };
  assert.deepEqual(validate(object), { status: 201, spec: { anything: [1] } });
});

test('depends on the Flux minor', () => {
  const object = release({
    interval: '5m',
    chartRef: { kind: 'OCIRepository', name: 'x' },
    waitStrategy: { name: 'poller' },
  });
  assert.equal(validate(object, '2.8').status, 201);
  assert.match(validate(object, '2.7').message ?? '', /unknown field "spec.waitStrategy"/);
});

test('the structured form has the paths of the object as written', () => {
  const table = findSchema('policy.karmada.io/v1alpha1', 'PropagationPolicy');
  assert.ok(table);
  const object = policy({
    resourceSelectors: [{ apiVersion: 'v1', Kind: 'A' }],
    conflictResolution: 'abort',
    priority: 'high',
  });
  const problems = checkSchema(object, table);
  assert.deepEqual(
    problems.map(({ code, path, expected, nearest }) => ({ code, path, expected, nearest })),
    [
      {
        code: 'unknown-field',
        path: ['spec', 'resourceSelectors', 0, 'Kind'],
        expected: undefined,
        nearest: 'kind',
      },
      {
        code: 'missing-field',
        path: ['spec', 'resourceSelectors', 0, 'kind'],
        expected: undefined,
        nearest: undefined,
      },
      {
        code: 'invalid-value',
        path: ['spec', 'conflictResolution'],
        expected: ['Abort', 'Overwrite'],
        nearest: undefined,
      },
      { code: 'wrong-type', path: ['spec', 'priority'], expected: ['integer'], nearest: undefined },
    ],
  );
});

test('answers any object of any kind, and leaves it alone', () => {
  const names = fc.constantFrom('spec', 'resourceSelectors', 'placement', '__proto__', 'name', 'a');
  const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<JsonValue>(null, true, 0, 1.5, 2n ** 70n, '', 'text', '\u2028'),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(names, tie('json'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const kinds = fc.constantFrom(...kindSchemas);
  fc.assert(
    fc.property(kinds, json, json, json, ({ apiVersion, kind }, metadata, spec, extra) => {
      const object = { apiVersion, kind, metadata, spec, extra };
      const before = structuredClone(object);
      const { status } = validate(object);
      assert.ok([201, 400, 403, 422].includes(status));
      const table = findSchema(apiVersion, kind);
      if (table !== undefined) checkSchema(object, table);
      assert.deepEqual(object, before);
    }),
    { numRuns: 500 },
  );
});
