import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dropPush, journalText, readJournal } from '../../../../src/push/index.ts';
import type { Journal } from '../../../../src/push/index.ts';
import { memoryJournals } from '../../../support/fakePushApi.ts';
import { changeTo, reviewOf } from '../../../support/pushReviews.ts';

const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'apps' } };
const stopped: Journal = {
  ...{ version: 1, id: 'one', startedAt: 1, state: 'stopped' },
  review: reviewOf([changeTo(object)]),
  states: [{ type: 'waiting' }],
};

describe('giving up a push', () => {
  it('keeps what is done of it', async () => {
    const journals = memoryJournals();
    await journals.write('one', journalText(stopped));
    const given = await dropPush({ journals }, stopped);
    assert.deepEqual(given, { ...stopped, state: 'dropped' });
    assert.deepEqual(readJournal(journals.texts.get('one') ?? ''), given);
  });

  it('does not overwrite what another window has made of it since', async () => {
    const journals = memoryJournals();
    const done: Journal = {
      ...stopped,
      state: 'done',
      states: [{ type: 'done', at: 2, result: object }],
    };
    const text = journalText(done);
    await journals.write('one', text);
    assert.equal((await dropPush({ journals }, stopped)).state, 'done');
    assert.equal(journals.texts.get('one'), text);
  });

  it('leaves alone what another window is at', async () => {
    const journals = memoryJournals();
    const text = journalText({ ...stopped, state: 'running' });
    await journals.write('one', text);
    assert.equal(await journals.claim('one'), true);
    const left = await dropPush({ journals }, stopped);
    assert.equal(left.problem, 'Another window is at this push.');
    assert.equal(journals.texts.get('one'), text);
  });
});
