import type {
  AccountLine,
  Effect,
  FieldConflict,
  ObjectChange,
  PushReview,
  Question,
} from '../../push/index.ts';
import type { NodeIcon } from '../../live/index.ts';

/** What a line of the view stands for. */
export type PushTarget =
  | { readonly type: 'change'; readonly change: ObjectChange }
  | { readonly type: 'conflict'; readonly change: ObjectChange; readonly conflict: FieldConflict }
  | { readonly type: 'effect'; readonly effect: Effect }
  | { readonly type: 'question'; readonly question: Question }
  | { readonly type: 'step'; readonly id: string }
  | { readonly type: 'unsaved'; readonly uris: readonly string[] }
  | { readonly type: 'outdated' };

/** A line of the view of a push, with the lines below it. */
export interface PushLine {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** The whole of what the label and the description may cut off. */
  readonly tooltip: string;
  readonly icon?: NodeIcon;
  /** Tokens that conditions of menus look for. */
  readonly contextValue: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  readonly children: readonly PushLine[];
  readonly target?: PushTarget;
}

/** What the view is made from. */
export interface PushPicture {
  readonly review: PushReview;
  readonly stage: 'review' | 'running' | 'stopped';
  /** How far each step is. */
  readonly account: readonly AccountLine[];
  /** What the step at work waits for. */
  readonly waitingFor: readonly string[];
  readonly isProtected: boolean;
  /** Documents whose text on disk is another one than what is pushed. */
  readonly unsaved: readonly string[];
  /** The documents have changed since the review. */
  readonly isOutdated: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The colours that carry a meaning; the words beside them say the same. */
export const colours = {
  bad: 'list.errorForeground',
  doubtful: 'list.warningForeground',
  good: 'testing.iconPassed',
  added: 'gitDecoration.addedResourceForeground',
  changed: 'gitDecoration.modifiedResourceForeground',
  removed: 'gitDecoration.deletedResourceForeground',
} as const;

/** A line without lines below it, unless they are given. */
export function line(
  id: string,
  label: string,
  more: Partial<Omit<PushLine, 'id' | 'label'>> = {},
): PushLine {
  const { description = '', children = [] } = more;
  const whole = description === '' ? label : `${label}: ${description}`;
  return {
    ...{ id, label, description, children, tooltip: whole, contextValue: '' },
    collapsible: children.length === 0 ? 'none' : 'expanded',
    ...more,
  };
}
