import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createWorkspace } from '../../../../src/analysis/index.ts';
import type { FilePlan, OverrideEdits, Workspace } from '../../../../src/analysis/index.ts';
import { finished } from '../../../../src/analysis/propagate/planning.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/index.ts';
import { deepEqual, member } from '../../../../src/engine/index.ts';
import { printYaml } from '../../../../src/yaml/index.ts';
import { controlPlane, releaseKey } from '../live/controlPlane.ts';

type Files = { readonly [uri: string]: string };

const key = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/podinfo';
const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  interval: 10m
  chart:
    spec:
      chart: podinfo
      sourceRef:
        kind: HelmRepository
        name: podinfo
  values:
    replicaCount: 1
    ui:
      color: blue
    hosts:
      - a.example
      - b.example
`;
const propagation = `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: podinfo
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
  placement:
    clusterAffinity:
      clusterNames: [member1, member2, member3]
`;

function clusterText(name: string): string {
  return printYaml({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels: { env: name === 'member1' ? 'prod' : 'test' } },
    spec: { syncMode: 'Push', region: name === 'member3' ? 'us' : 'eu' },
    status: {
      apiEnablements: [
        {
          groupVersion: 'helm.toolkit.fluxcd.io/v2',
          resources: [{ kind: 'HelmRelease', name: 'helmreleases' }],
        },
      ],
    },
  });
}

const fleet = ['member1', 'member2', 'member3', 'member4'].map(clusterText).join('---\n');
const seed: Files = {
  'file:///w/release.yaml': release,
  'file:///w/policy.yaml': propagation,
  'file:///w/fleet.yaml': fleet,
};

function open(files: Files): Workspace {
  const workspace = createWorkspace({ roots: ['file:///w'] });
  for (const [uri, text] of Object.entries(files)) workspace.update(uri, text);
  return workspace;
}

function planOf(
  workspace: Workspace,
  names: readonly string[],
  edits: OverrideEdits,
  template = key,
): FilePlan {
  const answer = workspace.override({ template, clusters: { type: 'names', names }, edits });
  assert('files' in answer, 'reason' in answer ? answer.reason : '');
  return answer;
}

function saved(workspace: Workspace, { files }: FilePlan): void {
  for (const { uri, after } of files) {
    if (after === undefined) workspace.remove(uri);
    else workspace.update(uri, after);
  }
}

function manifestOf(workspace: Workspace, cluster: string): JsonObject {
  const manifest = workspace.manifest({ template: key, side: 'cluster', cluster });
  assert(manifest, `nothing on ${cluster}`);
  return manifest;
}

function set(path: string, valueText?: string): OverrideEdits {
  return {
    type: 'pointers',
    values: [{ path, ...(valueText === undefined ? {} : { valueText }) }],
  };
}

function reasonOf(workspace: Workspace, edits: OverrideEdits, names = ['member1']): string {
  const answer = workspace.override({ template: key, clusters: { type: 'names', names }, edits });
  assert('reason' in answer, 'there is a plan');
  return answer.reason;
}

describe('override for clusters', () => {
  test('writes a new policy beside the release with the smallest entry', () => {
    const workspace = open(seed);
    const plan = planOf(workspace, ['member2', 'member1'], set('/spec/values/replicaCount', '2'));
    const [file, ...others] = plan.files;
    assert.equal(others.length, 0);
    assert.equal(file?.uri, 'file:///w/overridepolicy-podinfo.yaml');
    assert.equal(file.before, undefined);
    assert.equal(
      file.after,
      `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: podinfo
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      namespace: apps
      name: podinfo
  overrideRules:
    - targetCluster:
        clusterNames:
          - member1
          - member2
      overriders:
        plaintext:
          - path: /spec/values/replicaCount
            operator: replace
            value: 2
`,
    );
    assert.deepEqual(plan.outcomes, [
      {
        template: key,
        clusters: ['member1', 'member2'],
        type: 'changes',
        reason: '/spec/values/replicaCount becomes 2.',
      },
    ]);
    assert.deepEqual(plan.warnings, []);
  });

  test('takes an edited manifest and finds what was changed in it', () => {
    const workspace = open(seed);
    const now = workspace.previewText({ template: key, side: 'cluster', cluster: 'member1' });
    const text = now.replace('color: blue', 'color: red').replace('      - a.example\n', '');
    const plan = planOf(workspace, ['member1'], {
      type: 'manifest',
      text: text.replace('    - a.example\n', ''),
    });
    saved(workspace, plan);
    const values = member(manifestOf(workspace, 'member1')['spec'], 'values');
    assert.deepEqual(values, { replicaCount: 1, ui: { color: 'red' }, hosts: ['b.example'] });
    const other = member(manifestOf(workspace, 'member2')['spec'], 'values');
    assert.deepEqual(member(other, 'hosts'), ['a.example', 'b.example']);
    assert.match(
      plan.files[0]?.after ?? '',
      /path: \/spec\/values\/hosts\/0\n\s+operator: remove\n/,
    );
  });

  test('changes the entry of a rule that is for the same clusters, and keeps comments', () => {
    const workspace = open(seed);
    saved(workspace, planOf(workspace, ['member1'], set('/spec/values/replicaCount', '2')));
    const uri = 'file:///w/overridepolicy-podinfo.yaml';
    const first = planOf(workspace, ['member1'], set('/spec/interval', '5m'));
    assert.deepEqual(
      first.files.map((file) => file.uri),
      [uri],
    );
    workspace.update(uri, (first.files[0]?.after ?? '').replace('value: 2', 'value: 2 # two'));
    const plan = planOf(workspace, ['member1'], set('/spec/values/replicaCount', '3'));
    const after = plan.files[0]?.after ?? '';
    assert.match(after, /value: 3 # two/);
    assert.equal(after.match(/path:/g)?.length, 2);
    assert.equal(after.match(/targetCluster/g)?.length, 1);
    assert.deepEqual(plan.warnings, []);
  });

  test('takes an entry away again when the template says the same, and the file with the last', () => {
    const workspace = open(seed);
    saved(workspace, planOf(workspace, ['member1'], set('/spec/values/replicaCount', '2')));
    const plan = planOf(workspace, ['member1'], set('/spec/values/replicaCount', '1'));
    assert.equal(plan.files[0]?.after, undefined);
    assert.notEqual(plan.files[0]?.before, undefined);
    assert.deepEqual(
      plan.removedObjects.map(({ kind }) => kind),
      ['OverridePolicy'],
    );
  });

  test('adds a rule for other clusters to a policy that is about this release only', () => {
    const workspace = open(seed);
    saved(workspace, planOf(workspace, ['member1'], set('/spec/values/replicaCount', '2')));
    const plan = planOf(workspace, ['member2'], set('/spec/values/replicaCount', '4'));
    assert.equal(plan.files.length, 1);
    assert.equal(plan.files[0]?.after?.match(/targetCluster/g)?.length, 2);
  });

  test('writes a rule for each group where clusters get different things now', () => {
    const workspace = open(seed);
    saved(
      workspace,
      planOf(workspace, ['member1'], set('/spec/values/ui', '{color: green, logo: x}')),
    );
    const text = printYaml(manifestOf(workspace, 'member2')).replace(
      'interval: 10m',
      'interval: 1m',
    );
    saved(workspace, planOf(workspace, ['member1', 'member2'], { type: 'manifest', text }));
    assert.deepEqual(manifestOf(workspace, 'member1'), manifestOf(workspace, 'member2'));
    assert.equal(member(manifestOf(workspace, 'member1')['spec'], 'interval'), '1m');
    assert.equal(member(manifestOf(workspace, 'member3')['spec'], 'interval'), '10m');
  });

  test('has the last word over a policy whose name comes late, and says so', () => {
    const other = `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: zzz
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: podinfo
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: another
  overrideRules:
    - overriders:
        plaintext:
          - path: /spec/values/replicaCount
            operator: replace
            value: 9
`;
    const workspace = open({ ...seed, 'file:///w/zzz.yaml': other });
    const plan = planOf(workspace, ['member1'], set('/spec/values/replicaCount', '2'));
    assert.equal(plan.files[0]?.uri, 'file:///w/overridepolicy-zzz-podinfo.yaml');
    assert.match(
      plan.warnings.join(),
      /OverridePolicy apps\/zzz sets \/spec\/values\/replicaCount too/,
    );
    saved(workspace, plan);
    assert.equal(
      member(member(manifestOf(workspace, 'member1')['spec'], 'values'), 'replicaCount'),
      2,
    );
    assert.equal(
      member(member(manifestOf(workspace, 'member2')['spec'], 'values'), 'replicaCount'),
      9,
    );
  });

  test('changes an entry where another policy sets something else before it', () => {
    const first = printYaml({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'ClusterOverridePolicy',
      metadata: { name: 'first' },
      spec: {
        resourceSelectors: [{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' }],
        overrideRules: [
          {
            overriders: {
              plaintext: [{ path: '/spec/values/replicaCount', operator: 'replace', value: 5 }],
            },
          },
        ],
      },
    });
    const workspace = open({ ...seed, 'file:///w/first.yaml': first });
    saved(workspace, planOf(workspace, ['member1'], set('/spec/values/replicaCount', '2')));
    const plan = planOf(workspace, ['member1'], set('/spec/values/replicaCount', '1'));
    const { before, after } = plan.files[0] ?? {};
    assert.equal(after, before?.replace('value: 2', 'value: 1'));
    assert.doesNotMatch(plan.warnings.join(), /remove one of them/);
  });

  test('tells what is wrong with the policy that it writes', () => {
    const workspace = open(seed);
    const warningsOf = (path: string, value: string): string =>
      planOf(workspace, ['member1'], set(path, value)).warnings.join();
    assert.match(
      warningsOf('/spec/interval', '5'),
      /^OverridePolicy apps\/podinfo: .* the API server of member1 refuses/,
    );
    assert.match(warningsOf('/spec/foo', '5'), /There is no field spec\.foo/);
    const held = {
      ...seed,
      'file:///w/policy.yaml': `${propagation}  suspension: {dispatching: true}\n`,
    };
    assert.match(
      planOf(open(held), ['member1'], set('/spec/suspend', 'true')).warnings.join(),
      /suspends dispatching to member1/,
    );
  });

  test('means later clusters, too, where clusters are chosen by what they have', () => {
    const workspace = open(seed);
    const answer = workspace.override({
      template: key,
      clusters: { type: 'fields', field: 'region', values: ['eu'] },
      edits: set('/spec/suspend', 'true'),
    });
    assert('files' in answer);
    assert.match(answer.files[0]?.after ?? '', /fieldSelector:[^]*key: region/);
    assert.match(answer.files[0]?.after ?? '', /operator: add\n\s+value: true/);
  });

  test('tells a few of many problems of one kind, and how many there are', () => {
    const workspace = open(seed);
    const values = Array.from({ length: 9 }, (_, i) => ({
      path: `/spec/none${i}`,
      valueText: '1',
    }));
    const answer = workspace.override({
      template: key,
      clusters: { type: 'names', names: ['member1'] },
      edits: { type: 'pointers', values },
    });
    assert('files' in answer);
    const last = answer.warnings.indexOf(
      'OverridePolicy apps/podinfo: 4 more like the last of these.',
    );
    assert.match(answer.warnings[last - 1] ?? '', /There is no field spec\.none4/);
    assert.equal(answer.warnings.filter((text) => text.includes('There is no field')).length, 5);
  });

  test('is planned in steps, anew when a document changes between two of them', () => {
    const workspace = open(seed);
    const request = {
      template: key,
      clusters: { type: 'names', names: ['member1'] },
      edits: set('/spec/values/replicaCount', '4'),
    } as const;
    const planning = workspace.overrideInSteps(request);
    for (let n = 0; n < 3; n++) assert.equal(planning.next().done, false);
    workspace.update('file:///w/release.yaml', release.replace('replicaCount: 1', 'other: 1'));
    const answer = finished(planning);
    assert('files' in answer);
    assert.match(answer.files[0]?.after ?? '', /operator: add\n\s+value: 4/);
    assert.deepEqual(answer, workspace.override(request));
  });

  test('says where the release does not come to', () => {
    const plan = planOf(open(seed), ['member1', 'member4'], set('/spec/suspend', 'true'));
    assert.deepEqual(
      plan.outcomes.map(({ type, clusters }) => [type, clusters]),
      [
        ['changes', ['member1']],
        ['missing', ['member4']],
      ],
    );
    assert.match(plan.warnings.join(), /^HelmRelease apps\/podinfo does not come to member4/);
  });

  test('adds labels one by one, for the map has what Karmada wrote', () => {
    const workspace = open(seed);
    saved(
      workspace,
      planOf(workspace, ['member1'], set('/metadata/labels', '{team: a/b, "x.io/y~z": "1"}')),
    );
    const metadata = manifestOf(workspace, 'member1')['metadata'];
    assert.deepEqual(member(metadata, 'labels'), { team: 'a/b', 'x.io/y~z': '1' });
  });

  test('refuses what no override may change, with a sentence', () => {
    const workspace = open(seed);
    const cases: readonly (readonly [path: string, value: string | undefined, reason: RegExp])[] = [
      ['/metadata/name', 'x', /metadata\.name says which object/],
      ['/metadata/namespace', 'x', /metadata\.namespace says which object/],
      ['/kind', 'x', /kind says which object/],
      ['/apiVersion', 'x', /apiVersion says which object/],
      ['/status/x', 'x', /status is written by each cluster/],
      ['/metadata/uid', 'x', /metadata\.uid is each API server's own/],
      ['/metadata/labels/karmada.io~1managed', 'x', /karmada\.io\/managed is Karmada's own/],
      ['/spec/nothing', undefined, /nothing at \/spec\/nothing/],
      ['/spec/interval', '10m', /Nothing is changed/],
      ['/spec/values/hosts/7', 'x', /has no item 7/],
      ['/spec/interval/x', 'x', /no map and no list/],
      ['spec', 'x', /begin with a slash/],
      ['/spec/values/x', '{', /cannot be read/],
    ];
    for (const [path, value, reason] of cases) {
      assert.match(reasonOf(workspace, set(path, value)), reason, path);
    }
    const broken: OverrideEdits = { type: 'manifest', text: 'a: [' };
    assert.match(reasonOf(workspace, broken), /cannot be read/);
    assert.match(
      reasonOf(workspace, { type: 'manifest', text: 'a: 1\n---\nb: 2\n' }),
      /one document/,
    );
    assert.match(reasonOf(workspace, set('/spec/suspend', 'true'), []), /No cluster is chosen/);
    assert.match(reasonOf(workspace, set('/spec/suspend', 'true'), ['x']), /no cluster x/);
  });

  test('overrides what is only on the control plane by a new file', () => {
    const workspace = createWorkspace({ roots: ['file:///w'] });
    workspace.setLive(controlPlane());
    const template = releaseKey('shop');
    const clusters = { type: 'names' as const, names: ['member1'] };
    assert.match(workspace.manifestToEdit({ template, clusters }), /^ {2}name: shop\n/m);
    const plan = planOf(workspace, ['member1'], set('/spec/interval', '1m'), template);
    assert.deepEqual(
      plan.files.map(({ uri, before }) => [uri, before]),
      [['file:///w/overridepolicy-shop.yaml', undefined]],
    );
    saved(workspace, plan);
    const intervalOn = (cluster: string) =>
      member(workspace.manifest({ template, side: 'cluster', cluster })?.['spec'], 'interval');
    assert.deepEqual([intervalOn('member1'), intervalOn('member2')], ['1m', '10m']);
  });

  test('never shows or takes the values of a Secret', () => {
    const secret = `apiVersion: v1
kind: Secret
metadata: {name: s, namespace: apps}
stringData: {password: hunter2}
`;
    const policy = propagation
      .replace('helm.toolkit.fluxcd.io/v2', 'v1')
      .replace('kind: HelmRelease', 'kind: Secret')
      .replace('name: podinfo', 'name: secrets');
    const workspace = open({
      ...seed,
      'file:///w/secret.yaml': secret,
      'file:///w/secrets.yaml': policy,
      'file:///w/fleet.yaml': fleet.replaceAll(
        '  apiEnablements:\n',
        '  apiEnablements:\n  - groupVersion: v1\n    resources: [{kind: Secret, name: secrets}]\n',
      ),
    });
    const template = 'v1/Secret/apps/s';
    const edit = (edits: OverrideEdits) =>
      workspace.override({ template, clusters: { type: 'names', names: ['member1'] }, edits });
    const refused = edit(set('/stringData/password', 'x'));
    assert('reason' in refused);
    assert.match(refused.reason, /Secret's values/);
    const plan = edit(set('/metadata/labels/team', 'a'));
    assert('files' in plan, 'reason' in plan ? plan.reason : '');
    assert.doesNotMatch(JSON.stringify(plan), /hunter2/);
  });

  test('gives chosen clusters the edited manifest, whatever it is, and no other cluster anything else', () => {
    const keys = fc.constantFrom(
      'a',
      'b',
      'c/d',
      'e~f',
      '~1',
      '0',
      '-',
      '__proto__',
      'toString',
      '',
    );
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>(null, true, 0, 1, -3, 1.5, '', 'x', '1', 'yes', 'a\nb'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc
          .uniqueArray(fc.tuple(keys, tie('value')), { maxLength: 4, selector: ([name]) => name })
          .map((entries): JsonValue => Object.fromEntries(entries)),
      ),
    }));
    const values = fc
      .uniqueArray(fc.tuple(keys, value), { maxLength: 4, selector: ([name]) => name })
      .map((entries): JsonObject => Object.fromEntries(entries));
    const chosen = fc.subarray(['member1', 'member2', 'member3'], { minLength: 1 });
    const property = fc.property(
      values,
      fc.array(fc.tuple(values, chosen), { minLength: 1, maxLength: 3 }),
      (first, edits) => {
        const workspace = open({ ...seed, 'file:///w/release.yaml': withValues(release, first) });
        for (const [next, names] of edits) {
          const [name = ''] = names;
          const text = withValues(printYaml(manifestOf(workspace, name)), next);
          const before = new Map(members.map((one) => [one, manifestOf(workspace, one)]));
          const answer = workspace.override({
            template: key,
            clusters: { type: 'names', names },
            edits: { type: 'manifest', text },
          });
          const wanted = {
            ...manifestOf(workspace, name),
            spec: { ...(manifestOf(workspace, name)['spec'] as JsonObject), values: next },
          };
          if (!('files' in answer)) {
            assert.match(answer.reason, /Nothing is changed/);
            for (const one of names) assert(deepEqual(before.get(one), wanted));
            continue;
          }
          saved(workspace, answer);
          for (const one of members) {
            const expected = names.includes(one) ? wanted : before.get(one);
            assert(deepEqual(manifestOf(workspace, one), expected), `${one} gets something else`);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 150 });
  });
});

const members = ['member1', 'member2', 'member3'];

/** A manifest with other values; the text of a release or of a preview. */
function withValues(text: string, values: JsonObject): string {
  const start = text.indexOf('\n  values:');
  return `${text.slice(0, start)}\n${indented(printYaml({ values }))}`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
