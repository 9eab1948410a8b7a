// Kubeconfig files for the host tests, and the setting that names them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** A kubeconfig file of its own folder. */
export interface KubeconfigFile {
  readonly path: string;
  /** Writes contexts by name, each with its server; '' makes a context without one. */
  write(servers: Readonly<Record<string, string>>, currentContext?: string, token?: string): void;
  writeText(text: string): void;
  remove(): void;
}

/** Makes the place for a file; nothing is there before the first `write`. */
export function kubeconfigFile(): KubeconfigFile {
  const folder = mkdtempSync(join(tmpdir(), 'karmada-flux-kubeconfig-'));
  const path = join(folder, 'config');
  const writeText = (text: string) => writeFileSync(path, text);
  return {
    path,
    writeText,
    write(servers, currentContext = '', token = 'of-no-use') {
      const names = Object.keys(servers);
      writeText(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          'current-context': currentContext,
          clusters: names.map((name) => ({ name, cluster: { server: servers[name] } })),
          users: [{ name: 'tester', user: { token } }],
          contexts: names.map((name) => ({ name, context: { cluster: name, user: 'tester' } })),
        }),
      );
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Sets one of our settings for the user; `undefined` takes it back. */
export async function setSetting(key: string, value: unknown): Promise<void> {
  const settings = vscode.workspace.getConfiguration('karmada');
  await settings.update(key, value, vscode.ConfigurationTarget.Global);
}
