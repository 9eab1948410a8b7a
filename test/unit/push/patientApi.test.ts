import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KubeError } from '../../../src/live/index.ts';
import { patientApi, runPush } from '../../../src/push/index.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../support/fakePushApi.ts';
import { changeTo, reviewOf } from '../../support/pushReviews.ts';

const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'apps' },
  data: { a: '1' },
};

/** A server that refuses so many writes because it has too much to do. */
async function push(refusals: number, error: KubeError) {
  const [api, clock] = [fakePushApi(), instantClock()];
  let left = refusals;
  api.fault = (when) => {
    if (when === 'before' && left-- > 0) throw error;
  };
  const start = clock.now();
  const ports = {
    ...{ api: patientApi(api, clock), clock },
    ...{ model: emptyPushModel(), journals: memoryJournals() },
  };
  const journal = await runPush(ports, reviewOf([changeTo(object)]), { id: 'one' });
  return { journal, writes: api.writes, waited: clock.now() - start };
}

const busy = (retryAfter?: number) =>
  new KubeError('throttled', 'The server has too much to do.', { status: 429, retryAfter });

describe('a server that has too much to do', () => {
  it('is asked again after the time that it names', async () => {
    const { journal, writes, waited } = await push(3, busy(2));
    assert.equal(journal.state, 'done');
    assert.deepEqual(writes, ['apply ConfigMap/apps/a']);
    assert.equal(waited, 6000);
  });

  it('stops the push where it goes on like that, with nothing written', async () => {
    const { journal, writes, waited } = await push(100, busy(3600));
    assert.equal(journal.state, 'stopped');
    assert.equal(journal.states[0]?.type, 'failed');
    assert.deepEqual([writes, waited], [[], 60_000]);
  });

  it('is not asked again for any other reason', async () => {
    const { journal, waited } = await push(
      1,
      new KubeError('server', 'It fails.', { status: 500 }),
    );
    assert.equal(journal.states[0]?.type, 'running', 'it is not known whether it was written');
    assert.equal(waited, 0);
  });
});
