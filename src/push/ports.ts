import type { LiveControlPlane } from '../analysis/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { FleetModel, ObjectReference } from '../live/index.ts';

/*
 * What a push needs of the outside. The layer has no I/O of its own: the editor hands in the session and a store, tests
 * hand in what they like. Everything rejects with `KubeError` only.
 */

/** What is needed of an `AbortSignal`, which is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The control plane's API, for single objects. `ControlPlaneSession` is one. */
export interface PushApi {
  /** Rejects with `notFound` where there is none. */
  get(reference: ObjectReference, signal?: CancelSignal): Promise<JsonObject>;
  /** All objects of a kind, in one namespace or ('') in all. */
  list(
    kind: Pick<ObjectReference, 'apiVersion' | 'kind' | 'namespace'>,
    options?: { readonly labelSelector?: string; readonly signal?: CancelSignal },
  ): Promise<readonly JsonObject[]>;
  /** Server-side apply with strict field validation. */
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
  /** Deletes the object with this uid and version, and no other. Answers when the server has accepted. */
  delete(
    reference: ObjectReference,
    precondition: { readonly uid: string; readonly resourceVersion?: string },
    options?: WriteOptions,
  ): Promise<void>;
  /** Through Karmada's proxy: an object on a member. */
  memberGet(
    cluster: string,
    reference: ObjectReference,
    signal?: CancelSignal,
  ): Promise<JsonObject>;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  /** Who changes the fields, in `metadata.managedFields`; ours where absent. */
  readonly fieldManager?: string;
  readonly signal?: CancelSignal;
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

/** The rows of the control plane as they come in; a push watches its Works there. */
export interface PushModel {
  readonly model: FleetModel;
  /** Called after every batch of changes, and when the model is another one. Answers how to stop it. */
  onDidChange(listener: () => void): () => void;
}

/** What a review is made from as well; `readPlane` of `live` makes it. */
export interface PlaneModel extends PushModel {
  /** All that the streams tell of the control plane; `undefined` while lists are still on their way. */
  plane(): LiveControlPlane | undefined;
}

/** Keeps journals, by id, past the end of the window. A write is on the disk when its promise resolves. */
export interface JournalStore {
  list(): Promise<readonly string[]>;
  read(id: string): Promise<string | undefined>;
  write(id: string, text: string): Promise<void>;
  /** Adds text to the end of one that was written. Cut short, less of it is there, but what was before stays. */
  append(id: string, text: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Takes a push for this window alone; false while another one, still alive, has it. */
  claim(id: string): Promise<boolean>;
  /** Whether this window has it still. One that slept for long may have lost it to another one. */
  holds(id: string): Promise<boolean>;
  unclaim(id: string): Promise<void>;
}

/** The clock, handed in so that tests own it. */
export interface PushClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many ms, and at once when the signal aborts. */
  sleep(ms: number, signal?: CancelSignal): Promise<void>;
}
