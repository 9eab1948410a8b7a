import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  memberAt,
  stringMember,
  withoutMember,
  type JsonObject,
} from '../../../src/engine/index.ts';
import {
  createClustersTree,
  createReleasesTree,
  defaultViewOptions,
  KubeError,
  savedFleet,
  type Tree,
} from '../../../src/live/index.ts';
import { printYaml } from '../../../src/yaml/index.ts';
import { chainOf, pathOf, referenceOf, type Chain } from '../../support/chain.ts';
import { recordedObjects } from '../../support/releasesFixture.ts';

const recorded = recordedObjects();
const podinfo = find('HelmRelease', 'podinfo');
const binding = find('ResourceBinding', 'podinfo-helmrelease');
const work = find('Work', 'podinfo-6876d57447');

function find(kind: string, name: string): JsonObject {
  const found = recorded.find(
    (object) => object['kind'] === kind && memberAt(object, 'metadata', 'name') === name,
  );
  assert.ok(found, `${kind} ${name}`);
  return found;
}

/** An object with other metadata and other members. */
function like(object: JsonObject, metadata: JsonObject, more: JsonObject = {}): JsonObject {
  return { ...object, ...more, metadata: { ...(object['metadata'] as JsonObject), ...metadata } };
}

/** A binding of another template, to the clusters given. */
function bindingOf(template: JsonObject, clusters: readonly string[]): JsonObject {
  const { namespace, ...reference } = referenceOf(template);
  const uid = stringMember(memberAt(template, 'metadata'), 'uid');
  const resource = { ...reference, ...(namespace === '' ? {} : { namespace }), uid };
  const name = `${reference.name}-${reference.kind.toLowerCase()}`;
  const spec = { ...(binding['spec'] as JsonObject), resource };
  const made = like(
    binding,
    { name, uid: `binding of ${reference.kind} ${namespace} ${reference.name}`, namespace },
    {
      spec: { ...spec, clusters: clusters.map((cluster) => ({ name: cluster })) },
      status: {
        conditions: [{ type: 'Scheduled', status: 'True', reason: 'Success', message: '' }],
        schedulerObservedGeneration: 2,
      },
    },
  );
  if (namespace !== '') return made;
  const metadata = withoutMember(made['metadata'] as JsonObject, 'namespace');
  return { ...made, kind: 'ClusterResourceBinding', metadata };
}

/** The manifest that a user would have written for an object. */
function manifest(object: JsonObject, spec?: JsonObject): string {
  const { namespace, name } = referenceOf(object);
  const metadata = { name, ...(namespace === '' ? {} : { namespace }) };
  const { apiVersion = '', kind = '' } = object;
  return printYaml({ apiVersion, kind, metadata, spec: spec ?? object['spec'] ?? {} });
}

/** Every line of a tree with its tooltip. */
function told(tree: Tree): readonly string[] {
  const lines: string[] = [];
  const walk = (nodes: ReturnType<Tree['roots']>): void => {
    for (const node of nodes) {
      lines.push(`${node.label} ${node.description} ${tree.tooltip(node.id)}`);
      walk(tree.children(node.id));
    }
  };
  walk(tree.roots());
  return lines;
}

function trees({ model }: Chain): readonly string[] {
  const input = { model, options: defaultViewOptions, now: Date.parse('2026-11-23T02:00:00Z') };
  return [...told(createClustersTree(input)), ...told(createReleasesTree(input))];
}

test('what Karmada wrote comes out as releases, explanations and a ground for drafts', async (context) => {
  const chain = await chainOf(context, recorded);
  assert.equal(chain.session.state.type, 'live');
  const release = chain.model.releases.get('HelmRelease/apps/podinfo');
  assert.deepEqual([...(release?.states.keys() ?? [])].sort(), ['member1', 'member2']);
  assert.match(chain.explainText(referenceOf(podinfo)), /PropagationPolicy apps\/everything/);
  const workspace = chain.over({ 'file:///podinfo.yaml': manifest(podinfo) });
  const codes = workspace.diagnostics('file:///podinfo.yaml').map(({ code }) => code);
  assert.deepEqual(codes, []);
  const [template] = workspace.templates();
  assert.ok(template);
  const sides = workspace.entries(template.key).flatMap(({ clusters }) => clusters);
  assert.deepEqual([...sides].sort(), ['member1', 'member2', 'member3']);
});

test('kinds of two groups that share a name are two things', async (context) => {
  const chart = like(
    find('HelmRepository', 'podinfo'),
    { name: 'chart', uid: 'flux chart' },
    { kind: 'HelmChart' },
  );
  const foreign = {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChart',
    metadata: { name: 'chart', namespace: 'apps', uid: 'foreign chart' },
  };
  const foreignBinding = bindingOf(foreign, ['member1', 'member2']);
  const event = like(find('Event', 'podinfo.18ea86ecd3db5797'), { name: 'chart.1', uid: 'e' });
  const about = { ...referenceOf(foreign), uid: 'foreign chart' };
  const chain = await chainOf(context, [
    ...recorded,
    chart,
    foreignBinding,
    { ...event, involvedObject: about, message: 'The other chart fails.' },
  ]);
  assert.equal(chain.model.releases.get('HelmChart/apps/chart')?.states.size, 0);
  assert.equal(chain.model.releases.get('HelmChart/apps/chart')?.binding, undefined);
  const text = chain.explainText(referenceOf(chart));
  assert.doesNotMatch(text, /member1: |The other chart fails/);
  assert.match(text, /3 nothing sent/);
  // Karmada names a binding by name and kind alone, so the two share one: it is whose it says that it is.
  const clusters = (): readonly string[] => [
    ...(chain.model.releases.get('HelmChart/apps/chart')?.states.keys() ?? []),
  ];
  await chain.put(bindingOf(chart, ['member2']));
  assert.deepEqual(clusters(), ['member2']);
  await chain.put(bindingOf(foreign, ['member3']));
  assert.deepEqual(clusters(), []);
});

test('a cluster-scoped template goes its way beside a namesake with a namespace', async (context) => {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'podinfo', uid: 'namespace podinfo' },
  };
  const of = bindingOf(namespace, ['member3']);
  // The name of a ResourceBinding that is there.
  const clusterWide = like(of, { name: 'podinfo-helmrelease' });
  const annotations = { 'clusterresourcebinding.karmada.io/name': 'podinfo-helmrelease' };
  const toMember3 = like(
    work,
    { name: 'podinfo-ns', namespace: 'karmada-es-member3', uid: 'work ns', annotations },
    {
      spec: { workload: { manifests: [namespace] } },
      status: { conditions: [{ type: 'Applied', status: 'True' }] },
    },
  );
  const chain = await chainOf(context, [...recorded, namespace, clusterWide, toMember3]);
  const why = chain.explain(referenceOf(namespace), 'member3');
  assert.deepEqual(why.hops.map(({ step, state }) => [step, state]).slice(2), [
    ['Binding', 'ok'],
    ['Work', 'ok'],
    ['Member', 'ok'],
  ]);
  const release = chain.model.releases.get('HelmRelease/apps/podinfo');
  assert.deepEqual([...(release?.states.keys() ?? [])].sort(), ['member1', 'member2']);
  assert.deepEqual(chain.live()?.previous.get('v1/Namespace//podinfo')?.clusters, [
    { name: 'member3' },
  ]);
});

test('a binding that was made for an older version still says where its template is', async (context) => {
  const old = 'helm.toolkit.fluxcd.io/v2beta2';
  const resource = { ...(memberAt(binding, 'spec', 'resource') as JsonObject), apiVersion: old };
  const spec = { ...(binding['spec'] as JsonObject), resource };
  const chain = await chainOf(context, [...recorded, { ...binding, spec }]);
  const release = chain.model.releases.get('HelmRelease/apps/podinfo');
  assert.equal(release?.reference.apiVersion, 'helm.toolkit.fluxcd.io/v2');
  assert.deepEqual([...(release?.states.keys() ?? [])].sort(), ['member1', 'member2']);
  const why = chain.explain(referenceOf(podinfo), 'member1');
  assert.ok(why.hops.every(({ state }) => state !== 'missing'));
  const workspace = chain.over({ 'file:///podinfo.yaml': manifest(podinfo) });
  const said = JSON.stringify([workspace.preview(), workspace.lenses('file:///podinfo.yaml')]);
  assert.doesNotMatch(said, /gain|lose|lost/i);
});

const leak = /hunter2|aHVudGVyMg/;
const secret: JsonObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'values',
    namespace: 'apps',
    uid: 'secret values',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration':
        '{"stringData":{"values.yaml":"hunter2"}}',
    },
  },
  type: 'Opaque',
  data: { 'values.yaml': 'aHVudGVyMg==' },
};

test('no value of a Secret gets into anything that is shown, kept or written', async (context) => {
  const name = 'values-secret';
  const metadata = { namespace: 'karmada-es-member1', uid: 'work secret' };
  const annotations = {
    'resourcebinding.karmada.io/name': name,
    'resourcebinding.karmada.io/namespace': 'apps',
  };
  const message = `replace operation does not apply: path is missing in '{"data":{"k":"hunter2"}}'`;
  const failed = (kind: string, about: string, uid: string): JsonObject =>
    like(
      find('Event', 'podinfo.18ea86ecd3db5797'),
      { name: `${about}.${uid}`, uid: `event ${uid}` },
      {
        ...{ type: 'Warning', reason: 'SyncWorkFailed', message },
        involvedObject: { kind, namespace: 'apps', name: about, uid },
      },
    );
  const chain = await chainOf(context, [
    ...recorded,
    secret,
    bindingOf(secret, ['member1']),
    like(
      work,
      { ...metadata, name: 'values-1', annotations },
      {
        spec: { workload: { manifests: [secret] } },
        status: {},
      },
    ),
    failed('Secret', 'values', 'secret values'),
    failed('ResourceBinding', name, 'binding of Secret apps values'),
  ]);
  const workspace = chain.over({ 'file:///podinfo.yaml': manifest(podinfo) });
  const rows = (['clusters', 'bindings', 'works', 'objects', 'events'] as const).map((list) => [
    ...chain.model.rows(list).values(),
  ]);
  const all = [
    ...rows,
    trees(chain),
    [undefined, 'member1', 'member3'].map((on) => chain.explainText(referenceOf(secret), on)),
    workspace.preview(),
    workspace.templates().map(({ key }) => workspace.entries(key)),
    savedFleet([...chain.model.clusters.values()].map(({ object }) => object)),
    { live: chain.live() },
  ].map((part) => JSON.stringify(part));
  assert.ok(all.join().includes('path is missing in'));
  for (const part of all) assert.doesNotMatch(part, leak);
});

const withValues = (kind: string): string =>
  manifest(podinfo, {
    ...(podinfo['spec'] as JsonObject),
    valuesFrom: [{ kind, name: 'values', valuesKey: 'other.yaml' }],
  });

const configMap = { ...withoutMember(secret, 'type'), kind: 'ConfigMap' };

/** What is said of a release that takes values from a key of an object. */
function codesOf(chain: Chain, kind: string): readonly string[] {
  const uri = 'file:///podinfo.yaml';
  return chain
    .over({ [uri]: withValues(kind) })
    .diagnostics(uri)
    .map(({ code }) => code);
}

test('what may not be read is not said to be missing', async (context) => {
  const chain = await chainOf(context, recorded, (plane) => {
    const error = new KubeError('forbidden', 'Not for you.', { status: 403 });
    for (const kind of [secret, configMap]) plane.failures.set(pathOf(plane, kind), error);
  });
  for (const kind of ['Secret', 'ConfigMap']) assert.deepEqual(codesOf(chain, kind), []);
  assert.deepEqual(
    ['/Secret', '/ConfigMap', 'work.karmada.io/ResourceBinding'].map((kind) =>
      chain.live()?.unread.has(kind),
    ),
    [true, true, false],
  );
});

test('bindings that may not be read are missed in words, and nothing seems to move', async (context) => {
  const chain = await chainOf(context, recorded, (plane) => {
    const error = new KubeError('forbidden', 'Not for you.', { status: 403 });
    plane.failures.set(pathOf(plane, binding), error);
  });
  const uri = 'file:///podinfo.yaml';
  const workspace = chain.over({ [uri]: manifest(podinfo) });
  const said = workspace.preview().assumptions.join(' ');
  assert.match(said, /Bindings could not all be read there/);
  assert.doesNotMatch(JSON.stringify(workspace.lenses(uri)), /gain|lose|lost/i);
  assert.match(chain.explainText(referenceOf(podinfo)), /There is no ResourceBinding|nothing sent/);
});

test('what is read without its values is not said to lack a key', async (context) => {
  const selector = { apiVersion: 'v1', kind: 'Secret', namespace: 'apps' };
  const everything = find('PropagationPolicy', 'everything');
  const selectors = memberAt(everything, 'spec', 'resourceSelectors') as JsonObject[];
  const spec = {
    ...(everything['spec'] as JsonObject),
    resourceSelectors: [...selectors, selector, { ...selector, kind: 'ConfigMap' }],
  };
  const others = recorded.filter((object) => object !== everything);
  const objects = [...others, { ...everything, spec }, secret, configMap];
  const chain = await chainOf(context, objects);
  for (const kind of ['Secret', 'ConfigMap']) assert.deepEqual(codesOf(chain, kind), []);
  assert.equal(chain.live()?.unread.has('/Secret'), false);
});

test('an object made anew is not blamed for its namesake, and names of any kind are only names', async (context) => {
  const of = (name: string): readonly JsonObject[] => {
    const release = like(podinfo, { name, uid: `new ${name}` });
    const old = like(
      find('Event', 'podinfo.18ea86ecd3db5797'),
      { name: `${name}.old`, uid: `old ${name}` },
      {
        ...{ type: 'Warning', reason: 'ApplyPolicyFailed', message: 'of the old one' },
        involvedObject: { ...referenceOf(release), uid: `old ${name}` },
      },
    );
    return [release, bindingOf(release, ['member1', '__proto__']), old];
  };
  const names = ['__proto__', 'constructor', 'toString'];
  const member = like(find('Cluster', 'member1'), {
    name: '__proto__',
    labels: JSON.parse('{"__proto__":"a","constructor":"b"}') as JsonObject,
  });
  const chain = await chainOf(context, [...recorded, member, ...names.flatMap(of)]);
  for (const name of names) {
    const release = chain.model.releases.get(`HelmRelease/apps/${name}`);
    assert.deepEqual([...(release?.states.keys() ?? [])].sort(), ['__proto__', 'member1']);
    const reference = { ...referenceOf(podinfo), name };
    assert.doesNotMatch(chain.explainText(reference), /of the old one/);
  }
  const text = trees(chain).join('\n');
  for (const name of names) assert.ok(text.includes(name), name);
  assert.match(JSON.stringify(chain.live()?.clusters), /"__proto__":"a"/);
  assert.equal(Object.hasOwn(Object.prototype, 'a'), false);
});

test('a kind that is served in another version is read anew, and nothing of the old reading stays', async (context) => {
  const group = 'helm.toolkit.fluxcd.io';
  const [old, now] = [`${group}/v2beta2`, `${group}/v2`];
  const releases = ['helmreleases:HelmRelease'];
  const before = recorded.map((object) =>
    object['kind'] === 'HelmRelease' ? { ...object, apiVersion: old } : object,
  );
  const chain = await chainOf(context, before, (plane) => {
    plane.served = { ...plane.served, [group]: { v2beta2: releases } };
  });
  const { plane, model } = chain;
  const document = { 'file:///podinfo.yaml': manifest(podinfo) };
  const reference = () => model.releases.get('HelmRelease/apps/podinfo')?.reference;
  assert.equal(reference()?.apiVersion, old);
  plane.served = { ...plane.served, [group]: { v2: releases, v2beta2: releases } };
  plane.put(pathOf(plane, podinfo), podinfo);
  chain.session.retry();
  await chain.advance(5_000);
  await chain.advance(5_000);
  assert.equal(reference()?.apiVersion, now);
  // What the new reading does not have is gone; of what only a binding speaks, that one tells the version.
  assert.equal(model.objects.has('HelmRelease/apps/nofit'), false);
  assert.deepEqual(chain.live()?.kinds?.get(`${group}/HelmRelease`), ['v2', 'v2beta2']);
  const workspace = chain.over(document);
  assert.deepEqual(
    workspace.templates().map((template) => template.apiVersion),
    [now],
  );
  assert.deepEqual(
    [...(chain.live()?.previous.keys() ?? [])].filter((key) => key.endsWith('apps/podinfo')).length,
    2,
  );
});
