import { isObject, member } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { isPushReview } from './reviewShape.ts';
import type { PushReview, PushStep } from './types.ts';

/** How far one step is. */
export type StepState =
  | { readonly type: 'waiting' }
  /**
   * Begun and not known to be done: after a lost connection or a closed window the server has to be asked. `before` is
   * what the server held when the step began, absent when it held none and for waits.
   */
  | {
      readonly type: 'running';
      readonly since: number;
      readonly before?: JsonObject;
      /** Why it is not known, a sentence. */
      readonly message?: string;
    }
  | {
      readonly type: 'done';
      readonly at: number;
      readonly before?: JsonObject;
      /** What the server held after it, Secrets' values left out; absent after a deletion and for waits. */
      readonly result?: JsonObject;
      /** What has become of it since, a sentence: changed or deleted by someone else. */
      readonly note?: string;
    }
  | {
      readonly type: 'failed';
      readonly at: number;
      readonly message: string;
      /** The object is not as it was reviewed: the review has to be made anew. */
      readonly isOutdated?: boolean;
    }
  /** Not to be done any more: undone, or the user gave it up. */
  | { readonly type: 'dropped' };

/** A push and how far it is: all that is needed to go on with it or to undo it, also in another window. */
export interface Journal {
  readonly version: 1;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Secrets' values left out, in sources and manifests as well. */
  readonly review: PushReview;
  /** One for each of `review.steps`. */
  readonly states: readonly StepState[];
  /** `stopped`: failed, cancelled or cut short, to be resumed or undone. `undone`: by another journal. */
  readonly state: 'running' | 'stopped' | 'done' | 'undone' | 'dropped';
  /** Why it does not run when no step says so: another window has it, or it cannot be kept. Never kept itself. */
  readonly problem?: string;
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

/** The text under which a `JournalStore` keeps a journal: one line, to which `stateText` adds more. */
export function journalText(whole: Journal): string {
  const { problem: _, ...journal } = whole;
  return JSON.stringify(journal, written);
}

/** What is added to the text of a journal for each new state of a step, so that not all of it is written again. */
export function stateText(step: number, state: StepState): string {
  return `\n${JSON.stringify({ step, state }, written)}`;
}

/*
 * Integers beyond a number's reach are kept as marked texts, and texts that begin like one are marked as texts: what is
 * read back is exactly what was reviewed.
 */
const mark = '\0';

function written(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${mark}i${value}`;
  return typeof value === 'string' && value.startsWith(mark) ? `${mark}s${value}` : value;
}

function readBack(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(mark)) return value;
  return value[1] === 'i' ? BigInt(value.slice(2)) : value.slice(2);
}

/**
 * What `journalText` wrote and `stateText` added; `undefined` for any other text, also one of a later version. Of a last
 * line that was cut short nothing had happened yet: a step begins when its line is on the disk.
 */
export function readJournal(text: string): Journal | undefined {
  const [first = '', ...lines] = text.split('\n');
  const start = readWhole(first);
  if (!start || lines.length === 0) return start;
  const states = [...start.states];
  for (const [index, line] of lines.entries()) {
    const value = parsed(line);
    const [step, state] = [member(value, 'step'), member(value, 'state')];
    if (typeof step === 'number' && states[step] !== undefined && isStepState(state)) {
      states[step] = state;
    } else if (index < lines.length - 1) return undefined;
  }
  return { ...start, states };
}

function readWhole(text: string): Journal | undefined {
  const value = parsed(text);
  if (!isObject(value) || member(value, 'version') !== 1) return undefined;
  const [id, startedAt, state] = ['id', 'startedAt', 'state'].map((key) => member(value, key));
  const [review, states] = [member(value, 'review'), member(value, 'states')];
  if (typeof id !== 'string' || typeof startedAt !== 'number') return undefined;
  if (!journalStates.some((known) => known === state) || !isPushReview(review)) return undefined;
  if (!Array.isArray(states) || states.length !== review.steps.length) return undefined;
  return states.every(isStepState)
    ? { version: 1, id, startedAt, review, states, state: state as Journal['state'] }
    : undefined;
}

const journalStates: readonly Journal['state'][] = [
  'running',
  'stopped',
  'done',
  'undone',
  'dropped',
];

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text, readBack) as JsonValue;
  } catch {
    return undefined;
  }
}

function isStepState(value: unknown): value is StepState {
  if (!isObject(value)) return false;
  const has = (key: string, type: 'number' | 'string'): boolean =>
    typeof member(value, key) === type;
  const isOptionalObject = (key: string): boolean =>
    member(value, key) === undefined || isObject(member(value, key));
  switch (member(value, 'type')) {
    case 'waiting':
    case 'dropped':
      return true;
    case 'running':
      return has('since', 'number') && isOptionalObject('before');
    case 'done':
      return has('at', 'number') && isOptionalObject('before') && isOptionalObject('result');
    case 'failed':
      return has('at', 'number') && has('message', 'string');
    default:
      return false;
  }
}
