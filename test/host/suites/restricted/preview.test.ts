import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeEverything, openFile, previewWith, textOf } from '../../support/previews.ts';

describe('Restricted Mode', () => {
  afterEach(closeEverything);

  it('previews as ever, since nothing is run and no cluster asked', async () => {
    await openFile('helmrelease.yaml');
    await vscode.commands.executeCommand('karmada.preview.open');
    const [member1] = await previewWith('the preview');
    assert.ok(member1);
    assert.equal(vscode.workspace.isTrusted, false);
    assert.match(await textOf(member1.right), /replicaCount: 2/);
  });
});
