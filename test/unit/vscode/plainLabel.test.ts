import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLabel } from '../../../src/vscode/plainLabel.ts';

test('no icon is drawn for what data says', () => {
  const icon = /\$\([a-z0-9-]+(?:~[a-z0-9-]+)?\)/i;
  for (const text of ['$(flame)', 'a $(sync~spin) b $(x)', '$($(flame))', '\\$(flame)']) {
    assert.match(text, icon);
    assert.doesNotMatch(plainLabel(text), icon);
    assert.equal(plainLabel(text).replaceAll('\u200b', ''), text);
  }
  assert.equal(plainLabel('team-a $x (y)'), 'team-a $x (y)');
});
