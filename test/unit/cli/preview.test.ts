import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'karmada-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(
  args: readonly string[],
  input = '',
): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], {
    input,
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

const podinfo = 'examples/podinfo';

test('shows what each cluster of the example gets, and why one gets nothing', () => {
  const { status, out } = run(['preview', podinfo]);
  assert.equal(status, 0);
  const documents = out.split('---\n').slice(1);
  const about = (title: string): string =>
    documents.find((text) => text.startsWith(`# ${title}`)) ?? '';
  assert.match(about('HelmRelease default/podinfo for member1'), /replicaCount: 2/);
  assert.doesNotMatch(about('HelmRelease default/podinfo for member2'), /replicaCount/);
  assert.match(about('HelmRelease default/podinfo for member3'), /did not have the API resource/);
  assert.match(about('HelmRepository default/podinfo for member1 and member2'), /url:/);
});

test('shows one cluster as a patch of the template', () => {
  const { status, out } = run(['preview', podinfo, '--cluster', 'member1', '-o', 'diff']);
  assert.equal(status, 0);
  assert.deepEqual(
    out.split('\n').filter((line) => /^[+-][^+-]/.test(line)),
    [
      '-# HelmRelease default/podinfo for member1: the template',
      '+# HelmRelease default/podinfo for member1: overridden by example-override',
      '+    replicaCount: 2',
    ],
  );
});

test('prints JSON with assumptions, problems and outcomes', () => {
  const { out } = run(['preview', podinfo, '-o', 'json']);
  const answer = JSON.parse(out) as {
    assumptions: string[];
    problems: { severity: string }[];
    outcomes: { policy: string }[];
  };
  assert.equal(answer.assumptions.length, 3);
  assert.deepEqual(
    answer.problems.filter(({ severity }) => severity !== 'hint'),
    [],
  );
  assert.deepEqual(
    answer.outcomes.map(({ policy }) => policy),
    ['PropagationPolicy/default/helm-release', 'PropagationPolicy/default/helm-repo'],
  );
  assert.doesNotMatch(out, /karmada\.io\/permanent-id/);
});

test("shows Karmada's own keys for each cluster apart when asked", () => {
  const { out } = run(['preview', podinfo, '--bookkeeping']);
  assert.match(out, /work\.karmada\.io\/namespace: karmada-es-member1/);
  assert.match(out, /^# HelmRepository default\/podinfo for member2$/m);
});

test('keeps integers that a number cannot hold', () => {
  const text =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\nbig: 9007199254740993\n';
  const policy = `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: {name: p, namespace: b}
spec:
  resourceSelectors: [{apiVersion: v1, kind: ConfigMap}]
  placement: {clusterAffinity: {clusterNames: [m1]}}
`;
  const { out } = run(['preview', '-', '-o', 'json'], `${text}---\n${policy}`);
  assert.match(out, /"big": 9007199254740993/);
});

test('ends with 1 when an override fails or an object would be refused', () => {
  const refused = file(
    'refused.yaml',
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: o}\nspec: {chartRef: {kind: OCIRepository, name: a}}\n',
  );
  const { status, out } = run(['preview', refused]);
  assert.equal(status, 1);
  assert.match(out, /refused\.yaml:4: error: spec\.interval is missing/);
});

test('says what is wrong with its use, with status 2', () => {
  const cases: [string[], RegExp][] = [
    [[], /No command given/],
    [['frobnicate'], /"frobnicate" is no command/],
    [['preview'], /No file or folder given/],
    [['preview', join(folder, 'none.yaml')], /does not exist/],
    [['preview', podinfo, '-o', 'xml'], /"xml" is no output format/],
    [
      ['preview', podinfo, '--cluster', 'nowhere'],
      /There is no cluster "nowhere"\. Known: member1/,
    ],
    [['preview', podinfo, '--nonsense'], /Unknown option/],
    [['preview', podinfo, '--fleet', join(folder, 'none.yaml')], /does not exist/],
  ];
  for (const [args, message] of cases) {
    const { status, out, err } = run(args);
    assert.deepEqual([status, out], [2, ''], args.join(' '));
    assert.match(err, message);
  }
});

test('reads standard input and explains itself', () => {
  const { status, out } = run(['preview', '-'], 'apiVersion: v1\nkind: ConfigMap\ndata: [');
  assert.equal(status, 1);
  assert.match(out, /standard input:3: error:/);
  assert.match(run(['--help']).out, /Usage: karmada-preview preview PATH/);
});

const podinfoRelease = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: odd, namespace: apps }
spec: { interval: 5m, chart: { spec: { chart: a, sourceRef: { kind: HelmRepository, name: a } } } }
`;

test('says that a fleet file holds no cluster', () => {
  const release = file('odd.yaml', podinfoRelease);
  for (const [name, text] of [
    ['empty-fleet', ''],
    ['text-fleet', 'hello\n'],
    ['binary-fleet', '\u007fELF\u0000 {{{ ]] :\n\t- '],
    ['wrong-fleet', podinfoRelease],
    ['null-fleet', 'apiVersion: v1\nkind: List\nitems: [null, 5, { kind: Cluster }]\n'],
  ] as const) {
    const { status, out, err } = run(['preview', release, '--fleet', file(name, text)]);
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, new RegExp(`${name} holds no Cluster; write it with "kubectl get clusters`));
  }
});

test('reads what Windows PowerShell writes', () => {
  for (const [name, swap] of [
    ['little.yaml', false],
    ['big.yaml', true],
  ] as const) {
    const bytes = Buffer.from(`\ufeff${podinfoRelease}`.replaceAll('\n', '\r\n'), 'utf16le');
    const path = join(folder, name);
    writeFileSync(path, swap ? bytes.swap16() : bytes);
    const { status, out } = run(['preview', path]);
    assert.equal(status, 0);
    assert.match(out, /HelmRelease apps\/odd\n# No policy claims it/);
  }
});

test('refuses a version that is none', () => {
  const release = file('odd.yaml', podinfoRelease);
  for (const option of ['--flux-version', '--karmada-version']) {
    const { status, err } = run(['preview', release, option, 'newest']);
    assert.equal(status, 2);
    assert.match(err, /"newest" is no version for --/);
  }
});

test('has a word for every odd file, and throws for none', () => {
  const nothing = [
    '',
    '# only a comment\n',
    '---\n---\n',
    'hello\n',
    '\u0000',
    '['.repeat(20_000),
    'a: {'.repeat(20_000),
    'apiVersion: v1\nkind: List\nitems:\n',
    'apiVersion: v1\nkind: List\nitems: [null, 1, [], {}, { kind: List, items: 5 }]\n',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n',
  ];
  for (const text of nothing) {
    const { status, out, err } = run(['preview', file('nothing.yaml', text), '-o', 'diff']);
    assert.equal(err, '');
    assert.match(out, /# There is nothing to preview\.\n$/);
    assert.notEqual(status, 2);
  }
});
