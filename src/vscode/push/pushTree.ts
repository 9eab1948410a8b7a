import type { DriftedField, Question } from '../../push/index.ts';
import { brief, changesLine } from './changeLines.ts';
import { effectsLine } from './effectLines.ts';
import { colours, line, type PushLine, type PushPicture } from './pushLine.ts';
import { changeCounts, count, headline, reviewType, type ReviewType } from './pushTexts.ts';
import { stepsLine } from './stepLines.ts';

/** The lines of a push: where to, what to decide, what changes, what members see of it, in which order. */
export function pushTree(picture: PushPicture): readonly PushLine[] {
  const { review, stage, account } = picture;
  const isReview = stage === 'review';
  const questions = questionLines(picture);
  const changes = changesLine(review.changes, isReview ? 'expanded' : 'collapsed');
  const effects = effectsLine(review.effects, isReview ? 'expanded' : 'collapsed');
  const steps = account.length === 0 ? [] : [stepsLine(account, picture)];
  const parts = [...(review.changes.length === 0 ? [] : [changes]), ...(effects ? [effects] : [])];
  return [
    contextLine(picture),
    ...(isReview ? questions : []),
    ...(isReview ? [...parts, ...steps] : [...steps, ...parts]),
  ];
}

function contextLine(picture: PushPicture): PushLine {
  const { review, stage, isProtected, account } = picture;
  const failed = account.some(({ state }) => state.type === 'failed');
  const state = { review: '', running: 'running', stopped: failed ? 'failed' : 'interrupted' }[
    stage
  ];
  const guarded = isProtected ? 'protected' : '';
  const titled = review.type === 'dispatch' ? '' : review.title;
  return line('context', headline(review), {
    description: [state, guarded, titled].filter(Boolean).join(' · '),
    tooltip: [
      `${headline(review)} (${review.server})`,
      review.title,
      changeCounts(review.changes),
      isProtected ? `${review.context} is protected by the setting karmada.protectedContexts.` : '',
    ]
      .filter(Boolean)
      .join('\n'),
    icon: contextIcon(picture, failed),
    contextValue: `context ${stage}`,
  });
}

function contextIcon({ stage, isProtected, review }: PushPicture, failed: boolean) {
  if (stage === 'running') return { id: 'sync~spin' };
  if (stage === 'stopped') {
    return failed
      ? { id: 'error', color: colours.bad }
      : { id: 'debug-pause', color: colours.doubtful };
  }
  if (isProtected) return { id: 'shield', color: colours.doubtful };
  return { id: reviewIcons[reviewType(review)] };
}

const reviewIcons: Readonly<Record<ReviewType, string>> = {
  push: 'cloud-upload',
  waves: 'cloud-upload',
  delete: 'trash',
  undo: 'discard',
  redo: 'redo',
  dispatch: 'check',
};

const labels: Readonly<Record<Question['code'], string>> = {
  removal: 'Removal',
  'uncertain-removal': 'Perhaps removed',
  reinstallation: 'Installed anew',
  'passing-state': 'For a moment',
  'secret-not-undoable': 'Secret cannot be undone',
  'unmanaged-object': 'Exists on a member',
  'new-namespace': 'New namespace on members',
  'shared-policy': 'Shared policy',
  'lazy-policy': 'Lazy policy',
  'undecided-conflict': 'Owned by others',
  'held-by-others': 'Held by others',
  held: 'Dispatch held',
  'wave-readiness': 'Readiness of waves',
  refused: 'Refused',
  drifted: 'Changed since',
  'protected-context': 'Protected context',
  'not-previewed': 'Not previewed',
  'stuck-work': 'Work cannot be deleted',
  'not-restored': 'Not restored',
  'deletion-protected': 'Protected from deletion',
  'left-out': 'Left out',
};

const severities: Readonly<
  Record<
    Question['severity'],
    { readonly icon: { id: string; color: string }; readonly rank: number }
  >
> = {
  blocked: { icon: { id: 'error', color: colours.bad }, rank: 0 },
  confirm: { icon: { id: 'warning', color: colours.bad }, rank: 1 },
  warning: { icon: { id: 'warning', color: colours.doubtful }, rank: 2 },
};

function questionLines({ review, unsaved, isOutdated }: PushPicture): readonly PushLine[] {
  const sorted = withoutRepeats(review.questions).toSorted(
    (a, b) => severities[a.severity].rank - severities[b.severity].rank,
  );
  const lines = [
    ...(isOutdated ? [outdatedLine()] : []),
    ...sorted.map(questionLine),
    ...(unsaved.length === 0 ? [] : [unsavedLine(unsaved)]),
  ];
  if (lines.length === 0) return [];
  const blocked = sorted.filter(({ severity }) => severity === 'blocked').length;
  const description = blocked === 0 ? String(lines.length) : count(blocked, 'hindrance');
  return [line('questions', 'To Know Before', { description, children: lines })];
}

/** Fields that others own stand below their objects: that there are some is said once for each object. */
function withoutRepeats(questions: readonly Question[]): readonly Question[] {
  const known = new Set<string>();
  return questions.filter(({ code, reference }) => {
    if (code !== 'undecided-conflict' || !reference) return true;
    const { kind, namespace, name } = reference;
    const key = `${kind}/${namespace}/${name}`;
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

function questionLine(question: Question, index: number): PushLine {
  const { severity, code, message, drift = [] } = question;
  const id = `question ${code} ${index}`;
  return line(id, labels[code], {
    description: message,
    tooltip: message,
    icon: severities[severity].icon,
    contextValue: `question ${code} ${severity}`,
    children: drift.map((field, at) => driftLine(`${id} ${at}`, field)),
    target: { type: 'question', question },
  });
}

function driftLine(id: string, { field, before, pushed, now }: DriftedField): PushLine {
  const values = `pushed: ${brief(pushed)} · now: ${brief(now)}`;
  return line(id, field, {
    description: values,
    tooltip: `${field}\nbefore the push: ${brief(before)}\npushed: ${brief(pushed)}\nnow: ${brief(now)}`,
  });
}

function outdatedLine(): PushLine {
  return line('outdated', 'Documents have changed', {
    description: 'Refresh to review what they say now.',
    icon: { id: 'history', color: colours.doubtful },
    contextValue: 'outdated',
    target: { type: 'outdated' },
  });
}

function unsavedLine(uris: readonly string[]): PushLine {
  const names = uris.map(fileName);
  return line('unsaved', uris.length === 1 ? 'Not saved' : `${uris.length} files not saved`, {
    description: `${names.join(', ')}: what the editor shows is pushed.`,
    icon: { id: 'circle-filled' },
    contextValue: 'unsaved',
    target: { type: 'unsaved', uris },
  });
}

function fileName(uri: string): string {
  const last = uri.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
