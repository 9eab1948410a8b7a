import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, found, patch, rule, withRules } from './overrideDocuments.ts';

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['host'],
  properties: {
    host: { type: 'string' },
    replicaCount: { $ref: '#/definitions/count' },
    args: { type: 'array', items: { type: 'string' } },
    image: { type: 'object' },
    pull: { anyOf: [{ type: 'string' }, { type: 'boolean' }] },
  },
  additionalProperties: false,
  definitions: { count: { type: 'integer', minimum: 1 } },
};

/** A chart's files in a folder; the schema is JSON as tools write it, with tabs. */
function chart(folder: string, version = '6.1.0'): { [uri: string]: string } {
  return {
    [`${folder}/Chart.yaml`]: `apiVersion: v2\nname: podinfo\nversion: ${version}\n`,
    [`${folder}/values.yaml`]: 'host: example.com\n',
    [`${folder}/values.schema.json`]: JSON.stringify(schema, null, '\t'),
  };
}

const code = 'result-values-invalid';
const own = chart('charts/podinfo');

/** The base with other values of the release. */
function withValues(values: string, release = base['release.yaml']): { [uri: string]: string } {
  return { ...base, ...own, 'release.yaml': release.replace(/ {2}values:[^]*/, values) };
}

test('values that the schema takes are no finding', () => {
  assert.deepEqual(found({ ...base, ...own }, code), []);
});

test("values of the release that the chart's schema refuses, each on its place", () => {
  const documents = withValues(`  values:
    replicaCount: two
    args: [a, 2]
    bogus: 1
    pull: 3
`);
  assert.deepEqual(found(documents, code), [
    'two: The schema of chart podinfo 6.1.0 refuses this, so Helm fails: replicaCount: Instance type "string" is invalid. Expected "integer".',
    '2: The schema of chart podinfo 6.1.0 refuses this, so Helm fails: args.1: Instance type "number" is invalid. Expected "string".',
    '1: The schema of chart podinfo 6.1.0 refuses this, so Helm fails: bogus: the schema has no such key.',
    '3: The schema of chart podinfo 6.1.0 refuses this, so Helm fails: pull: Instance does not match any subschemas.',
  ]);
});

test('an override that sets a value that the schema refuses', () => {
  const documents = {
    ...own,
    ...withRules(
      rule([patch('/spec/values/replicaCount', 'replace', '0')], '{ clusterNames: [member2] }'),
    ),
  };
  assert.deepEqual(found(documents, code), [
    '/spec/values/replicaCount: With this, the schema of chart podinfo 6.1.0 refuses the values of HelmRelease apps/podinfo, so Helm fails on member2: replicaCount: 0 is less than 1.',
  ]);
});

test('what an override makes good is no finding', () => {
  const values = '  values:\n    replicaCount: two\n';
  const change = withRules(rule([patch('/spec/values/replicaCount', 'replace', '2')]));
  const documents = { ...withValues(values), 'change.yaml': change['change.yaml'] ?? '' };
  assert.deepEqual(found(documents, code), []);
});

test('a null takes a default away', () => {
  const [missing, ...more] = found(withValues('  values:\n    host: null\n'), code);
  assert.match(missing ?? '', /^values: .*required property "host"/);
  assert.deepEqual(more, []);
});

test('what other values may add is not missed', () => {
  const from = '  valuesFrom: [{ kind: ConfigMap, name: more }]\n';
  assert.deepEqual(found(withValues(`${from}  values:\n    host: null\n`), code), []);
  assert.equal(found(withValues(`${from}  values:\n    replicaCount: two\n`), code).length, 1);
});

test('a chart of another version, or two of one name, is not the chart of the release', () => {
  const bad = withValues('  values:\n    replicaCount: two\n');
  assert.equal(found(bad, code).length, 1);
  assert.deepEqual(found({ ...bad, ...chart('charts/podinfo', '7.0.0') }, code), []);
  assert.deepEqual(found({ ...bad, ...chart('old/podinfo', '6.0.0') }, code), []);
});

test('a chart in a Git repository is found by its path', () => {
  const release = base['release.yaml']
    .replace('chart: podinfo\n', 'chart: ./charts/podinfo\n')
    .replace('kind: HelmRepository', 'kind: GitRepository');
  const values = '  values:\n    replicaCount: two\n';
  assert.equal(found(withValues(values, release), code).length, 1);
  const elsewhere = release.replace('./charts/podinfo', './helm/podinfo');
  assert.deepEqual(found(withValues(values, elsewhere), code), []);
});

test('a release that turns the check off is left alone', () => {
  const release = base['release.yaml'].replace(
    'interval: 5m',
    'interval: 5m\n  install: { disableSchemaValidation: true }',
  );
  assert.deepEqual(found(withValues('  values:\n    replicaCount: two\n', release), code), []);
});

test('a schema that cannot be used refuses nothing', () => {
  const uses = (text: string): readonly string[] =>
    found(
      { ...withValues('  values:\n    a: x\n'), 'charts/podinfo/values.schema.json': text },
      code,
    );
  assert.deepEqual(uses('{ "properties": { "a": { "$ref": "other.json#/x" } } }'), []);
  assert.deepEqual(uses('{ "properties": { "a": { "pattern": "(?<" } } }'), []);
  assert.deepEqual(uses('{ "$ref": "#" }'), []);
  assert.deepEqual(uses('{ "properties": '), []);
  assert.deepEqual(uses('[1]'), []);
});
