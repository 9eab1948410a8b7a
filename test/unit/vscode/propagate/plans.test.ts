import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClusterChoice, FilePlan } from '../../../../src/analysis/index.ts';
import {
  clustersWith,
  nameOf,
  pickedBy,
  traitValues,
} from '../../../../src/vscode/propagate/clusterPicks.ts';
import { overridePaths } from '../../../../src/vscode/propagate/overridePaths.ts';
import { whereText } from '../../../../src/vscode/propagate/pickedText.ts';
import {
  nothingToWrite,
  outcomeTexts,
  planSummary,
} from '../../../../src/vscode/propagate/planText.ts';

function choice(name: string, labels: Record<string, string>, region: string): ClusterChoice {
  const rest = { description: '', obstacle: '', isPicked: false, provider: '', zones: [] };
  return { name, labels, region, ...rest };
}

const choices = [
  choice('m1', { env: 'prod', tier: 'a' }, 'eu'),
  choice('m2', { env: 'prod' }, 'us'),
  choice('m10', { env: 'test' }, ''),
];

describe('picks of clusters', () => {
  test('count the clusters that have all labels, or any of the values of a field', () => {
    const labels = traitValues(choices, 'label');
    assert.deepEqual(labels.map(nameOf), ['env=prod', 'env=test', 'tier=a']);
    const [prod, , tier] = labels;
    assert.ok(prod && tier);
    assert.deepEqual(clustersWith('label', [prod]), ['m1', 'm2']);
    assert.deepEqual(clustersWith('label', [prod, tier]), ['m1']);
    assert.deepEqual(clustersWith('label', []), []);
    const regions = traitValues(choices, 'region');
    assert.deepEqual(clustersWith('region', regions), ['m1', 'm2']);
    assert.deepEqual(traitValues(choices, 'provider'), []);
  });

  test('become a request that means later clusters, too', () => {
    const [prod] = traitValues(choices, 'label');
    const [eu] = traitValues(choices, 'region');
    assert.ok(prod && eu);
    assert.deepEqual(pickedBy('label', [prod]), { type: 'labels', matchLabels: { env: 'prod' } });
    assert.deepEqual(pickedBy('region', [eu]), { type: 'fields', field: 'region', values: ['eu'] });
    assert.equal(whereText({ type: 'names', names: ['m10', 'm2'] }), 'm2 and m10');
    assert.equal(whereText({ type: 'labels', matchLabels: { a: 'b' } }), 'clusters with a=b');
  });
});

const asOneLine = (text: string): string => text.replaceAll(/\n +/g, ' ');

describe('texts of plans', () => {
  const plan: FilePlan = {
    files: [{ uri: 'file:///a.yaml', after: 'x', notes: ['PropagationPolicy a/b: new.'] }],
    outcomes: [
      { template: 'v2/HelmRelease/a/b', clusters: ['m10', 'm2'], type: 'appears', reason: '' },
      { template: 'v2/HelmRelease/a/b', clusters: ['m1'], type: 'leaves', reason: 'Uninstalled.' },
      { template: 'v2/HelmRelease/a/b', clusters: ['m3'], type: 'stays', reason: '' },
    ],
    warnings: ['Look.'],
    liveOnly: [],
    removedObjects: [],
  };

  test('differ in what changes, cluster by cluster in natural order', () => {
    const { now, afterwards } = outcomeTexts(plan);
    assert.equal(
      now,
      'HelmRelease a/b\n  m1   gets it\n  m2   does not get it\n  m3   gets it\n  m10  does not get it\n',
    );
    assert.match(
      afterwards,
      /^HelmRelease a\/b\n {2}m1 {3}loses it: Uninstalled\.\n {2}m2 {3}gets it\n {2}m3 {3}gets it\n {2}m10 {2}gets it\n\nNote: Look\.\n/,
    );
  });

  test('say what pushing them deletes', () => {
    const policy = { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'OverridePolicy' };
    const removedObjects = [{ ...policy, namespace: 'a', name: 'b' }];
    assert.match(
      asOneLine(outcomeTexts({ ...plan, removedObjects }).afterwards),
      /In no file any more: OverridePolicy a\/b\. Save and Push deletes it on the control plane/,
    );
  });

  test('fit beside one another, with names in one piece', () => {
    const long =
      'a-namespace-of-its-own/a-release-with-a-name-that-is-longer-than-a-column-of-a-diff';
    const warnings = [
      'HelmRelease apps/podinfo needs Secret apps/podinfo-values-of-production, which no policy propagates to member1 and member2.',
      `${long} is propagated to no cluster that is chosen here: PropagationPolicy apps/everything claims it.`,
    ];
    const notes = [
      'ClusterPropagationPolicy everything-in-all-of-the-clusters: HelmRelease apps/podinfo joins its resource selectors.',
    ];
    const outcomes: FilePlan['outcomes'] = [
      {
        ...{ template: 'v2/HelmRelease/a/b', clusters: ['member1'], type: 'leaves' },
        reason:
          'the Work is deleted, and with it the release, which Flux uninstalls with all that it has.',
      },
    ];
    const files = plan.files.map((file) => ({ ...file, notes }));
    const { now, afterwards } = outcomeTexts({ ...plan, files, outcomes, warnings });
    assert.equal(now, 'HelmRelease a/b\n  member1  gets it\n');
    const lines = afterwards.split('\n');
    for (const line of lines) {
      assert.ok(line.length <= 64 || line.trim().split(' ').length <= 2, line);
    }
    const whole = asOneLine(afterwards);
    for (const text of [...warnings, ...notes, outcomes[0]?.reason ?? '']) {
      assert.ok(whole.includes(text), text);
    }
    for (const name of [
      long,
      'HelmRelease apps/podinfo',
      'Secret apps/podinfo-values-of-production,',
      'PropagationPolicy apps/everything',
      'ClusterPropagationPolicy everything-in-all-of-the-clusters:',
    ]) {
      assert.ok(
        lines.some((line) => line.includes(name)),
        name,
      );
    }
    const notesAt = lines.indexOf('In the files:');
    assert.match(lines[notesAt + 1] ?? '', /^ {2}Cluster/);
    assert.match(lines[notesAt + 2] ?? '', /^ {4}HelmRelease/);
    assert.deepEqual(
      lines.filter((line) => /^\S/.test(line)).map((line) => line.slice(0, 5)),
      ['HelmR', 'Note:', 'Note:', 'In th'],
    );
  });

  test('sum up what appears and what is deleted', () => {
    assert.equal(planSummary(plan), '1 new file. New on m2 and m10. Deleted on m1.');
  });

  test('count as a change only what changes, and tell what stays against the wish', () => {
    const template = 'v2/HelmRelease/a/b';
    const outcomes: FilePlan['outcomes'] = [
      { template, clusters: ['m1'], type: 'stays', reason: 'It is there already.' },
      { template, clusters: ['m2'], type: 'changes', reason: '/spec/replicas becomes 1.' },
      { template, clusters: ['m3'], type: 'remains', reason: 'No change takes it away.' },
    ];
    assert.equal(planSummary({ ...plan, outcomes }), '1 new file. Changes on m2. Still on m3.');
    const { now, afterwards } = outcomeTexts({ ...plan, outcomes });
    assert.match(now, /m2 {2}gets it\n {2}m3 {2}gets it\n/);
    // Where nothing happens both sides are the same.
    assert.match(afterwards, /m1 {2}gets it\n/);
    assert.match(afterwards, /\nNote: HelmRelease a\/b on m1: It is there already\.\n/);
    assert.match(afterwards, /m2 {2}gets it: \/spec\/replicas becomes 1\.\n/);
    assert.match(afterwards, /m3 {2}still gets it: No change takes it away\.\n/);
  });

  test('hold hundreds of templates on a thousand clusters', () => {
    const clusters = Array.from({ length: 1000 }, (_, i) => `c${i}`);
    const outcomes: FilePlan['outcomes'] = Array.from({ length: 300 }, (_, i) => ({
      ...{ template: `v2/HelmRelease/a/r${i}`, clusters, type: 'stays', reason: 'It stays.' },
    }));
    const { now, afterwards } = outcomeTexts({ ...plan, outcomes });
    assert.equal(now.split('\n').length, 300 * 1002);
    assert.equal(afterwards.match(/It stays/g)?.length, 1);
  });

  test('say why there is nothing to write', () => {
    const none = { ...plan, files: [], warnings: [] };
    const [stays] = plan.outcomes.slice(2);
    assert.ok(stays);
    const there = 'No file has to change: it is as you asked already.';
    assert.equal(nothingToWrite({ ...none, outcomes: [stays] }), there);
    assert.equal(
      nothingToWrite({ ...none, outcomes: [stays], warnings: ['Look.'] }),
      `${there} Look.`,
    );
    const warnings = ['HelmRelease a/b does not come to m1. Why.', 'Other.'];
    const outcomes = [{ ...stays, type: 'missing' as const }];
    assert.equal(
      nothingToWrite({ ...none, outcomes, warnings }),
      'No change of the files does this. HelmRelease a/b does not come to m1. Why.',
    );
  });
});

test('paths of a manifest: the values of the chart first, keys escaped, lists as a whole and by item', () => {
  const manifest = {
    apiVersion: 'v2',
    metadata: { name: 'x', labels: { 'a/b': '1' } },
    spec: { interval: '1m', values: { 'c~d': { e: 1 }, list: [1], empty: {} } },
    status: {},
  };
  assert.deepEqual(
    overridePaths(manifest, (value) => JSON.stringify(value)).map(({ path }) => path),
    [
      '/spec/values/c~0d/e',
      '/spec/values/list',
      '/spec/values/list/0',
      '/spec/values/empty',
      '/spec/interval',
      '/metadata/labels/a~1b',
    ],
  );
  assert.deepEqual(
    overridePaths(undefined, () => ''),
    [],
  );
});
