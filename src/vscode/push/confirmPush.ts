import type { AccountLine, PushReview } from '../../push/index.ts';
import { confirmByName, withProtection } from '../confirmWrite.ts';
import { showWarning } from '../messages.ts';
import {
  confirmationDetail,
  headline,
  leftLines,
  questionOf,
  severeEffects,
  severeLines,
  verbOf,
} from './pushTexts.ts';

/** Asks as often as the review needs it: once, again for what is taken away, and by name for a protected context. */
export async function confirmPush(review: PushReview, isProtected: boolean): Promise<boolean> {
  const verb = verbOf(review);
  const question = questionOf(review);
  const detail = withProtection(confirmationDetail(review), review.context, isProtected);
  if ((await showWarning(question, { modal: true, detail }, verb)) !== verb) return false;
  if (!(await confirmSevere(review))) return false;
  return isProtected ? confirmByName(review.context, verb) : true;
}

/** Asks before a push that stopped goes on, with what is left of it; a protected context is named likewise. */
export async function confirmResume(
  review: PushReview,
  {
    account,
    passed,
    isProtected,
  }: {
    readonly account: readonly AccountLine[];
    /** What is not waited for any more. */
    readonly passed: readonly string[];
    readonly isProtected: boolean;
  },
): Promise<boolean> {
  const verb = 'Resume';
  const isFresh = account.some(
    ({ step, state }) =>
      step.type === 'apply' && step.change.reference.kind === 'Secret' && state.type !== 'done',
  );
  const fresh = isFresh ? ['Values of Secrets are those of the documents as they are now.'] : [];
  const without =
    passed.length > 0 ? [`It goes on although this is not done: ${passed.join(', ')}.`] : [];
  const left = [review.title, leftLines(account).join('\n'), ...without, ...fresh].join('\n\n');
  const detail = withProtection(left, review.context, isProtected);
  const question = `${verb}: ${headline(review)}?`;
  if ((await showWarning(question, { modal: true, detail }, verb)) !== verb) return false;
  return isProtected ? confirmByName(review.context, verb) : true;
}

async function confirmSevere(review: PushReview): Promise<boolean> {
  const asked = review.questions.filter(({ severity }) => severity === 'confirm');
  const lines = severeLines(review);
  if (asked.length === 0 && lines.length === 0) return true;
  const messages = asked.map(({ message }) => message);
  const shown = messages.length > 0 ? messages : lines;
  const isTakingAway = lines.length > 0;
  const question = isTakingAway
    ? `This takes something away on members of ${review.context}.`
    : asked.every(({ code }) => code === 'secret-not-undoable')
      ? `This cannot be undone on ${review.context}.`
      : `This needs a second look on ${review.context}.`;
  const answer = isTakingAway ? severeVerb(review) : 'Go On';
  const detail = [...new Set(shown)].join('\n');
  return (await showWarning(question, { modal: true, detail }, answer)) === answer;
}

function severeVerb(review: PushReview): string {
  const types = new Set(severeEffects(review).map(({ type }) => type));
  if (!types.has('reinstalls')) return 'Remove';
  return types.has('removed') ? 'Remove and Reinstall' : 'Reinstall';
}
