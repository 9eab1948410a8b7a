// A real Kubernetes API server for tests: etcd and kube-apiserver on free ports of this machine, with RBAC, certificates
// of their own and nothing else. It is empty: what it serves beyond Kubernetes' own kinds is the tests' to install.
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { certificateAuthority } from './apiServerCertificates.mjs';
import { apiServerPrograms } from './apiServerPrograms.mjs';
import { keep, stop as stopNow, stopKindly } from './processes.mjs';

const startLimit = 90_000;
/** Users with a token: their groups. `viewer` and `narrow` may do nothing until a test binds a role to them. */
const users = { admin: 'system:masters', viewer: '', narrow: '' };

/**
 * Starts one. Returns where and how to reach it (see apiServer.d.mts). Throws an Error with a sentence and the end of
 * the log when it does not come up; then nothing is left running and no file is left.
 */
export async function startApiServer({ say = console.log, programs } = {}) {
  const found = programs ?? (await apiServerPrograms(say));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(found);
    } catch (error) {
      // Another program can take a free port between the question and its use.
      if (attempt === 3 || !/address already in use/.test(error.message)) throw error;
    }
  }
}

async function startOnce(programs) {
  const folder = mkdtempSync(join(tmpdir(), 'karmada-flux-api-'));
  const guard = startGuard(folder);
  const children = new Map();
  const stop = async () => {
    // The API server first: without etcd it would wait for it.
    for (const child of [...children.values()].toReversed()) await stopKindly(child, 5000);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    guard.send('done');
  };
  const start = (name, program, args) => {
    const child = keep(program, args, { cwd: folder });
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    log.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
    child.once('close', () => log.end());
    if (child.pid !== undefined) {
      guard.send(`+${child.pid}`);
      child.once('exit', () => guard.send(`-${child.pid}`));
    }
    children.set(name, child);
    return child;
  };
  try {
    const [etcdPort, peerPort, port] = await freePorts(3);
    const etcd = `http://127.0.0.1:${etcdPort}`;
    const made = writeFiles(folder, port);
    const target = { address: `https://127.0.0.1:${port}`, ca: made.ca, token: made.tokens.admin };
    const startServer = async () => {
      const child = start('kube-apiserver', programs.apiServer, serverArguments(port, etcd));
      await isReady(child, target, folder);
    };
    start('etcd', programs.etcd, etcdArguments(folder, etcd, `http://127.0.0.1:${peerPort}`));
    await startServer();
    return {
      ...target,
      tokens: made.tokens,
      folder,
      kubeconfig: made.kubeconfig,
      kubectl: programs.kubectl,
      etcd,
      pids: () => [...children.values()].map(({ pid }) => pid),
      kill: () => ended(children.get('kube-apiserver')),
      restart: async () => {
        await ended(children.get('kube-apiserver'));
        await startServer();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  stopNow(child);
  await exit;
}

/** Ends the servers and removes their folder also when this process is killed and can do nothing itself. */
function startGuard(folder) {
  const file = fileURLToPath(new URL('apiServerGuard.mjs', import.meta.url));
  const child = spawn(process.execPath, [file, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  child.stdin.unref?.();
  return {
    send: (line) =>
      line === 'done' ? child.stdin.end(`${line}\n`) : child.stdin.write(`${line}\n`),
  };
}

function writeFiles(folder, port) {
  const write = (name, text) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const authority = certificateAuthority('karmada-flux-test');
  const server = authority.issue({ name: 'kube-apiserver' });
  const admin = authority.issue({ name: 'admin', organization: 'system:masters', usage: 'client' });
  const accounts = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  write('ca.crt', authority.cert);
  write('server.crt', server.cert);
  write('server.key', server.key);
  write('accounts.pub', accounts.publicKey.export({ type: 'spki', format: 'pem' }));
  write('accounts.key', accounts.privateKey.export({ type: 'sec1', format: 'pem' }));
  const tokens = Object.fromEntries(
    Object.keys(users).map((name) => [name, randomBytes(24).toString('base64url')]),
  );
  const lines = Object.entries(users).map(
    ([name, groups], index) => `${tokens[name]},${name},${index + 1},"${groups}"\n`,
  );
  write('tokens.csv', lines.join(''));
  const config = kubeconfigOf(`https://127.0.0.1:${port}`, authority.cert, admin, tokens);
  return { ca: authority.cert, tokens, kubeconfig: write('kubeconfig', config) };
}

/** JSON, which is YAML as well. The first context is the administrator's, with a client certificate. */
function kubeconfigOf(server, ca, admin, tokens) {
  const base64 = (text) => Buffer.from(text).toString('base64');
  const cluster = 'test';
  const user = (name, value) => ({ name, user: value });
  const certificate = {
    'client-certificate-data': base64(admin.cert),
    'client-key-data': base64(admin.key),
  };
  const accounts = [
    user('certificate', certificate),
    ...Object.entries(tokens).map(([name, token]) => user(name, { token })),
  ];
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: accounts,
    contexts: accounts.map(({ name }) => ({ name, context: { cluster, user: name } })),
    'current-context': 'certificate',
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function etcdArguments(folder, client, peer) {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // What is lost with the machine's power is lost with the test.
    '--unsafe-no-fsync',
    `--quota-backend-bytes=${4 * 2 ** 30}`,
    '--log-level=warn',
  ];
}

/** Without the ServiceAccount plugin, which waits for a controller manager; nothing here runs pods. */
function serverArguments(port, etcd) {
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    '--endpoint-reconciler-type=none',
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--client-ca-file=ca.crt',
    '--tls-cert-file=server.crt',
    '--tls-private-key-file=server.key',
    '--token-auth-file=tokens.csv',
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-account-key-file=accounts.pub',
    '--service-account-signing-key-file=accounts.key',
    '--service-cluster-ip-range=10.96.0.0/16',
  ];
}

async function isReady(child, target, folder) {
  const deadline = Date.now() + startLimit;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if ((await statusOf(target, '/readyz')) === 200) return;
    await sleep(100);
  }
  const logs = ['etcd', 'kube-apiserver'].map((name) => endOf(join(folder, `${name}.log`)));
  throw new Error(`kube-apiserver did not become ready:\n${logs.join('\n')}`);
}

/** The status of an answer, 0 for none. */
function statusOf({ address, ca, token }, path) {
  return new Promise((resolve) => {
    const options = { ca, agent: false, headers: { authorization: `Bearer ${token}` } };
    const asked = request(address + path, { ...options, timeout: 5000 }, (answer) => {
      answer.resume();
      answer.once('close', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(0));
    asked.end();
  });
}

function endOf(file) {
  try {
    return readFileSync(file, 'utf8').slice(-3000);
  } catch {
    return `no ${file}`;
  }
}

/** Ports that are free now; all are held until all are known, so they differ. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
