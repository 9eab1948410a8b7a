import type { UnsentPart } from '../../analysis/index.ts';
import type { Expectation, ObjectReference } from '../../live/index.ts';
import type {
  AccountLine,
  CancelSignal,
  ConflictChoice,
  Journal,
  JournalStore,
  PlaneModel,
  PushApi,
  PushClock,
  PushReview,
  PushSource,
} from '../../push/index.ts';

/** What a push works with. */
export interface PushPorts {
  readonly api: PushApi;
  readonly model: PlaneModel;
  readonly clock: PushClock;
  readonly journals: JournalStore;
}

/** What a push of documents is made from. */
export interface PushRequest {
  readonly sources: readonly PushSource[];
  /** What the documents hold beside them that is no object that could be sent. */
  readonly unsent?: readonly UnsentPart[];
  /** Objects that no document defines any more and that are to go. */
  readonly deletions?: readonly ObjectReference[];
  readonly context: string;
  readonly server: string;
  readonly title: string;
  readonly choices: readonly ConflictChoice[];
}

/** What a run tells and listens to. */
export interface RunOptions {
  readonly onProgress: (progress: {
    readonly journal: Journal;
    readonly step: number;
    readonly waitingFor: readonly string[];
  }) => void;
  readonly signal: CancelSignal;
  /** Whether the user goes on without what a step waits for. */
  readonly isSkipped: (stepId: string) => boolean;
}

/** The layer of pushes as far as the editor goes through it; tests put a script in its place. */
export interface PushEngine {
  preparePush(ports: PushPorts, request: PushRequest, signal: CancelSignal): Promise<PushReview>;
  prepareUndo(
    ports: PushPorts,
    journal: Journal,
    options: { readonly signal: CancelSignal },
  ): Promise<PushReview>;
  /** Asks the server what has become of a push that was cut short, and keeps it. Never rejects. */
  checkPush(ports: PushPorts, journal: Journal): Promise<Journal>;
  /** Never rejects: what went wrong is in the journal. */
  runPush(
    ports: PushPorts,
    review: PushReview,
    options: RunOptions & { readonly id: string },
  ): Promise<Journal>;
  /** Likewise. Secrets are in no journal and come from `sources`, the documents as they are now. */
  resumePush(
    ports: PushPorts,
    journal: Journal,
    options: RunOptions & { readonly sources: readonly PushSource[] },
  ): Promise<Journal>;
  expectationsOf(review: PushReview): readonly Expectation[];
  accountOf(journal: Journal): readonly AccountLine[];
  readJournal(text: string): Journal | undefined;
  /** Likewise; a push that another window is at is left alone. */
  dropPush(ports: Pick<PushPorts, 'journals'>, journal: Journal): Promise<Journal>;
}
