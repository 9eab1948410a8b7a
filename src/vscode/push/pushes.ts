import { EventEmitter, ProgressLocation, window } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { isKubeError } from '../../live/index.ts';
import type { ConflictChoice, Journal, PushReview } from '../../push/index.ts';
import { act, type ActingParts } from '../acting/acting.ts';
import { showError, showWarning } from '../messages.ts';
import { plainMessage } from '../plainMessage.ts';
import type { Rollouts } from '../rollout/rollouts.ts';
import type { JournalFiles } from './journalFiles.ts';
import type { PushEngine, PushPorts } from './pushEngine.ts';
import { createPushPorts } from './pushPorts.ts';

/** What pushes are made with. */
export interface PushParts extends ActingParts {
  readonly engine: PushEngine;
  readonly journals: JournalFiles;
  /** Follows what becomes of a push on the clusters. */
  readonly rollouts: Pick<Rollouts, 'follow' | 'setPushing' | 'stop'>;
}

/** Something that can be reviewed, and reviewed again: documents, an undo, a hold of dispatch. */
export interface PushSubject {
  /** Such as `Preparing the push of podinfo.yaml`. */
  readonly progress: string;
  /** Catches up with what other programs did to files of it since. */
  catchUp?(): Promise<void>;
  /** Another text when the review is out of date by what the user did since. */
  fingerprint?(): string;
  /** Documents of it whose text on disk is another one. */
  unsaved?(): readonly string[];
  /** Rejects with a `KubeError`. */
  prepare(
    ports: PushPorts,
    on: { readonly context: string; readonly server: string },
    choices: readonly ConflictChoice[],
    signal: AbortSignal,
  ): Promise<PushReview>;
}

/** What the window has before it. */
export type PushStage =
  | { readonly type: 'none' }
  | {
      readonly type: 'review';
      readonly subject: PushSubject;
      readonly review: PushReview;
      readonly fingerprint: string;
    }
  | {
      readonly type: 'running';
      readonly review: PushReview;
      readonly journal?: Journal;
      /** What the step at work waits for. */
      readonly waitingFor?: readonly string[];
      /** Goes on without what a step waits for. */
      readonly skip: (stepId: string) => void;
    }
  | { readonly type: 'stopped'; readonly review: PushReview; readonly journal: Journal };

/** The one push that the window reviews, runs or has been left with. */
export class Pushes implements Disposable {
  readonly #store = new DisposableStore();
  readonly #didChange = this.#store.add(new EventEmitter<PushStage>());
  readonly parts: PushParts;
  /** Ids of pushes of which the user was told that nothing is left to undo. */
  readonly passedOver = new Set<string>();
  #stage: PushStage = { type: 'none' };
  #choices: readonly ConflictChoice[] = [];
  #isBusy = false;
  #isAsking = false;

  /** Fires when `stage` is another one. */
  readonly onDidChange = this.#didChange.event;

  constructor(parts: PushParts) {
    this.parts = parts;
  }

  get stage(): PushStage {
    return this.#stage;
  }

  /** Whether a document of the review says something else by now. */
  get isOutdated(): boolean {
    const stage = this.#stage;
    return stage.type === 'review' && stage.fingerprint !== (stage.subject.fingerprint?.() ?? '');
  }

  /** Has `isOutdated` know of files that other programs wrote and the editor has not told of yet. */
  async catchUp(): Promise<void> {
    if (this.#stage.type === 'review') await this.#stage.subject.catchUp?.();
  }

  setStage(stage: PushStage): void {
    this.#stage = stage;
    this.#didChange.fire(stage);
  }

  /** What surrounds the push has changed: a file is saved, a setting is another one. */
  redraw(): void {
    this.#didChange.fire(this.#stage);
  }

  /** Makes a review and shows it; `undefined` when there is none to show, which the user is told. */
  async review(subject: PushSubject): Promise<PushReview | undefined> {
    if (this.#stage.type === 'running') {
      void showWarning('A push is running. It has to end first, or be cancelled.');
      return undefined;
    }
    this.#choices = [];
    return this.#prepare(subject);
  }

  /** Makes the review anew, with what the user chose so far. */
  async refresh(): Promise<PushReview | undefined> {
    if (this.#stage.type !== 'review') return undefined;
    const { subject } = this.#stage;
    await this.catchUp();
    return this.#prepare(subject);
  }

  /** Settles fields that somebody else owns and shows what becomes of it. */
  async choose(choices: readonly ConflictChoice[]): Promise<void> {
    const keyOf = ({ reference, manager, field }: ConflictChoice) =>
      JSON.stringify([reference.kind, reference.namespace, reference.name, manager, field]);
    const settled = new Map([...this.#choices, ...choices].map((one) => [keyOf(one), one]));
    this.#choices = [...settled.values()];
    await this.refresh();
  }

  /** Asks the user something about the review; does nothing while that is being asked already. */
  async askOnce<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (this.#isAsking) return undefined;
    this.#isAsking = true;
    try {
      return await ask();
    } finally {
      this.#isAsking = false;
    }
  }

  /** Forgets the review, or what stopped; what is done stays done, and its journal. */
  discard(): void {
    if (this.#stage.type !== 'running') this.setStage({ type: 'none' });
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** A field that was taken over on one control plane is not chosen on another one. */
  #forgetChoicesOfOther({ context, server }: Pick<PushReview, 'context' | 'server'>): void {
    if (this.#stage.type !== 'review') return;
    const { review } = this.#stage;
    if (review.context !== context || review.server !== server) this.#choices = [];
  }

  async #prepare(subject: PushSubject): Promise<PushReview | undefined> {
    if (this.#isBusy) return undefined;
    this.#isBusy = true;
    try {
      const { connection } = this.parts;
      if (connection.state.type === 'notKarmada') {
        void showWarning(`${connection.context} is not a Karmada control plane.`);
        return undefined;
      }
      const interests = ['clusters', 'releases', 'objects'] as const;
      return await act(this.parts, { interests, writes: true }, async ({ session }) => {
        const { server } = session.target;
        const { context } = connection;
        this.#forgetChoicesOfOther({ context, server });
        const ports = createPushPorts(connection, server, this.parts.journals);
        const review = await withCancel(subject.progress, async (signal) => {
          const fingerprint = subject.fingerprint?.() ?? '';
          const made = await subject.prepare(ports, { context, server }, this.#choices, signal);
          return signal.aborted ? undefined : { made, fingerprint };
        });
        if (!review) return undefined;
        const { made, fingerprint } = review;
        this.setStage({ type: 'review', subject, review: made, fingerprint });
        return made;
      });
    } catch (error) {
      if (!isKubeError(error)) throw error;
      if (error.reason !== 'aborted') void showError(error.message);
      return undefined;
    } finally {
      this.#isBusy = false;
    }
  }
}

/** Runs something that the user can cancel, with a notification. */
export async function withCancel<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string, increment?: number) => void) => Promise<T>,
): Promise<T> {
  const options = {
    location: ProgressLocation.Notification,
    title: plainMessage(title),
    cancellable: true,
  };
  return window.withProgress(options, async (progress, token) => {
    const ended = new AbortController();
    const listener = token.onCancellationRequested(() => ended.abort());
    try {
      return await work(ended.signal, (message, increment) =>
        progress.report({
          message: plainMessage(message),
          ...(increment === undefined ? {} : { increment }),
        }),
      );
    } finally {
      listener.dispose();
    }
  });
}
