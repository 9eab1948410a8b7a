import { listClusters } from '../../analysis/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { AccountLine, Effect, ObjectChange, PushReview, PushStep } from '../../push/index.ts';

/** `OverridePolicy default/podinfo`. */
export function nameOf({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** `HelmRelease default/podinfo` of a template's key. */
export function templateName(template: string): string {
  const [kind = '', namespace = '', name = ''] = template.split('/').slice(-3);
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** `1 object`, `2 objects`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

const changeWords = {
  create: 'created',
  change: 'changed',
  delete: 'deleted',
  undecided: 'undecided',
  unchanged: 'unchanged',
} as const;

/** What becomes of an object, in a word; `undecided` where that hangs on fields that somebody else owns. */
export function changeWord(change: ObjectChange): string {
  return changeWords[outcomeOf(change)];
}

function outcomeOf({ type, conflicts }: ObjectChange): keyof typeof changeWords {
  const isOpen = conflicts.some(({ choice }) => choice === 'undecided');
  return type === 'unchanged' && isOpen ? 'undecided' : type;
}

/** `3 created, 1 changed, 2 unchanged`; '' for no change at all. */
export function changeCounts(changes: readonly ObjectChange[]): string {
  return (['create', 'change', 'delete', 'undecided', 'unchanged'] as const)
    .map((type) => ({ type, number: changes.filter((one) => outcomeOf(one) === type).length }))
    .filter(({ number }) => number > 0)
    .map(({ type, number }) => `${number} ${changeWords[type]}`)
    .join(', ');
}

/** Whether a push writes no document, but takes objects away. */
export function isDeletion({ type, changes }: Pick<PushReview, 'type' | 'changes'>): boolean {
  if (type !== 'push' || changes.length === 0) return false;
  const isGone = (change: ObjectChange): boolean =>
    change.type === 'delete' || (change.type === 'unchanged' && !change.source);
  if (changes.every(isGone)) return true;
  const moved = changes.filter((change) => outcomeOf(change) !== 'unchanged');
  return moved.length > 0 && moved.every(isGone);
}

/** What a review comes to for the user: the menus have a command for each. */
export type ReviewType = 'push' | 'waves' | 'delete' | 'undo' | 'redo' | 'dispatch';

/** An undo of an undo is a redo, a push of nothing but deletions a deletion. */
export function reviewType(review: Pick<PushReview, 'type' | 'changes' | 'isRedo'>): ReviewType {
  if (isDeletion(review)) return 'delete';
  return review.type === 'undo' && review.isRedo === true ? 'redo' : review.type;
}

/** What the review is a review of, as the first words of titles. */
export function verbOf(review: Pick<PushReview, 'type' | 'title' | 'changes' | 'isRedo'>): string {
  const type = reviewType(review);
  return type === 'dispatch' ? review.title : verbs[type];
}

const verbs: Readonly<Record<Exclude<ReviewType, 'dispatch'>, string>> = {
  push: 'Push',
  waves: 'Push in waves',
  delete: 'Delete',
  undo: 'Undo',
  redo: 'Redo',
};

/** `Push to prod`, `Undo on prod`, `On prod: hold dispatch of …`. */
export function headline(
  review: Pick<PushReview, 'type' | 'title' | 'context' | 'changes' | 'isRedo'>,
): string {
  if (isDeletion(review)) return `${verbOf(review)} from ${review.context}`;
  if (review.type === 'dispatch') return dispatchHeadline(review);
  const preposition = review.type === 'push' || review.type === 'waves' ? 'to' : 'on';
  return `${verbOf(review)} ${preposition} ${review.context}`;
}

/** Its title ends with clusters: the context goes first. */
function dispatchHeadline({ context, title }: Pick<PushReview, 'context' | 'title'>): string {
  return `On ${context}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

/** Whether there is anything to do. */
export function isEmpty(review: PushReview): boolean {
  return review.steps.length === 0;
}

/** What is said of a review without anything to do, with what it leaves out or cannot do. */
export function emptyText(review: PushReview): string {
  const { type, context, changes, questions } = review;
  if (isDeletion(review)) return `Nothing of it is on the control plane (${context}).`;
  const said = questions
    .filter(({ code }) => type !== 'push' || code === 'left-out')
    .map(({ message }) => message)
    .slice(0, mostWarnings);
  const nothing =
    type !== 'push'
      ? `Nothing is to be done on ${context}.`
      : changes.length === 0
        ? `Nothing is left to push to ${context}.`
        : `Everything is on the control plane already (${context}).`;
  return [nothing, ...said].join(' ');
}

/** The effects that take something away from members, which are asked about twice. */
export function severeEffects(review: Pick<PushReview, 'effects'>): readonly Effect[] {
  return review.effects.filter(({ type }) => type === 'removed' || type === 'reinstalls');
}

/** One line for each release that is taken away or installed anew, with its clusters. */
export function severeLines(review: Pick<PushReview, 'effects'>): readonly string[] {
  return severeEffects(review).map(({ template, clusters, type, isPassing }) => {
    const what = type === 'removed' ? 'is removed from' : 'is installed anew on';
    const moment = isPassing ? ', for a moment' : '';
    return `${templateName(template)} ${what} ${listClusters(clusters)}${moment}.`;
  });
}

/** Why a review cannot be pushed yet, a sentence each; empty when it can. */
export function hindrances(review: PushReview): readonly string[] {
  // A field may have several owners, who share one value of it.
  const undecided = review.changes.flatMap(({ conflicts }) => [
    ...new Set(conflicts.filter(({ choice }) => choice === 'undecided').map(({ field }) => field)),
  ]);
  const blocked = review.questions
    .filter(({ severity, code }) => severity === 'blocked' && code !== 'undecided-conflict')
    .map(({ message }) => message);
  const refused = review.changes.flatMap(({ reference, verdicts }) =>
    verdicts
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => `${nameOf(reference)}: ${message}`),
  );
  const first =
    undecided.length === 0
      ? []
      : [
          undecided.length === 1
            ? '1 field is owned by somebody else: choose what to keep.'
            : `${undecided.length} fields are owned by somebody else: choose for each what to keep.`,
        ];
  return [...new Set([...first, ...blocked, ...(blocked.length > 0 ? [] : refused)])];
}

/** What is asked before anything is written, naming the context. */
export function questionOf(review: PushReview): string {
  const { context, type, changes } = review;
  const deleted = changes.filter((change) => change.type === 'delete').length;
  const written = changes.filter((change) => change.type !== 'unchanged').length - deleted;
  if (isDeletion(review)) return `Delete ${objects(deleted)} from ${context}?`;
  const also = deleted === 0 ? '' : ` and delete ${deleted}`;
  if (type === 'push') return `Push ${objects(written)} to ${context}${also}?`;
  if (type === 'waves') return `Push ${objects(written)} to ${context}${also} in waves?`;
  return type === 'dispatch' ? `${headline(review)}?` : `${review.title} on ${context}?`;
}

/** What the confirmation says below its question. */
export function confirmationDetail(review: PushReview): string {
  const changed = review.changes.filter(({ type }) => type !== 'unchanged');
  const names = changed.map((change) => `${nameOf(change.reference)} – ${changeWord(change)}`);
  const shown = names.slice(0, mostNamed);
  const more = names.length - shown.length;
  const warnings = review.questions
    .filter(({ severity }) => severity === 'warning')
    .map(({ message }) => message);
  const lines = [
    // Where every object is named, its line says it.
    more > 0 ? `${changeCounts(changed)}.` : '',
    [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    clusterLine(review),
    warnings.slice(0, mostWarnings).join('\n'),
  ];
  return lines.filter((part) => part !== '').join('\n\n');
}

const stepWords: Readonly<Record<PushStep['type'], string>> = {
  apply: 'is written',
  restore: 'is put back',
  delete: 'is deleted',
  hold: 'is held or let go',
  settle: '',
  ready: '',
};

/** What a push that stopped has still to do, a line for each write. */
export function leftLines(account: readonly AccountLine[]): readonly string[] {
  const left = account.filter(
    ({ step, state }) =>
      stepWords[step.type] !== '' && state.type !== 'done' && state.type !== 'dropped',
  );
  if (left.length === 0) return ['Nothing is left to write.'];
  const shown = left
    .slice(0, mostNamed)
    .map(({ label, step }) => `${label} ${stepWords[step.type]}.`);
  const more = left.length - shown.length;
  return [...shown, ...(more > 0 ? [`And ${more} more.`] : [])];
}

function objects(number: number): string {
  return number === 0 ? 'this' : count(number, 'object');
}

const mostNamed = 12;
const mostWarnings = 4;

function clusterLine({ effects }: PushReview): string {
  const touched = effects.filter(({ type, isPassing }) => type !== 'unchanged' && !isPassing);
  const clusters = [...new Set(touched.flatMap((effect) => effect.clusters))];
  return clusters.length === 0 ? 'No cluster changes.' : `On ${listClusters(clusters)}.`;
}
