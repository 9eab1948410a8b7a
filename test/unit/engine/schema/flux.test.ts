import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deprecationWarning,
  fluxMinors,
  latestFluxMinor,
  preferredVersion,
  servedVersions,
} from '../../../../src/engine/schema/flux/versions.ts';
import { fluxKinds } from '../../../../src/engine/schema/flux/index.ts';
import { findSchema } from '../../../../src/engine/schema/registry.ts';
import { compareApiVersions } from '../../../../src/engine/schema/versionOrder.ts';
import type { FluxMinor, Schema } from '../../../../src/engine/schema/types.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/types.ts';

const helm = 'helm.toolkit.fluxcd.io';
const source = 'source.toolkit.fluxcd.io';

/** The node at a dotted path of a kind, `[]` for items. */
function node(
  apiVersion: string,
  kind: string,
  path: string,
  minor: FluxMinor,
): Schema | undefined {
  let at: Schema | undefined = findSchema(apiVersion, kind, minor)?.schema;
  for (const step of path.split('.')) {
    const name = step.replace('[]', '');
    const properties: { readonly [key: string]: Schema } = at?.properties ?? {};
    at = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (step.endsWith('[]')) at = at?.items;
  }
  return at;
}

/** The Flux minors in which a node is there. */
function minorsWith(apiVersion: string, kind: string, path: string): string {
  const found = fluxMinors.filter((minor) => node(apiVersion, kind, path, minor) !== undefined);
  return found.length === 0 ? '' : `${found[0] ?? ''}-${found.at(-1) ?? ''}`;
}

test('serves the versions that each Flux minor serves', () => {
  const rows: readonly (readonly [string, string, { readonly [minor: string]: string }])[] = [
    [
      helm,
      'HelmRelease',
      {
        '2.0': 'v2beta1',
        '2.1': 'v2beta1',
        '2.2': 'v2beta2 v2beta1',
        '2.3': 'v2 v2beta2 v2beta1',
        '2.6': 'v2 v2beta2 v2beta1',
        '2.7': 'v2 v2beta2',
        '2.8': 'v2',
        '2.9': 'v2',
      },
    ],
    [
      source,
      'HelmRepository',
      { '2.2': 'v1beta2 v1beta1', '2.3': 'v1 v1beta2 v1beta1', '2.7': 'v1 v1beta2', '2.8': 'v1' },
    ],
    [source, 'OCIRepository', { '2.5': 'v1beta2', '2.6': 'v1 v1beta2', '2.8': 'v1' }],
    [source, 'GitRepository', { '2.0': 'v1 v1beta2 v1beta1', '2.8': 'v1' }],
    [source, 'Bucket', { '2.3': 'v1beta2 v1beta1', '2.4': 'v1 v1beta2 v1beta1' }],
    [source, 'ExternalArtifact', { '2.6': '', '2.7': 'v1' }],
    [source, 'HelmRelease', { '2.9': '' }],
  ];
  for (const [group, kind, minors] of rows) {
    for (const [minor, versions] of Object.entries(minors)) {
      const found = servedVersions(group, kind, minor as FluxMinor);
      assert.equal(found.join(' '), versions, `${kind} in Flux ${minor}`);
      assert.equal(
        preferredVersion(group, kind, minor as FluxMinor),
        versions.split(' ')[0] || undefined,
      );
    }
  }
  assert.equal(latestFluxMinor, fluxMinors.at(-1));
});

test('warns of deprecated versions as the API server does', () => {
  const warning = (version: string, minor: FluxMinor) =>
    deprecationWarning(`${helm}/${version}`, 'HelmRelease', minor);
  assert.equal(warning('v2beta1', '2.1'), undefined);
  assert.equal(warning('v2beta1', '2.2'), 'v2beta1 HelmRelease is deprecated, upgrade to v2beta2');
  assert.equal(warning('v2beta2', '2.7'), 'v2beta2 HelmRelease is deprecated, upgrade to v2');
  assert.equal(warning('v2beta2', '2.8'), undefined);
  assert.equal(warning('v2', '2.9'), undefined);
});

test('orders versions as discovery does', () => {
  const ordered = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2'];
  assert.deepEqual(ordered.toReversed().sort(compareApiVersions), ordered);
});

test('knows when fields came and went', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [`${helm}/v2`, 'HelmRelease', 'spec.chartRef', '2.3-2.9'],
    [`${helm}/v2beta2`, 'HelmRelease', 'spec.chartRef', '2.3-2.7'],
    [`${helm}/v2`, 'HelmRelease', 'spec.commonMetadata', '2.7-2.9'],
    [`${helm}/v2`, 'HelmRelease', 'spec.valuesFrom[].literal', '2.9-2.9'],
    [`${helm}/v2`, 'HelmRelease', 'spec.chart.spec.valuesFile', ''],
    [`${helm}/v2beta2`, 'HelmRelease', 'spec.chart.spec.valuesFile', '2.2-2.7'],
    [`${helm}/v2beta1`, 'HelmRelease', 'spec.driftDetection', '2.2-2.6'],
    [`${source}/v1`, 'OCIRepository', 'spec.verify.trustedRootSecretRef', '2.9-2.9'],
    [`${source}/v1beta2`, 'HelmRepository', 'spec.insecure', '2.2-2.7'],
    [`${source}/v1`, 'GitRepository', 'spec.sparseCheckout', '2.6-2.9'],
  ];
  for (const [apiVersion, kind, path, range] of cases) {
    assert.equal(minorsWith(apiVersion, kind, path), range, `${apiVersion} ${path}`);
  }
});

test('knows when rules changed', () => {
  const required = (version: string, minor: FluxMinor, path = 'spec') =>
    node(`${helm}/${version}`, 'HelmRelease', path, minor)?.required;
  assert.deepEqual(required('v2beta1', '2.2'), ['chart', 'interval']);
  assert.deepEqual(required('v2beta1', '2.3'), ['interval']);
  assert.deepEqual(required('v2beta1', '2.4'), ['chart', 'interval']);
  assert.deepEqual(required('v2', '2.3', 'spec.chart.spec.sourceRef'), ['name']);
  assert.deepEqual(required('v2', '2.4', 'spec.chart.spec.sourceRef'), ['kind', 'name']);
  const url = (minor: FluxMinor) => node(`${source}/v1beta2`, 'HelmRepository', 'spec.url', minor);
  assert.equal(url('2.1')?.pattern, undefined);
  assert.equal(url('2.2')?.pattern, '^(http|https|oci)://.*$');
});

/** The messages of the rules that a spec breaks. */
function broken(
  apiVersion: string,
  kind: string,
  spec: JsonValue,
  path = 'spec',
): readonly string[] {
  const rules = node(apiVersion, kind, path, '2.9')?.rules ?? [];
  assert.ok(rules.length > 0, `${kind} ${path}`);
  return rules.filter((rule) => !rule.holds(spec)).map((rule) => rule.message);
}

test('checks the rules of HelmRelease', () => {
  const either = 'either chart or chartRef must be set';
  const spec = (value: JsonObject) => broken(`${helm}/v2`, 'HelmRelease', value);
  assert.deepEqual(spec({}), [either]);
  assert.deepEqual(spec({ chart: {}, chartRef: {} }), [either]);
  assert.deepEqual(spec({ chart: {} }), []);
  assert.deepEqual(spec({ chartRef: {} }), []);
  const kubeConfig = (value: JsonObject) =>
    broken(`${helm}/v2`, 'HelmRelease', value, 'spec.kubeConfig').length;
  assert.equal(kubeConfig({}), 1);
  assert.equal(kubeConfig({ secretRef: {}, configMapRef: {} }), 1);
  assert.equal(kubeConfig({ secretRef: {} }), 0);
  const strategy = (action: string, name: string, retryInterval = true) =>
    broken(
      `${helm}/v2`,
      'HelmRelease',
      retryInterval ? { name, retryInterval: '5m' } : { name },
      `spec.${action}.strategy`,
    );
  assert.deepEqual(strategy('install', 'RemediateOnFailure'), [
    ".retryInterval cannot be set when .name is 'RemediateOnFailure'",
  ]);
  assert.deepEqual(strategy('upgrade', 'RemediateOnFailure'), [
    ".retryInterval can only be set when .name is 'RetryOnFailure'",
  ]);
  assert.deepEqual(strategy('install', 'RetryOnFailure'), []);
  assert.deepEqual(strategy('upgrade', 'RetryOnFailure'), []);
  assert.deepEqual(strategy('upgrade', 'RemediateOnFailure', false), []);
});

test('checks the rules of sources', () => {
  const bucket = (spec: JsonObject) => broken(`${source}/v1`, 'Bucket', spec).length;
  assert.equal(bucket({}), 0);
  assert.equal(bucket({ sts: { provider: 'ldap' } }), 0);
  assert.equal(bucket({ sts: { provider: 'aws' } }), 1);
  assert.equal(bucket({ provider: 'aws', sts: { provider: 'aws' } }), 0);
  assert.equal(bucket({ provider: 'aws', sts: { provider: 'aws', secretRef: {} } }), 1);
  assert.equal(bucket({ provider: 'aws', sts: { provider: 'aws', certSecretRef: {} } }), 1);
  assert.equal(bucket({ provider: 'gcp', sts: { provider: 'ldap' } }), 1);
  assert.equal(bucket({ serviceAccountName: 'a' }), 1);
  assert.equal(bucket({ provider: 'gcp', serviceAccountName: 'a', secretRef: {} }), 1);
  const git = (spec: JsonObject) => broken(`${source}/v1`, 'GitRepository', spec).length;
  assert.equal(git({ serviceAccountName: 'a' }), 1);
  assert.equal(git({ serviceAccountName: 'a', provider: 'github' }), 1);
  assert.equal(git({ serviceAccountName: 'a', provider: 'aws' }), 0);
  const chart = (spec: JsonObject) => broken(`${source}/v1`, 'HelmChart', spec).length;
  assert.equal(chart({ verify: {}, sourceRef: { kind: 'Bucket' } }), 1);
  assert.equal(chart({ verify: {}, sourceRef: { kind: 'HelmRepository' } }), 0);
  assert.equal(chart({ sourceRef: { kind: 'Bucket' } }), 0);
});

test('rules take any value', () => {
  const values: readonly JsonValue[] = [null, 1, 'x', [], { sts: [], chart: null, provider: 3 }];
  visit((schema) => {
    for (const { holds } of schema.rules ?? []) {
      for (const value of values) assert.equal(typeof holds(value), 'boolean');
    }
  });
});

test('documents every field in one line, and says nothing that contradicts itself', () => {
  let fields = 0;
  visit((schema, path) => {
    fields++;
    const isRoot = path.split('.').length === 1;
    const { description, properties = {}, required = [] } = schema;
    if (!isRoot && !path.endsWith('{}')) assert.ok(description, path);
    assert.ok(description === undefined || !description.includes('\n'), path);
    for (const name of required) assert.ok(Object.hasOwn(properties, name), `${path}.${name}`);
    if (schema.pattern !== undefined) assert.ok(new RegExp(schema.pattern, 'u'), path);
    if (schema.enum !== undefined && schema.default !== undefined) {
      assert.ok(schema.enum.includes(schema.default), path);
    }
  });
  assert.ok(fields > 5000, `${fields} fields`);
});

/** Visits every node of every table in every Flux minor that serves it. */
function visit(check: (schema: Schema, path: string) => void): void {
  const walk = (schema: Schema, path: string) => {
    check(schema, path);
    for (const [name, below] of Object.entries(schema.properties ?? {}))
      walk(below, `${path}.${name}`);
    if (schema.items !== undefined) walk(schema.items, `${path}[]`);
    if (schema.additionalProperties !== undefined) walk(schema.additionalProperties, `${path}{}`);
  };
  for (const { apiVersion, kind } of fluxKinds) {
    for (const minor of fluxMinors) {
      const table = findSchema(apiVersion, kind, minor);
      if (table !== undefined)
        walk(
          table.schema,
          `${kind}@${minor} (${apiVersion.split('/')[1] ?? ''})`.replaceAll('.', ','),
        );
    }
  }
}
