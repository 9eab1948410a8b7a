import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('Restricted Mode', () => {
  it('is what this window runs in', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });
});
