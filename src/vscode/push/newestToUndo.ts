import type { Journal, PushReview } from '../../push/index.ts';
import { hindrances, isEmpty } from './pushTexts.ts';

/** What a look for the last push that can be undone came to. */
export interface UndoSearch {
  /** Absent where there is none, or where it was not gone on with. */
  readonly review?: PushReview;
  /** The later ones, of which nothing is left to undo. */
  readonly passed: readonly { readonly journal: Journal; readonly review: PushReview }[];
  /** Whether a review was not made, which the user knows of: it failed, or was cancelled. */
  readonly isCutShort: boolean;
}

/**
 * Reviews pushes, newest first, until something is to be undone or stands in its way. One of which nothing is left to
 * undo, such as one of values of Secrets alone, must not hide those before it.
 */
export async function newestToUndo(
  journals: readonly Journal[],
  reviewOf: (journal: Journal) => Promise<PushReview | undefined>,
): Promise<UndoSearch> {
  const passed: UndoSearch['passed'][number][] = [];
  for (const journal of journals) {
    const review = await reviewOf(journal);
    if (!review) return { passed, isCutShort: true };
    if (!isNothing(review)) return { review, passed, isCutShort: false };
    passed.push({ journal, review });
  }
  return { passed, isCutShort: false };
}

/** Whether a review neither does anything nor says what stands in the way of it. */
export function isNothing(review: PushReview): boolean {
  return isEmpty(review) && hindrances(review).length === 0;
}

/** Of which pushes nothing is left to undo, and why. */
export function passedText(passed: UndoSearch['passed']): string {
  if (passed.length === 0) return '';
  const titles = passed.slice(0, mostNamed).map(({ journal }) => journal.review.title);
  const more = passed.length - titles.length;
  const names = [...titles, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const why = passed.flatMap(({ review }) => review.questions.map(({ message }) => message));
  return [`Nothing is left to undo of ${names}.`, ...new Set(why.slice(0, mostNamed))].join(' ');
}

const mostNamed = 4;
