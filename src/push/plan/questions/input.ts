import type { LiveSettings, LiveState } from '../../../analysis/index.ts';
import type { Effect, ObjectChange, PushGround } from '../../types.ts';
import type { Holdings } from '../holds.ts';
import type { Preserving } from '../preserving.ts';

/** What questions are made from. */
export interface QuestionInput extends Holdings {
  readonly ground: PushGround;
  readonly changes: readonly ObjectChange[];
  readonly options: LiveSettings;
  readonly first: LiveState;
  readonly last: LiveState;
  readonly effects: readonly Effect[];
  readonly preserving: Preserving;
}
