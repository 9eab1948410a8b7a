import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rolloutBaseline, rolloutOf, type Rollout } from '../../../../src/live/index.ts';
import { binding, change, cluster, modelOf, template } from '../../../support/fleetRows.ts';
import { readyAt, recordedWork, upgradingTo, type Recorded } from './recordedWorks.ts';

const order = ['waiting', 'scheduled', 'written', 'applied', 'reconciling', 'ready'];
const began = Date.parse('2026-11-23T04:10:10Z');
const release = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};
const time = (second: number) => new Date(began + second * 1000).toISOString();

/** What a control plane shows one after the other while generation `from` becomes `from + 1`; some are left out. */
const histories = fc
  .record({
    from: fc.integer({ min: 1, max: 9 }),
    isChartNew: fc.boolean(),
    keep: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    pauses: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 5, maxLength: 5 }),
    workGeneration: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ from, isChartNew, keep, pauses, workGeneration }) => {
    const [old, next] = ['5.0.3', isChartNew ? '6.6.1' : '5.0.3'];
    const oldReady = readyAt(from, old, '2026-11-23T04:09:58Z');
    const sent = { generation: workGeneration + 1, sent: from + 1, version: next };
    const states: readonly (Recorded & { readonly isNew: boolean })[] = [
      { generation: workGeneration, sent: from, version: old, report: oldReady, isNew: false },
      { ...sent, report: oldReady, isNew: false },
      { ...sent, report: upgradingTo(from + 1, next, time(3)), isNew: false },
      { ...sent, report: readyAt(from + 1, next, time(4)), isNew: true },
      { ...sent, report: readyAt(from + 1, next, time(4)), isNew: true },
    ];
    return { from, next, first: states[0] as Recorded, states, keep, pauses };
  });

test('stages go forward only, and ready is never of an old generation', () => {
  fc.assert(
    fc.property(histories, ({ from, next, first, states, keep, pauses }) => {
      const model = modelOf({
        clusters: [cluster('member1')],
        objects: [template('apps/podinfo', { metadata: { generation: from } })],
        bindings: [binding('apps/podinfo', ['member1'])],
        works: [recordedWork('member1', first)],
      });
      const baseline = rolloutBaseline(model, [release]);
      const request = {
        since: began,
        baseline,
        expectations: [
          {
            template: release,
            clusters: ['member1'],
            type: 'arrives' as const,
            isSpecChanged: true,
            templateGeneration: from + 1,
            chartVersion: next,
          },
        ],
      };
      let rollout: Rollout | undefined;
      let [reached, now] = [0, began];
      for (const [index, state] of states.entries()) {
        if (keep[index] === false) continue;
        now += (pauses[index] ?? 0) * 1000;
        model.apply([change('works', [recordedWork('member1', state)])]);
        rollout = rolloutOf(model, request, now, rollout);
        const stage = rollout.lines[0]?.stage ?? '';
        const rank = order.indexOf(stage);
        assert.ok(rank >= reached, `${stage} after ${order[reached] ?? ''}`);
        assert.equal(stage === 'ready', state.isNew);
        reached = rank;
      }
      const times = order.flatMap((name) => rollout?.lines[0]?.reached[name as 'ready'] ?? []);
      assert.ok(times.every((one) => one >= began && one <= now));
    }),
    { numRuns: 300 },
  );
});
