import { after, describe, it } from 'node:test';
import { createSeed, createFleet, objectPath } from '../support/fleetSeed.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { assertEqualsServer, connectSession } from '../support/liveSession.ts';
import { clusterSeed, releaseSeed, workSeed } from '../support/fleetObjects.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
after(() => client.dispose());

describe('a session on a real API server', () => {
  it('shows what is there and follows what changes', async () => {
    await createFleet(client, { clusters: 8, releases: 4, worksPerCluster: 4, groups: 20 });
    const live = await connectSession({ kubeconfig: server.kubeconfig, context: 'certificate' });
    try {
      await live.until('live', () => live.session.state.type === 'live');
      await assertEqualsServer(live, server);
      await createSeed(client, clusterSeed(100, 20));
      await createSeed(client, workSeed(0, 9));
      await client.send('DELETE', objectPath(releaseSeed(0)));
      await client.send('DELETE', objectPath(workSeed(1, 1)));
      await assertEqualsServer(live, server);
    } finally {
      live.dispose();
    }
  });
});
