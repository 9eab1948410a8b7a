import { label } from '../plan/labels.ts';
import type { ObjectChange, Question } from '../types.ts';

/** What the server refuses so that nothing can be planned with it; a plan tells of all others. */
export function refusals(changes: readonly ObjectChange[]): readonly Question[] {
  return changes.flatMap((change): readonly Question[] => {
    const [first, ...rest] = change.verdicts.filter(({ severity }) => severity === 'error');
    if (!first || change.after) return [];
    const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
    const message = `${label(change.reference)} is refused: ${first.message}${more}`;
    return [{ severity: 'blocked', code: 'refused', message, reference: change.reference }];
  });
}
