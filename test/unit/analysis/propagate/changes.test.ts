import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilePlan, PickedClusters } from '../../../../src/analysis/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { planSummary } from '../../../../src/vscode/propagate/planText.ts';
import { afterPlan, planIn, reachIn, workspaceOf } from '../../../support/plans.ts';
import {
  fourMembers,
  keyOf,
  named,
  object,
  policy,
  release,
  repository,
  selector,
} from '../../../support/propagateTexts.ts';
import type { Documents } from '../../../support/snapshots.ts';

const shop = keyOf('HelmRelease', 'shop');
const web = keyOf('Deployment', 'web');
const selectors = [selector('HelmRelease'), selector('HelmRepository')];

function shopWith(spec: JsonObject): Documents {
  return {
    'file:///w/shop.yaml': release('shop'),
    'file:///w/charts.yaml': repository(),
    'file:///w/all.yaml': policy('all', { resourceSelectors: selectors, ...spec }),
  };
}

function webWith(replicaScheduling: JsonObject, kinds = ['Deployment']): Documents {
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'c', image: 'x' }] },
  };
  const spec = { replicas: 4, selector: { matchLabels: { a: 'b' } }, template };
  return {
    'file:///w/web.yaml': object('Deployment', 'web', { spec }),
    'file:///w/web-policy.yaml': policy('web', {
      resourceSelectors: kinds.map((kind) => selector(kind)),
      placement: { clusterAffinity: { clusterNames: ['m1', 'm2'] }, replicaScheduling },
    }),
  };
}

function propagate(documents: Documents, template: string, clusters: PickedClusters): FilePlan {
  const asked = { templates: [template], clusters };
  return planIn(workspaceOf(documents, fourMembers).propagate(asked));
}

function afterwards(documents: Documents, plan: FilePlan, key: string): readonly string[] {
  const after = workspaceOf(afterPlan(documents, plan), fourMembers);
  return [...(reachIn(after).get(key) ?? [])].sort();
}

/** `TYPE CLUSTERS: REASON` of one template. */
function said({ outcomes }: FilePlan, key: string): readonly string[] {
  return outcomes
    .filter(({ template }) => template === key)
    .map(({ type, clusters, reason }) => `${type} ${clusters.join(',')}: ${reason}`)
    .sort();
}

const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' };

test('tells what changes where an object stays, and counts nothing else as a change', () => {
  const plan = propagate(webWith(divided), web, named('m3'));
  assert.deepEqual(said(plan, web), [
    'appears m3: ',
    'changes m2: /spec/replicas becomes 1.',
    'stays m1: It is there already; stop propagating it there to take it away.',
  ]);
  assert.equal(planSummary(plan), '1 changed file. New on m3. Changes on m2.');
  const documents = shopWith({ placement: { clusterAffinity: { clusterNames: ['m1'] } } });
  const summary = planSummary(propagate(documents, shop, named('m2')));
  assert.equal(summary, '1 changed file. New on m2.');
});

test('tells what changes of objects that nobody chose', () => {
  const documents = { ...webWith(divided, ['Deployment', 'ConfigMap']) };
  const data = { ...documents, 'file:///w/cm.yaml': object('ConfigMap', 'x', { data: {} }) };
  const plan = planIn(
    workspaceOf(data, fourMembers).stopPropagating({
      templates: [keyOf('ConfigMap', 'x'), web],
      clusters: named('m2'),
    }),
  );
  assert(said(plan, web).includes('changes m1: /spec/replicas becomes 4.'));
});

test('gives clusters that join a static weight, which only workloads need', () => {
  const staticWeightList = ['m1', 'm2'].map((name) => ({
    targetCluster: { clusterNames: [name] },
    weight: 2,
  }));
  const weighted = { ...divided, weightPreference: { staticWeightList } };
  const documents = webWith(weighted);
  const plan = propagate(documents, web, named('m3'));
  assert.deepEqual(afterwards(documents, plan, web), ['m1', 'm2', 'm3']);
  assert.deepEqual(
    plan.files.map(({ uri }) => uri),
    ['file:///w/web-policy.yaml'],
  );
  assert.match(plan.warnings.join(), /static weights would give m3 no replicas: the weight 2/);
  const other = shopWith({
    placement: { clusterAffinity: { clusterNames: ['m1'] }, replicaScheduling: weighted },
  });
  assert.deepEqual(propagate(other, shop, named('m3')).warnings, []);
});

test('joins values of the same label or field, so that later clusters of both join', () => {
  const byField = (value: string): JsonObject => ({
    fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: [value] }] },
  });
  const documents = shopWith({ placement: { clusterAffinity: byField('eu') } });
  const us = { type: 'fields', field: 'region', values: ['us'] } as const;
  const plan = propagate(documents, shop, us);
  assert.match(plan.files[0]?.after ?? '', /values:\n +- eu\n +- us\n$/);
  assert.deepEqual(plan.warnings, []);

  const labels = { labelSelector: { matchLabels: { env: 'prod' } }, exclude: ['m2', 'm3'] };
  const labelled = shopWith({ placement: { clusterAffinity: labels } });
  const dev = propagate(labelled, shop, { type: 'labels', matchLabels: { env: 'dev' } });
  assert.deepEqual(afterwards(labelled, dev, shop), ['m1', 'm2', 'm4']);
  assert.match(dev.files[0]?.after ?? '', /key: env\n +operator: In\n +values:\n/);
  assert.match(dev.files[0]?.after ?? '', /exclude:\n +- m3\n/);
});

test('says where a Lazy policy or a suspended one keeps things back', () => {
  const placement = { clusterAffinity: { clusterNames: ['m1'] } };
  const warningsOf = (spec: JsonObject): string =>
    propagate(shopWith({ placement, ...spec }), shop, named('m2')).warnings.join();
  assert.match(
    warningsOf({ activationPreference: 'Lazy' }),
    /^PropagationPolicy apps\/all is Lazy/,
  );
  assert.match(
    warningsOf({ suspension: { dispatching: true } }),
    /^PropagationPolicy apps\/all suspends dispatching to m2: nothing arrives there/,
  );
  const held = (clusterNames: string[]) => ({
    suspension: { dispatchingOnClusters: { clusterNames } },
  });
  assert.match(warningsOf(held(['m2'])), /suspends dispatching to m2/);
  assert.equal(warningsOf(held(['m1'])), '');
  const stop = planIn(
    workspaceOf(shopWith({ placement, ...held(['m1']) }), fourMembers).stopPropagating({
      templates: [shop],
      clusters: named('m1'),
    }),
  );
  assert.doesNotMatch(stop.warnings.join(), /suspends/);
});

test('says which policy decides nothing here, by the name that it has elsewhere', () => {
  const placement = { clusterAffinity: { clusterNames: ['m1'] } };
  for (const [spec, why] of [
    [{ schedulerName: 'own' }, /^missing m2: PropagationPolicy apps\/all names another scheduler/],
    [{ dependentOverrides: ['none'] }, /^missing m2: PropagationPolicy apps\/all waits for none/],
  ] as const) {
    const plan = propagate(shopWith({ placement, ...spec }), shop, named('m2'));
    assert.match(said(plan, shop).join(), why);
    // The same is not told of each template again.
    assert.equal(plan.warnings.length, 1);
    assert.match(
      plan.warnings.join(),
      /^HelmRelease apps\/shop and HelmRepository apps\/charts do not come to m2\. Prop/,
    );
  }
});

test('adds no affinity to a placement that goes without one', () => {
  const spreadConstraints = [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 3 }];
  const documents = shopWith({ placement: { spreadConstraints } });
  const plan = propagate(documents, shop, named('m4'));
  assert.equal(
    plan.files[0]?.after,
    documents['file:///w/all.yaml']?.replace('maxGroups: 3', 'maxGroups: 4'),
  );
  assert.equal(afterwards(documents, plan, shop).length, 4);
  assert.deepEqual(plan.warnings, [
    'PropagationPolicy apps/all: The spread constraints choose fewer clusters: their limits are changed.',
  ]);
});

test('says where more than is shown comes and goes along', () => {
  const documents = Object.fromEntries(
    Object.entries(webWith(divided)).map(([uri, text]) => [
      uri,
      text.replace(/^( *)placement:/m, '$1propagateDeps: true\n$&'),
    ]),
  );
  const asked = { templates: [web], clusters: named('m1') };
  const plan = planIn(workspaceOf(documents, fourMembers).stopPropagating(asked));
  assert.deepEqual(plan.warnings, [
    'PropagationPolicy apps/web says propagateDeps: what Deployment apps/web depends on follows to the same clusters, or goes from them, and is not shown here.',
  ]);
  // Karmada knows no dependencies of a release by itself.
  const all = shopWith({
    propagateDeps: true,
    placement: { clusterAffinity: { clusterNames: ['m1'] } },
  });
  assert.deepEqual(propagate(all, shop, named('m2')).warnings, []);
});

test('says which parts of a placement a new policy does without', () => {
  const aggregated = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' };
  const documents = webWith(aggregated);
  const plan = propagate(documents, web, named('m3'));
  assert.deepEqual(afterwards(documents, plan, web), ['m3']);
  assert.match(
    plan.warnings.join(),
    /The new policy has no replicaScheduling as PropagationPolicy apps\/web has\./,
  );
});

test('says in a new policy what it is for, and names a namespace only where the documents do', () => {
  const documents = {
    'file:///w/shop.yaml': release('shop'),
    'file:///w/blog.yaml': release('blog', {
      dependsOn: [{ name: 'base', namespace: 'infra' }],
    }),
    'file:///w/base.yaml': release('base', {}, { namespace: 'infra' }),
    'file:///w/charts.yaml': `${repository()}---\n${repository('charts', { namespace: 'infra' })}`,
  };
  const madeBy = (all: Documents, ...templates: string[]): readonly string[] =>
    planIn(workspaceOf(all, fourMembers).propagate({ templates, clusters: named('m1') })).files.map(
      ({ after = '' }) => after,
    );
  const both = madeBy(documents, shop, keyOf('HelmRelease', 'blog'));
  assert.deepEqual(
    both.map((text) => text.slice(0, text.indexOf('\n'))),
    [
      '# Says where HelmRelease shop, HelmRelease blog and what they need go.',
      '# Says where what HelmRelease blog needs goes.',
    ],
  );
  assert.match(both[0] ?? '', /\n {2}namespace: apps\n/);
  const bare = Object.fromEntries(
    Object.entries(documents).map(([uri, text]) => [
      uri,
      text.replaceAll(/\n {2}namespace: apps/g, ''),
    ]),
  );
  const [made = ''] = madeBy(bare, keyOf('HelmRelease', 'shop', 'default'));
  assert.doesNotMatch(made, /namespace/);
});

test('takes away only where a tick was taken, not wherever none was', () => {
  const to = (name: string, ...clusterNames: string[]): string =>
    policy(name, {
      resourceSelectors: [selector('HelmRelease', name)],
      placement: { clusterAffinity: { clusterNames } },
    });
  const blog = keyOf('HelmRelease', 'blog');
  const documents = {
    'file:///w/r.yaml': `${release('shop')}---\n${release('blog')}---\n${repository()}`,
    'file:///w/p.yaml': `${to('shop', 'm1', 'm2')}---\n${to('blog', 'm1')}`,
  };
  const workspace = workspaceOf(documents, fourMembers);
  const found = workspace.clusterChoices([shop, blog]);
  assert.deepEqual(
    found.map(({ isPicked, description }) => [isPicked, description.split(' · ')[0]]),
    [
      [true, 'Flux'],
      [false, '1 of 2 there'],
      [false, 'Flux'],
      [false, 'Flux'],
    ],
  );
  const plan = planIn(
    workspace.propagate({ templates: [shop, blog], clusters: named('m3'), leaving: ['m1'] }),
  );
  assert.deepEqual(afterwards(documents, plan, shop), ['m2', 'm3']);
  assert.deepEqual(afterwards(documents, plan, blog), ['m3']);
});

test('puts new files for a document that was never saved into the folder that is open', () => {
  const documents = {
    'untitled:Untitled-1': release('shop'),
    'file:///w/fleet/x.yaml': repository(),
  };
  const asked = { templates: [shop], clusters: named('m1') };
  const options = { ...fourMembers, roots: ['file:///w/'] };
  const plan = planIn(workspaceOf(documents, options).propagate(asked));
  assert.deepEqual(
    plan.files.map(({ uri }) => uri),
    ['file:///w/propagationpolicy-shop.yaml'],
  );
  const alone = workspaceOf({ 'untitled:Untitled-1': release('shop') }, fourMembers);
  const answer = alone.propagate(asked);
  assert.match('reason' in answer ? answer.reason : '', /open one, or save the document first/);
});
