import { type CancellationToken, type Uri } from 'vscode';
import type { LiveObjectName } from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import type { ControlPlaneSession } from '../kube/index.ts';
import {
  failureText,
  isKubeError,
  liveText,
  objectKey,
  type ObjectReference,
  type WorkRow,
} from '../live/index.ts';
import type { Connection } from './connection/connection.ts';
import { FollowedDocuments } from './liveDocumentProvider.ts';
import { problemIn, withUser, type MemberAccess } from './memberAccess.ts';
import { liveScheme } from './names.ts';
import { objectOfUri } from './whyTarget.ts';

const pace = 1000;

/**
 * Serves objects of the control plane and, through Karmada's cluster proxy, of members as read-only YAML. One that is
 * seen is read again when the control plane says that it, or what Karmada knows of the member's copy, has changed.
 */
export function registerLiveDocuments(connection: Connection, access: MemberAccess): Disposable {
  const store = new DisposableStore();
  const followed = store.add(
    new FollowedDocuments({
      scheme: liveScheme,
      pace,
      textOf: (uri, token) => textOf(connection, access, uri, token),
      versionOf: (uri) => versionOf(connection, uri),
    }),
  );
  store.add(connection.onDidChange(() => followed.changed()));
  store.add(connection.onDidChangeState(() => followed.changed()));
  store.add(connection.onDidChangeModel(() => followed.changed()));
  return store;
}

async function textOf(
  connection: Connection,
  access: MemberAccess,
  uri: Uri,
  token?: CancellationToken,
): Promise<string> {
  const object = objectOfUri(uri);
  if (!object) return '# This document was made by another version and cannot be shown.\n';
  const { session, context } = connection;
  if (!session || context !== object.context) {
    return `# Not connected to ${oneLine(object.context)}.\n`;
  }
  const ended = new AbortController();
  const listener = token?.onCancellationRequested(() => ended.abort());
  const { cluster } = object;
  try {
    const found =
      cluster === undefined
        ? await session.get(referenceTo(object), ended.signal)
        : await access.get(session, cluster, referenceTo(object), ended.signal);
    return liveText(found);
  } catch (error) {
    return await explainFailure(session, error, object);
  } finally {
    listener?.dispose();
  }
}

/** Why an object cannot be shown; with the manifest that gives a missing right. */
export async function explainFailure(
  session: ControlPlaneSession,
  error: unknown,
  { cluster = '' }: LiveObjectName,
): Promise<string> {
  if (!isKubeError(error)) throw error;
  const problem = cluster === '' ? undefined : problemIn(error);
  return failureText(error.message, problem && (await withUser(session, problem)), cluster);
}

/** An object as a reference of the API. */
export function referenceTo({
  apiVersion,
  kind,
  namespace,
  name,
}: LiveObjectName): ObjectReference {
  return { apiVersion, kind, namespace, name };
}

/** A URI of ours may come from anywhere: what it names stays in its comment. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u0085\u2028\u2029]+/g, ' ');
}

/** Changes when the object does, as far as its rows tell. Karmada writes what a member reports into the Work. */
function versionOf({ context, model, session, state }: Connection, uri: Uri): string {
  const object = objectOfUri(uri);
  if (!object || !session || context !== object.context) return 'disconnected';
  const { kind, namespace, name, cluster } = object;
  const key = namespace === '' ? name : `${namespace}/${name}`;
  const rows =
    cluster === undefined
      ? [
          model.objects.get(objectKey(object)),
          kind === 'Cluster' ? model.clusters.get(name) : undefined,
          kind.endsWith('ResourceBinding') ? model.rows('bindings').get(key) : undefined,
          kind === 'Work' ? model.rows('works').get(key) : undefined,
        ]
      : [workOf(model, object)];
  // A failure to connect is not the last word.
  const isFailed = state.type === 'failed' ? 'failed' : 'connected';
  return [isFailed, ...rows.map((row) => row?.resourceVersion ?? '')].join(' ');
}

/** The Work that brings an object to the member of its name. */
export function workOf(model: Connection['model'], object: LiveObjectName): WorkRow | undefined {
  const { cluster } = object;
  const binding = model.bindingOf(referenceTo(object));
  return binding && model.worksOf(binding).find((work) => work.cluster === cluster);
}
