import type { JsonObject } from '../engine/index.ts';
import type { PushReview, PushStep } from './types.ts';

/** How far one step is. */
export type StepState =
  | { readonly type: 'waiting' }
  /** Begun and not known to be done: after a lost connection or a closed window the server has to be asked. */
  | { readonly type: 'running'; readonly since: number }
  | {
      readonly type: 'done';
      readonly at: number;
      /** What the server held after it, Secrets' values left out; absent after a deletion and for waits. */
      readonly result?: JsonObject;
    }
  | { readonly type: 'failed'; readonly at: number; readonly message: string }
  /** Not to be done any more: undone, or the user gave it up. */
  | { readonly type: 'dropped' };

/** A push and how far it is: all that is needed to go on with it or to undo it, also in another window. */
export interface Journal {
  readonly version: 1;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly review: PushReview;
  readonly states: readonly StepState[];
  /** `stopped`: failed, cancelled or cut short, to be resumed or undone. `undone`: by another journal. */
  readonly state: 'running' | 'stopped' | 'done' | 'undone' | 'dropped';
}

/** One line of the account that is given of a push, for every step. */
export interface AccountLine {
  readonly step: PushStep;
  readonly state: StepState;
  /** Such as `OverridePolicy default/podinfo`, `Wait for member1 and member2`. */
  readonly label: string;
  /** Such as `Changed.`, `Not written: the connection was lost. It is asked for on resuming.` */
  readonly detail: string;
}
