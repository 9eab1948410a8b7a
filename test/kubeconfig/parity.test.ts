import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadKubeconfig, resolveContext } from '../../src/kube/index.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { isKubeError } from '../../src/live/index.ts';
import { clusterSituations } from './clusterSituations.ts';
import { startEchoServers } from './echoServers.ts';
import type { EchoServers, Seen } from './echoServers.ts';
import { execSituations } from './execSituations.ts';
import { fileSituations } from './fileSituations.ts';
import type { Situation } from './situation.ts';
import { userSituations } from './userSituations.ts';

const kubectl = process.env['KARMADA_TEST_KUBECTL'] ?? 'kubectl';
/** Older ones differ: `get --raw` of 1.32 leaves out the path of the server. */
const leastMinor = 36;
const skip = hindrance();

function hindrance(): string | false {
  if (process.platform === 'win32') return 'the exec plugins of the test are shell scripts';
  try {
    const text = execFileSync(kubectl, ['version', '--client', '--output=json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { clientVersion } = JSON.parse(text) as { clientVersion: { minor: string } };
    if (Number.parseInt(clientVersion.minor, 10) >= leastMinor) return false;
    return `${kubectl} is older than 1.${leastMinor}: set KARMADA_TEST_KUBECTL`;
  } catch {
    return 'there is no kubectl to compare with: set KARMADA_TEST_KUBECTL';
  }
}

interface Surroundings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

let servers: EchoServers;
let root = '';

before(async () => {
  servers = await startEchoServers();
  root = mkdtempSync(join(tmpdir(), 'kubeconfig-parity-'));
});

after(async () => {
  await servers.close();
  rmSync(root, { recursive: true, force: true });
});

test(
  'kubectl and we find the same server, the same user and the same failure',
  { skip },
  async (t) => {
    const situations = [
      ...fileSituations(servers),
      ...clusterSituations(servers),
      ...userSituations(servers),
      ...execSituations(servers),
    ];
    assert.equal(new Set(situations.map(({ name }) => name)).size, situations.length);
    assert.ok(situations.length >= 100);
    for (const situation of situations) {
      await t.test(situation.name, async () => await compare(situation));
    }
  },
);

async function compare(situation: Situation): Promise<void> {
  const around = surroundings(situation);
  // First we: kubectl writes the tokens that it renews into the kubeconfig.
  const ours = await askOurselves(situation, around);
  const theirs = await askKubectl(around);
  const { result } = situation;
  if (result.type === 'seen') {
    assert.ok('seen' in theirs, `kubectl fails: ${JSON.stringify(theirs)}`);
    assert.ok('seen' in ours, `we fail: ${JSON.stringify(ours)}`);
    assert.deepEqual(readable(ours.seen), readable(theirs.seen));
    assert.deepEqual({ ...ours.seen, ...result.seen }, ours.seen);
    return;
  }
  assert.ok('text' in theirs, `kubectl succeeds: ${JSON.stringify(theirs)}`);
  assert.match(theirs.text, result.kubectl);
  assert.ok('message' in ours, `we succeed: ${JSON.stringify(ours)}`);
  assert.equal(ours.reason, result.reason, ours.message);
  assert.match(ours.message, result.message);
  assert.match(ours.message, /\.$/);
  if (result.detail) assert.match(ours.detail, result.detail);
}

/** Some plugins send what they were told; Go orders and escapes its JSON in its own way. */
function readable(seen: Seen): unknown {
  const token = /^Bearer (eyJ[^.]+)$/.exec(seen.authorization)?.[1];
  if (token === undefined) return seen;
  return { ...seen, authorization: JSON.parse(Buffer.from(token, 'base64').toString('utf8')) };
}

/** Writes the files into a folder of their own; those that begin with `#!` can be run. */
function surroundings({ files, given, list = ['config'], context }: Situation): Surroundings {
  const folder = mkdtempSync(join(root, 's-'));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: text.startsWith('#!') ? 0o700 : 0o600 });
  }
  const paths = list.map((path) => (path === '' ? '' : join(folder, path)));
  return {
    folder,
    env: {
      HOME: folder,
      PATH: [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
      KUBECONFIG: paths.join(delimiter),
    },
    args: [
      ...(given === undefined ? [] : ['--kubeconfig', join(folder, given)]),
      ...(context === undefined ? [] : ['--context', context]),
    ],
  };
}

type Theirs = { readonly seen: Seen } | { readonly text: string };

function askKubectl({ folder, env, args }: Surroundings): Promise<Theirs> {
  return new Promise((resolve) => {
    const child = execFile(
      kubectl,
      [...args, 'get', '--raw', '/version'],
      { cwd: folder, env, timeout: 30_000 },
      (error, stdout, stderr) => {
        if (error) resolve({ text: stdout + stderr });
        else resolve({ seen: JSON.parse(stdout) as Seen });
      },
    );
    child.stdin?.end();
  });
}

type Ours =
  | { readonly seen: Seen }
  | { readonly reason: string; readonly message: string; readonly detail: string };

async function askOurselves(situation: Situation, { folder, env }: Surroundings): Promise<Ours> {
  const { given, context } = situation;
  try {
    const paths = given === undefined ? [] : [join(folder, given)];
    const kubeconfig = await loadKubeconfig({ paths, env, cwd: folder, home: folder });
    const target = resolveContext(kubeconfig, context ?? '', { env });
    const transport = createTransport(target);
    try {
      return { seen: await transport.request<Seen>({ path: '/version' }) };
    } finally {
      transport.dispose();
      target.credentials.dispose();
    }
  } catch (error) {
    assert.ok(isKubeError(error), String(error));
    return { reason: error.reason, message: error.message, detail: error.detail };
  }
}
