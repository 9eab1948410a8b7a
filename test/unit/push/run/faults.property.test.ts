import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { memberAt } from '../../../../src/engine/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { KubeError } from '../../../../src/live/index.ts';
import type { KubeErrorReason } from '../../../../src/live/index.ts';
import type { Journal, ObjectChange } from '../../../../src/push/index.ts';
import { readJournal } from '../../../../src/push/journal.ts';
import { contentOf } from '../../../../src/push/run/objectContent.ts';
import { resumePush, runPush } from '../../../../src/push/run/runPush.ts';
import { prepareUndo } from '../../../../src/push/undo/prepareUndo.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../../support/fakePushApi.ts';
import type { FakePushApi } from '../../../support/fakePushApi.ts';
import { changeTo, referenceTo, reviewOf } from '../../../support/pushReviews.ts';

/** What is done to one object, and what becomes of the first tries to write it. */
interface Case {
  readonly action: 'create' | 'change' | 'delete';
  readonly faults: readonly {
    readonly when: 'before' | 'after';
    readonly reason: KubeErrorReason;
  }[];
}

const reasons: readonly KubeErrorReason[] = ['unreachable', 'timeout', 'server', 'malformed'];
const cases = fc.array(
  fc.record({
    action: fc.constantFrom<Case['action']>('create', 'change', 'delete'),
    faults: fc.array(
      fc.record({
        when: fc.constantFrom('before' as const, 'after' as const),
        reason: fc.constantFrom(...reasons),
      }),
      { maxLength: 2 },
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

function configMap(index: number, value: string): JsonObject {
  const metadata = { name: `c${index}`, namespace: 'default' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } };
}

function changesOf(api: FakePushApi, all: readonly Case[]): readonly ObjectChange[] {
  return all.map(({ action }, index) => {
    const before = action === 'create' ? undefined : api.put(configMap(index, 'old'));
    const change = changeTo(configMap(index, 'new'), before);
    const { source: _, after: __, ...rest } = change;
    return action === 'delete' ? { ...rest, type: 'delete' } : change;
  });
}

/** Fails the first writes of each object as its case says. */
function failing(api: FakePushApi, all: readonly Case[]): void {
  const left = all.map(({ faults }) => [...faults]);
  api.fault = (when, write) => {
    const queue = left[Number(/c(\d+)$/.exec(write)?.[1])];
    const [next] = queue ?? [];
    if (next?.when !== when) return;
    queue?.shift();
    throw new KubeError(next.reason, 'The connection was lost.');
  };
}

function contents(api: FakePushApi): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    [...api.objects]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, object]) => [key, contentOf(object)]),
  );
}

/** Runs, and resumes from what the store holds as long as the push is stopped. */
async function toTheEnd(
  ports: Parameters<typeof runPush>[0],
  start: Promise<Journal>,
): Promise<Journal> {
  let journal = await start;
  for (let round = 0; round < 40 && journal.state === 'stopped'; round++) {
    if (journal.states.some((state) => state.type === 'failed' && state.isOutdated === true)) break;
    const kept = readJournal((await ports.journals.read(journal.id)) ?? '');
    assert.ok(kept);
    journal = await resumePush(ports, kept, {});
  }
  return journal;
}

describe('a push over a bad connection', () => {
  it('ends as reviewed, writes every object once, and can be undone and redone', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (all) => {
        const api = fakePushApi();
        const ports = {
          api,
          model: emptyPushModel(),
          journals: memoryJournals(),
          clock: instantClock(),
        };
        const changes = changesOf(api, all);
        const before = contents(api);
        failing(api, all);
        const journal = await toTheEnd(ports, runPush(ports, reviewOf(changes), { id: 'push' }));
        assert.equal(journal.state, 'done');
        const wanted = new Map(
          changes.map(({ type, after, reference }) => [
            reference.name,
            type === 'delete' ? undefined : after,
          ]),
        );
        for (const [name, after] of wanted) {
          const held = api.objects.get(`ConfigMap/default/${name}`);
          assert.deepEqual(held && contentOf(held), after && contentOf(after));
        }
        assert.equal(api.writes.length, all.length, 'an object was written twice');

        failing(api, all);
        const undo = await prepareUndo(ports, journal);
        const undone = await toTheEnd(ports, runPush(ports, undo, { id: 'undo' }));
        assert.equal(undone.state, 'done');
        assert.deepEqual(contents(api), before);
        assert.equal(readJournal(ports.journals.texts.get('push') ?? '')?.state, 'undone');

        failing(api, all);
        const redo = await prepareUndo(ports, undone);
        const redone = await toTheEnd(ports, runPush(ports, redo, { id: 'redo' }));
        assert.equal(redone.state, 'done');
        for (const [name, after] of wanted) {
          const held = api.objects.get(`ConfigMap/default/${name}`);
          assert.deepEqual(held && contentOf(held), after && contentOf(after));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('overwrites nothing that somebody else wrote in the meantime', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat({ max: 5 }), fc.nat({ max: 8 }), async (all, whose, when) => {
        const api = fakePushApi();
        const ports = {
          api,
          model: emptyPushModel(),
          journals: memoryJournals(),
          clock: instantClock(),
        };
        const changes = changesOf(api, all);
        const target = whose % all.length;
        const stranger = configMap(target, 'of somebody else');
        failing(api, all);
        const { fault } = api;
        let calls = 0;
        api.fault = (moment, write) => {
          // Between two requests; in the middle of one nobody can write.
          if (calls === when && moment === 'after') api.put(stranger);
          calls += 1;
          fault?.(moment, write);
        };
        if (when % 2 === 0 && when > 5) api.put(stranger);
        const journal = await toTheEnd(ports, runPush(ports, reviewOf(changes), { id: 'push' }));
        const strangersWork = (): unknown => {
          const held = api.objects.get(`ConfigMap/default/c${target}`);
          return memberAt(held, 'data', 'value');
        };
        const hasWritten = strangersWork() === 'of somebody else';
        const undo = await prepareUndo(ports, journal);
        if (undo.questions.every(({ severity }) => severity !== 'blocked')) {
          await toTheEnd(ports, runPush(ports, undo, { id: 'undo' }));
        }
        if (hasWritten) assert.equal(strangersWork(), 'of somebody else');
      }),
      { numRuns: 60 },
    );
  });
});

describe('readJournal', () => {
  it('answers nothing for broken text', async () => {
    const api = fakePushApi();
    const ports = {
      api,
      model: emptyPushModel(),
      journals: memoryJournals(),
      clock: instantClock(),
    };
    const journal = await runPush(ports, reviewOf([changeTo(configMap(1, 'new'))]), { id: 'one' });
    const text = ports.journals.texts.get('one') ?? '';
    assert.deepEqual(readJournal(text), journal);
    assert.equal(readJournal(text.replace('"version":1', '"version":2')), undefined);
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.string({ maxLength: 3 }), (at, inserted) => {
        const broken = text.slice(0, at) + inserted + text.slice(at + 1);
        const read = readJournal(broken);
        assert.ok(read === undefined || read.states.length === read.review.steps.length);
        assert.equal(readJournal(text.slice(0, at)), undefined);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => readJournal(JSON.stringify(value)) === undefined),
    );
  });

  it('answers the states of a moment when a text is cut short while its push runs', async () => {
    const journals = memoryJournals();
    let text = '';
    const ports = {
      api: fakePushApi(),
      model: emptyPushModel(),
      clock: instantClock(),
      journals: {
        ...journals,
        append: async (id: string, more: string) => {
          await journals.append(id, more);
          text = journals.texts.get(id) ?? '';
        },
      },
    };
    const changes = [changeTo(configMap(1, 'a')), changeTo(configMap(2, 'b'))];
    const journal = await runPush(ports, reviewOf(changes), { id: 'one' });
    const moments = [
      ['waiting', 'waiting'],
      ['running', 'waiting'],
      ['done', 'waiting'],
      ['done', 'running'],
      ['done', 'done'],
    ];
    const ends = [...text.matchAll(/\n|$/g)].map(({ index }) => index);
    assert.equal(ends.length, moments.length);
    for (let at = 0; at <= text.length; at += 1) {
      const states = readJournal(text.slice(0, at))?.states.map(({ type }) => type);
      assert.deepEqual(states, moments[ends.filter((end) => end <= at).length - 1]);
    }
    assert.equal(readJournal(text.replace('\n{', '\n')), undefined);
    assert.deepEqual(readJournal(text)?.states, journal.states);
    assert.ok(!(journals.texts.get('one') ?? '').includes('\n'), 'not whole at the end');
  });

  it('keeps integers beyond the reach of numbers', async () => {
    const api = fakePushApi();
    const ports = {
      api,
      model: emptyPushModel(),
      journals: memoryJournals(),
      clock: instantClock(),
    };
    const big = { ...configMap(1, '\0i5'), spec: { size: 12345678901234567890n } };
    await runPush(ports, reviewOf([changeTo(big)]), { id: 'big' });
    const read = readJournal(ports.journals.texts.get('big') ?? '');
    assert.deepEqual(read?.review.changes[0]?.source?.object, big);
    assert.deepEqual(read?.review.changes[0]?.reference, referenceTo(big));
  });
});
