import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnsentPart } from '../../../../src/analysis/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { isDeletable, isPushed, leftOutQuestions } from '../../../../src/push/index.ts';
import { toSource } from '../../../support/pushReview.ts';

const secret = (name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'apps' },
  data: { password: 'ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]' },
});
const encrypted: JsonObject = { ...secret('sealed'), sops: { mac: 'ENC[]', version: '3.9.0' } };
const messages = (parts: readonly UnsentPart[], objects: readonly JsonObject[] = []) =>
  leftOutQuestions(objects.map(toSource), parts).map(({ message }) => message);

test('what SOPS has encrypted is not sent as it is, and can be deleted', () => {
  const source = toSource(encrypted);
  assert.deepEqual([isPushed(source), isPushed(toSource(secret('plain')))], [false, true]);
  assert.equal(isDeletable(source), true);
  assert.deepEqual(messages([], [encrypted, secret('plain')]), [
    '1 Secret in push.yaml is left out: what SOPS has encrypted only Flux can read.',
  ]);
});

test('what is no object that could be sent is counted by kind and reason, with its files', () => {
  const part = (file: string, kind: string, type: UnsentPart['type']): UnsentPart => ({
    ...{ uri: `file:///w/${file}`, kind, type },
  });
  assert.deepEqual(
    messages([
      part('a.yaml', 'PropagationPolicy', 'unnamed'),
      part('b%20b.yaml', 'PropagationPolicy', 'unnamed'),
      part('a.yaml', 'Ingress', 'listed'),
      part('c.yaml', 'Ingress', 'listed'),
      part('d.yaml', 'Ingress', 'listed'),
      part('t.yaml', '', 'templated'),
      part('t.yaml', '', 'untyped'),
    ]),
    [
      '2 PropagationPolicies in a.yaml and 1 more file are left out: an apply needs metadata.name, and generateName does not count.',
      '3 Ingresses in a.yaml and 2 more files are left out: a document holds one object, or a List of them.',
      '1 document in t.yaml is left out: what is a template Helm has to render first.',
      '1 document in t.yaml is left out: an object needs both apiVersion and kind.',
    ],
  );
});
