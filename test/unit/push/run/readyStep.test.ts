import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountOf } from '../../../../src/push/run/accountOf.ts';
import { resumePush, runPush } from '../../../../src/push/run/runPush.ts';
import type { PushReview } from '../../../../src/push/index.ts';
import { fakePushApi, instantClock, memoryJournals } from '../../../support/fakePushApi.ts';
import {
  binding,
  change,
  cluster,
  modelOf,
  notReadyReport,
  readyReport,
  template,
  work,
} from '../../../support/fleetRows.ts';
import { withSteps } from '../../../support/pushReviews.ts';

const key = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/podinfo';
const clusters = ['member1', 'member2'];

/** The end of a wave: the release is new on two clusters, and the next one waits for both. */
const review: PushReview = {
  ...withSteps([
    { type: 'ready', id: 'ready', templates: [key], clusters, reason: 'Wave 1 is ready.' },
  ]),
  type: 'waves',
  effects: [{ template: key, clusters, type: 'appears', after: { kind: 'HelmRelease' } }],
  baseline: { works: {}, events: {} },
};

/** What Flux says of it; `ready` when it is. */
type Report = string;

/** A control plane on which Flux reports, a moment at a time. */
function scene(...reports: readonly (readonly [first: Report, second: Report])[]) {
  const model = modelOf({
    clusters: clusters.map((name) => cluster(name)),
    objects: [template('apps/podinfo')],
    works: clusters.map((name) => work('apps/podinfo', name)),
    bindings: [binding('apps/podinfo', clusters)],
  });
  const clock = instantClock();
  const began = clock.now();
  const moments = [...reports];
  const tell = ([first, second]: readonly [Report, Report]): void => {
    const said = Object.fromEntries(
      [first, second].map((report, index) => [
        `member${index + 1}`,
        report === 'ready' ? readyReport() : notReadyReport(report),
      ]),
    );
    model.apply([change('bindings', [binding('apps/podinfo', clusters, { reports: said })])]);
  };
  return {
    passed: () => clock.now() - began,
    model,
    tell,
    ports: {
      api: fakePushApi(),
      journals: memoryJournals(),
      model: { model, onDidChange: () => () => undefined },
      clock: {
        now: clock.now,
        sleep: (ms: number) => {
          const next = moments.shift();
          if (next) tell(next);
          return clock.sleep(ms);
        },
      },
    },
  };
}

describe('a step that waits for releases', () => {
  it('ends when they are ready on all clusters of the wave', async () => {
    const { ports, passed } = scene(['ready', 'pulling'], ['ready', 'pulling'], ['ready', 'ready']);
    const waited: string[] = [];
    const journal = await runPush(ports, review, {
      id: 'push',
      onProgress: ({ waitingFor }) => waited.push(...waitingFor),
    });
    assert.equal(journal.state, 'done');
    assert.ok(passed() < 15_000);
    assert.ok(waited.includes('HelmRelease apps/podinfo on member2: pulling'), waited.join('\n'));
  });

  it('stops with the message of a release that fails, long before its time is over', async () => {
    const { ports, passed, tell } = scene(['ready', 'install retries exhausted']);
    const journal = await runPush(ports, review, { id: 'push' });
    assert.equal(journal.state, 'stopped');
    assert.equal(
      accountOf(journal)[0]?.detail,
      'Failed: HelmRelease apps/podinfo on member2: install retries exhausted.',
    );
    assert.ok(passed() >= 15_000 && passed() < 30_000, `after ${passed()} ms`);

    const again = await resumePush(ports, journal, {});
    assert.equal(again.state, 'stopped', 'it has not recovered');
    tell(['ready', 'ready']);
    const done = await resumePush(ports, again, {});
    assert.equal(done.state, 'done');
  });

  it('bears a failure that passes', async () => {
    const tries = Array.from({ length: 10 }, () => ['ready', 'timed out'] as const);
    const { ports } = scene(...tries, ['ready', 'ready']);
    assert.equal((await runPush(ports, review, { id: 'push' })).state, 'done');
  });

  it('goes on without them at the user’s word, and ends when it is cancelled', async () => {
    const { ports } = scene(['ready', 'pulling']);
    const controller = new AbortController();
    const cancelled = await runPush(ports, review, {
      id: 'push',
      signal: controller.signal,
      onProgress: ({ waitingFor }) => {
        if (waitingFor.length > 0) controller.abort();
      },
    });
    assert.deepEqual([cancelled.state, cancelled.states[0]?.type], ['stopped', 'waiting']);
    const skipped = await resumePush(ports, cancelled, { isSkipped: (id) => id === 'ready' });
    assert.deepEqual([skipped.state, skipped.states[0]?.type], ['done', 'dropped']);
  });

  it('does not give up a release while Flux tries it again', async () => {
    const { ports, passed, model } = scene();
    const retrying = {
      ...{ type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry' },
      ...{ message: 'retrying after 1m', lastTransitionTime: '2026-01-01T00:00:00Z' },
    };
    const reports = (second: object) => ({ member1: readyReport(), member2: { ...second } });
    const tell = (second: object): void => {
      const one = binding('apps/podinfo', clusters, { reports: reports(second) });
      model.apply([change('bindings', [one])]);
    };
    tell(notReadyReport('Helm install failed', retrying));
    const { clock } = ports;
    const sleep = (ms: number) => {
      if (passed() > 60_000) tell(readyReport());
      return clock.sleep(ms);
    };
    const journal = await runPush({ ...ports, clock: { ...clock, sleep } }, review, { id: 'push' });
    assert.equal(journal.state, 'done');
    assert.ok(passed() > 60_000);
  });

  it('waits as long as Helm may take with several tries', async () => {
    const { ports, passed, model } = scene();
    const { clock } = ports;
    const sleep = (ms: number) => {
      if (passed() > 1_800_000) {
        const reports = { member1: readyReport(), member2: readyReport() };
        model.apply([change('bindings', [binding('apps/podinfo', clusters, { reports })])]);
      }
      return clock.sleep(ms);
    };
    const progressing = {
      ...{ type: 'Ready', status: 'Unknown', reason: 'Progressing', message: 'Running install' },
      ...{ lastTransitionTime: '2026-01-01T00:00:00Z' },
    };
    const reports = {
      member1: readyReport(),
      member2: { observedGeneration: 1, conditions: [progressing] },
    };
    model.apply([change('bindings', [binding('apps/podinfo', clusters, { reports })])]);
    const journal = await runPush({ ...ports, clock: { ...clock, sleep } }, review, { id: 'push' });
    assert.equal(journal.state, 'done');
    assert.ok(passed() > 1_800_000);
  });

  it('takes a release that Flux is to leave alone for as far as it comes once it is applied', async () => {
    const { ports, model } = scene();
    const spec = { suspend: true };
    const suspended = clusters.map((name) => work('apps/podinfo', name, { manifest: { spec } }));
    model.apply([change('works', suspended)]);
    const after = { kind: 'HelmRelease', spec };
    const [effect] = review.effects;
    assert.ok(effect);
    const told: PushReview = { ...review, effects: [{ ...effect, after }] };
    assert.equal((await runPush(ports, told, { id: 'push' })).state, 'done');
    const unexpected = await runPush(ports, review, { id: 'other', waitLimit: 5000 });
    assert.equal(unexpected.state, 'stopped');
  });
});
