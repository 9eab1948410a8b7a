import type { Disposable } from '../base/lifecycle.ts';
import type { JsonObject, ServedDifferences } from '../engine/index.ts';
import type { FleetChange, KubeError, ObjectReference } from '../live/index.ts';

/** A kind as an API server serves it. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
}

export interface KubeRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, below the server's own path; segments already escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds without any byte after which the request fails. Default 30 s. */
  readonly idleLimit?: number;
}

/** A successful answer. */
export interface KubeAnswer {
  readonly status: number;
  readonly text: string;
  /** Of its `Warning` headers. */
  readonly warnings: readonly string[];
}

/** One API server, one pool of kept connections, credentials put on each request. Rejects with `KubeError` only. */
export interface Transport extends Disposable {
  /** The server's URL as the kubeconfig has it. */
  readonly server: string;
  /**
   * Sends and reads a JSON answer; on 401 renews the credentials once and tries again. Integers that a number cannot
   * hold are `bigint`, both ways.
   */
  request<T = JsonObject>(request: KubeRequest): Promise<T>;
  /** The answer's text, as it came: logs, raw documents. */
  text(request: KubeRequest): Promise<string>;
  /** The same, with what is said beside it. */
  answer(request: KubeRequest): Promise<KubeAnswer>;
  /**
   * Sends and hands over each line of the answer as parsed JSON until the server ends it (resolves) or it fails
   * (rejects). Silence longer than `idleLimit` is a failure. `onOpen` is called when the server has accepted.
   */
  stream(
    request: KubeRequest,
    onLine: (value: JsonObject) => void,
    onOpen?: () => void,
  ): Promise<void>;
  /** Sockets open now, for diagnostics and tests. */
  readonly socketCount: number;
}

/** How credentials and TLS reach a request: what an auth method needs to say. */
export interface Credentials extends Disposable {
  /** Fresh headers and TLS material, from cache where they have not expired. Rejects with `KubeError`. */
  get(signal?: AbortSignal): Promise<RequestCredentials>;
  /**
   * Forgets what is cached: the server said 401. Answers whether asking again can make a difference. With the
   * credentials that were refused, nothing is forgotten that was got since.
   */
  renew(refused?: RequestCredentials): boolean;
  /** The user asks to try again: a failure that was remembered is not told once more. What works is kept. */
  forgetFailure(): void;
}

export interface RequestCredentials {
  /** A list is a header for each of its values: `Impersonate-Group` is not to be joined by commas. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsMaterial;
}

/** PEM texts. The same object as long as nothing in it changes, so that connections can be kept. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** A context of the merged kubeconfig, resolved: everything needed to talk to its server. */
export interface ContextTarget {
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
  readonly server: string;
  readonly proxyUrl: string;
  readonly credentials: Credentials;
}

/** What a view needs: streams run while somebody holds their interest. */
export type Interest = 'clusters' | 'releases' | 'objects';

/** How one stream of the control plane is doing. */
export type StreamState =
  | { readonly type: 'idle' }
  | { readonly type: 'listing' }
  | { readonly type: 'live' }
  /** Broken and tried again; what is shown was right at `since` (ms since the epoch). */
  | { readonly type: 'stale'; readonly since: number; readonly error: KubeError }
  /** Not to be had: forbidden, or not served. The rest goes on. */
  | { readonly type: 'refused'; readonly error: KubeError };

export interface SessionState {
  /** The worst of the streams that matter: `live` when all held streams are. */
  readonly type: 'connecting' | 'live' | 'stale' | 'failed';
  /** Since when (ms) something is stale. */
  readonly since?: number;
  readonly error?: KubeError;
  /** By origin, such as `work.karmada.io/works`. */
  readonly streams: ReadonlyMap<string, StreamState>;
}

/** What discovery found of a control plane. */
export interface ControlPlaneInfo {
  readonly isKarmada: boolean;
  /** Kubernetes version of the API server, `v1.36.1`. */
  readonly kubernetesVersion: string;
  /** Karmada's version where it can be told: `1.18.2`, or as `1.15 to 1.16` from the schemas that it serves; else ''. */
  readonly karmadaVersion: string;
  /** How its policies differ from the modelled ones; absent until it is known, and where it cannot be. */
  readonly differences?: ServedDifferences;
  /** Versions such as `v2` in the server's order of preference, by group; only Flux's and Karmada's groups. */
  readonly served: ReadonlyMap<string, readonly string[]>;
  readonly resources: readonly ResourceType[];
}

/** A user as an API server knows it. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface WriteOptions {
  /** The server says what it would make of it, and writes nothing. */
  readonly dryRun?: boolean;
  /** Who changes the fields, in `metadata.managedFields`; ours where absent. */
  readonly fieldManager?: string;
  readonly signal?: AbortSignal;
}

export interface ApplyOptions extends WriteOptions {
  /** Takes the fields over that others own. */
  readonly force?: boolean;
}

export interface ApplyAnswer {
  /** As the server holds it now, or would. */
  readonly object: JsonObject;
  /** Whether there was none before. */
  readonly isCreated: boolean;
  /** The server's `Warning` headers. */
  readonly warnings: readonly string[];
}

export interface ListOptions {
  readonly labelSelector?: string;
  readonly signal?: AbortSignal;
}

/** Reading and writing single objects of the control plane. What is read and written keeps every digit of integers. */
export interface ObjectWrites {
  /** All objects of a kind, in one namespace or ('') in all, read in pages; each with its apiVersion and kind. */
  list(
    kind: Pick<ObjectReference, 'apiVersion' | 'kind' | 'namespace'>,
    options?: ListOptions,
  ): Promise<readonly JsonObject[]>;
  /**
   * Server-side apply with strict field validation. `metadata.uid` and `metadata.resourceVersion` in the object are
   * preconditions: with either of them nothing is created, and another object or version is a `conflict`.
   */
  apply(
    reference: ObjectReference,
    object: JsonObject,
    options: ApplyOptions,
  ): Promise<ApplyAnswer>;
  /** Replaces an object (PUT); `metadata.resourceVersion` in it is the precondition. */
  replace(
    reference: ObjectReference,
    object: JsonObject,
    options?: WriteOptions,
  ): Promise<JsonObject>;
  /**
   * Deletes the object with this uid and version, and no other; what it owns is deleted in the background. Answers when
   * the server has accepted. An object that is gone already is as wished; another one of the same name is a `conflict`.
   */
  delete(
    reference: ObjectReference,
    precondition: { readonly uid: string; readonly resourceVersion?: string },
    options?: WriteOptions,
  ): Promise<void>;
}

/** A connected control plane. Nothing is contacted before `start`; everything is gone after `dispose`. */
export interface ControlPlaneSession extends ObjectWrites, Disposable {
  readonly target: ContextTarget;
  readonly state: SessionState;
  readonly info: ControlPlaneInfo | undefined;
  onDidChangeState(listener: (state: SessionState) => void): Disposable;
  /** Batches of changes, at most every 50 ms, in the order of the server. */
  onDidChangeRows(listener: (changes: readonly FleetChange[]) => void): Disposable;
  /** Keeps the streams of an interest running until it is disposed; the last holder's end stops them. */
  hold(interest: Interest): Disposable;
  /** Tries at once instead of waiting for the back-off. */
  retry(): void;
  /** An object of the control plane. */
  get(reference: ObjectReference, signal?: AbortSignal): Promise<JsonObject>;
  /** Whom the control plane takes us for. */
  whoAmI(signal?: AbortSignal): Promise<Identity>;
  /** Events on an object (by uid where given), newest last. */
  events(
    reference: ObjectReference & { uid?: string },
    signal?: AbortSignal,
  ): Promise<readonly JsonObject[]>;
  /** Through Karmada's cluster proxy: the member's own API. */
  memberGet(cluster: string, reference: ObjectReference, signal?: AbortSignal): Promise<JsonObject>;
  memberEvents(
    cluster: string,
    reference: ObjectReference & { uid?: string },
    signal?: AbortSignal,
  ): Promise<readonly JsonObject[]>;
  memberPatch(
    cluster: string,
    reference: ObjectReference,
    patch: JsonObject,
    signal?: AbortSignal,
  ): Promise<JsonObject>;
  /** A merge patch on an object of the control plane; `dryRun` asks the server what it would make of it. */
  patch(
    reference: ObjectReference,
    patch: JsonObject,
    options?: { dryRun?: boolean; signal?: AbortSignal },
  ): Promise<JsonObject>;
}
