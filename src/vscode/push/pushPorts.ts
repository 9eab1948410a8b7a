import { patientApi } from '../../push/index.ts';
import type { PlaneModel, PushApi } from '../../push/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import { KubeError, readPlane } from '../../live/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { JournalFiles } from './journalFiles.ts';
import { pushClock } from './pushClock.ts';
import type { PushPorts } from './pushEngine.ts';

/**
 * The connection as a push sees it: always the session in use, which may be another one after the kubeconfig was written
 * anew, and never one of another server or context: that may be read-only, or of another user.
 */
export function createPushPorts(
  connection: Connection,
  server: string,
  journals: JournalFiles,
): PushPorts {
  const { context } = connection;
  const session = () => {
    const current = connection.session;
    if (current?.target.server === server && connection.context === context) return current;
    throw new KubeError('unreachable', `The window is no longer connected to ${server}.`);
  };
  // Every signal of the editor is an AbortSignal, as requests want it.
  const now = (): PushApi => session();
  const api: PushApi = {
    get: async (...args) => now().get(...args),
    list: async (...args) => now().list(...args),
    apply: async (...args) => now().apply(...args),
    replace: async (...args) => now().replace(...args),
    delete: async (...args) => now().delete(...args),
    memberGet: async (...args) => now().memberGet(...args),
  };
  let plane: LiveControlPlane | undefined;
  const model: PlaneModel = {
    plane: () => (plane = readPlane(connection, session(), plane)),
    get model() {
      return connection.model;
    },
    onDidChange(listener) {
      const listeners = [
        connection.onDidChange(listener),
        connection.onDidChangeModel(listener),
        connection.onDidChangeState(listener),
      ];
      return () => {
        for (const one of listeners) one.dispose();
      };
    },
  };
  return { api: patientApi(api, pushClock), model, clock: pushClock, journals };
}
