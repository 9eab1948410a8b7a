import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { certificateAuthority } from '../../../../scripts/apiServerCertificates.mjs';
import { createCredentials } from '../../../../src/kube/credentials/createCredentials.ts';
import type { CredentialOptions } from '../../../../src/kube/credentials/authSource.ts';
import type { ExecPlugin } from '../../../../src/kube/kubeconfig/kubeconfig.ts';
import type { Credentials } from '../../../../src/kube/types.ts';
import { isKubeError, type KubeError } from '../../../../src/live/index.ts';
import { execOf, fakeTime, sourceOf } from './sources.ts';

const skip = process.platform === 'win32' ? 'the plugins are shell scripts' : false;
const folder = mkdtempSync(join(tmpdir(), 'exec-auth-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Plugin {
  readonly path: string;
  /** How often it was started. */
  readonly runs: () => number;
  /** Ids of processes that it noted and that are still there. */
  readonly alive: () => readonly number[];
}

let count = 0;

/** A plugin; in its lines `$RUN` is the number of the run, and `note` remembers the id of a process. */
function plugin(...lines: readonly string[]): Plugin {
  const path = join(folder, `plugin-${++count}`);
  const log = `${path}.runs`;
  const pids = `${path}.pids`;
  const head = [
    '#!/bin/sh',
    `echo run >> ${log}`,
    `RUN=$(wc -l < ${log} | tr -d ' ')`,
    `note() { echo "$1" >> ${pids}; }`,
    'note $$',
  ];
  writeFileSync(path, [...head, ...lines, ''].join('\n'), { mode: 0o700 });
  const linesOf = (file: string): readonly string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return {
    path,
    runs: () => linesOf(log).length,
    alive: () => linesOf(pids).map(Number).filter(isAlive),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function allEnd({ alive }: Plugin): Promise<void> {
  for (let i = 0; i < 100 && alive().length > 0; i++) await delay(20);
  assert.deepEqual(alive(), []);
}

function token(text: string, more = ''): string {
  return `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'${text}'"${more}}}'`;
}

function credentialsOf(
  { path }: Pick<Plugin, 'path'>,
  options: CredentialOptions = {},
  parts: Partial<ExecPlugin> = {},
): Credentials {
  return createCredentials(sourceOf({ exec: execOf(path, parts) }), options);
}

async function authorization(credentials: Credentials): Promise<unknown> {
  return (await credentials.get()).headers['Authorization'];
}

async function failure(asked: Promise<unknown>): Promise<KubeError> {
  try {
    await asked;
  } catch (error) {
    assert.ok(isKubeError(error), String(error));
    return error;
  }
  return assert.fail('nothing failed');
}

test('nothing runs before it is asked for; then one run serves all', { skip }, async () => {
  const slow = plugin('sleep 0.2', token('token-$RUN'));
  const credentials = credentialsOf(slow);
  assert.equal(slow.runs(), 0);
  const all = await Promise.all(Array.from({ length: 20 }, () => authorization(credentials)));
  assert.deepEqual([...new Set(all)], ['Bearer token-1']);
  assert.equal(await authorization(credentials), 'Bearer token-1');
  assert.equal(slow.runs(), 1);
  await allEnd(slow);
});

test('a token is kept until it expires', { skip }, async () => {
  const time = fakeTime();
  const until = new Date(time.at + 60_000).toISOString();
  const once = plugin(token('t$RUN', `,"expirationTimestamp":"${until}"`));
  const credentials = credentialsOf(once, { now: time.now });
  assert.equal(await authorization(credentials), 'Bearer t1');
  time.at += 60_000;
  assert.equal(await authorization(credentials), 'Bearer t1');
  time.at += 1;
  assert.equal(await authorization(credentials), 'Bearer t2');
});

test('a refusal makes it run again, once for all who were refused', { skip }, async () => {
  const again = plugin(token('t$RUN'));
  const credentials = credentialsOf(again);
  const first = await credentials.get();
  assert.equal(credentials.renew(first), true);
  assert.equal(credentials.renew(first), true);
  const second = await credentials.get();
  assert.equal(second.headers['Authorization'], 'Bearer t2');
  assert.equal(credentials.renew(first), true);
  assert.equal(await credentials.get(), second);
  assert.equal(second.tls, first.tls);
  assert.equal(again.runs(), 2);
});

test('a new token with the same certificate costs no new connection', { skip }, async () => {
  const { cert, key } = certificateAuthority().issue({ name: 'ada', usage: 'client' });
  const status = { token: '@', clientCertificateData: cert, clientKeyData: key };
  const apiVersion = 'client.authentication.k8s.io/v1';
  const text = JSON.stringify({ kind: 'ExecCredential', apiVersion, status });
  const credentials = credentialsOf(plugin(`printf '%s' '${text}' | sed "s/@/t$RUN/"`));
  const first = await credentials.get();
  assert.equal(first.tls.cert, cert);
  credentials.renew(first);
  const second = await credentials.get();
  assert.equal(second.headers['Authorization'], 'Bearer t2');
  assert.equal(second.tls, first.tls);
});

test('a server that refuses everything does not make it run for ever', { skip }, async () => {
  const time = fakeTime();
  const again = plugin(token('t$RUN'));
  const credentials = credentialsOf(again, { now: time.now });
  for (let i = 0; i < 20; i++) {
    credentials.renew(await credentials.get());
    time.at += 1000;
  }
  assert.equal(again.runs(), 6);
  time.at += 300_000;
  assert.equal(credentials.renew(await credentials.get()), true);
  assert.equal(await authorization(credentials), 'Bearer t7');
});

test('one that hangs is ended with all that it started', { skip }, async () => {
  const hangs = plugin(
    'echo waiting for sign-in >&2',
    'sleep 60 & note $!',
    "(trap '' TERM HUP INT; sleep 60) & note $!",
    'wait',
  );
  const started = Date.now();
  const error = await failure(credentialsOf(hangs, { execTimeout: 400 }).get());
  assert.ok(Date.now() - started < 3000);
  assert.equal(error.reason, 'credentials');
  assert.match(
    error.message,
    /^The exec plugin plugin-\d+ of user “ada” gave no credentials in 0\.4 s: waiting for sign-in\. If it/,
  );
  assert.equal(error.detail, 'waiting for sign-in');
  await allEnd(hangs);
});

test('it goes on while one waits and is ended when nobody does', { skip }, async () => {
  const hangs = plugin('sleep 60 & note $!', 'wait');
  const credentials = credentialsOf(hangs);
  const [one, two] = [new AbortController(), new AbortController()];
  const asked = [one, two].map(
    async ({ signal }) => (await failure(credentials.get(signal))).reason,
  );
  while (hangs.alive().length < 2) await delay(10);
  one.abort();
  assert.equal(await asked[0], 'aborted');
  assert.equal(hangs.alive().length, 2);
  two.abort();
  assert.equal(await asked[1], 'aborted');
  await allEnd(hangs);
});

test('disposing ends it, and later questions fail', { skip }, async () => {
  const hangs = plugin('sleep 60 & note $!', 'wait');
  const credentials = credentialsOf(hangs);
  const asked = failure(credentials.get());
  while (hangs.alive().length < 2) await delay(10);
  credentials.dispose();
  assert.equal((await asked).reason, 'aborted');
  assert.equal((await failure(credentials.get())).reason, 'aborted');
  await allEnd(hangs);
});

test('a helper that it leaves behind does not hold it up', { skip }, async () => {
  const leaves = plugin('sleep 5 & note $!', token('t'));
  const started = Date.now();
  assert.equal(await authorization(credentialsOf(leaves)), 'Bearer t');
  assert.ok(Date.now() - started < 4000);
  for (const pid of leaves.alive()) process.kill(pid);
});

test(
  'a failure is told with the last lines of stderr and nothing of stdout',
  { skip },
  async () => {
    const fails = plugin(
      'echo s3cret',
      'i=0; while [ $i -lt 50 ]; do echo "line $i" >&2; i=$((i+1)); done',
      "printf '\\033[31mred\\033[0m\\007\\n' >&2",
      'exit 7',
    );
    const error = await failure(credentialsOf(fails).get());
    assert.match(error.message, /failed with exit code 7: red\.$/);
    const lines = error.detail.split('\n');
    assert.deepEqual([lines.length, lines[0], lines.at(-1)], [20, 'line 31', 'red']);
    assert.doesNotMatch(error.message + error.detail + error.stack, /s3cret/);
  },
);

test('the sentence of a failure holds no more than a part of a long line', { skip }, async () => {
  const fails = plugin(
    "head -c 5000 /dev/zero | tr '\\0' x >&2",
    "printf '.\\n\\n \\n' >&2",
    'exit 1',
  );
  const { message } = await failure(credentialsOf(fails).get());
  assert.match(message, /failed with exit code 1: x{200}…\.$/);
});

test(
  'one that takes long is told about with what it says, and that it has ended',
  { skip },
  async () => {
    const told: string[] = [];
    const slow = plugin(
      "printf '\\033[1mTo sign in, open https://example.test\\007 with code ABC\\033[0m\\n' >&2",
      'sleep 0.5',
      token('t'),
    );
    const credentials = credentialsOf(slow, {
      patience: 100,
      onWaiting: (line) => told.push(line),
    });
    assert.equal(await authorization(credentials), 'Bearer t');
    assert.deepEqual(told, ['To sign in, open https://example.test with code ABC', '']);
    told.length = 0;
    const quick = plugin('echo one >&2', token('t'));
    await credentialsOf(quick, { onWaiting: (line) => told.push(line) }).get();
    assert.deepEqual(told, ['']);
  },
);

test('what it prints wrong is not quoted', { skip }, async () => {
  for (const text of [
    's3cret',
    '{"kind":"ExecCredential","status":{"token":"s3cret"}}',
    '[s3cret',
  ]) {
    const error = await failure(credentialsOf(plugin(`echo '${text}'`)).get());
    assert.equal(error.reason, 'credentials');
    assert.doesNotMatch(error.message + error.detail + error.stack, /s3cret/);
  }
  const status = { token: 's3\ncret' };
  const apiVersion = 'client.authentication.k8s.io/v1';
  const text = JSON.stringify({ kind: 'ExecCredential', apiVersion, status });
  const broken = await failure(credentialsOf(plugin(`printf %s '${text}'`)).get());
  assert.equal(broken.reason, 'credentials');
  assert.doesNotMatch(broken.message, /cret/);
});

test('one that prints without end is ended', { skip }, async () => {
  const endless = plugin('while :; do echo 0123456789012345678901234567890123456789; done');
  const error = await failure(credentialsOf(endless).get());
  assert.match(error.message, /printed too much\.$/);
  await allEnd(endless);
});

test('streams that fail one by one share a failure for a moment', { skip }, async () => {
  const time = fakeTime();
  const fails = plugin('exit 1');
  const credentials = credentialsOf(fails, { now: time.now });
  for (let i = 0; i < 5; i++) await failure(credentials.get());
  assert.equal(fails.runs(), 1);
  time.at += 5000;
  await failure(credentials.get());
  assert.equal(fails.runs(), 2);
  assert.equal(credentials.renew(), true);
  await failure(credentials.get());
  assert.equal(fails.runs(), 3);
});

test(
  'the user need not wait until a failure is forgotten; what works is kept',
  { skip },
  async () => {
    const time = fakeTime();
    const mended = plugin('[ $RUN -gt 1 ] || exit 1', token('token-$RUN'));
    const credentials = credentialsOf(mended, { now: time.now });
    await failure(credentials.get());
    await failure(credentials.get());
    credentials.forgetFailure();
    assert.equal(await authorization(credentials), 'Bearer token-2');
    credentials.forgetFailure();
    assert.equal(await authorization(credentials), 'Bearer token-2');
    assert.equal(mended.runs(), 2);
  },
);

test('a program that cannot be started is told', { skip }, async () => {
  const path = join(folder, 'not-executable');
  writeFileSync(path, 'text', { mode: 0o600 });
  const hint = { installHint: 'See \u001b[1mexample.test\u001b[0m' };
  const missing = await failure(credentialsOf({ path }, {}, hint).get());
  assert.match(missing.message, /is not there: .*not-executable\.$/);
  assert.equal(missing.detail, 'See example.test');
  const nul = await failure(credentialsOf(plugin('exit 0'), {}, { args: ['a\0b'] }).get());
  assert.match(nul.message, /could not be started: /);
  const killed = await failure(credentialsOf(plugin('kill -9 $$')).get());
  assert.match(killed.message, /was ended by SIGKILL\.$/);
});

test('no process and no timer is left', { skip }, async () => {
  await delay(50);
  const left = process.getActiveResourcesInfo().filter((name) => /Process|Pipe|Timeout/.test(name));
  assert.deepEqual(
    left.filter((name) => name === 'ProcessWrap'),
    [],
  );
  assert.deepEqual(
    left.filter((name) => name === 'Timeout'),
    [],
  );
});
