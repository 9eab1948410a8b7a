import { window } from 'vscode';
import type { AccountLine, PushReview } from '../../push/index.ts';
import { showWarning } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';
import { plainMessage } from '../plainMessage.ts';
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
  const detail = confirmationDetail(review);
  if ((await showWarning(question, { modal: true, detail }, verb)) !== verb) return false;
  if (!(await confirmSevere(review))) return false;
  return isProtected ? confirmByName(review.context, verb) : true;
}

/** Asks before a push that stopped goes on, with what is left of it; a protected context is named likewise. */
export async function confirmResume(
  review: PushReview,
  account: readonly AccountLine[],
  isProtected: boolean,
): Promise<boolean> {
  const verb = 'Resume';
  const isFresh = account.some(
    ({ step, state }) =>
      step.type === 'apply' && step.change.reference.kind === 'Secret' && state.type !== 'done',
  );
  const fresh = isFresh ? ['Values of Secrets are those of the documents as they are now.'] : [];
  const detail = [review.title, leftLines(account).join('\n'), ...fresh].join('\n\n');
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

async function confirmByName(context: string, verb: string): Promise<boolean> {
  const typed = await window.showInputBox({
    title: plainLabel(`${verb} on the protected context ${context}`),
    prompt: plainMessage(`Type ${context} to go on.`),
    placeHolder: context,
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' || context.startsWith(text) ? undefined : 'Another name'),
  });
  return typed === context;
}
