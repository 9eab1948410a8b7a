import type { CancelSignal, PlaneModel, PushApi } from '../../push/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import { KubeError, readPlane } from '../../live/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { JournalFiles } from './journalFiles.ts';
import { pushClock } from './pushClock.ts';
import type { PushPorts } from './pushEngine.ts';

/**
 * The connection as a push sees it: always the session in use, which may be another one after the kubeconfig was written
 * anew, and never one of another server.
 */
export function createPushPorts(
  connection: Connection,
  server: string,
  journals: JournalFiles,
): PushPorts {
  const session = () => {
    const now = connection.session;
    if (now?.target.server === server) return now;
    throw new KubeError('unreachable', `The window is no longer connected to ${server}.`);
  };
  const api: PushApi = {
    get: async (reference, signal) => session().get(reference, toAbortSignal(signal)),
    list: async (kind, options = {}) => session().list(kind, withAbortSignal(options)),
    apply: async (reference, object, options) =>
      session().apply(reference, object, withAbortSignal(options)),
    replace: async (reference, object, options = {}) =>
      session().replace(reference, object, withAbortSignal(options)),
    delete: async (reference, precondition, options = {}) =>
      session().delete(reference, precondition, withAbortSignal(options)),
    memberGet: async (cluster, reference, signal) =>
      session().memberGet(cluster, reference, toAbortSignal(signal)),
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
  return { api, model, clock: pushClock, journals };
}

function withAbortSignal<T extends { readonly signal?: CancelSignal }>(
  options: T,
): Omit<T, 'signal'> & { readonly signal?: AbortSignal } {
  const { signal, ...rest } = options;
  const own = toAbortSignal(signal);
  return own ? { ...rest, signal: own } : rest;
}

/** A request wants the platform's own kind of signal. */
function toAbortSignal(signal: CancelSignal | undefined): AbortSignal | undefined {
  if (!signal || signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}
