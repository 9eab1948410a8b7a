import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkspace } from '../../../../src/analysis/index.ts';
import { fingerprintOf } from '../../../../src/vscode/push/fingerprint.ts';

const uri = 'file:///w/a.yaml';

function fingerprint(id: string): string {
  const workspace = createWorkspace();
  workspace.update(uri, `apiVersion: v1\nkind: Other\nmetadata: {name: a}\nspec: {id: ${id}}\n`);
  return fingerprintOf(workspace.pushSources([uri]).map(({ object }) => object));
}

test('Documents with integers of any length have a fingerprint, another one when a digit is', () => {
  assert.equal(fingerprint('12345678901234567'), fingerprint('12345678901234567'));
  assert.notEqual(fingerprint('12345678901234567'), fingerprint('12345678901234568'));
  assert.notEqual(fingerprint('12345678901234567'), fingerprint('"12345678901234567"'));
});
