import { window } from 'vscode';
import { showWarning } from '../messages.ts';
import type { DocumentSubject } from './documentSubject.ts';
import type { Pushes } from './pushes.ts';
import { revealPush, sayHindrance, settleEmpty } from './runReview.ts';

/** Reviews something and shows it, or says why there is nothing to review, or nothing to do, or no way on. */
export async function reviewSubject(pushes: Pushes, subject: DocumentSubject): Promise<void> {
  if ('reason' in subject) {
    const { place, range, reason } = subject;
    const choice = await showWarning(reason, ...(place ? ['Open'] : []));
    if (choice && place) await window.showTextDocument(place, range ? { selection: range } : {});
    return;
  }
  const { readOnlyReason } = pushes.parts.connection;
  if (readOnlyReason !== undefined) {
    void showWarning(readOnlyReason);
    return;
  }
  const review = await pushes.review(subject);
  if (!review || settleEmpty(pushes, review)) return;
  await revealPush();
  void sayHindrance(pushes, review);
}
