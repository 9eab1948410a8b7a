import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkspace } from '../../../src/analysis/index.ts';

const uri = 'file:///w/a.yaml';

function workspaceOf(text: string) {
  const workspace = createWorkspace({ defaultNamespace: 'apps' });
  workspace.update(uri, text);
  return workspace;
}

const text = `apiVersion: v1
kind: Namespace
metadata:
  name: apps
  namespace: wrong
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: values
data:
  a.b/c: "1"
status:
  ready: true
---
apiVersion: v1
kind: List
items:
  - apiVersion: policy.karmada.io/v1alpha1
    kind: PropagationPolicy
    metadata: {name: p, namespace: other}
    spec:
      placement:
        clusterAffinity:
          clusterNames: [member1, member2]
---
apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata: {name: member1}
---
kind: Other
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Values.name }}
`;

test('All objects of a document are pushed, each with its namespace and without status', () => {
  const sources = workspaceOf(text).pushSources([uri, 'file:///none.yaml']);
  assert.deepEqual(
    sources.map(({ reference: { kind, namespace, name } }) => `${kind} ${namespace}/${name}`),
    ['Namespace /apps', 'ConfigMap apps/values', 'PropagationPolicy other/p', 'Cluster /member1'],
  );
  const [namespace, values] = sources;
  assert.deepEqual(namespace?.object['metadata'], { name: 'apps' });
  assert.deepEqual(values?.object, {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { 'a.b/c': '1' } },
    metadata: { name: 'values', namespace: 'apps' },
  });
});

test('A field is found where it is written, and else what is nearest', () => {
  const workspace = workspaceOf(text);
  const [, values, policy] = workspace.pushSources([uri]);
  const textAt = (item = '', field = '') => {
    const { start, end } = workspace.fieldRange(uri, item, field);
    const line = text.split('\n')[start.line] ?? '';
    return line.slice(start.character, start.line === end.line ? end.character : undefined);
  };
  assert.equal(textAt(policy?.item, 'spec.placement.clusterAffinity.clusterNames[1]'), 'member2');
  assert.equal(textAt(values?.item, '.data.a.b/c'), '"1"');
  assert.equal(textAt(values?.item, 'data.none'), 'data');
  assert.equal(textAt(values?.item, ''), 'ConfigMap');
  assert.equal(textAt('gone', 'spec'), '');
});

test('The object that a position is in is found, also in a list, and none between objects', () => {
  const workspace = workspaceOf(text);
  const nameAt = (line: number, character = 4) =>
    workspace.pushSourceAt(uri, { line, character })?.reference.name;
  assert.deepEqual(
    [nameAt(1), nameAt(8), nameAt(10), nameAt(19), nameAt(26)],
    ['apps', 'values', 'values', 'p', 'member1'],
  );
  assert.equal(nameAt(500), undefined);
  assert.equal(workspace.pushSourceAt('file:///none.yaml', { line: 0, character: 0 }), undefined);
});

test('Two objects of one name in a document are told apart', () => {
  const one = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
  const workspace = workspaceOf(`${one}---\n${one}`);
  const [first, second] = workspace.pushSources([uri]);
  assert.notEqual(first?.item, second?.item);
  assert.equal(workspace.fieldRange(uri, second?.item ?? '', 'metadata.name').start.line, 8);
});
