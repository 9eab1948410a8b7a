import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilePlan } from '../../../../src/analysis/index.ts';
import { printYaml } from '../../../../src/yaml/index.ts';
import { claimedPlane } from '../../../support/claimedPlane.ts';
import { afterPlan, planIn, reachIn, workspaceOf } from '../../../support/plans.ts';
import {
  fourMembers,
  members,
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

function clustersAfter(documents: Documents, plan: FilePlan): (template: string) => string[] {
  const reach = reachIn(workspaceOf(afterPlan(documents, plan), fourMembers));
  return (template) => [...(reach.get(template) ?? [])].sort();
}

test('leaves alone what a policy of all namespaces places, also where needs are in several', () => {
  const git = { kind: 'GitRepository', name: 'git', namespace: 'flux' };
  const documents = {
    'file:///w/shop.yaml': release('shop', { chart: { spec: { chart: 'shop', sourceRef: git } } }),
    'file:///w/blog.yaml': release('blog'),
    'file:///w/charts.yaml': repository(),
    'file:///w/git.yaml': object(
      'GitRepository',
      'git',
      { spec: { interval: '5m', url: 'https://git.example.com', secretRef: { name: 'ssh' } } },
      { namespace: 'flux' },
    ),
    'file:///w/ssh.yaml': object(
      'Secret',
      'ssh',
      { stringData: { a: 'b' } },
      { namespace: 'flux' },
    ),
    'file:///w/all.yaml': policy(
      'all',
      {
        resourceSelectors: ['HelmRelease', 'HelmRepository', 'GitRepository', 'Secret'].map(
          (kind) => selector(kind),
        ),
        placement: { clusterAffinity: { clusterNames: ['m1'] } },
      },
      '',
    ),
  };
  const plan = planIn(
    workspaceOf(documents, fourMembers).propagate({ templates: [shop], clusters: named('m2') }),
  );
  const at = clustersAfter(documents, plan);
  for (const key of [shop, keyOf('GitRepository', 'git', 'flux'), keyOf('Secret', 'ssh', 'flux')]) {
    assert.deepEqual(at(key), ['m1', 'm2'], key);
  }
  assert.deepEqual(at(keyOf('HelmRelease', 'blog')), ['m1']);
  assert.doesNotMatch(plan.warnings.join(), /also comes to/);
});

test('empties every fallback group of the policy itself where nothing is to stay', () => {
  const documents = {
    'file:///w/shop.yaml': release('shop'),
    'file:///w/charts.yaml': repository(),
    'file:///w/all.yaml': policy('all', {
      resourceSelectors: [selector('HelmRelease'), selector('HelmRepository')],
      placement: {
        clusterAffinities: [
          { affinityName: 'first', clusterNames: ['m1', 'm2'] },
          { affinityName: 'second', clusterNames: ['m3', 'm4'] },
        ],
      },
    }),
  };
  const plan = planIn(
    workspaceOf(documents, fourMembers).stopPropagating({
      templates: [shop],
      clusters: named('m1', 'm2'),
    }),
  );
  assert.deepEqual(
    plan.files.map(({ uri }) => uri),
    ['file:///w/all.yaml'],
  );
  assert.deepEqual(clustersAfter(documents, plan)(shop), []);
});

test('tells in which object a new problem is, one that was there already not at all', () => {
  const all = ['HelmRelease', 'HelmRepository'].map((kind) => selector(kind));
  const to = (...clusterNames: string[]) => ({ clusterAffinity: { clusterNames } });
  const documents = {
    'file:///w/shop.yaml': release('shop'),
    'file:///w/charts.yaml': repository(),
    'file:///w/policies.yaml': [
      policy('a', { resourceSelectors: [selector('HelmRelease', 'shop')], placement: to('m1') }),
      policy('b', { resourceSelectors: [selector('HelmRepository')], placement: to('m1') }),
      policy('old', { resourceSelectors: all, priority: 1, placement: to('m1', 'gone') }, ''),
    ].join('---\n'),
  };
  const before = workspaceOf(documents, fourMembers);
  const plan = planIn(before.propagate({ templates: [shop], clusters: named('m2') }));
  assert.doesNotMatch(plan.warnings.join(), /gone|old/);
  // One of its releases moves to a policy that outbids it, and has a name that begins alike.
  const other = {
    ...documents,
    'file:///w/blog.yaml': release('blog'),
    'file:///w/policies.yaml': [
      policy('shop', {
        resourceSelectors: [selector('HelmRelease', 'shop'), selector('HelmRelease', 'blog')],
        placement: to('m1'),
      }),
      policy('b', { resourceSelectors: [selector('HelmRepository')], placement: to('m1') }),
      policy('all', { resourceSelectors: all, placement: to('m1') }, ''),
    ].join('---\n'),
  };
  const split = planIn(
    workspaceOf(other, fourMembers).propagate({ templates: [shop], clusters: named('m2') }),
  );
  assert.match(
    split.warnings.join('\n'),
    /^PropagationPolicy apps\/shop: .*apps\/shop-2 .* this selector/m,
  );
});

test('takes out of a policy by name what that has claimed on the control plane', () => {
  const names = ['shop', 'blog'];
  const documents = {
    'file:///w/releases.yaml': names.map((name) => release(name)).join('---\n'),
    'file:///w/charts.yaml': repository(),
    'file:///w/fleet.yaml': members.map((each) => printYaml(each)).join('---\n'),
    'file:///w/both.yaml': policy('both', {
      resourceSelectors: [
        ...names.map((name) => selector('HelmRelease', name)),
        selector('HelmRepository', 'charts'),
      ],
      placement: { clusterAffinity: { clusterNames: ['m1', 'm2'] } },
    }),
  };
  const workspace = workspaceOf(documents);
  workspace.setLive(claimedPlane(documents));
  const plan = planIn(workspace.stopPropagating({ templates: [shop], clusters: named('m2') }));
  assert.deepEqual(plan.warnings, []);
  assert.deepEqual(
    plan.outcomes.map(({ template, type, clusters }) => [template, type, clusters.join()]),
    [
      [shop, 'leaves', 'm2'],
      [shop, 'stays', 'm1'],
    ],
  );
});

test('outbids a policy that has claimed by kind, so that preemption takes place', () => {
  const documents = {
    'file:///w/shop.yaml': release('shop'),
    'file:///w/blog.yaml': release('blog'),
    'file:///w/charts.yaml': repository(),
    'file:///w/fleet.yaml': members.map((each) => printYaml(each)).join('---\n'),
    'file:///w/all.yaml': policy('all', {
      resourceSelectors: [selector('HelmRelease'), selector('HelmRepository')],
      priority: 2,
      placement: { clusterAffinity: { clusterNames: ['m1'] } },
    }),
  };
  const live = claimedPlane(documents);
  const gates = { featureGates: { PropagationPolicyPreemption: true } };
  for (const files of [documents, { 'file:///w/note.yaml': '# Nothing yet.\n' }]) {
    const workspace = workspaceOf(files, gates);
    workspace.setLive(live);
    const plan = planIn(workspace.propagate({ templates: [shop], clusters: named('m2') }));
    assert.match(plan.files[0]?.after ?? '', /priority: 3\n(?:.*\n)*? {2}preemption: Always\n/);
    assert.doesNotMatch(plan.warnings.join(), /blog/);
    const after = workspaceOf(afterPlan(files, plan), gates);
    after.setLive(live);
    const isOn = (name: string): boolean | undefined =>
      after.clusterChoices([shop]).find((choice) => choice.name === name)?.isPicked;
    assert.deepEqual([isOn('m1'), isOn('m2')], [true, true]);
  }
});

test('says which of its needs the API server refuses', () => {
  const documents = {
    'file:///w/shop.yaml': release('shop'),
    'file:///w/charts.yaml': repository().replace('5m', '[]'),
  };
  const plan = planIn(
    workspaceOf(documents, fourMembers).propagate({ templates: [shop], clusters: named('m1') }),
  );
  assert.deepEqual(plan.warnings, [
    'The API server refuses HelmRepository apps/charts, which HelmRelease apps/shop needs: it does not come along.',
  ]);
});

test('brings every one of many releases, each with a policy of its own', () => {
  const names = Array.from({ length: 70 }, (_, i) => `r${i}`);
  const documents = Object.fromEntries(
    names.map((name, i) => [
      `file:///w/${name}.yaml`,
      [
        release(name),
        policy(name, {
          resourceSelectors: [selector('HelmRelease', name)],
          placement: { clusterAffinity: { clusterNames: [i % 2 === 0 ? 'm1' : 'm3'] } },
        }),
      ].join('---\n'),
    ]),
  );
  const templates = names.map((name) => keyOf('HelmRelease', name));
  const plan = planIn(
    workspaceOf(documents, fourMembers).propagate({ templates, clusters: named('m2') }),
  );
  const at = clustersAfter(documents, plan);
  assert.deepEqual(
    templates.filter((key) => !at(key).includes('m2')),
    [],
  );
});

test('tells of releases that wait for one another, across namespaces', () => {
  const on = (name: string, namespace: string): string => {
    const other = namespace === 'apps' ? ['b', 'infra'] : ['a', 'apps'];
    const [to = '', at = ''] = other;
    const sourceRef = { kind: 'HelmRepository', name: 'charts', namespace: 'apps' };
    const chart = { spec: { chart: name, sourceRef } };
    return release(name, { chart, dependsOn: [{ name: to, namespace: at }] }, { namespace });
  };
  const documents = {
    'file:///w/r.yaml': `${on('a', 'apps')}---\n${on('b', 'infra')}---\n${repository()}`,
  };
  const workspace = workspaceOf(documents, fourMembers);
  const asked = { templates: [keyOf('HelmRelease', 'b', 'infra')], clusters: named('m1') };
  const plan = planIn(workspace.propagate(asked));
  const at = clustersAfter(documents, plan);
  assert.deepEqual(at(keyOf('HelmRelease', 'a')), ['m1']);
  assert.equal(plan.warnings.length, 1, plan.warnings.join());
  assert.match(plan.warnings[0] ?? '', /wait for/);
});

test('outbids with one policy what another selects by name and by kind', () => {
  const documents = {
    'file:///w/r.yaml': `${release('shop')}---\n${release('blog')}---\n${repository()}`,
    'file:///w/all.yaml': policy('all', {
      resourceSelectors: [
        selector('HelmRelease', 'shop'),
        selector('HelmRelease', 'blog'),
        selector('HelmRepository'),
      ],
      placement: { clusterAffinity: { clusterNames: ['m1'] } },
    }),
  };
  const workspace = workspaceOf(documents, fourMembers);
  const plan = planIn(workspace.propagate({ templates: [shop], clusters: named('m2') }));
  assert.equal(plan.files.length, 1);
  assert.match(plan.files[0]?.after ?? '', /priority: 1\n/);
  const at = clustersAfter(documents, plan);
  assert.deepEqual(
    [shop, keyOf('HelmRepository', 'charts'), keyOf('HelmRelease', 'blog')].map(at),
    [['m1', 'm2'], ['m1', 'm2'], ['m1']],
  );
});
