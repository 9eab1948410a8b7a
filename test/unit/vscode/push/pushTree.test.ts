import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Journal,
  ObjectChange,
  PushReview,
  PushStep,
  Question,
} from '../../../../src/push/index.ts';
import { accountText } from '../../../../src/vscode/push/accountText.ts';
import type { PushLine, PushPicture } from '../../../../src/vscode/push/pushLine.ts';
import {
  changeCounts,
  confirmationDetail,
  emptyText,
  headline,
  hindrances,
  leftLines,
  questionOf,
  reviewType,
  severeLines,
} from '../../../../src/vscode/push/pushTexts.ts';
import { pushTree } from '../../../../src/vscode/push/pushTree.ts';
import { changeTexts } from '../../../../src/vscode/push/reviewTexts.ts';

const release = 'helm.toolkit.fluxcd.io/v2/HelmRelease/default/podinfo';

function change(kind: string, name: string, more: Partial<ObjectChange> = {}): ObjectChange {
  return {
    reference: { apiVersion: 'v1', kind, namespace: 'default', name },
    type: 'create',
    checkedBy: 'server',
    conflicts: [],
    verdicts: [],
    ...more,
  };
}

const conflict = {
  manager: 'kubectl',
  field: '.spec.replicas',
  path: ['spec', 'replicas'],
  mine: 3,
  theirs: 2,
  choice: 'undecided',
} as const;

function review(more: Partial<PushReview> = {}): PushReview {
  const changes = more.changes ?? [
    change('ConfigMap', 'values'),
    change('ConfigMap', 'old', { type: 'unchanged' }),
  ];
  const steps: PushStep[] = changes
    .filter(({ type }) => type !== 'unchanged')
    .map((one, index) => ({ type: 'apply', id: String(index), change: one }));
  return {
    ...{ type: 'push', title: 'podinfo.yaml', context: 'prod', server: 'https://hub' },
    ...{ effects: [], questions: [], changes, steps },
    ...more,
  };
}

function picture(more: Partial<PushPicture> = {}): PushPicture {
  return {
    review: review(),
    stage: 'review',
    account: [],
    waitingFor: [],
    isProtected: false,
    unsaved: [],
    isOutdated: false,
    now: 0,
    ...more,
  };
}

/** The lines as they stand, indented. */
function drawn(lines: readonly PushLine[], depth = 0): readonly string[] {
  return lines.flatMap(({ label, description, children }) => [
    `${'  '.repeat(depth)}${label}${description === '' ? '' : ` | ${description}`}`,
    ...drawn(children, depth + 1),
  ]);
}

test('A review says where to, what to know, what changes and what members see, the worst first', () => {
  const lines = pushTree(
    picture({
      isProtected: true,
      unsaved: ['file:///w/pod%20info.yaml'],
      review: review({
        changes: [
          change('ConfigMap', 'values', { type: 'change', conflicts: [conflict] }),
          change('ConfigMap', 'old', { type: 'unchanged' }),
        ],
        questions: [
          { severity: 'warning', code: 'new-namespace', message: 'Karmada makes it.' },
          { severity: 'blocked', code: 'refused', message: 'It is refused.' },
        ],
        effects: [
          { template: release, clusters: ['member1'], type: 'changes' },
          { template: release, clusters: ['member2', 'member3'], type: 'removed' },
          { template: release, clusters: ['member4'], type: 'unchanged' },
        ],
      }),
    }),
  );
  assert.deepEqual(drawn(lines), [
    'Push to prod | protected · podinfo.yaml',
    'To Know Before | 1 hindrance',
    '  Refused | It is refused.',
    '  New namespace on members | Karmada makes it.',
    '  Not saved | pod info.yaml: what the editor shows is pushed.',
    'Changes | 1 changed, 1 unchanged',
    '  values | ConfigMap · default',
    '    spec.replicas | owned by kubectl · 2 → 3',
    '  Unchanged | 1',
    '    old | ConfigMap · default',
    'On Clusters | 3 clusters',
    '  podinfo | HelmRelease · default',
    '    member2 and member3 | removed',
    '    member1 | changes',
  ]);
});

test('Every line has an id of its own', () => {
  const twice = change('ConfigMap', 'a', {
    conflicts: [conflict, { ...conflict, manager: 'helm' }],
    verdicts: [
      { severity: 'error', message: 'no', field: 'spec' },
      { severity: 'error', message: 'no', field: 'spec' },
    ],
  });
  const effects = (['appears', 'changes', 'appears'] as const).map((type) => ({
    ...{ template: release, clusters: ['member1'], type, isPassing: true },
  }));
  const ids: string[] = [];
  const collect = (lines: readonly PushLine[]): void => {
    for (const { id, children } of lines) {
      ids.push(id);
      collect(children);
    }
  };
  collect(pushTree(picture({ review: review({ changes: [twice], effects }) })));
  assert.equal(new Set(ids).size, ids.length);
});

test('Values of a Secret are in no line', () => {
  const secret = change('Secret', 'login', {
    conflicts: [{ ...conflict, mine: 'hunter2', theirs: 'hunter3' }],
  });
  const lines = pushTree(picture({ review: review({ changes: [secret] }) }));
  assert.doesNotMatch(JSON.stringify(drawn(lines)), /hunter/);
});

test('A diff of a Secret shows which values change, and none of them', () => {
  const secret = (value: string) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
    data: { user: value, password: value },
  });
  const { before, after } = changeTexts(
    change('Secret', 'a', {
      type: 'change',
      before: secret('***'),
      after: secret('***'),
      secretKeys: ['password'],
    }),
  );
  assert.match(before, /password: "\*\*\* \(before\)"|password: '\*\*\* \(before\)'/);
  assert.match(after, /\*\*\* \(after\)/);
  assert.match(after, /user: ['"]\*\*\*['"]/);
});

test('What is created has nothing on its left side, and no server’s fields on its right', () => {
  const after = {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } },
    metadata: { name: 'a', namespace: 'b', uid: 'x', managedFields: [{ manager: 'me' }] },
  };
  const texts = changeTexts(change('ConfigMap', 'a', { after }));
  assert.equal(texts.before, '');
  assert.match(texts.after, /^apiVersion: v1\n/);
  assert.doesNotMatch(texts.after, /uid|managedFields|# /);
});

test('A review with a conflict, a refusal or a block cannot be pushed, and says why', () => {
  assert.deepEqual(hindrances(review()), []);
  const undecided = review({ changes: [change('ConfigMap', 'a', { conflicts: [conflict] })] });
  assert.match(hindrances(undecided)[0] ?? '', /^1 field is owned/);
  const verdicts = [{ severity: 'error', message: 'Bad.', field: 'spec' }] as const;
  const refused = review({ changes: [change('ConfigMap', 'a', { verdicts })] });
  assert.deepEqual(hindrances(refused), ['ConfigMap default/a: Bad.']);
});

test('The confirmation counts and names what it is about', () => {
  const effects = [
    { template: release, clusters: ['member1', 'member2'], type: 'reinstalls' },
    { template: release, clusters: ['member3'], type: 'unchanged' },
  ] as const;
  const made = review({ effects });
  assert.equal(changeCounts(made.changes), '1 created, 1 unchanged');
  assert.equal(
    confirmationDetail(made),
    'ConfigMap default/values – created\n\nOn member1 and member2.',
  );
  assert.deepEqual(severeLines(made), [
    'HelmRelease default/podinfo is installed anew on member1 and member2.',
  ]);
});

test('The account tells done from not done', () => {
  const made = review();
  const account = made.steps.map((step) => ({
    ...{ step, label: 'ConfigMap default/values', detail: 'Not written: no.' },
    state: { type: 'failed', at: 0, message: 'no' } as const,
  }));
  const journal: Journal = {
    ...({ version: 1, id: '1', startedAt: 0, review: made, state: 'stopped' } as const),
    states: account.map(({ state }) => state),
  };
  const text = accountText(journal, account);
  assert.match(text, /^# Push to prod: failed\n/);
  assert.match(text, /1\. Failed .*ConfigMap default\/values\n {5}Not written: no\.\n$/);
});

test('a push that stopped says what is left to be written before it goes on', () => {
  const { steps } = review({
    changes: [change('ConfigMap', 'a'), change('ConfigMap', 'b'), change('ConfigMap', 'c')],
  });
  const wait: PushStep = { type: 'settle', id: 'w', works: [], reason: 'A moment.' };
  const gone: PushStep = { type: 'delete', id: 'd', change: change('ConfigMap', 'd') };
  const all = [...steps, wait, gone];
  const states = ['done', 'running', 'failed', 'waiting', 'waiting'] as const;
  const account = all.map((step, index) => ({
    step,
    state: { type: states[index] ?? 'waiting', at: 0, since: 0, message: '' } as never,
    label: 'change' in step ? step.change.reference.name : 'Wait',
    detail: '',
  }));
  assert.deepEqual(leftLines(account), ['b is written.', 'c is written.', 'd is deleted.']);
  assert.deepEqual(leftLines(account.slice(0, 1)), ['Nothing is left to write.']);
  const many = Array.from({ length: 20 }, () => account[1] ?? assert.fail());
  assert.equal(leftLines(many).at(-1), 'And 8 more.');
});

test('A push that takes objects away alone is called a deletion', () => {
  const gone = change('ConfigMap', 'a', { type: 'delete', before: {} });
  const absent = change('ConfigMap', 'b', { type: 'unchanged' });
  const deletion = review({ changes: [gone, absent] });
  assert.equal(headline(deletion), 'Delete from prod');
  assert.equal(questionOf(deletion), 'Delete 1 object from prod?');
  const both = review({ changes: [gone, change('ConfigMap', 'c')] });
  assert.equal(headline(both), 'Push to prod');
  assert.equal(questionOf(both), 'Push 1 object to prod and delete 1?');
});

test('An object whose fields hang on a choice is not counted as unchanged', () => {
  const open = change('ConfigMap', 'open', { type: 'unchanged', conflicts: [conflict] });
  const kept = change('ConfigMap', 'kept', {
    type: 'unchanged',
    conflicts: [{ ...conflict, choice: 'keep' }],
  });
  assert.equal(changeCounts([open, kept]), '1 undecided, 1 unchanged');
});

test('Each kind of review is asked about in its own words', () => {
  const gone = change('ConfigMap', 'old', { type: 'delete' });
  const { reference } = gone;
  const source = { reference, object: {}, uri: 'file:///a.yaml', item: 'a' };
  const same = change('ConfigMap', 'same', { type: 'unchanged', source });
  const deletion = review({ changes: [gone, same] });
  assert.equal(reviewType(deletion), 'delete');
  assert.equal(questionOf(deletion), 'Delete 1 object from prod?');
  const undo = review({ type: 'undo', title: 'Undo of podinfo.yaml' });
  assert.deepEqual([reviewType(undo), questionOf(undo)], ['undo', 'Undo of podinfo.yaml on prod?']);
  const redo = review({ type: 'undo', title: 'Redo of podinfo.yaml', isRedo: true });
  assert.deepEqual([reviewType(redo), headline(redo)], ['redo', 'Redo on prod']);
});

test('A conflict about an integer beyond the reach of numbers shows its digits', () => {
  const values = { mine: 12345678901234567n, theirs: { id: 12345678901234568n } };
  const open = change('Other', 'web', { conflicts: [{ ...conflict, ...values }] });
  const shown = drawn(pushTree(picture({ review: review({ changes: [open] }) }))).join('\n');
  assert.match(shown, /12345678901234568.* → 12345678901234567\b/);
});

test('A field of several owners is one field to decide about', () => {
  const owned = [conflict, { ...conflict, manager: 'helm' }];
  const one = change('ConfigMap', 'values', { conflicts: owned });
  assert.deepEqual(hindrances(review({ changes: [one] })), [
    '1 field is owned by somebody else: choose what to keep.',
  ]);
  const more = change('ConfigMap', 'values', {
    conflicts: [...owned, { ...conflict, field: '.spec.other' }],
  });
  assert.deepEqual(hindrances(review({ changes: [more] })), [
    '2 fields are owned by somebody else: choose for each what to keep.',
  ]);
});

test('A review without anything to do says what it leaves out, or why an undo does nothing', () => {
  const { reference } = change('ConfigMap', 'old');
  const source = { reference, object: {}, uri: 'file:///w/a.yaml', item: 'old' };
  const unchanged = [change('ConfigMap', 'old', { type: 'unchanged', source })];
  const left = { severity: 'warning', code: 'left-out', message: '1 Secret is left out.' } as const;
  const other = { severity: 'warning', code: 'drifted', message: 'A Work differs.' } as const;
  const kept = { severity: 'confirm', code: 'secret-not-undoable', message: 'It stays.' } as const;
  assert.deepEqual(
    [
      emptyText(review({ changes: unchanged, questions: [left, other] })),
      emptyText(review({ changes: [], questions: [left] })),
      emptyText(review({ type: 'undo', changes: [], questions: [kept] })),
    ],
    [
      'Everything is on the control plane already (prod). 1 Secret is left out.',
      'Nothing is left to push to prod. 1 Secret is left out.',
      'Nothing is to be done on prod. It stays.',
    ],
  );
});

test('Every question and headline names the context', () => {
  const types = ['push', 'waves', 'undo', 'dispatch'] as const;
  for (const type of types) {
    const title = 'Hold dispatch of PropagationPolicy apps/web on member1';
    const one = review({ type, title, changes: [change('ConfigMap', 'a')] });
    assert.match(questionOf(one), /\bprod\b/, type);
    assert.match(headline(one), /\bprod\b/, type);
  }
  const hold = review({ type: 'dispatch', title: 'Hold dispatch of A on member1' });
  assert.equal(questionOf(hold), 'On prod: hold dispatch of A on member1?');
});

test('A push that holds dispatch is reached from the line that says so', () => {
  const question: Question = {
    severity: 'blocked',
    code: 'held',
    message: 'Held by the push.',
    push: 'id',
  };
  const lines = pushTree(picture({ review: review({ questions: [question] }) }));
  const line = lines
    .flatMap(({ children }) => children)
    .find(({ label }) => label === 'Dispatch held');
  assert.deepEqual(line?.target, { type: 'question', question });
});
