import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContextSummary } from '../../../../src/kube/index.ts';
import { contextEntries } from '../../../../src/vscode/connection/contextItems.ts';
import type { Probe } from '../../../../src/vscode/connection/probeContexts.ts';

function contextNamed(name: string, more: Partial<ContextSummary> = {}): ContextSummary {
  return {
    name,
    isCurrent: false,
    cluster: name,
    user: 'ann',
    namespace: 'default',
    server: `https://${name}.example:6443`,
    problem: '',
    ...more,
  };
}

const none: ReadonlyMap<string, Probe> = new Map();

test('what was used comes first and what cannot be used last, with its problem', () => {
  const contexts = [
    contextNamed('broken', { problem: 'Cluster "broken" has no server.', server: '' }),
    contextNamed('a', { isCurrent: true }),
    contextNamed('b'),
    contextNamed('c'),
  ];
  const entries = contextEntries(contexts, { probes: none, connected: 'c', last: 'b' });
  assert.deepEqual(
    entries.map(({ group, context, description, detail }) => [group, context, description, detail]),
    [
      ['Connected', 'c', 'c.example:6443', ''],
      ['Used here before', 'b', 'b.example:6443', ''],
      ['Contexts', 'a', 'a.example:6443 · current context', ''],
      ['Cannot be used', 'broken', '', 'Cluster "broken" has no server.'],
    ],
  );
});

test('what was found out groups the contexts, each with its answer', () => {
  const probes = new Map<string, Probe>([
    ['a', { type: 'other', kubernetesVersion: 'v1.35.0' }],
    ['b', { type: 'karmada', karmadaVersion: '' }],
    ['c', { type: 'silent', sentence: 'It did not answer within 10 s.' }],
    ['d', { type: 'asking' }],
  ]);
  const contexts = ['a', 'b', 'c', 'd'].map((name) => contextNamed(name));
  const entries = contextEntries(contexts, { probes, connected: '', last: 'd' });
  assert.deepEqual(
    entries.map(({ group, context, icon, detail }) => [group, context, icon, detail]),
    [
      ['Karmada', 'b', 'pass', 'Serves policy.karmada.io and cluster.karmada.io'],
      ['Used here before', 'd', 'loading~spin', ''],
      ['No answer', 'c', 'warning', 'It did not answer within 10 s.'],
      ['Not Karmada', 'a', 'circle-slash', 'Not Karmada: Kubernetes v1.35.0'],
    ],
  );
});

test('a password in the URL of a server is not shown', () => {
  for (const server of [
    'https://ann:hunter2@h:6443/k',
    'ann:hunter2@h:6443',
    'http://x@y:hunter2@h',
  ]) {
    const [entry] = contextEntries([contextNamed('a', { server })], {
      probes: none,
      connected: '',
      last: '',
    });
    assert.match(entry?.description ?? '', /\bh\b/);
    assert.doesNotMatch(entry?.description ?? '', /hunter2/);
  }
});
