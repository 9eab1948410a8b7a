import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringMember } from '../../../../src/engine/index.ts';
import { fromLiveQuery } from '../../../../src/analysis/index.ts';
import type { LiveControlPlane } from '../../../../src/analysis/index.ts';
import {
  cluster,
  codesIn,
  controlPlane,
  over,
  policy,
  release,
  releaseKey,
} from './controlPlane.ts';

const draftRelease = (name: string, more = '', apiVersion = 'v2'): string => `
apiVersion: helm.toolkit.fluxcd.io/${apiVersion}
kind: HelmRelease
metadata:
  name: ${name}
  namespace: apps
spec:
  interval: 5m
  chart:
    spec: { chart: ${name}, version: 1.x, sourceRef: { kind: HelmRepository, name: charts } }
${more}`;

const draftPolicy = (clusters: string, more = ''): string => `
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: { name: all, namespace: apps }
spec:
  resourceSelectors:
    - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease }
    - { apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository }
  placement:
    clusterAffinity: { clusterNames: [${clusters}] }
${more}`;

const override = (value = '30m', name = 'shop'): string => `
apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata: { name: slow, namespace: apps }
spec:
  resourceSelectors:
    - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: ${name} }
  overrideRules:
    - targetCluster: { clusterNames: [member1] }
      overriders:
        plaintext: [{ path: /spec/interval, operator: replace, value: ${value} }]
`;

test('a draft keeps what was set by hand on the live object and is in no document', () => {
  const plane = controlPlane();
  const live = plane.objects.find(({ kind, metadata }) => {
    return kind === 'HelmRelease' && stringMember(metadata, 'name') === 'shop';
  });
  assert(live);
  const kept = new Map([
    [
      live,
      { metadata: { annotations: { note: 'seen' } }, spec: { interval: '1h', suspend: true } },
    ],
  ]);
  const files = { 'shop.yaml': draftRelease('shop') };
  const request = { template: releaseKey('shop'), side: 'cluster', cluster: 'member1' } as const;
  const text = over({ ...plane, kept }, files).previewText(request);
  assert.match(text, /note: seen/);
  assert.match(text, /suspend: true/);
  assert.match(text, /interval: 5m/);
  const workspace = over({ ...plane, kept }, files);
  workspace.setLive({ ...plane, kept: new Map() });
  assert.doesNotMatch(workspace.previewText(request), /suspend/);
});

test('a draft wins over the live object and keeps its claim', () => {
  const workspace = over(controlPlane(), { 'shop.yaml': draftRelease('shop') });
  const outcomes = workspace.preview().outcomes;
  assert.deepEqual(
    outcomes.map(({ template, policy: by, clusters }) => ({ template, by, clusters })),
    [
      {
        template: releaseKey('shop'),
        by: 'PropagationPolicy/apps/all',
        clusters: ['member1', 'member2'],
      },
    ],
  );
  const text = workspace.previewText({
    template: releaseKey('shop'),
    side: 'cluster',
    cluster: 'member1',
    bookkeeping: true,
  });
  assert.match(text, /interval: 5m/);
  assert.match(text, /propagationpolicy\.karmada\.io\/permanent-id: 6d5e8f0a/);
  assert.deepEqual(codesIn(workspace, 'shop.yaml'), []);
});

test('a claim that the live object carries counts before a better policy', () => {
  const urgent = draftPolicy('member3')
    .replace('name: all', 'name: urgent')
    .replace('spec:', 'spec:\n  priority: 9');
  const workspace = over(controlPlane(), {
    'shop.yaml': draftRelease('shop'),
    'urgent.yaml': urgent,
  });
  const shop = workspace.preview().outcomes.find(({ template }) => template === releaseKey('shop'));
  assert.equal(shop?.policy, 'PropagationPolicy/apps/all');
});

test('an override over live releases has a lens and previews; other live templates are not listed', () => {
  const workspace = over(controlPlane(), { 'slow.yaml': override() });
  const [lens] = workspace.lenses('slow.yaml');
  assert.equal(lens?.title, '1 release · 2 clusters · 1 changed');
  assert.deepEqual(lens?.templates, [releaseKey('shop')]);
  const [info, ...others] = workspace.templates();
  assert.deepEqual(others, []);
  assert.equal(info?.context, 'prod');
  const [, query = ''] = (info?.uri ?? '').split('?');
  assert.deepEqual(fromLiveQuery(decodeURIComponent(query)), {
    context: 'prod',
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    namespace: 'apps',
    name: 'shop',
  });
  const text = workspace.previewText({
    template: releaseKey('shop'),
    side: 'cluster',
    cluster: 'member1',
  });
  assert.match(text, /^# HelmRelease apps\/shop from prod for member1: overridden by slow\n/);
  assert.match(text, /interval: 30m/);
  assert.deepEqual(codesIn(workspace, 'slow.yaml'), []);
});

test('references resolve to live objects and lead there', () => {
  const documents = { 'new.yaml': draftRelease('new') };
  const workspace = over(controlPlane(), documents);
  assert.deepEqual(codesIn(workspace, 'new.yaml'), []);
  const [link] = workspace.documentLinks('new.yaml');
  assert.match(
    link?.target.uri ?? '',
    /^karmada-live:\/prod\/HelmRepository\/apps\/charts\.yaml\?/,
  );
  const text = documents['new.yaml'];
  const line = text.split('\n').findIndex((each) => each.includes('sourceRef'));
  const character = (text.split('\n')[line] ?? '').indexOf('charts }');
  const [definition] = workspace.definition('new.yaml', { line, character });
  assert.equal(definition?.uri, link?.target.uri);
});

test('a live source that does not go along is told on the draft', () => {
  const objects = [
    release('shop'),
    { ...controlPlane().objects[2], metadata: { name: 'charts', namespace: 'apps' } },
    {
      ...policy,
      spec: {
        ...(policy['spec'] as object),
        resourceSelectors: [{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' }],
      },
    },
  ];
  const workspace = over(controlPlane({ objects }), { 'new.yaml': draftRelease('new') });
  assert.deepEqual(codesIn(workspace, 'new.yaml'), ['source-not-propagated']);
});

test('nothing is said to be missing of kinds that could not be read', () => {
  const selects = draftPolicy('member1').replace(
    'kind: HelmRelease }',
    'kind: HelmRelease, name: shpo }',
  );
  const isTold = (unread: readonly string[], objects = controlPlane().objects): boolean =>
    codesIn(
      over(controlPlane({ objects, unread: new Set(unread) }), { 'pp.yaml': selects }),
      'pp.yaml',
    ).includes('selector-matches-nothing');
  assert.equal(isTold([]), true);
  assert.equal(isTold(['helm.toolkit.fluxcd.io/HelmRelease']), false);
});

test('names of clusters are judged by the live fleet, and no finding is on a live object', () => {
  const objects = [
    ...controlPlane().objects,
    {
      ...policy,
      metadata: { name: 'odd', namespace: 'apps' },
      spec: {
        ...(policy['spec'] as object),
        placement: { clusterAffinity: { clusterNames: ['nowhere'] } },
      },
    },
  ];
  const workspace = over(controlPlane({ objects }), { 'pp.yaml': draftPolicy('member3, member9') });
  assert.deepEqual(
    codesIn(workspace, 'pp.yaml').filter((code) => code === 'unknown-cluster'),
    ['unknown-cluster'],
  );
  assert.deepEqual([...new Set(workspace.preview().problems.map(({ uri }) => uri))], ['pp.yaml']);
});

test('the server says which versions count', () => {
  const served = new Map([
    ['helm.toolkit.fluxcd.io', ['v2', 'v2beta2']],
    ['source.toolkit.fluxcd.io', ['v1', 'v1beta2']],
  ]);
  const told = (version: string): readonly string[] => {
    const uri = 'new.yaml';
    const workspace = over(
      controlPlane({ served }),
      { [uri]: draftRelease('new', '', version) },
      { fluxVersion: '2.9' },
    );
    return workspace.diagnostics(uri).map(({ message }) => message);
  };
  assert.deepEqual(told('v2'), []);
  assert.deepEqual(told('v2beta2'), [
    'prod prefers v2, so Karmada works with helm.toolkit.fluxcd.io/v2 of this HelmRelease, and selectors that say v2beta2 propagate nothing. Use helm.toolkit.fluxcd.io/v2.',
  ]);
  assert.deepEqual(told('v2beta1'), [
    'prod serves v2 and v2beta2 of HelmRelease, so it refuses helm.toolkit.fluxcd.io/v2beta1. Use helm.toolkit.fluxcd.io/v2.',
  ]);
});

test('discovery by kind counts to the letter', () => {
  const kinds = new Map([['helm.toolkit.fluxcd.io/HelmRelease', ['v2']]]);
  const served = new Map([['helm.toolkit.fluxcd.io', ['v2', 'v2beta2']]]);
  const workspace = over(controlPlane({ served, kinds }), {
    'new.yaml': draftRelease('new', '', 'v2beta2'),
  });
  assert.deepEqual(codesIn(workspace, 'new.yaml'), ['api-version-removed']);
});

test('discovery tells which kinds live in a namespace, and a definition in a document tells it better', () => {
  const scopes = new Map([
    ['a.io/Wide', false],
    ['a.io/ClusterSet', true],
    ['a.io/Moved', true],
  ]);
  const object = (kind: string) => `apiVersion: a.io/v1\nkind: ${kind}\nmetadata: {name: x}\n`;
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: moveds.a.io}
spec: {group: a.io, scope: Cluster, names: {kind: Moved}}
`;
  const text = [...scopes.keys()].map((name) => object(name.slice(5))).join('---\n');
  const namespaces = (live: LiveControlPlane | undefined) =>
    over(live, { 'a.yaml': `${text}---\n${definition}` })
      .pushSources(['a.yaml'])
      .map(({ reference }) => reference.namespace);
  assert.deepEqual(namespaces(controlPlane({ scopes })), ['', 'default', '', '']);
  assert.deepEqual(namespaces(undefined), ['default', '', '', '']);
});

test('clusters gained and lost by an edit', () => {
  const workspace = over(controlPlane(), { 'pp.yaml': draftPolicy('member1, member3') });
  const [lens] = workspace.lenses('pp.yaml');
  assert.equal(lens?.title, '3 objects · 2 clusters · + member3 · − member2');
  const entries = workspace.entries(releaseKey('shop'));
  assert.deepEqual(
    entries.map(({ state, clusters, detail }) => [state, clusters.join(), detail]),
    [
      ['lost', 'member2', 'Its release is uninstalled.'],
      ['unchanged', 'member1,member3', 'As the template. New on member3.'],
    ],
  );
  const lost = { template: releaseKey('shop'), cluster: 'member2', group: entries[0]?.group ?? '' };
  const before = workspace.previewText({ ...lost, side: 'template' });
  assert.match(
    before,
    /\n# Compared with prod: \+ member3 · − member2: its release is uninstalled\.\n/,
  );
  assert.match(before, /\nkind: HelmRelease\n/);
  assert.doesNotMatch(workspace.previewText({ ...lost, side: 'cluster' }), /^kind:/m);
});

test('a policy that preserves resources leaves them where they are', () => {
  const workspace = over(controlPlane(), {
    'pp.yaml': draftPolicy('member1', '  preserveResourcesOnDeletion: true\n'),
  });
  const [lost] = workspace.entries(releaseKey('shop'));
  assert.equal(lost?.detail, 'Its release stays there, for the policy preserves resources.');
});

test('a policy that begins or ends to preserve resources by the write that moves them may do either', () => {
  const fateWith = (preserves: boolean, more: string): string | undefined => {
    const previous = new Map([
      [releaseKey('shop'), { clusters: [{ name: 'member1' }, { name: 'member2' }], preserves }],
    ]);
    const draft = { 'pp.yaml': draftPolicy('member1', more) };
    const [lost] = over(controlPlane({ previous }), draft).entries(releaseKey('shop'));
    return lost?.detail;
  };
  const either =
    'Its release may stay there or be uninstalled: preserveResourcesOnDeletion changes by the same write.';
  const preserving = '  preserveResourcesOnDeletion: true\n';
  assert.equal(fateWith(false, preserving), either);
  assert.equal(fateWith(true, ''), either);
  assert.match(fateWith(true, preserving) ?? '', /stays there, for the policy preserves/);
  assert.equal(fateWith(false, ''), 'Its release is uninstalled.');
});

test('a present placement is kept where Karmada keeps it', () => {
  const tainted = cluster('member2', { taints: [{ key: 'gone', effect: 'NoSchedule' }] });
  const clusters = [cluster('member1'), tainted, cluster('member3')];
  const text = { 'shop.yaml': draftRelease('shop') };
  const outcome = (live = controlPlane({ clusters })): readonly string[] | undefined =>
    over(live, text).preview().outcomes[0]?.clusters;
  assert.deepEqual(outcome(), ['member1', 'member2']);
  assert.deepEqual(outcome(controlPlane({ clusters, previous: new Map() })), ['member1']);
});

test('what a policy lets go stays where it is', () => {
  const sources = draftPolicy('member1').replace(/.*HelmRelease.*\n/, '');
  const workspace = over(controlPlane(), { 'pp.yaml': sources });
  const [entry] = workspace.entries(releaseKey('shop'));
  assert.equal(entry?.state, 'unclaimed');
  const text = workspace.previewText({
    template: releaseKey('shop'),
    side: 'cluster',
    cluster: '',
  });
  assert.match(text, /\n# It stays where it is now: member1 and member2\.\n/);
});

const own = `
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: { name: own, namespace: apps }
spec:
  resourceSelectors:
    - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  placement:
    clusterAffinity: { clusterNames: [member1, member3] }
`;

test('what a policy lets go another one takes', () => {
  const sources = draftPolicy('member1').replace(/.*HelmRelease.*\n/, '');
  const shop = { 'shop.yaml': draftRelease('shop') };
  for (const drafts of [{}, shop]) {
    const workspace = over(controlPlane(), { 'pp.yaml': sources, 'own.yaml': own, ...drafts });
    assert.deepEqual(
      workspace
        .entries(releaseKey('shop'))
        .map(({ state, clusters }) => [state, clusters.join()])
        .slice(0, 2),
      [
        ['lost', 'member2'],
        ['unchanged', 'member1,member3'],
      ],
    );
    const [blog] = workspace.entries(releaseKey('blog'));
    assert.equal(blog?.state, 'unclaimed');
  }
});

test('what its own labels take from its policy keeps the claim', () => {
  const gold = 'labelSelector: { matchLabels: { tier: gold } }';
  const selectors = [
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      namespace: 'apps',
      labelSelector: { matchLabels: { tier: 'gold' } },
    },
  ];
  const plane = controlPlane();
  const objects = plane.objects.map((object) =>
    object === policy
      ? { ...policy, spec: { ...(policy['spec'] as object), resourceSelectors: selectors } }
      : object,
  );
  const pp = draftPolicy('member1')
    .replace(/.*HelmRepository.*\n/, '')
    .replace('HelmRelease }', `HelmRelease, ${gold} }`);
  const text = draftRelease('shop').replace(
    'name: shop\n',
    'name: shop\n  labels: { tier: low }\n',
  );
  const workspace = over({ ...plane, objects }, { 'pp.yaml': pp, 'own.yaml': own, 'a.yaml': text });
  const [entry] = workspace.entries(releaseKey('shop'));
  assert.equal(entry?.state, 'unclaimed');
});

test('a binding of an older version is found', () => {
  const clusters = ['member1', 'member3'].map((name) => ({ name }));
  const previous = new Map([
    ['helm.toolkit.fluxcd.io/v2beta1/HelmRelease/apps/shop', { clusters }],
  ]);
  const workspace = over(controlPlane({ previous }), { 'shop.yaml': draftRelease('shop') });
  assert.equal(workspace.lenses('shop.yaml')[0]?.title, '2 clusters · + member2 · − member3');
});

test('previews say what comes from where', () => {
  const workspace = over(controlPlane(), { 'slow.yaml': override() });
  assert.deepEqual(workspace.preview().assumptions, [
    'Karmada 1.18.2 on prod, default feature gates, skips kube-.*, from the present placements.',
    'Flux 2.9, the newest that fits what prod serves.',
    '3 clusters from prod. 1 of 2 policies from prod, the rest from files.',
  ]);
  assert.equal(workspace.versions().context, 'prod');
});

test('a Karmada that is not modelled is named with the fields in doubt', () => {
  const assumed = (karmadaVersion: string): string =>
    over(controlPlane({ karmadaVersion }), {}).preview().assumptions[0] ?? '';
  assert.match(
    assumed('1.16.2'),
    /^Karmada 1\.16\.2 on prod is not modelled; .* It does not have placement\.workloadAffinity, placement\.clusterAffinities\[\]\.overflowAffinities\.$/,
  );
  assert.match(assumed('1.19.0'), /In doubt: fields newer than 1\.18/);
  assert.match(assumed(''), /^Karmada 1\.18, for prod does not tell its version,/);
});

test('a refused draft leaves the live policy in force', () => {
  const refused = draftPolicy('member3').replace('placement:', 'placemnt:');
  const workspace = over(controlPlane(), { 'pp.yaml': refused, 'shop.yaml': draftRelease('shop') });
  assert.deepEqual(workspace.preview().outcomes[0]?.clusters, ['member1', 'member2']);
});

test('live objects cannot be renamed', () => {
  const text = draftRelease('new');
  const workspace = over(controlPlane(), { 'new.yaml': text });
  const line = text.split('\n').findIndex((each) => each.includes('sourceRef'));
  const character = (text.split('\n')[line] ?? '').indexOf('charts }');
  const answer = workspace.rename('new.yaml', { line, character }, 'other');
  assert.deepEqual(answer, {
    reason: 'HelmRepository apps/charts is on prod and in no document here.',
  });
});
