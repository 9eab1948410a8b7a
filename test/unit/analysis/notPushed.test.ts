import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkspace } from '../../../src/analysis/index.ts';

const uri = 'file:///w/a.yaml';

function workspaceOf(text: string, yamlSyntax: 'own' | 'others' = 'own') {
  const workspace = createWorkspace({ yamlSyntax });
  workspace.update(uri, text);
  return workspace;
}

const named = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

test('A text that cannot be read is told, also where another extension reports it', () => {
  for (const who of ['own', 'others'] as const) {
    const broken = `${named}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: [b\n`;
    const workspace = workspaceOf(broken, who);
    assert.deepEqual(
      workspace.brokenTexts([uri]).map(({ message, range }) => [message, range.start.line]),
      [['The closing bracket is missing', 7]],
    );
    assert.equal(workspace.pushSources([uri]).length, 1);
    assert.deepEqual(workspace.brokenTexts(['file:///w/b.yaml']), []);
  }
  const twice = workspaceOf(`${named}kind: Secret\n`, 'others').brokenTexts([uri]);
  assert.match(twice[0]?.message ?? '', /given twice/);
  assert.deepEqual(workspaceOf(named).brokenTexts([uri]), []);
});

test('A text whose finding is silenced is told all the same', () => {
  const text = `# karmada-ignore-file\n# karmada-ignore\n${named}x: [1\n`;
  assert.equal(workspaceOf(text).brokenTexts([uri]).length, 1);
});

test('What looks like an object and could not be sent is told by its kind', () => {
  const documents = [
    named,
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a-\n',
    'apiVersion: v1\nkind: Secret\n',
    'apiVersion: v1\nkind: Secret\nmetadata: {name: 12}\n',
    'kind: ConfigMap\nmetadata: {name: b}\n',
    'apiVersion: v1\nmetadata: {name: c}\n',
    'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: d}\n',
    '- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: e}\n',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n',
    // Nothing for a control plane.
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n',
    'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    '- op: add\n  path: /a\n  value: 1\n',
    'replicas: 1\n',
    '',
  ];
  const workspace = workspaceOf(documents.join('---\n'));
  assert.deepEqual(
    workspace.unsentParts([uri]).map(({ kind, type }) => `${kind} ${type}`),
    [
      'ConfigMap unnamed',
      'Secret unnamed',
      'Secret unnamed',
      'ConfigMap untyped',
      ' untyped',
      ' untyped',
      'ConfigMap listed',
      ' templated',
    ],
  );
  assert.equal(workspace.pushSources([uri]).length, 1);
});
