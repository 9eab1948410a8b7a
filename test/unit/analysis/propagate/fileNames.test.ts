import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSource, printYaml } from '../../../../src/yaml/index.ts';
import { planIn, workspaceOf } from '../../../support/plans.ts';
import { cluster } from '../live/controlPlane.ts';

const names = [
  'a/../../../../outside',
  'con:aux',
  'line\nspec: {}\n#',
  'n'.repeat(400),
  '..',
  'a\\b',
  '%2e%2e%2f',
];

test('a new file stays in its folder and its comment a comment, whatever objects are named', () => {
  let planned = 0;
  for (const name of names) {
    const text = printYaml({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'apps' },
      data: { a: 'b' },
    });
    const workspace = workspaceOf(
      { 'file:///w/apps/a.yaml': text },
      { fleet: [cluster('m1'), cluster('m2')] },
    );
    const [info] = workspace.templates();
    assert.ok(info, name);
    const request = {
      templates: [info.key],
      clusters: { type: 'names' as const, names: ['m1'] },
    };
    const answer = workspace.propagate(request);
    if ('reason' in answer) continue;
    planned += 1;
    for (const { uri, after = '' } of planIn(answer).files) {
      assert.match(uri, /^file:\/\/\/w\/apps\/[A-Za-z0-9._-]{1,250}$/, name);
      assert.deepEqual(
        parseSource(after).documents.map(({ value }) => Object.keys(value ?? {})),
        [['apiVersion', 'kind', 'metadata', 'spec']],
      );
    }
  }
  assert.ok(planned > 3, String(planned));
});
