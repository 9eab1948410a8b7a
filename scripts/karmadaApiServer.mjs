// An API server for tests that serves the kinds of Karmada and Flux, with no controllers behind them.
import { startApiServer } from './apiServer.mjs';

/** Starts one; see apiServer.d.mts. */
export async function startKarmadaApiServer(say) {
  const server = await startApiServer({ say });
  try {
    const { installKinds } = await import('../test/support/apiServerKinds.ts');
    const { clientOfKubeconfig } = await import('../test/support/apiServerClient.ts');
    const client = clientOfKubeconfig(server.kubeconfig);
    await installKinds(client).finally(() => client.dispose());
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
