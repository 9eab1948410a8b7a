import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applyClaim } from '../../../../src/engine/selection/applyClaim.ts';
import {
  claimTemplate,
  indexPolicies,
  type ClaimOptions,
} from '../../../../src/engine/selection/claim.ts';
import { claimCandidates } from '../../../../src/engine/selection/claimCandidates.ts';
import { compileSkips } from '../../../../src/engine/selection/skipped.ts';
import { storedPolicy, type StoredPolicy } from '../../../../src/engine/selection/storedPolicy.ts';
import type { JsonObject } from '../../../../src/engine/types.ts';

const typed = { apiVersion: 'v1', kind: 'ConfigMap' };
const template: JsonObject = { ...typed, metadata: { name: 'web', namespace: 'apps' } };

function policy(
  kind: string,
  name: string,
  spec: JsonObject = {},
  metadata: JsonObject = {},
): StoredPolicy {
  const isNamespaced = !kind.startsWith('Cluster');
  const stored = storedPolicy({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind,
    metadata: { name, ...(isNamespaced ? { namespace: 'apps' } : {}), ...metadata },
    spec: { resourceSelectors: [typed], ...spec },
  });
  assert.ok(stored);
  return stored;
}

const pp = (name: string, spec?: JsonObject, metadata?: JsonObject): StoredPolicy =>
  policy('PropagationPolicy', name, spec, metadata);
const cpp = (name: string, spec?: JsonObject, metadata?: JsonObject): StoredPolicy =>
  policy('ClusterPropagationPolicy', name, spec, metadata);
const named = { resourceSelectors: [{ ...typed, name: 'web' }] };
const labelled = { resourceSelectors: [{ ...typed, labelSelector: {} }] };

function claimOf(
  policies: StoredPolicy[],
  object: JsonObject = template,
  options: ClaimOptions = {},
): string {
  const claim = claimTemplate(object, indexPolicies(policies), compileSkips(), options);
  switch (claim.type) {
    case 'claimed':
      return claim.policy.id;
    case 'waiting':
      return `waiting for ${claim.missing.join()}`;
    case 'unclaimed':
      return 'unclaimed';
    default:
      return claim.reason;
  }
}

test('prefers priority, then the stronger match, then the earlier name', () => {
  assert.equal(claimOf([pp('b', named), pp('a', { priority: 1 })]), 'PropagationPolicy/apps/a');
  assert.equal(claimOf([pp('a'), pp('b', named), pp('c', labelled)]), 'PropagationPolicy/apps/b');
  assert.equal(claimOf([pp('a'), pp('c', labelled)]), 'PropagationPolicy/apps/c');
  assert.equal(claimOf([pp('b'), pp('a'), pp('c')]), 'PropagationPolicy/apps/a');
  assert.equal(claimOf([pp('a', { priority: -1 }), pp('b')]), 'PropagationPolicy/apps/b');
});

test('prefers any policy of the namespace to a cluster-scoped one', () => {
  assert.equal(claimOf([cpp('c', { priority: 100 }), pp('p')]), 'PropagationPolicy/apps/p');
  assert.equal(claimOf([cpp('c')]), 'ClusterPropagationPolicy/c');
  assert.equal(
    claimOf([cpp('c'), pp('p', {}, { namespace: 'other' })]),
    'ClusterPropagationPolicy/c',
  );
});

test('leaves cluster-scoped templates to cluster-scoped policies', () => {
  const object = { ...typed, metadata: { name: 'web' } };
  assert.equal(claimOf([pp('p'), cpp('c')], object), 'ClusterPropagationPolicy/c');
  assert.equal(claimOf([pp('p')], object), 'unclaimed');
});

test('passes over policies that are being deleted', () => {
  const deleting = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  assert.equal(claimOf([pp('a', {}, deleting), pp('b')]), 'PropagationPolicy/apps/b');
});

test('waits for the overrides that a policy depends on', () => {
  const spec = { dependentOverrides: ['one', 'two'] };
  const one = policy('OverridePolicy', 'one');
  const two = policy('OverridePolicy', 'two');
  assert.equal(claimOf([pp('p', spec), one]), 'waiting for two');
  assert.equal(claimOf([pp('p', spec), one, two]), 'PropagationPolicy/apps/p');
  assert.equal(claimOf([cpp('c', spec), one, two]), 'waiting for one,two');
});

function claimedTemplate(name: string): JsonObject {
  return {
    ...typed,
    metadata: {
      name: 'web',
      namespace: 'apps',
      labels: { 'propagationpolicy.karmada.io/permanent-id': 'id' },
      annotations: {
        'propagationpolicy.karmada.io/namespace': 'apps',
        'propagationpolicy.karmada.io/name': name,
      },
    },
  };
}

test('keeps an existing claim', () => {
  const old = claimedTemplate('old');
  const better = pp('a', { priority: 5 });
  assert.equal(claimOf([better, pp('old')], old), 'PropagationPolicy/apps/old');
  assert.equal(claimOf([better], old), 'policy-not-found');
  const other = { resourceSelectors: [{ ...typed, kind: 'Secret' }] };
  assert.equal(claimOf([better, pp('old', other)], old), 'selectors-no-longer-match');
});

test('lets a policy preempt another only behind the feature gate and with a higher priority', () => {
  const old = claimedTemplate('old');
  const spec = { ...named, preemption: 'Always' };
  const preempts = { preempts: true };
  const higher = [pp('old'), pp('new', { ...spec, priority: 1 })];
  assert.equal(claimOf(higher, old), 'PropagationPolicy/apps/old');
  assert.equal(claimOf(higher, old, preempts), 'PropagationPolicy/apps/new');
  assert.equal(claimOf([pp('old'), pp('new', spec)], old, preempts), 'PropagationPolicy/apps/old');
  assert.equal(
    claimOf([pp('old'), pp('new', { ...named, priority: 1 })], old, preempts),
    'PropagationPolicy/apps/old',
  );
  const metadata = {
    name: 'web',
    namespace: 'apps',
    labels: { 'clusterpropagationpolicy.karmada.io/permanent-id': 'id' },
    annotations: { 'clusterpropagationpolicy.karmada.io/name': 'old' },
  };
  const byCluster = [cpp('old', { priority: 9 }), pp('new', spec)];
  assert.equal(claimOf(byCluster, { ...typed, metadata }, preempts), 'PropagationPolicy/apps/new');
  assert.equal(
    claimOf([pp('old'), cpp('new', { ...spec, priority: 9 })], old, preempts),
    'PropagationPolicy/apps/old',
  );
});

test('skips what the detector never looks at', () => {
  const skip = (object: JsonObject, options = {}): string | undefined =>
    compileSkips(options)({ ...template, ...object });
  const inNamespace = (namespace: string): JsonObject => ({ metadata: { name: 'web', namespace } });
  assert.equal(skip({}), undefined);
  assert.equal(skip(inNamespace('default')), undefined);
  assert.equal(skip(inNamespace('kube-flux')), 'skipped-namespace');
  assert.equal(skip(inNamespace('my-kube-flux')), undefined);
  assert.equal(skip(inNamespace('karmada-es-m1')), 'reserved-namespace');
  assert.equal(skip({ kind: 'Namespace', metadata: { name: 'kube-system' } }), undefined);
  assert.equal(skip({ kind: 'Event' }), 'skipped-api');
  assert.equal(skip({ apiVersion: 'work.karmada.io/v1alpha1' }), 'skipped-api');
  assert.equal(skip({ apiVersion: 'work.example.com/v1alpha1' }), undefined);
  assert.equal(skip({}, { skippedApis: 'apps;v1/Secret,ConfigMap' }), 'skipped-api');
  assert.equal(skip({ apiVersion: 'a/v1' }, { skippedApis: 'a/v1/Other' }), undefined);
  assert.equal(skip({ apiVersion: 'a/v1' }, { skippedApis: 'a/v1' }), 'skipped-api');
  assert.equal(skip({}, { skippedNamespaces: ['ap', '('] }), undefined);
  assert.equal(skip({}, { skippedNamespaces: ['ap.*'] }), 'skipped-namespace');
});

test('says why every other policy does not claim', () => {
  const policies = [
    pp('best', { ...named, priority: 1 }),
    pp('low', named),
    pp('weak', { priority: 1 }),
    pp('later', { ...named, priority: 1 }),
    pp('misses', { resourceSelectors: [{ ...typed, name: 'no' }] }),
    pp('elsewhere', {}, { namespace: 'other' }),
    cpp('cluster', { priority: 9 }),
    policy('OverridePolicy', 'override'),
  ];
  const claim = claimTemplate(template, indexPolicies(policies), compileSkips());
  const codes = claimCandidates(template, policies, claim).map((at) => [at.policy.name, at.code]);
  assert.deepEqual(Object.fromEntries(codes), {
    best: 'claims',
    low: 'lower-priority',
    weak: 'weaker-match',
    later: 'later-name',
    misses: 'no-match',
    elsewhere: 'other-namespace',
    cluster: 'namespaced-policy-wins',
  });
});

test('writes the claim on a template and makes both maps exist', () => {
  const labels = { 'propagationpolicy.karmada.io/permanent-id': 'id' };
  assert.deepEqual(applyClaim(template, pp('p', {}, { labels }))['metadata'], {
    name: 'web',
    namespace: 'apps',
    labels,
    annotations: {
      'propagationpolicy.karmada.io/namespace': 'apps',
      'propagationpolicy.karmada.io/name': 'p',
    },
  });
});

test('replaces the claim of another policy and loses maps that are not of strings', () => {
  const object = {
    ...typed,
    metadata: {
      name: 'web',
      labels: { a: 1, b: 'x' },
      annotations: { keep: null, 'propagationpolicy.karmada.io/name': 'old' },
    },
  };
  const { labels, annotations } = applyClaim(object, cpp('c'))['metadata'] as JsonObject;
  assert.deepEqual(labels, { 'clusterpropagationpolicy.karmada.io/permanent-id': '' });
  assert.deepEqual(annotations, { keep: '', 'clusterpropagationpolicy.karmada.io/name': 'c' });
});

test('claims as a sort of all matching policies would', () => {
  const spec = fc.record({
    priority: fc.integer({ min: -1, max: 2 }),
    resourceSelectors: fc.constantFrom(
      [typed],
      named.resourceSelectors,
      labelled.resourceSelectors,
      [{ ...typed, kind: 'Secret' }],
    ),
  });
  const given = fc.uniqueArray(
    fc.record({ name: fc.string({ minLength: 1, maxLength: 2 }), spec }),
    {
      selector: ({ name }) => name,
    },
  );
  const bytes = (text: string): string => Buffer.from(text).toString('hex');
  fc.assert(
    fc.property(given, (list) => {
      const policies = list.map(({ name, spec: at }) => pp(name, at));
      const [winner] = policies
        .filter((at) => at.matches(template) > 0)
        .sort(
          (a, b) =>
            b.priority - a.priority ||
            b.matches(template) - a.matches(template) ||
            (bytes(a.name) < bytes(b.name) ? -1 : 1),
        );
      assert.equal(claimOf(policies), winner ? winner.id : 'unclaimed');
    }),
  );
});
