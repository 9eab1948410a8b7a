import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTransport, loadKubeconfig, resolveContext } from '../../src/kube/index.ts';
import { startEchoServers } from './echoServers.ts';
import type { EchoServers, Seen } from './echoServers.ts';
import { base64, config } from './situation.ts';

const skip = process.platform === 'win32' ? 'the exec plugin is a shell script' : false;

let servers: EchoServers;
let folder = '';

before(async () => {
  servers = await startEchoServers();
  folder = mkdtempSync(join(tmpdir(), 'renewal-'));
});

after(async () => {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'an exec plugin whose token is refused runs again, once, and the requests succeed',
  { skip },
  async () => {
    const log = join(folder, 'runs');
    const credential = (token: string): string =>
      `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${token}"}}`;
    const plugin = [
      '#!/bin/sh',
      `echo run >> ${log}`,
      `if [ "$(wc -l < ${log})" -eq 1 ]; then echo '${credential('refused')}'`,
      `else echo '${credential('fresh')}'; fi`,
      '',
    ];
    writeFileSync(join(folder, 'plugin'), plugin.join('\n'), { mode: 0o700 });
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      command: './plugin',
    };
    const cluster = { server: servers.one, 'certificate-authority-data': base64(servers.ca) };
    writeFileSync(join(folder, 'config'), config({ cluster, user: { exec } }));

    const kubeconfig = await loadKubeconfig({ paths: [join(folder, 'config')] });
    const target = resolveContext(kubeconfig, 'main');
    const transport = createTransport(target);
    const all = await Promise.all(
      Array.from({ length: 8 }, () => transport.request<Seen>({ path: '/version' })),
    );
    assert.deepEqual([...new Set(all.map((seen) => seen.authorization))], ['Bearer fresh']);
    assert.equal(readFileSync(log, 'utf8').trim().split('\n').length, 2);
    transport.dispose();
    target.credentials.dispose();
  },
);
