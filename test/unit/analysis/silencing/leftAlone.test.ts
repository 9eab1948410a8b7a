import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkspaceOptions } from '../../../../src/analysis/index.ts';
import { cluster, open, propagation, release, releaseKey } from '../../../support/documents.ts';

const patch = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  valeus: {}
`;

/** Everything that is found, and what is a template, of some documents. */
function answers(documents: { [uri: string]: string }, options?: WorkspaceOptions) {
  const workspace = open(documents, options);
  const codes = Object.keys(documents).flatMap((uri) =>
    workspace.diagnostics(uri).map(({ code }) => `${uri} ${code}`),
  );
  return { codes, templates: workspace.templates().map(({ uri }) => uri) };
}

const silent = { codes: [], templates: [] };

test('the patch that the tests use is wrong where nothing leaves it alone', () => {
  const { codes, templates } = answers({ 'apps/patch.yaml': patch });
  assert(codes.length > 0);
  assert.deepEqual(templates, ['apps/patch.yaml']);
});

test('patches that a kustomization names are left alone, and so is the kustomization', () => {
  const kustomization = `resources: [../base]
patches:
  - path: patch.yaml
    target: { kind: HelmRelease }
  - patch: |
      - op: remove
        path: /spec
`;
  const named = 'patches: [patch.yaml]'.replace('patches', 'patchesStrategicMerge');
  for (const text of [
    kustomization,
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${kustomization}`,
    `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${named}\n`,
    'patchesJson6902: [{ path: ./x/../patch.yaml, target: {} }]',
  ]) {
    assert.deepEqual(
      answers({ 'apps/kustomization.yaml': text, 'apps/patch.yaml': patch }),
      silent,
      text,
    );
  }
});

test('a kustomization speaks of its own folder, and a path may leave it', () => {
  const text = 'patches: [{ path: ../patches/p%20one.yaml }, { path: "../patches/p two.yaml" }]';
  const documents = {
    'file:///work/one/kustomization.yml': text,
    'file:///work/patches/p%20two.yaml': patch,
    'file:///work/one/patches/p%20two.yaml': release,
  };
  assert.deepEqual(answers(documents).templates, ['file:///work/one/patches/p%20two.yaml']);
});

test('a file is analysed again when no kustomization names it any more', () => {
  const workspace = open({
    'kustomization.yaml': 'patches: [{ path: patch.yaml }]',
    'patch.yaml': patch,
  });
  assert.deepEqual(workspace.diagnostics('patch.yaml'), []);
  workspace.update('kustomization.yaml', 'resources: [patch.yaml]');
  assert(workspace.diagnostics('patch.yaml').length > 0);
});

test('templates of a chart are left alone, whatever they hold', () => {
  const chart = 'apiVersion: v2\nname: podinfo\nversion: 1.0.0\n';
  for (const folder of ['', 'charts/podinfo/', 'file:///work/charts/podinfo/']) {
    const documents = {
      [`${folder}Chart.yaml`]: chart,
      [`${folder}templates/release.yaml`]: patch,
      [`${folder}templates/more/broken.yaml`]: 'apiVersion: v1\nkind: Secret\na: [',
    };
    assert.deepEqual(answers(documents), silent, folder);
  }
  assert.equal(
    answers({ 'Chart.yaml': chart, 'other/templates/a.yaml': patch }).templates.length,
    1,
  );
});

test('a single document with Go templates is left alone, its neighbours are not', () => {
  const templated = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n';
  const { codes, templates } = answers({ 'a.yaml': `${templated}---\n${release}` });
  assert.deepEqual(codes, []);
  assert.deepEqual(templates, ['a.yaml']);
});

test('YAML that is no Kubernetes object is left alone, broken or not', () => {
  for (const text of [
    'a: 1\na: 2\n',
    'on: [push\njobs: {}\n',
    'apiVersion: v2\nname: chart\nname: twice\n',
    'steps:\n  - run: |\n      kubectl apply -f - <<E\n      apiVersion: v1\n      kind: Secret\n  - b: [\n',
    '"',
    '- 1\n- ]\n',
  ]) {
    assert.deepEqual(answers({ 'a.yaml': text }), silent, text);
  }
  assert.deepEqual(answers({ 'a.yaml': 'apiVersion: v1\nkind: Secret\na: [\n' }).codes, [
    'a.yaml yaml-syntax',
  ]);
});

const mac = `sops:
  age: []
  lastmodified: "2026-01-01T00:00:00Z"
  mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
  version: 3.9.0
`;

test('a Secret that SOPS encrypted is a template, without findings, its data masked', () => {
  const secret = `apiVersion: v1
kind: Secret
metadata:
  name: values
  namespace: apps
stringData:
  password: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
${mac}`;
  const workspace = open({ 'c.yaml': cluster('member1'), 'p.yaml': propagation, 's.yaml': secret });
  assert.deepEqual(workspace.diagnostics('s.yaml'), []);
  const text = workspace.previewText({
    template: 'v1/Secret/apps/values',
    side: 'cluster',
    cluster: 'member1',
  });
  assert.match(text, /password: "\*\*\*"/);
  assert.doesNotMatch(text, /ENC\[|sops|lastmodified/);
});

test('a release with encrypted values is a template, without findings about the ciphertext', () => {
  const encrypted = `${release.replace('interval: 5m', 'interval: ENC[AES256_GCM,data:a,type:str]')}${mac}`;
  const { codes, templates } = answers({ 'r.yaml': encrypted });
  assert.deepEqual(codes, []);
  assert.deepEqual(templates, ['r.yaml']);
  const workspace = open({
    'c.yaml': cluster('member1'),
    'p.yaml': propagation,
    'r.yaml': encrypted,
  });
  assert.equal(workspace.entries(releaseKey)[0]?.state, 'unchanged');
});

test('excluded documents take no part at all', () => {
  const file = 'file:///work/deploy/old/release.yaml';
  const isExcluded = (exclude: readonly string[], roots: readonly string[] = []): boolean =>
    answers({ [file]: patch }, { exclude, roots }).templates.length === 0;
  assert(isExcluded(['**/old/**']));
  assert(isExcluded(['**/old']));
  assert(isExcluded(['**/release.yaml']));
  assert(isExcluded(['**/*.{yml,yaml}']));
  assert(isExcluded(['deploy/old/'], ['file:///work']));
  assert(isExcluded(['./deploy'], ['file:///other', 'file:///work/']));
  assert(!isExcluded(['old/**'], ['file:///work']));
  assert(!isExcluded(['deploy/*.yaml'], ['file:///work']));
  assert(!isExcluded([]));
  assert(!isExcluded(['', '[', '**/new/**']));
});

test('plain errors of YAML are left to another extension where one reports them', () => {
  const text = `${release}---\napiVersion: v1\nkind: Secret\nkind: Secret\n---\napiVersion: v1\nkind: Secret\na: [\n`;
  assert.equal(answers({ 'a.yaml': text }).codes.length, 2);
  assert.deepEqual(answers({ 'a.yaml': text }, { yamlSyntax: 'others' }).codes, []);
});
