import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { copySample } from '../../../src/vscode/openSample.ts';
import { screenshot } from '../support/driver.ts';
import { closeEverything } from '../support/previews.ts';
import { run, shown } from '../support/window.ts';

const id = 'karmada-flux.karmada-flux';

describe('the first steps', () => {
  const parent = mkdtempSync(join(tmpdir(), 'karmada-flux-sample-'));

  after(async () => {
    rmSync(parent, { recursive: true, force: true });
    await closeEverything();
  });

  it('copy the sample that comes with the extension, and overwrite nothing', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension);
    const put = () => copySample(extension.extensionUri, vscode.Uri.file(parent));
    const first = await put();
    const wanted = readdirSync(join(extension.extensionPath, 'examples', 'podinfo'));
    assert.ok(wanted.includes('helmrelease.yaml') && wanted.includes('fleet.yaml'));
    assert.deepEqual(readdirSync(first.fsPath).sort(), wanted.sort());
    const mine = join(first.fsPath, 'helmrelease.yaml');
    writeFileSync(mine, 'mine\n');
    const second = await put();
    assert.notEqual(second.fsPath, first.fsPath);
    assert.equal(readFileSync(mine, 'utf8'), 'mine\n');
  });

  it('are shown as a walkthrough with a picture for each', async () => {
    await run('workbench.action.openWalkthrough', `${id}#start`, false);
    await shown('.getting-started-step', /Preview on clusters/);
    await screenshot('walkthrough');
  });
});
