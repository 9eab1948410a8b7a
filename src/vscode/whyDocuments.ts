import {
  DocumentLink,
  languages,
  Range,
  type LogOutputChannel,
  Uri,
  type TextDocument,
} from 'vscode';
import type { LiveObjectName } from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import type { ControlPlaneSession, Interest, StreamState } from '../kube/index.ts';
import {
  createExplainer,
  plainText,
  fluxQuestion,
  whyDocument,
  type WhyDocument,
  type WhyRequest,
  type WhyTarget,
} from '../live/index.ts';
import type { Connection } from './connection/connection.ts';
import { mayReadBindings } from './connection/mayReadBindings.ts';
import type { Documents } from './documents.ts';
import { FollowedDocuments } from './liveDocumentProvider.ts';
import type { MemberAccess } from './memberAccess.ts';
import { whyScheme } from './names.ts';
import { readSettings } from './settings.ts';
import { WhyFlux } from './whyFlux.ts';
import { findDraft, objectOfUri, toObjectUri } from './whyTarget.ts';

/** The text follows what changes at this pace, in ms. */
const pace = 500;

/** The rows that an explanation needs; policies are among the objects. */
export const whyInterests = [
  'clusters',
  'releases',
  'objects',
] as const satisfies readonly Interest[];

/** What the texts are made from. */
export interface WhySurroundings {
  readonly connection: Connection;
  /** Everything that reads documents; started when a text needs it. */
  readonly documents: () => Promise<Documents>;
  readonly access: MemberAccess;
  readonly log: LogOutputChannel;
}

/** Serves the texts that explain releases, clusters under them and policies, and makes the names in them links. */
export class WhyDocuments implements Disposable {
  readonly #store = new DisposableStore();
  readonly #explain = createExplainer();
  readonly #shown = new Map<string, WhyDocument>();
  readonly #surroundings: WhySurroundings;
  readonly #followed: FollowedDocuments;
  readonly #flux: WhyFlux;
  #held: readonly Disposable[] = [];
  #drafts: Documents | undefined;

  constructor(surroundings: WhySurroundings) {
    this.#surroundings = surroundings;
    const { connection } = surroundings;
    this.#followed = this.#store.add(
      new FollowedDocuments({
        scheme: whyScheme,
        pace,
        textOf: async (uri) => this.#make(uri).text,
        seen: (isSeen) => this.#seen(isSeen),
        closed: (uri) => this.#closed(uri.toString()),
      }),
    );
    const changed = () => this.#followed.changed();
    this.#flux = this.#store.add(new WhyFlux(surroundings.access, changed));
    this.#store.add(connection.onDidChange(changed));
    this.#store.add(connection.onDidChangeModel(changed));
    this.#store.add(connection.onDidChangeState(changed));
    this.#store.add({ dispose: () => this.#hold([]) });
    this.#store.add(
      languages.registerDocumentLinkProvider(
        { scheme: whyScheme },
        { provideDocumentLinks: (document) => linksOf(document, this.#shown) },
      ),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  #make(uri: Uri): WhyDocument {
    const key = uri.toString();
    const object = objectOfUri(uri);
    if (!object) return saying('This text was made by another version and cannot be shown.');
    const request = requestFor(this.#surroundings.connection, object);
    if (!request) {
      // What was shown before is worth more than nothing.
      return this.#shown.get(key) ?? saying(`Not connected to ${plainText(object.context)}.`);
    }
    const document = whyDocument(this.#explain({ ...request, ...this.#fluxOf(key, request) }), {
      remarks: remarksOn(this.#surroundings.connection),
      findDraft: (target) => this.#findDraft(target),
    });
    this.#shown.set(key, document);
    return document;
  }

  #closed(key: string): void {
    this.#shown.delete(key);
    this.#flux.forget(key);
  }

  /** Flux's events on the one cluster, which come later than the rest of the text. */
  #fluxOf(key: string, request: WhyRequest): Pick<WhyRequest, 'flux'> {
    const { session } = this.#surroundings.connection;
    const question = fluxQuestion(request);
    if (!session || !question) return {};
    return { flux: this.#flux.reading(key, { session, ...question }) };
  }

  #findDraft(target: WhyTarget): string | undefined {
    if (!this.#drafts || target.cluster !== undefined) return undefined;
    return findDraft(this.#drafts.workspace, target)?.toString();
  }

  /** Streams run while a text can be seen. */
  #seen(isSeen: boolean): void {
    const { connection } = this.#surroundings;
    this.#hold(isSeen ? whyInterests.map((interest) => connection.hold(interest)) : []);
    if (isSeen && !this.#drafts) void this.#readDrafts();
  }

  #hold(held: readonly Disposable[]): void {
    for (const interest of this.#held) interest.dispose();
    this.#held = held;
  }

  async #readDrafts(): Promise<void> {
    try {
      const drafts = await this.#surroundings.documents();
      if (this.#drafts) return;
      this.#drafts = drafts;
      this.#store.add(drafts.onDidChange(() => this.#followed.changed()));
      this.#followed.changed();
    } catch (error) {
      this.#surroundings.log.error(error instanceof Error ? error : String(error));
    }
  }
}

function saying(sentence: string): WhyDocument {
  return { text: `${sentence}\n`, links: [] };
}

/** What is known of an object now; `undefined` when its control plane is not the one that is connected. */
function requestFor(connection: Connection, object: LiveObjectName): WhyRequest | undefined {
  const { model, session, context } = connection;
  if (!session || context !== object.context) return undefined;
  const { apiVersion, kind, namespace, name, cluster } = object;
  const { featureGates = {}, skippedPropagatingNamespaces } = readSettings().options;
  return {
    subject: { apiVersion, kind, namespace, name },
    ...(cluster === undefined ? {} : { cluster }),
    fleet: {
      clusters: model.clusters,
      objects: model.objects,
      hasPolicies: arePoliciesRead(session),
      hasBindings: mayReadBindings(session, namespace),
      hasWorks: model.rows('works').size > 0,
      bindingOf: model.bindingOf,
      worksOf: model.worksOf,
      eventsAbout: model.eventsAbout,
    },
    ...(session.info ? { served: session.info.served } : {}),
    options: {
      featureGates,
      ...(skippedPropagatingNamespaces ? { skippedNamespaces: skippedPropagatingNamespaces } : {}),
    },
  };
}

/** Whether every list of policies has come, or is not served and so has none. */
function arePoliciesRead({ state }: ControlPlaneSession): boolean {
  const lists = [...state.streams].filter(([origin]) => origin.startsWith('policy.karmada.io/'));
  const isRead = (stream: StreamState) =>
    stream.type === 'live' ||
    stream.type === 'stale' ||
    (stream.type === 'refused' && stream.error.reason === 'notFound');
  return lists.length > 0 && lists.every(([, stream]) => isRead(stream));
}

/** What the reader must know of all that is shown. */
function remarksOn({ session, state }: Connection): readonly string[] {
  if (!session) return [];
  const streams = [...session.state.streams];
  const inState = (type: StreamState['type']) =>
    streams.filter(([, stream]) => stream.type === type);
  const remarks: string[] = [];
  const listing = inState('listing').map(([origin]) => origin);
  if (listing.length > 0) remarks.push(`Still reading: ${listing.join(', ')}.`);
  if (state.type === 'stale') {
    const why = state.error ? `: ${state.error.message}` : '.';
    remarks.push(`The connection is broken; this may be out of date${why}`);
  }
  for (const [origin, stream] of inState('refused')) {
    if (stream.type === 'refused' && stream.error.reason === 'forbidden') {
      remarks.push(`You may not read ${origin}, so this is incomplete. ${stream.error.message}`);
    }
  }
  return remarks;
}

function linksOf(
  document: TextDocument,
  shown: ReadonlyMap<string, WhyDocument>,
): DocumentLink[] | undefined {
  const object = objectOfUri(document.uri);
  const known = shown.get(document.uri.toString());
  // What VS Code shows may be older by one event.
  if (!object || !known || known.text !== document.getText()) return undefined;
  return known.links.map(({ line, start, end, target }) => {
    const range = new Range(line, start, line, end);
    if ('draft' in target) return linkTo(range, Uri.parse(target.draft, true), 'Open the draft');
    const uri = toObjectUri({ context: object.context, ...target });
    return linkTo(range, uri, target.cluster ? 'Open the object on the member' : 'Open the object');
  });
}

function linkTo(range: Range, target: Uri, tooltip: string): DocumentLink {
  const link = new DocumentLink(range, target);
  link.tooltip = tooltip;
  return link;
}
