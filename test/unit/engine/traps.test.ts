import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit, memberAt, preview } from '../../../src/engine/index.ts';
import { storedCluster } from '../../../src/engine/selection/clusterFacts.ts';
import type { JsonObject } from '../../../src/engine/types.ts';
import {
  claimant,
  cluster,
  clusterOverriding,
  clusterPropagation,
  clusters,
  deployment,
  deploymentType,
  object,
  outcomeAfter,
  outcomeOf,
  overriding,
  patch,
  placed,
  placedOn,
  propagation,
  release,
  typed,
} from './trapScenario.ts';

const id = 'propagationpolicy.karmada.io/permanent-id';
const claimed = {
  labels: { [id]: 'x' },
  annotations: {
    'propagationpolicy.karmada.io/namespace': 'apps',
    'propagationpolicy.karmada.io/name': 'x',
  },
};
const selecting = (selector: JsonObject): JsonObject => ({
  resourceSelectors: [{ ...typed, ...selector }],
});
const inApps = 'PropagationPolicy/apps';

test('a PropagationPolicy beats any priority of a ClusterPropagationPolicy', () => {
  const wide = clusterPropagation('wide', { priority: 100 });
  assert.equal(claimant(release(), wide, propagation('near')), `${inApps}/near`);
});

test('priority counts before the strength of the match, that before the name', () => {
  const named = propagation('b', selecting({ name: 'web' }));
  const labelled = propagation('c', selecting({ labelSelector: { matchLabels: { a: 'b' } } }));
  const template = release({}, { labels: { a: 'b' } });
  assert.equal(claimant(template, named, propagation('a', { priority: 1 })), `${inApps}/a`);
  assert.equal(claimant(template, named, labelled, propagation('a')), `${inApps}/b`);
  assert.equal(claimant(template, labelled, propagation('a')), `${inApps}/c`);
  assert.equal(claimant(template, propagation('b'), propagation('a')), `${inApps}/a`);
});

test('an empty label selector is a stronger match than none', () => {
  const empty = propagation('z', selecting({ labelSelector: {} }));
  assert.equal(claimant(release(), empty, propagation('a')), `${inApps}/z`);
});

test('a name in a selector makes its labels count for nothing', () => {
  const labelSelector = { matchLabels: { a: 'b' } };
  const by = (name: string, metadata: JsonObject): string | undefined =>
    claimant(release({}, metadata), propagation('p', selecting({ name, labelSelector })));
  assert.equal(by('web', {}), `${inApps}/p`);
  assert.equal(by('other', { labels: { a: 'b' } }), undefined);
});

test('a selector with another served version of the kind matches nothing, in overrides too', () => {
  const old = { resourceSelectors: [{ ...typed, apiVersion: 'helm.toolkit.fluxcd.io/v2beta2' }] };
  assert.equal(claimant(release(), propagation('p', old)), undefined);
  const overrides = [
    overriding('o', patch('add', '/spec/a', 1), old),
    clusterOverriding('o', patch('add', '/spec/a', 1), old),
  ];
  const { variants } = outcomeOf([...clusters('m1'), release(), propagation('p'), ...overrides]);
  assert.deepEqual(variants[0]?.overrides, undefined);
  assert.deepEqual(variants[0]?.clusterOverrides, undefined);
});

const roleType = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' };

test('a PropagationPolicy claims nothing that is cluster-scoped', () => {
  const role = { ...roleType, metadata: { name: 'web' } };
  const spec = { resourceSelectors: [roleType] };
  assert.equal(claimant(role, propagation('p', spec)), undefined);
  assert.equal(claimant(role, clusterPropagation('p', spec)), 'ClusterPropagationPolicy/p');
});

test('a ClusterPropagationPolicy selects a name in every namespace', () => {
  const wide = clusterPropagation('p', selecting({ name: 'web' }));
  const outcomes = preview([...clusters('m1'), release(), release({}, { namespace: 'b' }), wide]);
  assert.deepEqual(
    outcomes.map(({ policy }) => policy),
    ['ClusterPropagationPolicy/p', 'ClusterPropagationPolicy/p'],
  );
});

test('a namespaced policy may not select another namespace, a cluster-wide one may', () => {
  const spec = { resourceSelectors: [{ ...typed, namespace: 'other' }] };
  const message =
    'spec.resourceSelectors[0].namespace: Invalid value: "other": namespace of resource selector must be the same as the namespace of the policy';
  assert.equal(admit(propagation('p', spec)).message, message);
  assert.equal(admit(overriding('o', {}, spec)).message, message);
  assert(admit(clusterPropagation('p', spec)).allowed);
  assert(admit(clusterOverriding('o', {}, spec)).allowed);
});

test('a claim holds against a policy of higher priority that preempts', () => {
  const spec = { priority: 10, preemption: 'Always', ...selecting({ name: 'web' }) };
  const objects = [
    ...clusters('m1'),
    release({}, claimed),
    propagation('x'),
    propagation('y', spec),
  ];
  assert.equal(outcomeOf(objects).policy, `${inApps}/x`);
  const featureGates = { PropagationPolicyPreemption: true };
  assert.equal(outcomeOf(objects, { featureGates }).policy, `${inApps}/y`);
});

test('preemption needs a name in each selector although it is switched off', () => {
  assert.match(
    admit(propagation('p', { preemption: 'Always' })).message ?? '',
    /^spec\.resourceSelectors\[0\]\.name: Invalid value: "": name cannot be empty/,
  );
});

test('only namespaces that begin with kube- are left out', () => {
  const wide = clusterPropagation('p');
  const by = (namespace: string): string | undefined => claimant(release({}, { namespace }), wide);
  assert.equal(by('kube-flux'), undefined);
  assert.equal(by('karmada-system'), undefined);
  assert.equal(by('karmada-es-m1'), undefined);
  assert.equal(by('my-kube-flux'), 'ClusterPropagationPolicy/p');
  assert.equal(by('default'), 'ClusterPropagationPolicy/p');
});

test('the Namespace objects of the system are claimed like any other', () => {
  const namespaceType = { apiVersion: 'v1', kind: 'Namespace' };
  const wide = clusterPropagation('p', { resourceSelectors: [namespaceType] });
  for (const name of ['kube-system', 'karmada-system', 'karmada-es-m1']) {
    const namespace = { ...namespaceType, metadata: { name } };
    assert.equal(claimant(namespace, wide), 'ClusterPropagationPolicy/p');
  }
});

test('a template applied after a lazy policy is propagated at once', () => {
  const lazy = propagation('p', { activationPreference: 'Lazy' });
  assert.deepEqual(placedOn(outcomeOf([...clusters('m1'), release(), lazy])), ['m1']);
});

test('a missing dependent override keeps a policy from doing anything', () => {
  const spec = { dependentOverrides: ['op'] };
  const fleet = clusters('m1');
  const waiting = outcomeOf([...fleet, release(), propagation('p', spec)]);
  assert.deepEqual(
    [waiting.policy, waiting.clusters, waiting.variants],
    [undefined, undefined, []],
  );
  // A name of the other kind is not the one that is waited for.
  const wrong = outcomeOf([
    ...fleet,
    release(),
    propagation('p', spec),
    clusterOverriding('op', {}),
  ]);
  assert.equal(wrong.clusters, undefined);
  const right = outcomeOf([...fleet, release(), propagation('p', spec), overriding('op', {})]);
  assert.deepEqual(right.clusters, ['m1']);
});

test('a policy with another scheduler claims and places nothing', () => {
  const other = propagation('p', { schedulerName: 'my-scheduler' });
  const { policy, clusters: chosen, variants } = outcomeOf([...clusters('m1'), release(), other]);
  assert.deepEqual([policy, chosen, variants], [`${inApps}/p`, undefined, []]);
});

test('a policy that suspends all clusters and some is refused under a doubled path', () => {
  const suspension = { dispatching: true, dispatchingOnClusters: { clusterNames: ['m1'] } };
  assert.match(
    admit(propagation('p', { suspension })).message ?? '',
    /^spec\.suspension\.suspension: Invalid value: /,
  );
});

test('kinds of one name in two groups share the name of their Work', () => {
  const other = { apiVersion: 'example.com/v1', kind: 'HelmRelease' };
  const wide = { resourceSelectors: [typed, other] };
  const everywhere = cluster('m1');
  const status = {
    apiEnablements: [typed, other].map(({ apiVersion, kind }) => ({
      groupVersion: apiVersion,
      resources: [{ kind }],
    })),
  };
  const outcomes = preview([
    { ...everywhere, status },
    release(),
    object(other),
    propagation('p', wide),
  ]);
  const [a, b] = outcomes.map(({ variants }) => variants[0]?.work);
  assert.match(a ?? '', /^web-/);
  assert.equal(a, b);
});

test('an empty replica scheduling divides by weight and makes spread constraints count for nothing', () => {
  const spreadConstraints = [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }];
  const fleet = [...clusters('m1', 'm2'), release()];
  const on = (placement: JsonObject): unknown => placedOn(outcomeOf([...fleet, placed(placement)]));
  assert.deepEqual(on({ spreadConstraints }), ['m1']);
  const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' };
  assert.deepEqual(on({ spreadConstraints, replicaScheduling: divided }), ['m1', 'm2']);
});

test('weights never leave out a cluster for what has no replicas', () => {
  const staticWeightList = [{ targetCluster: { clusterNames: ['m1'] }, weight: 1 }];
  const replicaScheduling = {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { staticWeightList },
  };
  const objects = [...clusters('m1', 'm2'), release(), placed({ replicaScheduling })];
  assert.deepEqual(placedOn(outcomeOf(objects)), ['m1', 'm2']);
});

const spread = (...spreadConstraints: readonly JsonObject[]): JsonObject =>
  placed({ spreadConstraints });
const none = 'failed to assign replicas: no clusters available to schedule';

test('a spread constraint without an upper limit is accepted and places nothing', () => {
  const policy = spread({ spreadByField: 'cluster', minGroups: 1 });
  assert(admit(policy).allowed);
  const objects = [...clusters('m1', 'm2'), release(), policy];
  assert.equal(outcomeOf(objects).error, none);
  assert.equal(outcomeOf(objects).clusters, undefined);
});

test('spreading by a label is accepted and places nothing', () => {
  const policy = spread({ spreadByLabel: 'tier', minGroups: 1, maxGroups: 1 });
  assert(admit(policy).allowed);
  assert.equal(
    outcomeOf([...clusters('m1'), release(), policy]).error,
    'failed to select clusters: just support cluster and region spread constraint',
  );
});

test('a limit takes the clusters in use first, then those of the first names', () => {
  const policy = spread({ spreadByField: 'cluster', maxGroups: 2 });
  const objects = [...clusters('m3', 'm1', 'm2'), release(), policy];
  assert.deepEqual(placedOn(outcomeOf(objects)), ['m1', 'm2']);
  assert.deepEqual(placedOn(outcomeAfter(['m3'], objects)), ['m3', 'm1']);
});

test('too few groups are an error of the selection, not of the fit', () => {
  const policy = spread({ spreadByField: 'cluster', minGroups: 3, maxGroups: 3 });
  assert.equal(
    outcomeOf([...clusters('m1', 'm2'), release(), policy]).error,
    'failed to select clusters: the number of feasible clusters is less than spreadConstraint.MinGroups',
  );
});

test('the leaders of two regions go beyond the limit of clusters', () => {
  const policy = spread(
    { spreadByField: 'region', minGroups: 2, maxGroups: 2 },
    { spreadByField: 'cluster', minGroups: 1, maxGroups: 1 },
  );
  const fleet = [cluster('m1', { region: 'a' }), cluster('m2', { region: 'b' })];
  const { clusters: chosen } = outcomeOf([...fleet, release(), policy]);
  assert.deepEqual(chosen?.toSorted(), ['m1', 'm2']);
});

const noFit = '0/1 clusters are available: 1 cluster(s) did not';
const affinityText = 'match the placement cluster affinity constraint.';

test('a cluster in use keeps the release despite taints and missing APIs, not despite its labels', () => {
  const [plain] = clusters('m1');
  const tainted = cluster('m1', { taints: [{ key: 'a', effect: 'NoExecute' }] });
  const bare = { ...plain, status: {} };
  const everywhere = propagation('p');
  for (const now of [tainted, bare]) {
    assert.deepEqual(placedOn(outcomeAfter(['m1'], [now, release(), everywhere])), ['m1']);
    assert.match(outcomeOf([now, release(), everywhere]).error ?? '', /^0\/1 clusters/);
  }
  const gold = placed({ clusterAffinity: { labelSelector: { matchLabels: { tier: 'gold' } } } });
  const outcome = outcomeAfter(['m1'], [cluster('m1'), release(), gold]);
  assert.equal(outcome.error, `${noFit} ${affinityText}`);
});

test('a cluster serves only the exact versions that its status lists', () => {
  const missing = `${noFit} have the API resource.`;
  const groupVersion = 'helm.toolkit.fluxcd.io/v2beta2';
  const old = { apiEnablements: [{ groupVersion, resources: [{ kind: 'HelmRelease' }] }] };
  for (const status of [{}, { apiEnablements: [] }, old]) {
    const objects = [{ ...cluster('m1'), status }, release(), propagation('p')];
    assert.equal(outcomeOf(objects).error, missing);
  }
});

test('a cluster that is not ready is chosen unless it is tainted', () => {
  const [plain] = clusters('m1');
  const status = plain?.['status'];
  const conditions = [{ type: 'Ready', status: 'False' }];
  const unready = { ...plain, status: { ...(status as JsonObject), conditions } };
  assert.deepEqual(placedOn(outcomeOf([unready, release(), propagation('p')])), ['m1']);
});

test('tolerations of a key alone tolerate empty values only, and none are given by default', () => {
  const on = (taint: JsonObject, ...clusterTolerations: readonly JsonObject[]): unknown =>
    placedOn(
      outcomeOf([
        cluster('m1', { taints: [{ key: 'k', effect: 'NoSchedule', ...taint }] }),
        release(),
        placed({ clusterTolerations }),
      ]),
    );
  const refused = (taint: string): string =>
    `0/1 clusters are available: 1 cluster(s) had untolerated taint {${taint}}.`;
  assert.deepEqual(on({ value: 'v' }, { operator: 'Exists' }), ['m1']);
  assert.deepEqual(on({}, { key: 'k', tolerationSeconds: 0 }), ['m1']);
  assert.equal(on({ value: 'v' }, { key: 'k' }), refused('k=v:NoSchedule'));
  const notReady = { key: 'cluster.karmada.io/not-ready', effect: 'NoExecute' };
  assert.equal(on(notReady), refused('cluster.karmada.io/not-ready:NoExecute'));
});

test('reasons are sorted as text, so ten come before two', () => {
  const bare = clusters('a', 'b').map((at) => ({ ...at, status: {} }));
  const ten = Array.from({ length: 10 }, (_, i) => cluster(`m${i}`));
  const clusterAffinity = { clusterNames: ['a', 'b'] };
  assert.equal(
    outcomeOf([...bare, ...ten, release(), placed({ clusterAffinity })]).error,
    `0/12 clusters are available: 10 cluster(s) did not ${affinityText.slice(0, -1)}, 2 cluster(s) did not have the API resource.`,
  );
});

const groups = (first: readonly string[], second: readonly string[], rest: JsonObject = {}) =>
  placed({
    clusterAffinities: [
      { affinityName: 'primary', clusterNames: first },
      { affinityName: 'backup', clusterNames: second },
    ],
    ...rest,
  });

test('a release that moved to the backup group stays there', () => {
  const objects = [...clusters('m1', 'm2'), release(), groups(['m1'], ['m2'])];
  const { affinity, clusters: chosen } = outcomeAfter(['m2'], objects, 'backup');
  assert.deepEqual([affinity, chosen], ['backup', ['m2']]);
  assert.deepEqual(placedOn(outcomeOf(objects)), ['m1']);
});

test('a group in which one cluster fits is taken without topping it up', () => {
  const policy = groups(['m1', 'gone'], ['m2']);
  const { affinity, clusters: chosen } = outcomeOf([...clusters('m1', 'm2'), release(), policy]);
  assert.deepEqual([affinity, chosen], ['primary', ['m1']]);
});

test('when all groups fail the first error counts', () => {
  const spreadConstraints = [{ spreadByField: 'cluster', minGroups: 2, maxGroups: 2 }];
  const policy = groups(['m1'], ['gone'], { spreadConstraints });
  assert.equal(
    outcomeOf([...clusters('m1', 'm2'), release(), policy]).error,
    'failed to select clusters: the number of feasible clusters is less than spreadConstraint.MinGroups',
  );
});

test('an excluded cluster does not match although it is named, and a misspelt one is accepted', () => {
  for (const clusterAffinity of [
    { clusterNames: ['m1'], exclude: ['m1'] },
    { clusterNames: ['typo'] },
  ]) {
    const policy = placed({ clusterAffinity });
    assert(admit(policy).allowed);
    assert.equal(
      outcomeOf([...clusters('m1'), release(), policy]).error,
      `${noFit} ${affinityText}`,
    );
  }
});

test('field selectors read an empty field as absent and differ for zones', () => {
  const fits = (spec: JsonObject, key: string, operator: string, ...values: string[]): boolean => {
    const fieldSelector = { matchExpressions: [{ key, operator, values }] };
    const policy = placed({ clusterAffinity: { fieldSelector } });
    return outcomeOf([cluster('m1', spec), release(), policy]).error === undefined;
  };
  assert(fits({}, 'provider', 'NotIn', 'aws'));
  assert(!fits({ provider: 'aws' }, 'provider', 'NotIn', 'aws'));
  assert(!fits({}, 'provider', 'NotIn'));
  assert(fits({}, 'zone', 'NotIn'));
  assert(fits({ zones: ['a'] }, 'zone', 'NotIn'));
  assert(!fits({ provider: 'a b' }, 'provider', 'In', 'a b'));
  assert(fits({ zones: ['a', 'b'] }, 'zone', 'In', 'b'));
});

test('the deprecated zone counts once the control plane has stored it as zones', () => {
  const written = cluster('m1', { zone: 'z1' });
  const fieldSelector = { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z1'] }] };
  const policy = placed({ clusterAffinity: { fieldSelector } });
  assert.match(outcomeOf([written, release(), policy]).error ?? '', /affinity constraint\.$/);
  assert.deepEqual(placedOn(outcomeOf([storedCluster(written), release(), policy])), ['m1']);
});

test('no replicas go nowhere when they would request something, else everywhere', () => {
  const web = (resources: JsonObject): JsonObject =>
    object(deploymentType, {
      spec: { replicas: 0, template: { spec: { containers: [{ name: 'main', resources }] } } },
    });
  const replicaScheduling = { replicaSchedulingType: 'Duplicated' };
  const policy = placed({ replicaScheduling }, { resourceSelectors: [deploymentType] });
  const on = (template: JsonObject): unknown =>
    placedOn(outcomeOf([...clusters('m1', 'm2'), template, policy]));
  assert.deepEqual(on(web({ requests: { cpu: '1' } })), []);
  assert.deepEqual(on(web({})), ['m1', 'm2']);
});

test('division has no effect on a DaemonSet', () => {
  const type = { apiVersion: 'apps/v1', kind: 'DaemonSet' };
  const replicaScheduling = { replicaSchedulingType: 'Divided' };
  const policy = placed({ replicaScheduling }, { resourceSelectors: [type] });
  const objects = [...clusters('m1', 'm2'), object(type, { spec: { replicas: 3 } }), policy];
  const { clusters: chosen, variants } = outcomeOf(objects);
  assert.deepEqual(chosen, ['m1', 'm2']);
  assert.equal(variants.length, 1);
});

test('an override that the claim makes possible succeeds', () => {
  const adds = overriding('o', patch('add', '/metadata/annotations/team', 'x'));
  const { variants } = outcomeOf([...clusters('m1'), release(), propagation('p'), adds]);
  assert.equal(variants[0]?.error, undefined);
  assert.deepEqual(variants[0]?.overrides, ['o']);
});

test('a failing override takes one cluster out and leaves the other as it is', () => {
  const bad = overriding(
    'o',
    {},
    {
      overrideRules: [
        {
          targetCluster: { clusterNames: ['m2'] },
          overriders: patch('replace', '/spec/values/image/tag', 'x'),
        },
      ],
    },
  );
  const objects = [...clusters('m1', 'm2'), release({ values: {} }), propagation('p'), bad];
  const { clusters: chosen, variants } = outcomeOf(objects);
  assert.deepEqual(chosen, ['m1', 'm2']);
  assert.deepEqual(variants.map((at) => [at.clusters, at.error]).toSorted(), [
    [['m1'], undefined],
    [
      ['m2'],
      'replace operation does not apply: doc is missing path: /spec/values/image/tag: missing value',
    ],
  ]);
});

test('replicas are divided before an override sees them', () => {
  const staticWeightList = [
    { targetCluster: { clusterNames: ['m1'] }, weight: 2 },
    { targetCluster: { clusterNames: ['m2'] }, weight: 1 },
  ];
  const replicaScheduling = {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { staticWeightList },
  };
  const { spec } = deployment('nginx:1');
  const template = object(deploymentType, { spec: { ...(spec as JsonObject), replicas: 3 } });
  const policy = placed({ replicaScheduling }, { resourceSelectors: [deploymentType] });
  const { variants } = outcomeOf([...clusters('m1', 'm2'), template, policy]);
  const shares = variants.map((at) => [at.clusters, memberAt(at.manifest, 'spec', 'replicas')]);
  assert.deepEqual(shares, [
    [['m1'], 2],
    [['m2'], 1],
  ]);
});
