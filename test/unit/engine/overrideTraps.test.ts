import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit } from '../../../src/engine/index.ts';
import { withBookkeeping } from '../../../src/engine/override/bookkeeping.ts';
import type { JsonObject, JsonValue, Variant } from '../../../src/engine/types.ts';
import {
  clusterOverriding,
  deployment,
  deploymentType,
  object,
  overriding,
  patch,
  release,
  rendered,
  typed,
  valueAt,
} from './trapScenario.ts';

const set = (value: JsonValue): JsonObject => patch('add', '/spec/a', value);
const wins = (...policies: readonly JsonObject[]): unknown =>
  valueAt(rendered(release({}, { labels: { a: 'b' } }), ...policies), 'spec', 'a');
const selecting = (selector: JsonObject): JsonObject => ({
  resourceSelectors: [{ ...typed, ...selector }],
});
const labelled = selecting({ labelSelector: { matchLabels: { tier: 'gold' } } });

test('the most specific override policy has the last word, of equals the one whose name sorts last', () => {
  const all = overriding('z-all', set('all'));
  assert.equal(wins(all, overriding('a', set('named'), selecting({ name: 'web' }))), 'named');
  const byLabel = selecting({ labelSelector: { matchLabels: { a: 'b' } } });
  assert.equal(wins(all, overriding('a', set('labelled'), byLabel)), 'labelled');
  assert.equal(wins(all, overriding('a', set('first'))), 'all');
});

test('an OverridePolicy comes after every ClusterOverridePolicy', () => {
  const named = clusterOverriding('z', set('wide'), selecting({ name: 'web' }));
  assert.equal(wins(overriding('a', set('near')), named), 'near');
});

test('labels that a ClusterOverridePolicy adds count for OverridePolicies only', () => {
  const relabel = clusterOverriding('a', {
    labelsOverrider: [{ operator: 'add', value: { tier: 'gold' } }],
  });
  const near = rendered(release(), relabel, overriding('o', set(1), labelled));
  assert.deepEqual([near.clusterOverrides, near.overrides], [['a'], ['o']]);
  const wide = rendered(release(), relabel, clusterOverriding('b', set(1), labelled));
  assert.deepEqual([wide.clusterOverrides, wide.overrides], [['a'], undefined]);
});

test('a ClusterOverridePolicy without selectors fails everything that lacks its path', () => {
  const wide = clusterOverriding('o', patch('replace', '/spec/values/x', 1));
  const message =
    'replace operation does not apply: doc is missing path: /spec/values/x: missing value';
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } };
  assert.equal(rendered(namespace, wide).error, message);
  assert.equal(rendered(release({}), wide).error, message);
  assert.equal(rendered(release({ values: { x: 0 } }), wide).error, undefined);
});

test('each matching rule of a policy applies, in order, and is named', () => {
  const overrideRules = [
    { targetCluster: { clusterNames: ['m1'] }, overriders: set(1) },
    { overriders: patch('replace', '/spec/a', 2) },
    { targetCluster: { clusterNames: ['m2'] }, overriders: patch('remove', '/spec/none') },
    { targetCluster: {}, overriders: patch('add', '/spec/b', 3) },
  ];
  const got = rendered(release(), overriding('o', {}, { overrideRules }));
  assert.deepEqual(got.manifest?.['spec'], { a: 2, b: 3 });
  assert.deepEqual(got.overrides, ['o', 'o', 'o']);
});

test('an empty list of rules beside the old fields is accepted in a namespace only', () => {
  const spec = { overrideRules: [], targetCluster: { clusterNames: ['m1'] }, overriders: set(1) };
  assert(admit(overriding('o', {}, spec)).allowed);
  assert(!admit(clusterOverriding('o', {}, spec)).allowed);
  assert.equal(wins(overriding('o', {}, spec)), 1);
  assert.equal(wins(clusterOverriding('o', {}, spec)), undefined);
});

test('an old field overrider beside rules is accepted and ignored', () => {
  const operations = [{ operator: 'add', subPath: '/a', value: 1 }];
  const overriders = { fieldOverrider: [{ fieldPath: '/spec/json', json: operations }] };
  const policy = overriding('o', set(1), { overriders });
  assert(admit(policy).allowed);
  const got = rendered(release({ json: '{}' }), policy);
  assert.deepEqual(got.manifest?.['spec'], { a: 1, json: '{}' });
});

const patched = (spec: JsonObject, ...plaintext: readonly JsonObject[]): Variant =>
  rendered(release(spec), overriding('o', { plaintext }));
const entry = (operator: string, path: string, value?: JsonValue): JsonObject => ({
  operator,
  path,
  ...(value === undefined ? {} : { value }),
});

test('nothing is created on the way to a path', () => {
  assert.equal(
    patched({ values: {} }, entry('add', '/spec/values/image/tag', 'x')).error,
    'add operation does not apply: doc is missing path: "/spec/values/image/tag": missing value',
  );
  assert.equal(
    patched({}, entry('replace', '/spec/x', 1)).error,
    'replace operation does not apply: doc is missing key: /spec/x: missing value',
  );
});

test('labels and annotations that are missing are skipped where a path would fail', () => {
  for (const field of ['labels', 'annotations']) {
    for (const operator of ['replace', 'remove']) {
      const overriders = { [`${field}Overrider`]: [{ operator, value: { none: 'x' } }] };
      const got = rendered(release(), overriding('o', overriders));
      assert.deepEqual([got.error, got.overrides], [undefined, ['o']]);
      assert.deepEqual(got.manifest?.['metadata'], { name: 'web', namespace: 'apps' });
    }
  }
});

test('removing a key twice fails the whole rule', () => {
  const remove = entry('remove', '/spec/a');
  assert.equal(
    patched({ a: 1 }, remove, remove).error,
    "error in remove for path: '/spec/a': unable to remove nonexistent key: a: missing value",
  );
});

test('an entry without a value, or with null, sets null', () => {
  for (const operator of ['add', 'replace']) {
    for (const value of [undefined, null]) {
      const got = patched({ a: 1 }, entry(operator, '/spec/a', value));
      assert.deepEqual(got.manifest?.['spec'], { a: null });
    }
  }
});

test('the first piece of a path is dropped, whatever it is', () => {
  assert.equal(valueAt(patched({}, entry('add', 'spec/replicas', 2)), 'replicas'), 2);
  assert.equal(
    patched({}, entry('add', 'replicas', 2)).error,
    'add operation does not apply: doc is missing path: "replicas": missing value',
  );
});

test('indexes of a list: the end, beyond it, from behind, and the dash', () => {
  const list = (operator: string, index: string): unknown => {
    const got = patched({ l: ['a', 'b'] }, entry(operator, `/spec/l/${index}`, 'x'));
    return valueAt(got, 'spec', 'l');
  };
  assert.deepEqual(list('add', '2'), ['a', 'b', 'x']);
  assert.deepEqual(list('add', '-'), ['a', 'b', 'x']);
  assert.deepEqual(list('add', '-1'), ['a', 'b', 'x']);
  assert.deepEqual(list('add', '-2'), ['a', 'x', 'b']);
  assert.equal(
    list('add', '3'),
    "error in add for path: '/spec/l/3': Unable to access invalid index: 3: invalid index referenced",
  );
  assert.deepEqual(list('remove', '-1'), ['a']);
  assert.deepEqual(list('replace', '-1'), ['a', 'x']);
  assert.equal(
    list('remove', '-'),
    'error in remove for path: \'/spec/l/-\': strconv.Atoi: parsing "-": invalid syntax',
  );
  assert.equal(
    list('replace', '-'),
    'replace operation does not apply: doc is missing key: /spec/l/-: missing value',
  );
});

test('a slash and a tilde in a key are escaped, a slash that is not walks on', () => {
  const template = release({}, { annotations: { 'example.com/k': 'old' } });
  const by = (path: string): JsonValue | undefined =>
    valueAt(
      rendered(template, overriding('o', patch('add', path, 'new'))),
      'metadata',
      'annotations',
    );
  assert.deepEqual(by('/metadata/annotations/example.com~1k'), { 'example.com/k': 'new' });
  assert.deepEqual(by('/metadata/annotations/a~01b'), { 'example.com/k': 'old', 'a~1b': 'new' });
  const walked = by('/metadata/annotations/example.com/k');
  assert.ok(typeof walked === 'string');
  assert.match(walked, /^add operation does not apply/);
});

test('whole numbers lose their fraction, text stays text', () => {
  const policy = JSON.parse(
    '{"plaintext":[{"operator":"add","path":"/spec/a","value":1.0},{"operator":"add","path":"/spec/b","value":"1.0"}]}',
  ) as JsonObject;
  assert.deepEqual(rendered(release(), overriding('o', policy)).manifest?.['spec'], {
    a: 1,
    b: '1.0',
  });
});

test('what an override sets in pruned fields never arrives', () => {
  const got = patched(
    {},
    entry('add', '/metadata/finalizers', ['x']),
    entry('add', '/metadata/ownerReferences', []),
    entry('add', '/status', { a: 1 }),
  );
  assert.deepEqual(got.manifest, release());
  assert.deepEqual(got.overrides, ['o']);
});

test('a label of Karmada that an override sets is set back', () => {
  const value = { 'karmada.io/managed': 'false' };
  const template = release();
  const got = rendered(
    template,
    overriding('o', { labelsOverrider: [{ operator: 'add', value }] }),
  );
  const full = withBookkeeping(got.manifest ?? {}, {
    template,
    cluster: 'm1',
    work: got.work ?? '',
  });
  const { labels } = full['metadata'] as JsonObject;
  assert.equal((labels as JsonObject)['karmada.io/managed'], 'true');
});

test('the Work is named after what the overrides have made of the name', () => {
  const renamed = rendered(release(), overriding('o', patch('replace', '/metadata/name', 'new')));
  assert.match(renamed.work ?? '', /^new-/);
  assert.equal(renamed.work, rendered(release({}, { name: 'new' })).work);
});

test('a ClusterOverridePolicy that moves a release decides whose OverridePolicies count', () => {
  const moves = clusterOverriding('c', patch('replace', '/metadata/namespace', 'b'));
  const there = overriding('there', set(1));
  const elsewhere = { ...there, metadata: { name: 'there', namespace: 'b' } };
  const got = rendered(release(), moves, overriding('here', set(2)), elsewhere);
  assert.deepEqual(got.overrides, ['there']);
  assert.equal(valueAt(got, 'spec', 'a'), 1);
});

const image = (component: string, operator: string, value?: string, path?: string): JsonObject => ({
  imageOverrider: [
    {
      component,
      operator,
      ...(value === undefined ? {} : { value }),
      ...(path === undefined ? {} : { predicate: { path } }),
    },
  ],
});
const imageOf = (from: string, overriders: JsonObject): unknown =>
  valueAt(
    rendered(deployment(from), overriding('o', overriders)),
    ...['spec', 'template', 'spec', 'containers', '0', 'image'],
  );

test('an image overrider without a predicate does nothing to other kinds and is named all the same', () => {
  const containers = [{ name: 'main', image: 'nginx:1' }];
  const spec = { jobTemplate: { spec: { template: { spec: { containers } } } } };
  const jobs = object({ apiVersion: 'batch/v1', kind: 'CronJob' }, { spec });
  for (const template of [release({ image: 'nginx:1' }), jobs]) {
    const got = rendered(template, overriding('o', image('Tag', 'replace', '2')));
    assert.deepEqual(got.manifest, template);
    assert.deepEqual(got.overrides, ['o']);
  }
});

test('an image overrider whose predicate leads nowhere fails the cluster', () => {
  const path = '/spec/values/image/repository';
  const overriders = image('Registry', 'replace', 'r.io', path);
  const by = (values: JsonObject): Variant =>
    rendered(release({ values }), overriding('o', overriders));
  assert.match(by({}).error ?? '', /^failed to obtain imageValue with predicate path\(/);
  assert.match(by({ image: {} }).error ?? '', /failed to convert path\(repository\) to string$/);
  const got = by({ image: { repository: 'ghcr.io/a/b' } });
  assert.equal(valueAt(got, 'spec', 'values', 'image', 'repository'), 'r.io/a/b');
});

test('a digest beside a tag is lost', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  assert.equal(imageOf(`repo:1.2@${digest}`, image('Registry', 'add', '')), 'repo:1.2');
  assert.equal(
    imageOf(`repo:1.2@${digest}`, image('Registry', 'replace', 'r.io')),
    'r.io/repo:1.2',
  );
});

test('a tag that is neither tag nor digest changes nothing', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  assert.equal(imageOf('repo:1', image('Tag', 'replace', `@${digest}`)), 'repo:1');
  assert.equal(imageOf('repo:1', image('Tag', 'replace', 'v1+b')), 'repo:1');
  assert.equal(imageOf('repo:1', image('Tag', 'replace', digest)), `repo@${digest}`);
});

test('what is added to a registry is joined to it, and a registry has a dot or a colon', () => {
  assert.equal(
    imageOf('ghcr.io/a/b:1', image('Registry', 'add', '-mirror')),
    'ghcr.io-mirror/a/b:1',
  );
  assert.equal(imageOf('nginx:1', image('Registry', 'replace', 'r.io')), 'r.io/nginx:1');
  assert.equal(imageOf('library/nginx', image('Registry', 'remove')), 'library/nginx');
});

test('an image name in upper case fails the cluster', () => {
  assert.equal(
    imageOf('Nginx:1', image('Tag', 'replace', '2')),
    'failed to parse image value(Nginx:1), error: repository name must be lowercase',
  );
});

const onMain = (operator: string, ...value: readonly string[]): readonly JsonObject[] => [
  { containerName: 'main', operator, value },
];

test('init containers are left alone by all container overriders', () => {
  const initContainers = [{ name: 'main', image: 'init:1', args: ['a'], command: ['c'] }];
  const overriders = {
    ...image('Tag', 'replace', '2'),
    argsOverrider: onMain('add', 'b'),
    commandOverrider: onMain('add', 'd'),
  };
  const got = rendered(deployment('nginx:1', { initContainers }), overriding('o', overriders));
  assert.deepEqual(valueAt(got, 'spec', 'template', 'spec'), {
    containers: [{ name: 'main', image: 'nginx:2', args: ['b'], command: ['d'] }],
    initContainers,
  });
});

test('removing arguments where there are none leaves an empty list', () => {
  const got = rendered(
    deployment('nginx:1'),
    overriding('o', { argsOverrider: onMain('remove', 'x') }),
  );
  assert.deepEqual(valueAt(got, 'spec', 'template', 'spec', 'containers', '0', 'args'), []);
});

test('a kind of the name Job or Deployment in any group is treated as the native one', () => {
  const containers = [{ name: 'main', image: 'nginx:1' }];
  const spec = { ttlSecondsAfterFinished: 1, template: { spec: { containers } } };
  const volcano = object({ apiVersion: 'batch.volcano.sh/v1alpha1', kind: 'Job' }, { spec });
  const got = rendered(volcano, overriding('o', { commandOverrider: onMain('add', 'x') }));
  assert.deepEqual(got.manifest?.['spec'], {
    template: { spec: { containers: [{ name: 'main', image: 'nginx:1', command: ['x'] }] } },
  });
  const revision = { 'deployment.kubernetes.io/revision': '1' };
  const other = object(
    { ...deploymentType, apiVersion: 'example.com/v1' },
    {},
    { annotations: revision },
  );
  assert.equal(
    valueAt(rendered(other), 'metadata', 'annotations', ...Object.keys(revision)),
    undefined,
  );
});

const field = (type: 'json' | 'yaml', fieldPath: string, value: JsonValue): JsonObject => ({
  fieldOverrider: [{ fieldPath, [type]: [{ operator: 'replace', subPath: '/a', value }] }],
});
const configMap = (data: JsonObject): JsonObject =>
  object({ apiVersion: 'v1', kind: 'ConfigMap' }, { data });

test('a document in a Secret cannot be changed, for it is base64', () => {
  const secret = object({ apiVersion: 'v1', kind: 'Secret' }, { data: { x: btoa('{"a":1}') } });
  for (const type of ['json', 'yaml'] as const) {
    assert.notEqual(rendered(secret, overriding('o', field(type, '/data/x', 2))).error, undefined);
  }
});

test('changed JSON has its angle brackets escaped', () => {
  const got = rendered(
    configMap({ x: '{"b":"<", "a":1}' }),
    overriding('o', field('json', '/data/x', 2)),
  );
  assert.equal(valueAt(got, 'data', 'x'), '{"b":"\\u003c","a":2}');
});

test('changed YAML is sorted and loses comments and later documents', () => {
  const got = rendered(
    configMap({ x: '# top\nb: 1 # one\na: 1\n---\nc: 1\n' }),
    overriding('o', field('yaml', '/data/x', 2)),
  );
  assert.equal(valueAt(got, 'data', 'x'), 'a: 2\nb: 1\n');
});

const work = (template: JsonObject, conflictResolution?: string): JsonObject => {
  const got = rendered(template);
  const full = withBookkeeping(got.manifest ?? {}, {
    template,
    cluster: 'm1',
    work: got.work ?? '',
    conflictResolution,
  });
  return ((full['metadata'] as JsonObject)['annotations'] ?? {}) as JsonObject;
};

test('the annotation for conflicts is written small, the field of a policy with a capital', () => {
  const key = 'work.karmada.io/conflict-resolution';
  const by = (annotation: string, spec?: string): unknown =>
    work(release({}, { annotations: { [key]: annotation } }), spec)[key];
  assert.equal(by('Overwrite'), 'abort');
  assert.equal(by('Overwrite', 'Overwrite'), 'overwrite');
  assert.equal(by('overwrite'), 'overwrite');
  assert.equal(by('abort', 'Overwrite'), 'abort');
});

test("kubectl's annotation of what was applied reaches the member", () => {
  const key = 'kubectl.kubernetes.io/last-applied-configuration';
  const annotations = work(release({}, { annotations: { [key]: '{}' } }));
  assert.equal(annotations[key], '{}');
  const managed = annotations['resourcetemplate.karmada.io/managed-annotations'];
  assert(typeof managed === 'string' && managed.split(',').includes(key));
});

test('what is not claimed has no annotations for an override to add to', () => {
  const adds = overriding('o', patch('add', '/metadata/annotations/x', 'y'));
  assert.equal(
    rendered(release(), adds).error,
    'add operation does not apply: doc is missing path: "/metadata/annotations/x": missing value',
  );
});
