import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  FilePlan,
  FilePlanAnswer,
  PickedClusters,
  WorkspaceOptions,
} from '../../../../src/analysis/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { afterPlan, planIn, reachIn, workspaceOf } from '../../../support/plans.ts';
import type { Documents } from '../../../support/snapshots.ts';
import { cluster, controlPlane, over, releaseKey } from '../live/controlPlane.ts';

const named = (...names: string[]): PickedClusters => ({ type: 'names', names });

const fleet: readonly JsonObject[] = [
  cluster('m1'),
  cluster('m2', { region: 'eu' }),
  cluster('m3', { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] }),
  { ...cluster('bare'), status: {} },
];

const options: WorkspaceOptions = { fleet: [...fleet] };

const shop = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: apps
spec:
  interval: 5m
  chart:
    spec:
      chart: shop
      sourceRef:
        kind: HelmRepository
        name: charts
`;

const charts = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: apps
spec:
  interval: 5m
  url: https://charts.example.com
  secretRef:
    name: registry
`;

const secret = `apiVersion: v1
kind: Secret
metadata:
  name: registry
  namespace: apps
stringData:
  password: hunter2
`;

const base: Documents = {
  'file:///apps/shop.yaml': shop,
  'file:///apps/charts.yaml': charts,
  'file:///apps/registry.yaml': secret,
};

const key = releaseKey('shop');
const sourceKey = 'source.toolkit.fluxcd.io/v1/HelmRepository/apps/charts';

function policyText(name: string, spec: string, kind = 'PropagationPolicy'): string {
  const place = kind === 'PropagationPolicy' ? '\n  namespace: apps' : '';
  return `apiVersion: policy.karmada.io/v1alpha1
kind: ${kind}
metadata:
  name: ${name}${place}
spec:
${spec.replace(/^(?=.)/gm, '  ')}`;
}

const everything = `resourceSelectors:
  - apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
  - apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
  - apiVersion: v1
    kind: Secret
`;

function propagate(documents: Documents, clusters: PickedClusters): FilePlanAnswer {
  return workspaceOf(documents, options).propagate({ templates: [key], clusters });
}

function clustersAfter(documents: Documents, plan: FilePlan): (template: string) => string[] {
  const reach = reachIn(workspaceOf(afterPlan(documents, plan), options));
  return (template) => [...(reach.get(template) ?? [])].sort();
}

test('makes one policy for a release and all that it needs', () => {
  const plan = planIn(propagate(base, named('m1', 'm2')));
  assert.deepEqual(
    plan.files.map(({ uri }) => uri),
    ['file:///apps/propagationpolicy-shop.yaml'],
  );
  assert.equal(
    plan.files[0]?.after,
    `# Says where HelmRelease shop and what it needs go.
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: shop
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: shop
    - apiVersion: source.toolkit.fluxcd.io/v1
      kind: HelmRepository
      name: charts
    - apiVersion: v1
      kind: Secret
      name: registry
  placement:
    clusterAffinity:
      clusterNames:
        - m1
        - m2
`,
  );
  assert.deepEqual(plan.warnings, []);
  assert.doesNotMatch(JSON.stringify(plan), /hunter2/);
});

test('names what is found nowhere', () => {
  const { 'file:///apps/registry.yaml': _, ...without } = base;
  const plan = planIn(propagate(without, named('m1')));
  assert.deepEqual(plan.warnings, [
    'Secret apps/registry, which HelmRepository apps/charts needs, is neither in the documents nor on the control plane.',
  ]);
});

test('finds a free name for a new file, and takes another folder', () => {
  const taken = { ...base, 'file:///apps/propagationpolicy-shop.yaml': '# nothing yet\n' };
  const plan = planIn(propagate(taken, named('m1')));
  assert.equal(plan.files[0]?.uri, 'file:///apps/propagationpolicy-shop-2.yaml');
  const elsewhere = workspaceOf(base, options).propagate({
    templates: [key],
    clusters: named('m1'),
    folder: 'file:///policies/',
  });
  assert.equal(planIn(elsewhere).files[0]?.uri, 'file:///policies/propagationpolicy-shop.yaml');
});

test('tolerates the taints of picked clusters and says so', () => {
  const plan = planIn(propagate(base, named('m1', 'm3')));
  assert.match(plan.files[0]?.after ?? '', /clusterTolerations:\n {6}- key: dedicated/);
  assert.match(plan.warnings.join(), /m3 would keep it away by the taint dedicated:NoSchedule/);
  assert.deepEqual(clustersAfter(base, plan)(key), ['m1', 'm3']);
});

test('says of a cluster without Flux that nothing comes there', () => {
  const plan = planIn(propagate(base, named('m1', 'bare')));
  const missing = plan.outcomes.find(({ type }) => type === 'missing');
  assert.deepEqual(missing?.clusters, ['bare']);
  assert.match(missing?.reason ?? '', /does not serve helm\.toolkit\.fluxcd\.io\/v2 HelmRelease/);
  assert.match(plan.warnings.join(), /does not come to bare/);
  assert.doesNotMatch(plan.files[0]?.after ?? '', /bare/);
});

test('adds a name to the list of the policy that claims it, and keeps every comment', () => {
  const list = `${everything}placement:
  # Ours.
  clusterAffinity:
    clusterNames:
      - m1 # the first
`;
  const documents = {
    ...base,
    'file:///policies.yaml': `# Before\n---\n${policyText('all', list)}---\n# Behind\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: other }\n`,
  };
  const plan = planIn(propagate(documents, named('m2')));
  assert.equal(plan.files.length, 1);
  const [file] = plan.files;
  assert.equal(
    file?.after,
    file?.before?.replace('- m1 # the first', '- m1 # the first\n        - m2'),
  );
  assert.deepEqual(file?.notes, ['PropagationPolicy apps/all: adds m2.']);
  assert.deepEqual(clustersAfter(documents, plan)(key), ['m1', 'm2']);
});

test('does not move what nobody chose: a policy of higher precedence takes over', () => {
  const blog = shop.replaceAll('shop', 'blog');
  const labels = `${everything}priority: 3\nplacement:\n  clusterAffinity:\n    clusterNames: [m1]\n`;
  const documents = {
    ...base,
    'file:///apps/blog.yaml': blog,
    'file:///policies.yaml': policyText('all', labels),
  };
  const plan = planIn(propagate(documents, named('m2')));
  const at = clustersAfter(documents, plan);
  assert.deepEqual(at(key), ['m1', 'm2']);
  assert.deepEqual(at(sourceKey), ['m1', 'm2']);
  assert.deepEqual(at(releaseKey('blog')), ['m1']);
  assert.match(plan.files[0]?.after ?? '', /priority: 3\n/);
  assert.match(plan.warnings.join(), /over from PropagationPolicy apps\/all/);
});

test('takes a release out of the policy that claims it by name, into one of its own', () => {
  const documents = {
    ...base,
    'file:///apps/blog.yaml': shop.replaceAll('shop', 'blog'),
    'file:///policies.yaml': policyText(
      'shop',
      `resourceSelectors:
  # The shop.
  - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  # And what is written about it.
  - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: blog }
  - { apiVersion: helm.toolkit.fluxcd.io/v1, kind: HelmRelease, name: shop }
priority: 2
placement: { clusterAffinity: { clusterNames: [m1] } }
`,
    ),
  };
  const plan = planIn(propagate(documents, named('m2')));
  const at = clustersAfter(documents, plan);
  assert.deepEqual([at(key), at(releaseKey('blog'))], [['m1', 'm2'], ['m1']]);
  assert.deepEqual(plan.warnings, []);
  const old = plan.files.find(({ uri }) => uri === 'file:///policies.yaml');
  assert.equal(
    old?.after,
    documents['file:///policies.yaml'].replace(
      / *- [{] apiVersion: \S+v2, .* name: shop [}]\n/,
      '',
    ),
  );
  assert.deepEqual(old.notes, [
    'PropagationPolicy apps/shop: no longer selects HelmRelease apps/shop.',
  ]);
  const made = plan.files.find(({ after }) => after?.includes('name: shop-2'));
  assert.match(made?.after ?? '', /priority: 2\n/);
});

test('outbids a policy that claims it by name where a third one would take it over', () => {
  const both = `resourceSelectors:
  - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: blog }
placement: { clusterAffinity: { clusterNames: [m1] } }
`;
  const documents = {
    ...base,
    'file:///apps/blog.yaml': shop.replaceAll('shop', 'blog'),
    'file:///policies.yaml': policyText('shop', both),
    'file:///all.yaml': policyText('all', everything, 'ClusterPropagationPolicy'),
  };
  const plan = planIn(propagate(documents, named('m2')));
  const at = clustersAfter(documents, plan);
  assert.deepEqual([at(key), at(releaseKey('blog'))], [['m1', 'm2'], ['m1']]);
  assert.match(plan.warnings.join(), /over from PropagationPolicy apps\/shop\./);
  const made = plan.files.find(({ after }) => after?.includes('priority: 1'));
  assert.match(made?.after ?? '', /name: shop-2\n/);
});

test('takes over from a ClusterPropagationPolicy in every namespace by itself', () => {
  const documents = {
    ...base,
    'file:///apps/blog.yaml': shop.replaceAll('shop', 'blog'),
    'file:///policies.yaml': policyText(
      'all',
      `${everything}priority: 9\nplacement: { clusterAffinity: { clusterNames: [m1] } }\n`,
      'ClusterPropagationPolicy',
    ),
  };
  const plan = planIn(propagate(documents, named('m2')));
  assert.match(plan.files[0]?.after ?? '', /kind: PropagationPolicy\n/);
  assert.doesNotMatch(plan.files[0]?.after ?? '', /priority/);
  assert.deepEqual(clustersAfter(documents, plan)(releaseKey('blog')), ['m1']);
});

test('writes labels and fields as they were picked, so that later clusters join', () => {
  const plan = planIn(propagate(base, { type: 'fields', field: 'region', values: ['eu'] }));
  assert.match(plan.files[0]?.after ?? '', /fieldSelector:/);
  assert.deepEqual(clustersAfter(base, plan)(key), ['m2']);
});

test('says why there is no plan', () => {
  const workspace = workspaceOf(
    {
      ...base,
      'file:///bad.yaml': shop
        .replace('interval: 5m', 'interval: []')
        .replace('name: shop', 'name: bad'),
    },
    options,
  );
  const reasonOf = (templates: readonly string[], clusters: PickedClusters): string => {
    const answer = workspace.propagate({ templates, clusters });
    return 'reason' in answer ? answer.reason : '';
  };
  assert.equal(reasonOf([], named('m1')), 'No release, source or other object is chosen.');
  assert.equal(reasonOf([key], named()), 'No cluster is chosen.');
  assert.equal(reasonOf([key], named('m9')), 'There is no cluster m9.');
  assert.match(reasonOf([releaseKey('gone')], named('m1')), /^HelmRelease apps\/gone is neither/);
  assert.match(reasonOf(['__proto__'], named('m1')), /neither/);
  assert.match(reasonOf([releaseKey('bad')], named('m1')), /^The API server refuses HelmRelease/);
  const nothing = { type: 'labels', matchLabels: { no: 'one' } } as const;
  assert.equal(reasonOf([key], nothing), 'No cluster has what is asked for.');
  const stopped = workspace.stopPropagating({ templates: [key], clusters: named('m1') });
  assert.deepEqual(stopped, { reason: 'Nothing that is chosen is on m1.' });
});

test('says that Karmada skips system namespaces', () => {
  const documents = {
    'file:///apps/shop.yaml': shop.replace('namespace: apps', 'namespace: kube-system'),
  };
  const plan = planIn(
    workspaceOf(documents, options).propagate({
      templates: [key.replace('/apps/', '/kube-system/')],
      clusters: named('m1'),
    }),
  );
  assert.deepEqual(plan.files, []);
  assert.match(plan.warnings.join(), /Karmada is told to propagate nothing from this namespace/);
});

test('takes a release away with its source, unless another release needs that', () => {
  const list = `${everything}placement:\n  clusterAffinity:\n    clusterNames:\n      - m1\n      - m2\n`;
  const documents = { ...base, 'file:///policies.yaml': policyText('all', list) };
  const stop = (all: Documents): FilePlan =>
    planIn(workspaceOf(all, options).stopPropagating({ templates: [key], clusters: named('m1') }));
  const alone = stop(documents);
  assert.equal(alone.files[0]?.after, documents['file:///policies.yaml'].replace(/ *- m1\n/, ''));
  assert.deepEqual(clustersAfter(documents, alone)(sourceKey), ['m2']);
  const leaves = alone.outcomes.find(({ type }) => type === 'leaves');
  assert.equal(leaves?.reason, 'Its release is uninstalled.');

  const shared = { ...documents, 'file:///apps/blog.yaml': shop.replaceAll('shop', 'blog') };
  const at = clustersAfter(shared, stop(shared));
  assert.deepEqual(
    [at(key), at(sourceKey), at(releaseKey('blog'))],
    [['m2'], ['m1', 'm2'], ['m1', 'm2']],
  );
});

test('leaves nothing anywhere by a placement that fits no cluster', () => {
  const list = `${everything}preserveResourcesOnDeletion: true\nplacement:\n  clusterAffinity:\n    clusterNames:\n      - m1\n`;
  const guarded = shop.replace(
    'namespace: apps',
    'namespace: apps\n  labels:\n    resourcetemplate.karmada.io/deletion-protected: Always',
  );
  const documents = {
    ...base,
    'file:///apps/shop.yaml': guarded,
    'file:///policies.yaml': policyText('all', list),
  };
  const plan = planIn(
    workspaceOf(documents, options).stopPropagating({ templates: [key], clusters: named('m1') }),
  );
  assert.deepEqual(clustersAfter(documents, plan)(key), []);
  assert.match(plan.files[0]?.after ?? '', /clusterNames:\n {8}- m1\n {6}exclude:\n {8}- m1\n$/);
  assert.match(plan.warnings.join(), /Deleting it instead would leave everything on the members/);
  // What the policy preserves needs no protection.
  assert.doesNotMatch(plan.warnings.join(), /protected from deletion/);
  const deleting = list.replace('preserveResourcesOnDeletion: true\n', '');
  const deleted = planIn(
    workspaceOf(
      { ...documents, 'file:///policies.yaml': policyText('all', deleting) },
      options,
    ).stopPropagating({ templates: [key], clusters: named('m1') }),
  );
  assert.match(
    deleted.warnings.join(),
    /HelmRelease apps\/shop is protected from deletion on the control plane; that does not keep/,
  );
  const kept = plan.outcomes.find(({ template }) => template === key);
  assert.deepEqual([kept?.type, kept?.clusters], ['keeps', ['m1']]);
  const again = planIn(
    workspaceOf(afterPlan(documents, plan), options).propagate({
      templates: [key],
      clusters: named('m1'),
    }),
  );
  assert.equal(again.files[0]?.after, documents['file:///policies.yaml']);
});

test('edits a policy in a List and in flow style', () => {
  const flow = `{"apiVersion": "policy.karmada.io/v1alpha1", "kind": "PropagationPolicy", "metadata": {"name": "all", "namespace": "apps"}, "spec": {"resourceSelectors": [{"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease"}, {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "HelmRepository"}, {"apiVersion": "v1", "kind": "Secret"}], "placement": {"clusterAffinity": {"clusterNames": ["m1"]}}}}`;
  const documents = {
    ...base,
    'file:///policies.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${flow}\n`,
  };
  const plan = planIn(propagate(documents, named('m2')));
  assert.equal(
    plan.files[0]?.after,
    documents['file:///policies.yaml'].replace('["m1"]', '["m1", m2]'),
  );
});

test('writes a policy that is only on the control plane to a file with the change', () => {
  const live = controlPlane();
  const workspace = over(live, { 'file:///apps/readme.yaml': 'a: b\n' });
  const asked = { templates: [releaseKey('shop')], clusters: named('member3') };
  const plan = planIn(workspace.propagate(asked));
  assert.equal(plan.files[0]?.uri, 'file:///apps/propagationpolicy-all.yaml');
  assert.doesNotMatch(plan.files[0]?.after ?? '', /permanent-id|uid|resourceVersion/);
  assert.match(plan.warnings.join(), /HelmRelease apps\/blog also comes to member3/);
  assert(plan.liveOnly.includes('HelmRelease apps/shop'));
  const kept = planIn(workspace.stopPropagating({ ...asked, clusters: named('member1') }));
  assert.deepEqual(kept.files, []);
  assert.match(
    kept.outcomes.map(({ reason }) => reason).join(),
    /has claimed it on the control plane/,
  );
});

test('lets a new policy preempt where the control plane does', () => {
  const gates = { featureGates: { PropagationPolicyPreemption: true } };
  const workspace = over(controlPlane(), { 'file:///apps/readme.yaml': 'a: b\n' }, gates);
  const plan = planIn(
    workspace.propagate({ templates: [releaseKey('shop')], clusters: named('member3') }),
  );
  assert.match(plan.files[0]?.after ?? '', /preemption: Always/);
  assert(!plan.outcomes.some(({ template }) => template === releaseKey('blog')));
});

test('tells of every cluster what matters for the pick', () => {
  const documents = {
    ...base,
    'file:///policies.yaml': policyText(
      'all',
      `${everything}placement: { clusterAffinity: { clusterNames: [m1] } }\n`,
    ),
  };
  const choices = workspaceOf(documents, options).clusterChoices([key]);
  const told = choices.map(({ name, description, obstacle, isPicked }) =>
    [name, description, obstacle, isPicked].join(' | '),
  );
  assert.deepEqual(told, [
    'bare |  | does not serve HelmRelease | false',
    'm1 | Flux |  | true',
    'm2 | Flux · eu |  | false',
    'm3 | Flux · dedicated=gpu:NoSchedule | taint dedicated=gpu:NoSchedule is not tolerated | false',
  ]);
  assert.equal(workspaceOf(documents, options).clusterChoices(['__proto__']).length, 4);
});
