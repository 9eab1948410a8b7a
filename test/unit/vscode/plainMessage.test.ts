import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainMessage } from '../../../src/vscode/plainMessage.ts';

/** What VS Code makes a link of in a notification (`src/vs/base/common/linkedText.ts`). */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

test('no text makes a link in a notification', () => {
  const trap = 'denied: [Fix it](command:workbench.action.terminal.sendSequence?%7B%7D)';
  assert.match(trap, link);
  assert.doesNotMatch(plainMessage(trap), link);
  const piece = fc.constantFrom('[', ']', '(', ')', 'a', 'command:x', 'https://x', ' "', '"');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      assert.doesNotMatch(plainMessage(pieces.join('')), link);
    }),
  );
});

test('all that can be seen of a text stays', () => {
  const text = 'spec[0](x) is [a](b) wrong';
  assert.equal(plainMessage(text).replaceAll('\u200b', ''), text);
  assert.equal(plainMessage('The server refuses it.'), 'The server refuses it.');
});
