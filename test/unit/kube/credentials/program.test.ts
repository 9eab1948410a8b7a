import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { commandLine } from '../../../../src/kube/credentials/commandLine.ts';
import { impersonationHeaders } from '../../../../src/kube/credentials/impersonationHeaders.ts';
import { lookPath } from '../../../../src/kube/credentials/lookPath.ts';

test(
  'a program is looked up in the absolute folders of PATH',
  { skip: process.platform === 'win32' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'look-path-'));
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    for (const path of [one, two]) mkdirSync(path);
    mkdirSync(join(one, 'tool'));
    writeFileSync(join(one, 'text'), '', { mode: 0o600 });
    for (const name of ['tool', 'text']) writeFileSync(join(two, name), '', { mode: 0o700 });
    const env = { PATH: ['', '.', one, two].join(delimiter) };
    assert.equal(await lookPath('tool', env), join(two, 'tool'));
    assert.equal(await lookPath('text', env), join(two, 'text'));
    assert.equal(await lookPath('none', env), undefined);
    assert.equal(await lookPath(join(two, 'tool'), {}), join(two, 'tool'));
    assert.equal(await lookPath('tool', {}), undefined);
    // Only on Windows a backslash makes a path: elsewhere the program would come from where VS Code was started.
    writeFileSync(join(two, 'a\\b'), '#!/bin/sh\n', { mode: 0o755 });
    assert.equal(await lookPath('a\\b', env), join(two, 'a\\b'));
    rmSync(folder, { recursive: true });
  },
);

test('batch files go through the command processor, escaped for it', () => {
  const plain = { file: '/bin/aws', args: ['a b'], isVerbatim: false };
  assert.deepEqual(commandLine('/bin/aws', ['a b'], 'linux'), plain);
  assert.equal(commandLine('C:\\aws.exe', ['a'], 'win32').isVerbatim, false);
  const { file, args, isVerbatim } = commandLine('C:\\a b\\az.cmd', ['x"y\\', '%A%&b'], 'win32');
  assert.deepEqual([file, isVerbatim, args.slice(0, 3)], ['cmd.exe', true, ['/d', '/s', '/c']]);
  assert.equal(args[3], '"^"C:\\a^ b\\az.cmd^" ^^^"x\\^^^"y\\\\^^^" ^^^"^^^%A^^^%^^^&b^^^""');
});

test('impersonation is a header for each value', () => {
  assert.deepEqual(
    impersonationHeaders({
      user: 'Éve',
      uid: '',
      groups: ['a', 'b, c'],
      extra: new Map([
        ['Some/Key ü%', ['1', '2']],
        ['none', []],
      ]),
    }),
    {
      // The bytes of UTF-8, as Latin-1 for Node.
      'Impersonate-User': 'Ã\u0089ve',
      'Impersonate-Group': ['a', 'b, c'],
      'Impersonate-Extra-Some%2FKey%20%C3%BC%25': ['1', '2'],
    },
  );
});
