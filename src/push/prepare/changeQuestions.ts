import type { ObjectChange, Question } from '../types.ts';

/** What stands in the way of writing objects, and what cannot be taken back. */
export function changeQuestions(changes: readonly ObjectChange[]): readonly Question[] {
  return changes.flatMap((change) => [
    ...refused(change),
    ...undecided(change),
    ...notUndoable(change),
  ]);
}

function nameOf({ reference: { kind, namespace, name } }: ObjectChange): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

function refused(change: ObjectChange): readonly Question[] {
  const errors = change.verdicts.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (!first) return [];
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  const message = `${nameOf(change)} cannot be pushed: ${first.message}${more}`;
  return [{ severity: 'blocked', code: 'refused', message, reference: change.reference }];
}

function undecided(change: ObjectChange): readonly Question[] {
  const open = change.conflicts.filter(({ choice }) => choice === 'undecided');
  if (open.length === 0) return [];
  const fields = [...new Set(open.map(({ field }) => field))].join(', ');
  const managers = [...new Set(open.map(({ manager }) => manager))].join(' and ');
  const message = `${managers} ${managers.includes(' and ') ? 'own' : 'owns'} ${fields} of ${nameOf(change)}. Choose for each field whether to keep theirs or take it over.`;
  return [
    { severity: 'blocked', code: 'undecided-conflict', message, reference: change.reference },
  ];
}

/** The old values are nowhere but on the server. */
function notUndoable(change: ObjectChange): readonly Question[] {
  const { type, secretKeys = [], reference } = change;
  if (type !== 'change' || secretKeys.length === 0) return [];
  const message = `Pushing ${nameOf(change)} cannot be undone: the values of ${secretKeys.join(', ')} are not kept anywhere.`;
  return [{ severity: 'confirm', code: 'secret-not-undoable', message, reference }];
}
