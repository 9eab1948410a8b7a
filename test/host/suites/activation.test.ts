import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { domText, press, screenshot, waitFor } from '../support/driver.ts';

describe('activation', () => {
  it('activates without an error and within a second', async () => {
    const extension = vscode.extensions.getExtension('karmada-flux.karmada-flux');
    assert.ok(extension, 'the extension is not known');
    const started = Date.now();
    await extension.activate();
    assert.ok(extension.isActive);
    assert.ok(Date.now() - started < 1000, `activation took ${Date.now() - started} ms`);
  });

  it('opens a file of the example workspace', async () => {
    const [file] = await vscode.workspace.findFiles('helmrelease.yaml');
    assert.ok(file, 'helmrelease.yaml is not in the workspace');
    await vscode.window.showTextDocument(file);
    await waitFor('the editor', async () => {
      const text = await domText('.monaco-editor .view-lines');
      return text.some((lines) => lines.includes('HelmRelease'));
    });
    await screenshot('helmrelease');
  });

  it('takes keys from outside', async () => {
    await press('Control+Shift+P');
    await waitFor('the command palette', async () => {
      return (await domText('.quick-input-widget')).length > 0;
    });
    await press('Escape');
  });
});
