import assert from 'node:assert/strict';
import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { UriEdit, Workspace } from '../../../../src/analysis/index.ts';
import { createLineIndex } from '../../../../src/base/position.ts';
import { cluster, open } from '../../../support/documents.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

const documents = {
  'fleet.yaml': ['member1', 'member2'].map((name) => cluster(name)).join(''),
  'release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: "podinfo" # the release
  labels: { tier: web }
spec:
  interval: 5m
  dependsOn: [{ name: redis }]
  chart:
    spec:
      chart: podinfo
      sourceRef:
        kind: HelmRepository
        name: charts # where it comes from
        namespace: sources
  valuesFrom:
    - kind: ConfigMap
      name: podinfo-values
    - { kind: Secret, name: podinfo-secret }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: redis
spec:
  interval: 5m
  chartRef: { kind: OCIRepository, name: redis }
`,
  'sources.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: sources
spec:
  url: https://example.com/charts
  secretRef: { name: pull }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: redis }
spec: { interval: 5m, url: 'oci://example.com/redis' }
`,
  'data.yaml': `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: podinfo-values
    data: {}
  - apiVersion: v1
    kind: Secret
    metadata: { name: podinfo-secret }
`,
  'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      imagePullSecrets: [{ name: podinfo-secret }]
      volumes:
        - name: one
          configMap: { name: podinfo-values }
        - name: two
          secret:
            secretName: podinfo-secret
      containers:
        - name: web
          envFrom:
            - configMapRef: { name: 'podinfo-values' }
`,
  'policy.yaml': `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: everywhere
spec:
  dependentOverrides: [less]
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: podinfo
    - apiVersion: v1
      kind: ConfigMap
      name: podinfo-values
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      labelSelector:
        matchLabels: { tier: web }
    - apiVersion: source.toolkit.fluxcd.io/v1
      kind: OCIRepository
  placement:
    clusterAffinity:
      clusterNames:
        - member1
        - member2
`,
  'override.yaml': `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: less
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: podinfo
  overrideRules:
    - targetCluster:
        clusterNames: [member1]
      overriders:
        plaintext:
          - path: /spec/interval
            operator: replace
            value: 10m
`,
} as const;

type Name = keyof typeof documents;

const workspace = open(documents);

/** The position of a `|` in the first line that holds the text with it. */
function at(name: Name, marked: string) {
  const offset = documents[name].indexOf(marked.replace('|', ''));
  assert(offset >= 0, marked);
  return [name, createLineIndex(documents[name]).positionAt(offset + marked.indexOf('|'))] as const;
}

/** `document:line text` of a place. */
function show({ uri, range }: { uri: string; range: { start: { line: number } } }): string {
  return `${uri}: ${documents[uri as Name].split('\n')[range.start.line]?.trim() ?? ''}`;
}

const definition = (name: Name, marked: string): string[] =>
  workspace
    .definition(...at(name, marked))
    .map(({ uri, selection }) => show({ uri, range: selection }));

const references = (name: Name, marked: string, declaration = false): string[] =>
  workspace
    .references(...at(name, marked), declaration)
    .map(show)
    .sort();

test('a reference leads to what it names, from any of its fields', () => {
  assert.deepEqual(definition('release.yaml', 'name: cha|rts'), ['sources.yaml: name: charts']);
  assert.deepEqual(definition('release.yaml', 'kind: Helm|Repository'), [
    'sources.yaml: name: charts',
  ]);
  assert.deepEqual(definition('release.yaml', '{ name: redis| }'), ['release.yaml: name: redis']);
  assert.deepEqual(definition('release.yaml', 'kind: OCIRepository, name: red|is'), [
    'sources.yaml: metadata: { name: redis }',
  ]);
  assert.deepEqual(definition('release.yaml', 'name: podinfo-val|ues'), [
    'data.yaml: name: podinfo-values',
  ]);
  assert.deepEqual(definition('release.yaml', 'name: |podinfo-secret'), [
    'data.yaml: metadata: { name: podinfo-secret }',
  ]);
  assert.deepEqual(definition('deployment.yaml', 'secretName: podinfo-sec|ret'), [
    'data.yaml: metadata: { name: podinfo-secret }',
  ]);
});

test('a selector leads to the templates that it chooses', () => {
  assert.deepEqual(definition('policy.yaml', 'name: podi|nfo'), [
    'release.yaml: name: "podinfo" # the release',
  ]);
  assert.deepEqual(definition('policy.yaml', 'tier: w|eb'), [
    'release.yaml: name: "podinfo" # the release',
  ]);
  assert.deepEqual(definition('policy.yaml', 'kind: OCI|Repository'), [
    'sources.yaml: metadata: { name: redis }',
  ]);
});

test('names of clusters and override policies lead to them', () => {
  assert.deepEqual(definition('policy.yaml', '- mem|ber2'), ['fleet.yaml: name: member2']);
  assert.deepEqual(definition('override.yaml', '[member|1]'), ['fleet.yaml: name: member1']);
  assert.deepEqual(definition('policy.yaml', '[le|ss]'), ['override.yaml: name: less']);
});

test('nothing is meant by other places', () => {
  for (const [name, marked] of [
    ['release.yaml', 'interval: 5|m'],
    ['release.yaml', '# where |it'],
    ['sources.yaml', 'name: pu|ll'],
    ['policy.yaml', 'place|ment'],
  ] as const) {
    assert.deepEqual(definition(name, marked), [], marked);
  }
  assert.deepEqual(workspace.definition('unknown.yaml', { line: 0, character: 0 }), []);
});

test('the references of a release are selectors of both kinds and dependsOn', () => {
  assert.deepEqual(references('release.yaml', '"podin|fo"'), [
    'override.yaml: name: podinfo',
    'policy.yaml: matchLabels: { tier: web }',
    'policy.yaml: name: podinfo',
  ]);
  assert.deepEqual(references('release.yaml', 'name: red|is\nspec', true), [
    'release.yaml: dependsOn: [{ name: redis }]',
    'release.yaml: name: redis',
  ]);
});

test('the references of other objects', () => {
  assert.deepEqual(references('sources.yaml', 'name: char|ts'), [
    'release.yaml: name: charts # where it comes from',
  ]);
  assert.deepEqual(references('fleet.yaml', 'name: member|1'), [
    'override.yaml: clusterNames: [member1]',
    'policy.yaml: - member1',
  ]);
  assert.deepEqual(references('policy.yaml', 'name: every|where'), [
    'data.yaml: name: podinfo-values',
    'release.yaml: name: "podinfo" # the release',
    'sources.yaml: metadata: { name: redis }',
  ]);
  assert.deepEqual(references('override.yaml', 'name: le|ss'), [
    'policy.yaml: dependentOverrides: [less]',
    'release.yaml: name: "podinfo" # the release',
  ]);
});

function applied(edits: readonly UriEdit[]): { [uri: string]: string } {
  const texts: { [uri: string]: string } = {};
  for (const [uri, text] of Object.entries(documents)) {
    const lines = createLineIndex(text);
    const own = edits
      .filter((edit) => edit.uri === uri)
      .map(({ range, newText }) => ({
        start: lines.offsetAt(range.start),
        end: lines.offsetAt(range.end),
        newText,
      }))
      .toSorted((a, b) => b.start - a.start);
    let result: string = text;
    for (const { start, end, newText } of own) {
      result = result.slice(0, start) + newText + result.slice(end);
    }
    texts[uri] = result;
  }
  return texts;
}

function renamed(name: Name, marked: string, newName: string): string {
  const answer = workspace.rename(...at(name, marked), newName);
  assert('edits' in answer, 'reason' in answer ? answer.reason : '');
  const after = applied(answer.edits);
  return Object.entries(documents)
    .flatMap(([uri, text]) => {
      const lines = text.split('\n');
      return (after[uri] ?? '')
        .split('\n')
        .flatMap((line, i) => (line === lines[i] ? [] : [`${uri}: ${line.trim()}`]));
    })
    .join('\n');
}

test('a rename changes the name everywhere and nothing else', () => {
  assert.equal(
    renamed('release.yaml', '"podin|fo"', 'web'),
    `release.yaml: name: "web" # the release
policy.yaml: name: web
override.yaml: name: web`,
  );
  assert.equal(
    renamed('release.yaml', 'name: cha|rts', 'helm'),
    `release.yaml: name: helm # where it comes from
sources.yaml: name: helm`,
  );
  assert.equal(
    renamed('data.yaml', 'name: podinfo-val|ues', 'values'),
    `release.yaml: name: values
data.yaml: name: values
deployment.yaml: configMap: { name: values }
deployment.yaml: - configMapRef: { name: 'values' }
policy.yaml: name: values`,
  );
  assert.equal(
    renamed('override.yaml', 'name: le|ss', 'more'),
    'policy.yaml: dependentOverrides: [more]\noverride.yaml: name: more',
  );
  assert.equal(renamed('policy.yaml', 'name: every|where', 'all'), 'policy.yaml: name: all');
});

test('a name that is not declared in the workspace is renamed where it is mentioned', () => {
  const answer = workspace.rename(...at('sources.yaml', 'name: pu|ll'), 'push');
  assert('edits' in answer);
  assert.equal(answer.edits.length, 1);
});

test('a name that YAML would read as something else is quoted', () => {
  assert.equal(renamed('policy.yaml', 'name: every|where', '123'), 'policy.yaml: name: "123"');
});

test('a rename that cannot be is refused with a reason', () => {
  const reason = (name: Name, marked: string, newName: string, target: Workspace = workspace) => {
    const answer = target.rename(...at(name, marked), newName);
    return 'reason' in answer ? answer.reason : '';
  };
  assert.match(reason('release.yaml', '"podin|fo"', 'Pod Info'), /lower-case/);
  assert.match(
    reason('release.yaml', '"podin|fo"', 'redis'),
    /HelmRelease .*redis is there already/,
  );
  assert.match(reason('fleet.yaml', 'name: member|1', 'member9'), /cluster/);
  assert.match(reason('release.yaml', 'interval: 5|m', 'x'), /no name/);
  const wide = documents['policy.yaml']
    .replace('kind: PropagationPolicy', 'kind: ClusterPropagationPolicy')
    .replace('  dependentOverrides: [less]\n', '');
  const twin = documents['release.yaml'].replace(
    'name: "podinfo"',
    'name: podinfo\n  namespace: other',
  );
  const other = open({ ...documents, 'wide.yaml': wide, 'twin.yaml': twin });
  assert.match(
    reason('release.yaml', '"podin|fo"', 'web', other),
    /ClusterPropagationPolicy everywhere selects this name in other namespaces too/,
  );
});

test('the place of a rename is the name', () => {
  const place = workspace.renamePlace(...at('release.yaml', 'name: cha|rts'));
  assert.deepEqual(place, {
    range: { start: { line: 13, character: 14 }, end: { line: 13, character: 20 } },
    name: 'charts',
  });
  assert('reason' in workspace.renamePlace(...at('release.yaml', 'kind: Helm|Repository')));
});

test('symbols of a document are its objects with their parts', () => {
  const symbols = workspace.documentSymbols('policy.yaml');
  assert.deepEqual(
    symbols.map(({ name, detail, type, children }) => [
      name,
      detail,
      type,
      children.map((child) => child.name),
    ]),
    [
      [
        'everywhere',
        'PropagationPolicy',
        'propagation',
        [
          'podinfo',
          'podinfo-values',
          'HelmRelease',
          'OCIRepository',
          'clusterAffinity: member1, member2',
        ],
      ],
    ],
  );
  assert.deepEqual(
    workspace.documentSymbols('data.yaml').map(({ name, type }) => [name, type]),
    [
      ['podinfo-values', 'data'],
      ['podinfo-secret', 'data'],
    ],
  );
});

test('symbols of the workspace are found by letters in order', () => {
  const names = (query: string): string[] =>
    workspace.workspaceSymbols(query).map(({ name, container }) => `${container} ${name}`);
  assert.deepEqual(names('HelmRedis'), ['HelmRelease default redis']);
  assert.deepEqual(names('member2'), ['Cluster member2']);
  assert.deepEqual(names('helmrelease podi'), ['HelmRelease default podinfo']);
  assert.equal(names('').length, 11);
});

test('names that lead somewhere are links', () => {
  const links = workspace.documentLinks('release.yaml').map(({ title }) => title);
  assert.deepEqual(links, [
    'Go to HelmRepository sources/charts',
    'Go to HelmRelease default/redis',
    'Go to ConfigMap default/podinfo-values',
    'Go to Secret default/podinfo-secret',
    'Go to OCIRepository default/redis',
  ]);
});

test('symbols, links and answers lie inside the documents of the examples, children inside parents', () => {
  const files = globSync('examples/**/*.yaml', { cwd: root });
  const texts = Object.fromEntries(
    files.map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  );
  const examples = open(texts);
  let links = 0;
  for (const file of files) {
    for (const symbol of examples.documentSymbols(file)) {
      for (const child of symbol.children) {
        assert(child.range.start.line >= symbol.range.start.line, `${file} ${child.name}`);
        assert(child.range.end.line <= symbol.range.end.line, `${file} ${child.name}`);
        assert(child.selection.start.line >= child.range.start.line);
      }
    }
    for (const { range, target } of examples.documentLinks(file)) {
      links++;
      const [link] = examples.definition(file, range.start);
      assert.deepEqual(link && { uri: link.uri, range: link.selection }, target);
      const back = examples.references(target.uri, target.range.start, false);
      assert(
        back.some((place) => place.uri === file && place.range.start.line === range.start.line),
      );
    }
  }
  assert(links > 30, `only ${links} links`);
});
