import { Uri, commands } from 'vscode';
import {
  fromLiveQuery,
  isSecret,
  maskSecret,
  toLiveUri,
  type LiveObjectName,
} from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { arrayMember, isObject, memberAt, type JsonObject } from '../engine/index.ts';
import type { ControlPlaneSession } from '../kube/index.ts';
import {
  compareManifests,
  compareWithMember,
  isKubeError,
  type Comparison,
  type ObjectReference,
  type WorkRow,
} from '../live/index.ts';
import type { ActingParts } from './acting/acting.ts';
import { explainFailure, oneLine, referenceTo, workOf } from './liveDocuments.ts';
import { FollowedDocuments } from './liveDocumentProvider.ts';
import type { MemberAccess } from './memberAccess.ts';
import { driftScheme } from './names.ts';

/** What the member's object is compared with. */
export type Against = 'work' | 'workspace';
type Side = 'before' | 'after';

const pace = 1000;
const isAgainst = (value: string): value is Against => value === 'work' || value === 'workspace';

/** The URI of one side of a comparison; the fragment-like end of its path tells them apart for people. */
function toDriftUri(object: LiveObjectName, against: Against, side: Side): Uri {
  const uri = Uri.parse(toLiveUri(object), true);
  return uri.with({ scheme: driftScheme, path: `/${against}/${side}${uri.path}` });
}

/** Opens what a member holds beside what Karmada sends, or beside what the files would make of it. */
export async function openDrift(object: LiveObjectName, against: Against): Promise<void> {
  const { name, cluster = '' } = object;
  const sides = against === 'work' ? 'Work ↔ member' : 'now ↔ workspace';
  await commands.executeCommand(
    'vscode.diff',
    toDriftUri(object, against, 'before'),
    toDriftUri(object, against, 'after'),
    `${name} on ${cluster}: ${sides}`,
  );
}

/** Serves the sides of comparisons; those that are seen follow the control plane and the files. */
export function registerDriftDocuments(parts: ActingParts, access: MemberAccess): Disposable {
  const { connection } = parts;
  const store = new DisposableStore();
  const comparisons = store.add(new Comparisons(parts, access, () => followed.changed()));
  const followed = store.add(
    new FollowedDocuments({
      scheme: driftScheme,
      pace,
      versionOf: (uri) => comparisons.versionOf(uri),
      closed: (uri) => comparisons.forget(uri),
      async textOf(uri) {
        const answer = await comparisons.of(uri);
        return uri.path.startsWith(`/${againstOf(uri) ?? ''}/before/`)
          ? answer.before
          : answer.after;
      },
    }),
  );
  store.add(connection.onDidChange(() => followed.changed()));
  store.add(connection.onDidChangeModel(() => followed.changed()));
  return store;
}

/** Both sides of a comparison come from one answer. */
class Comparisons implements Disposable {
  readonly #store = new DisposableStore();
  readonly #running = new Map<
    string,
    { readonly version: string; readonly answer: Promise<Comparison> }
  >();
  readonly #parts: ActingParts;
  readonly #access: MemberAccess;
  readonly #edited: () => void;
  #edits = 0;
  #isFollowingFiles = false;

  constructor(parts: ActingParts, access: MemberAccess, edited: () => void) {
    this.#parts = parts;
    this.#access = access;
    this.#edited = edited;
  }

  versionOf(uri: Uri): string {
    const { connection } = this.#parts;
    const object = fromLiveQuery(uri.query);
    if (!object || connection.context !== object.context) return 'disconnected';
    const version = workOf(connection.model, object)?.resourceVersion ?? '';
    return againstOf(uri) === 'workspace' ? `${version} ${this.#edits}` : version;
  }

  async of(uri: Uri): Promise<Comparison> {
    const object = fromLiveQuery(uri.query);
    const against = againstOf(uri);
    if (!object || !against) return saying('# This comparison was made by another version.\n');
    if (against === 'workspace') await this.#followFiles();
    const key = keyOf(uri);
    const version = this.versionOf(uri);
    const known = this.#running.get(key);
    if (known && known.version === version) return known.answer;
    const answer = compare(this.#parts, this.#access, object, against);
    this.#running.set(key, { version, answer });
    return answer;
  }

  forget(uri: Uri): void {
    this.#running.delete(keyOf(uri));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #followFiles(): Promise<void> {
    if (this.#isFollowingFiles) return;
    this.#isFollowingFiles = true;
    const documents = await this.#parts.documents();
    this.#store.add(
      documents.onDidChange(() => {
        this.#edits += 1;
        this.#edited();
      }),
    );
  }
}

function keyOf(uri: Uri): string {
  return JSON.stringify([uri.query, againstOf(uri)]);
}

function againstOf(uri: Uri): Against | undefined {
  const [, against = ''] = uri.path.split('/');
  return isAgainst(against) ? against : undefined;
}

async function compare(
  parts: ActingParts,
  access: MemberAccess,
  object: LiveObjectName,
  against: Against,
): Promise<Comparison> {
  const { connection } = parts;
  const { session, context } = connection;
  if (!session || context !== object.context || object.cluster === undefined) {
    return saying(`# Not connected to ${oneLine(object.context)}.\n`);
  }
  try {
    const reading = { session, access, object, cluster: object.cluster };
    const work = workOf(connection.model, object);
    return await (against === 'work'
      ? compareWithWork(reading, work)
      : compareWithWorkspace(parts, reading, work));
  } catch (error) {
    return saying(await explainFailure(session, error, object));
  }
}

function saying(text: string): Comparison {
  return { before: text, after: text, isSame: false };
}

interface Reading {
  readonly session: ControlPlaneSession;
  readonly access: MemberAccess;
  readonly object: LiveObjectName;
  readonly cluster: string;
}

async function compareWithWork(
  { session, access, object, cluster }: Reading,
  work: WorkRow | undefined,
): Promise<Comparison> {
  const manifest = work && (await manifestOf(session, work));
  if (!work || !manifest) return saying(`# Karmada has no Work of it for ${cluster}.\n`);
  const names = { before: `the Work for ${cluster}`, after: `the object on ${cluster}` };
  try {
    const found = await access.get(session, cluster, work.manifest ?? referenceTo(object));
    return compareWithMember(manifest, found, names);
  } catch (error) {
    const sent = compareManifests(manifest, manifest, names).before;
    const after = await explainFailure(session, error, object);
    return { before: withoutComments(sent), after, isSame: false };
  }
}

async function compareWithWorkspace(
  { documents }: ActingParts,
  { session, access, object, cluster }: Reading,
  work: WorkRow | undefined,
): Promise<Comparison> {
  const found = await documents();
  await found.whenReady;
  const { workspace } = found;
  const template = workspace
    .templates()
    .find(
      ({ kind, namespace, name }) =>
        kind === object.kind && namespace === object.namespace && name === object.name,
    );
  if (!template) return saying(`# No file of the workspace holds ${object.kind} ${object.name}.\n`);
  const request = { template: template.key, side: 'cluster', cluster } as const;
  const draft = workspace.manifest(request);
  const now = await presentOf({ session, access, object, cluster }, work);
  if (!draft) {
    const shown = now
      ? compareManifests(now.object, now.object, { before: '', after: '' }).before
      : '';
    const why = workspace.previewText(request, { assumptions: false });
    return { before: withoutComments(shown), after: why, isSame: false };
  }
  const after = 'what the workspace makes of it';
  if (!now) {
    const { before } = compareManifests(draft, draft, { before: '', after: '' });
    const none = `# There is nothing of it on ${cluster}.\n`;
    return { before: none, after: withoutComments(before), isSame: false };
  }
  // Drafts of Secrets come without their values.
  const present = isSecret(now.object) ? maskSecret(now.object, undefined, 'before') : now.object;
  if (now.from === 'work') {
    const before = `the Work for ${cluster}`;
    const compared = compareManifests(present, draft, { before, after });
    const note = `# ${cluster} cannot be read: the left side is what Karmada sends there.\n`;
    return { ...compared, before: note + compared.before, after: note + compared.after };
  }
  const turned = compareWithMember(draft, present, {
    before: after,
    after: `the object on ${cluster}`,
  });
  return { before: turned.after, after: turned.before, isSame: turned.isSame };
}

/** What is on the member now; what Karmada sends there where the member may not be read. */
async function presentOf(
  { session, access, object, cluster }: Reading,
  work: WorkRow | undefined,
): Promise<{ readonly object: JsonObject; readonly from: 'member' | 'work' } | undefined> {
  try {
    const reference: ObjectReference = work?.manifest ?? referenceTo(object);
    return { object: await access.get(session, cluster, reference), from: 'member' };
  } catch (error) {
    if (!isKubeError(error)) throw error;
    const manifest = work && (await manifestOf(session, work));
    if (manifest) return { object: manifest, from: 'work' };
    if (error.reason === 'notFound') return undefined;
    throw error;
  }
}

async function manifestOf(
  session: ControlPlaneSession,
  { namespace, name }: WorkRow,
): Promise<JsonObject | undefined> {
  const kind = 'Work';
  const work = await session.get({ apiVersion: 'work.karmada.io/v1alpha1', kind, namespace, name });
  const [manifest] = arrayMember(memberAt(work, 'spec', 'workload'), 'manifests');
  return isObject(manifest) ? manifest : undefined;
}

function withoutComments(text: string): string {
  return text.replace(/^(?:#.*\n)+/, '');
}
