import type { Disposable } from '../base/lifecycle.ts';
import { member, stringMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import { isKubeError, KubeError } from '../live/index.ts';
import { backOff } from './backOff.ts';
import type { Clock } from './clock.ts';
import type { Collection } from './collection.ts';
import { listObjects } from './list.ts';
import { createPageSize } from './pageSize.ts';
import { placeOfServer } from './place.ts';
import { createRowBatch } from './rowBatch.ts';
import type { RowBatch, RowChanges } from './rowBatch.ts';
import { createRowStore } from './rowStore.ts';
import type { ReflectedRow, RowStore } from './rowStore.ts';
import type { StreamState } from './types.ts';
import { watchObjects } from './watch.ts';
import type { WatchEvent } from './watch.ts';

export interface ReflectorOptions<T extends ReflectedRow> extends Collection {
  /** Makes the row of an object; `undefined` for one that is not wanted. Called once per version of an object. */
  readonly project: (object: JsonObject) => T | undefined;
  readonly clock: Clock;
  /** Between 0 and 1; spreads waits and watches. */
  readonly random: () => number;
  /** Milliseconds between batches at least. Default 50. */
  readonly pace?: number;
  readonly onChanges: (changes: RowChanges<T>) => void;
  readonly onState: (state: StreamState) => void;
  /** An object that `project` could not read; it has no row. */
  readonly onProblem?: (error: unknown) => void;
}

/** Keeps rows equal to a collection of a server. Idle, and contacts nothing, until `start`. */
export interface Reflector extends Disposable {
  readonly state: StreamState;
  /** Lists and watches; after `stop`, goes on where it stopped. */
  start(): void;
  /** Lets go of the connection. The rows stay, and what was gathered is handed over. */
  stop(): void;
  /** Tries at once instead of waiting; doubts a stream from which nothing came for long, as after sleep. */
  retry(): void;
}

/** API servers send a bookmark about every minute. */
const silenceLimit = 80_000;
/** How long a server that fell silent may take to accept the next watch before it counts as away. */
const doubtLimit = 3_000;
/** A watch that ends sooner counts as failed, so that a server that ends each at once is not asked without a pause. */
const leastLife = 5_000;
const refusedPause = 300_000;
const longestRetryAfter = 300;
const defaultPace = 50;

/**
 * First the list, page by page, then a watch from its version, resumed from the last version or bookmark whenever it
 * ends. When the version is too old the list is compared with the rows: only what differs is told. All failures are
 * states; none is thrown. After `dispose` nothing is called back.
 */
export function createReflector<T extends ReflectedRow>(options: ReflectorOptions<T>): Reflector {
  return new ListWatcher(options);
}

class ListWatcher<T extends ReflectedRow> implements Reflector {
  readonly #options: ReflectorOptions<T>;
  readonly #batch: RowBatch<T>;
  readonly #store: RowStore;
  readonly #pageSize = createPageSize();

  #state: StreamState = { type: 'idle' };
  #run: AbortController | undefined;
  /** The list or watch under way: ended by `retry` when it seems dead. */
  #attempt: AbortController | undefined;
  #endWait: (() => void) | undefined;
  #isDisposed = false;
  /** '' when there is nothing to resume from. */
  #version = '';
  #hasRows = false;
  #heardAt = 0;
  #openedAt = 0;
  #failures = 0;
  #sendsBookmarks = true;
  /** The silence that ended the last watch: of a server that sends no bookmarks, or of none at all. */
  #doubt: KubeError | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    const { clock, pace = defaultPace, onChanges } = options;
    this.#batch = createRowBatch<T>(clock, pace, onChanges);
    this.#store = createRowStore<T>((object) => projected(options, object), this.#batch);
  }

  get state(): StreamState {
    return this.#state;
  }

  start(): void {
    if (this.#isDisposed || this.#run) return;
    this.#run = new AbortController();
    void this.#loop(this.#run.signal);
  }

  stop(): void {
    if (!this.#run) return;
    this.#end();
    this.#batch.flush();
    this.#show({ type: 'idle' });
  }

  retry(): void {
    this.#failures = 0;
    const silence = this.#options.clock.now() - this.#heardAt;
    if (this.#endWait) this.#endWait();
    else if (this.#openedAt > 0 && silence > silenceLimit) this.#attempt?.abort();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#batch.dispose();
    this.#end();
  }

  #end(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.#attempt?.abort();
    this.#endWait?.();
  }

  #show(state: StreamState): void {
    if (this.#isDisposed || isSameState(this.#state, state)) return;
    this.#state = state;
    this.#options.onState(state);
  }

  async #loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const attempt = new AbortController();
      this.#attempt = attempt;
      const pause = await this.#round(attempt.signal);
      if (!signal.aborted && pause > 0) await this.#wait(pause);
    }
  }

  /** One list where needed and one watch; answers how long to wait before the next. */
  async #round(signal: AbortSignal): Promise<number> {
    this.#openedAt = 0;
    try {
      if (this.#version === '') await this.#list(signal);
      await this.#watch(signal);
      if (signal.aborted) return 0;
      if (!this.#hasLived()) throw briefError(this.#options);
      this.#failures = 0;
      return 0;
    } catch (error) {
      return signal.aborted ? 0 : this.#pauseAfter(isKubeError(error) ? error : unexpected(error));
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    if (this.#state.type === 'idle') this.#show({ type: 'listing' });
    this.#store.beginList();
    const version = await listObjects({
      ...this.#options,
      pageSize: this.#pageSize,
      wait: (milliseconds) => this.#wait(milliseconds),
      signal,
      onPage: (items) => {
        if (signal.aborted) return;
        if (!this.#hasRows) this.#batch.reset();
        this.#hasRows = true;
        this.#heardAt = this.#options.clock.now();
        this.#store.addPage(items);
      },
      onRestart: () => this.#store.beginList(),
    });
    if (signal.aborted) return;
    this.#store.endList();
    this.#batch.flush();
    this.#version = version;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const doubted = this.#tellDoubt(signal);
    // Between five and ten minutes, as Kubernetes' own clients do.
    const timeoutSeconds = Math.round(300 * (1 + random()));
    const ended = watchObjects({
      ...this.#options,
      resourceVersion: this.#version,
      timeoutSeconds,
      idleLimit: this.#sendsBookmarks ? silenceLimit : (timeoutSeconds + 30) * 1000,
      signal,
      onOpen: () => {
        doubted?.dispose();
        if (signal.aborted) return;
        this.#openedAt = this.#heardAt = clock.now();
        this.#show({ type: 'live' });
      },
      onEvent: (event) => {
        if (!signal.aborted) this.#take(event);
      },
    });
    await ended.finally(() => doubted?.dispose());
  }

  /** After silence the next watch shows whether the server is there: soon, or what is shown is out of date. */
  #tellDoubt(signal: AbortSignal): Disposable | undefined {
    const { clock } = this.#options;
    const error = this.#doubt;
    this.#doubt = undefined;
    return (
      error &&
      clock.after(doubtLimit, () => {
        if (!signal.aborted) this.#show({ type: 'stale', since: this.#heardAt, error });
      })
    );
  }

  #take(event: WatchEvent): void {
    this.#heardAt = this.#options.clock.now();
    if (event.type === 'BOOKMARK') this.#sendsBookmarks = true;
    this.#store.apply(event);
    const version = stringMember(member(event.object, 'metadata'), 'resourceVersion');
    if (version !== '') this.#version = version;
  }

  #hasLived(): boolean {
    return this.#openedAt > 0 && this.#options.clock.now() - this.#openedAt >= leastLife;
  }

  #pauseAfter(error: KubeError): number {
    const { clock, random } = this.#options;
    if (this.#hasLived()) {
      this.#failures = 0;
      // Perhaps a server that sends no bookmarks; then the end that each watch has by itself must do.
      if (error.reason === 'timeout' && this.#sendsBookmarks) {
        this.#sendsBookmarks = false;
        this.#doubt = error;
        return 0;
      }
    }
    this.#failures++;
    if (isOutdated(error)) {
      this.#version = '';
      if (this.#failures === 1) return 0;
    }
    if (isRefusal(error)) {
      this.#version = '';
      this.#show({ type: 'refused', error });
      return refusedPause * (0.95 + 0.1 * random());
    }
    this.#show({ type: 'stale', since: this.#heardAt || clock.now(), error });
    const asked = Math.min(error.retryAfter ?? 0, longestRetryAfter) * 1000;
    return Math.max(asked * (1 + 0.1 * random()), backOff(this.#failures, random));
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#endWait = undefined;
        timer.dispose();
        resolve();
      };
      const timer = this.#options.clock.after(milliseconds, end);
      this.#endWait = end;
    });
  }
}

function briefError({ transport }: Collection): KubeError {
  const { server } = placeOfServer(transport.server);
  return new KubeError('unreachable', `${server} ends the stream as soon as it has begun.`);
}

function projected<T extends ReflectedRow>(
  { project, onProblem }: ReflectorOptions<T>,
  object: JsonObject,
): T | undefined {
  try {
    return project(object);
  } catch (error) {
    onProblem?.(error);
    return undefined;
  }
}

/** The version is none to watch from any more: too old, from another server, or of another storage. */
function isOutdated(error: KubeError): boolean {
  if (error.reason === 'gone') return true;
  return error.causes.some(({ reason }) => reason === 'ResourceVersionTooLarge');
}

/** Not allowed, not served, not to be listed or watched, or not in the form that is asked for. */
function isRefusal({ reason, status }: KubeError): boolean {
  return reason === 'forbidden' || reason === 'notFound' || status === 405 || status === 406;
}

function unexpected(cause: unknown): KubeError {
  const detail = cause instanceof Error ? cause.message : '';
  return new KubeError('malformed', 'What the server sent could not be worked on.', {
    detail,
    cause,
  });
}

function isSameState(one: StreamState, other: StreamState): boolean {
  const errorOf = (state: StreamState): string => ('error' in state ? state.error.message : '');
  return one.type === other.type && errorOf(one) === errorOf(other);
}
