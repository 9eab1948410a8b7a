import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** The API server that a level runs for all of its tests. */
export interface SharedApiServer {
  /** Path. The current context is an administrator's; see scripts/apiServer.d.mts for the others. */
  readonly kubeconfig: string;
  /** Path of the program. */
  readonly kubectl: string;
}

/** From the environment; fails with a sentence when there is none. */
export function sharedApiServer(): SharedApiServer {
  const kubeconfig = process.env['KARMADA_TEST_KUBECONFIG'];
  const kubectl = process.env['KARMADA_TEST_KUBECTL'];
  assert.ok(
    kubeconfig && kubectl,
    'no API server to test with: run `npm test -- "a real API server"`, which starts one',
  );
  return { kubeconfig, kubectl };
}

/** What kubectl prints of a table, as words of rows. */
export function kubectlTable(server: SharedApiServer, args: readonly string[]): string[][] {
  const output = execFileSync(server.kubectl, ['--kubeconfig', server.kubeconfig, ...args], {
    encoding: 'utf8',
  });
  return output
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/\s+/));
}

/** Runs kubectl with a text as its input, and answers what it prints. */
export function kubectlCommand(
  server: SharedApiServer,
  args: readonly string[],
  input: string,
): string {
  return execFileSync(server.kubectl, ['--kubeconfig', server.kubeconfig, ...args], {
    encoding: 'utf8',
    input,
  });
}
