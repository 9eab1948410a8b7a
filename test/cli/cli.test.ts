import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist', 'cli.mjs');

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line away from the project, so that nothing of node_modules helps it. */
function run(args: readonly string[], input = ''): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'karmada-flux-cli-'));
  try {
    return spawnSync(process.execPath, [cli, ...args], { cwd: folder, input, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const podinfo = join(root, 'examples', 'podinfo');

describe('the built command line', () => {
  before(() => {
    assert(existsSync(cli), 'dist/cli.mjs is missing: run the build first');
  });

  it('is a program of its own', () => {
    assert.match(readFileSync(cli, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    if (process.platform !== 'win32') assert(statSync(cli).mode & 0o100, 'it is not executable');
  });

  it('shows the example: two replicas on member1, the chart default elsewhere', () => {
    const { status, stdout, stderr } = run(['preview', podinfo]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /member1/);
    assert.match(stdout, /replicaCount: 2/);
  });

  it('reads standard input', () => {
    const text = ['fleet', 'helmrelease', 'overridepolicy', 'propagationpolicy-release']
      .map((name) => readFileSync(join(podinfo, `${name}.yaml`), 'utf8'))
      .join('\n---\n');
    const { status, stdout, stderr } = run(['preview', '-'], text);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /replicaCount: 2/);
  });

  it('prints JSON that parses', () => {
    const { status, stdout, stderr } = run(['preview', podinfo, '--output', 'json']);
    assert.equal(status, 0, stderr);
    assert.equal(typeof JSON.parse(stdout), 'object');
  });

  it('shows what changes for one cluster', () => {
    const { status, stdout, stderr } = run([
      'preview',
      podinfo,
      '-o',
      'diff',
      '--cluster',
      'member1',
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\+.*replicaCount: 2$/m);
    assert.doesNotMatch(stdout, /member2/);
  });

  it('answers misuse with a sentence and 2', () => {
    const misuses = [
      [],
      ['preview'],
      ['explode'],
      ['preview', join(podinfo, 'absent.yaml')],
      ['preview', podinfo, '--output', 'xml'],
      ['preview', podinfo, '--cluster', 'nowhere'],
      ['preview', podinfo, '--unknown'],
    ];
    for (const args of misuses) {
      const { status, stderr } = run(args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /\S.*\./, args.join(' '));
      assert.doesNotMatch(stderr, /^\s+at /m, `${args.join(' ')} shows a stack`);
    }
  });

  it('explains itself', () => {
    const { status, stdout } = run(['--help']);
    assert.equal(status, 0);
    assert.match(stdout, /Usage:/);
  });
});
