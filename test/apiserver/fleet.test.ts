import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import {
  bindingSeed,
  clusterSeed,
  policySeed,
  releaseSeed,
  repositorySeed,
  workSeed,
} from '../support/fleetObjects.ts';
import { createSeed, objectPath } from '../support/fleetSeed.ts';
import type { Seed } from '../support/fleetObjects.ts';

const client = clientOfKubeconfig(sharedApiServer().kubeconfig);
after(() => client.dispose());

/** Names of the fault tests' fleets begin at 0. */
const release = 990;
const cluster = 9990;
const seeds: readonly Seed[] = [
  clusterSeed(cluster, 30),
  clusterSeed(cluster + 9, 30),
  repositorySeed(release),
  releaseSeed(release),
  policySeed(release),
  bindingSeed(release, 30),
  workSeed(cluster, release),
];

describe('objects as Karmada and Flux write them', () => {
  const spaces = [...new Set(seeds.flatMap(({ object }) => object.metadata.namespace ?? []))];
  for (const seed of seeds) {
    const { kind, metadata, spec, status } = seed.object;
    it(`are kept whole by the definitions made from the tables: ${kind} ${metadata.name}`, async () => {
      for (const name of spaces) {
        const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
        await client.raw('POST', '/api/v1/namespaces', body);
      }
      try {
        const kept = await createSeed(client, seed);
        // Defaults may come in addition; nothing is lost or changed.
        assert.partialDeepStrictEqual(kept['spec'], spec);
        if (status !== undefined) assert.deepEqual(kept['status'], status);
      } finally {
        await client.raw('DELETE', objectPath(seed));
      }
    });
  }
});
