import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalText, readJournal } from '../../../../src/push/index.ts';
import type { Journal, StepState } from '../../../../src/push/index.ts';
import {
  isUndoable,
  pruneJournals,
  readHistory,
  stoppedJournals,
  timeOfId,
  undoableJournals,
} from '../../../../src/vscode/push/journalHistory.ts';
import { memoryJournals } from '../../../support/fakePushApi.ts';
import { changeTo, reviewOf } from '../../../support/pushReviews.ts';

const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'apps' } };
const states: Readonly<Record<'done' | 'running' | 'waiting', StepState>> = {
  done: { type: 'done', at: 1, result: object },
  running: { type: 'running', since: 1 },
  waiting: { type: 'waiting' },
};

function journal(
  id: string,
  state: Journal['state'],
  step: keyof typeof states = 'done',
  startedAt = 1,
): Journal {
  const review = reviewOf([changeTo(object)]);
  return { version: 1, id, startedAt, review, states: [states[step]], state };
}

/** Journals that are kept, some of them run by a window that lives. */
function history(kept: readonly Journal[], claimed: readonly string[] = []) {
  const journals = memoryJournals();
  for (const one of kept) journals.texts.set(one.id, journalText(one));
  const isClaimed = (id: string) => Promise.resolve(claimed.includes(id));
  return { engine: { readJournal }, journals: { ...journals, isClaimed } };
}

const idsOf = (journals: readonly Journal[]) => journals.map(({ id }) => id);

test('What was written can be undone, however the push ended, but not twice', () => {
  for (const state of ['running', 'stopped', 'done', 'dropped'] as const) {
    assert.equal(isUndoable(journal('a', state)), true, state);
    assert.equal(isUndoable(journal('a', state, 'running')), true, `${state}, in doubt`);
    assert.equal(isUndoable(journal('a', state, 'waiting')), false, `${state}, nothing written`);
  }
  assert.equal(isUndoable(journal('a', 'undone')), false);
});

test('A push that a window runs is neither resumed nor undone in another one', async () => {
  const kept = [journal('1', 'running'), journal('2', 'running'), journal('3', 'done')];
  const parts = history(kept, ['1']);
  assert.deepEqual(idsOf(await stoppedJournals(parts)), ['2']);
  assert.deepEqual(idsOf(await undoableJournals(parts)).toSorted(), ['2', '3']);
});

test('A journal that cannot be read is told of, with its time, and stays', async () => {
  const id = '20261123140509123-0a1b2c3d';
  const parts = history([journal('1', 'done')]);
  parts.journals.texts.set(id, '{"version":1,"id":');
  parts.journals.texts.set('20250101000000000-later', '{"version":2}');
  const { journals, unreadable } = await readHistory(parts);
  assert.deepEqual(idsOf(journals), ['1']);
  assert.deepEqual(unreadable, [id, '20250101000000000-later']);
  assert.equal(timeOfId(id), Date.UTC(2026, 10, 23, 14, 5, 9));
  await pruneJournals(parts);
  assert.ok(parts.journals.texts.has(id));
});

test('Pushes that are over are forgotten when there are many, what can be gone on with never', async () => {
  const over = Array.from({ length: 60 }, (_, i) => journal(`over-${i}`, 'done', 'done', 100 + i));
  const parts = history([journal('open', 'stopped', 'done', 1), ...over]);
  await pruneJournals(parts);
  assert.equal(parts.journals.texts.size, 51);
  assert.ok(parts.journals.texts.has('open') && parts.journals.texts.has('over-59'));
  assert.ok(!parts.journals.texts.has('over-0'));
});
