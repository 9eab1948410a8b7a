import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import {
  createFleetModel,
  createInterner,
  readBinding,
  readCluster,
  readWork,
} from '../../../../src/live/index.ts';
import type { FleetChange } from '../../../../src/live/index.ts';
import { resumePush, runPush } from '../../../../src/push/run/runPush.ts';
import type { ExpectedWork, Journal, PushReview } from '../../../../src/push/index.ts';
import { fakePushApi, instantClock, memoryJournals } from '../../../support/fakePushApi.ts';
import { changeTo, referenceTo, withSteps } from '../../../support/pushReviews.ts';
import { bindingOf, workOf } from '../../../support/worksOfTemplates.ts';

const clusters = Array.from({ length: 1000 }, (_, index) => `member${index + 1}`);

function configMap(name: string, value: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'apps' },
    data: { value },
  };
}

function expected(template: JsonObject, more: Partial<ExpectedWork> = {}): ExpectedWork {
  const { kind, name } = referenceTo(template);
  return { template: `v1/${kind}/apps/${name}`, clusters, manifest: template, ...more };
}

/** A control plane whose Works are written by the test, a moment at a time. */
function plane() {
  const api = fakePushApi();
  const model = createFleetModel();
  const interner = createInterner();
  const listeners = new Set<() => void>();
  const generations = new Map<string, number>();
  const clock = instantClock();
  const moments: (() => void)[] = [];
  const put = (object: JsonObject): JsonObject => {
    const { kind, namespace, name } = referenceTo(object);
    const key = `${kind} ${namespace} ${name}`;
    const metadata = object['metadata'] as JsonObject;
    const generation = (generations.get(key) ?? 0) + 1;
    generations.set(key, generation);
    return api.put({ ...object, metadata: { ...metadata, uid: key, generation } });
  };
  const tell = (list: 'bindings' | 'works', objects: readonly JsonObject[]): void => {
    const set = objects.map((object) => {
      const answer = list === 'works' ? readWork(object, interner) : readBinding(object, interner);
      assert.ok('value' in answer);
      return answer.value;
    });
    model.apply([{ list, origin: list, reset: false, set, deleted: [] }]);
    for (const listener of [...listeners]) listener();
  };
  return {
    api,
    put,
    tell,
    /** What happens while the push waits: one of these a second. */
    moments,
    ports: {
      api,
      journals: memoryJournals(),
      clock: {
        now: clock.now,
        sleep: async (ms: number) => {
          moments.shift()?.();
          await clock.sleep(ms);
        },
      },
      model: {
        model,
        onDidChange: (listener: () => void) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
    },
  };
}

/** The list of clusters with one of them. */
function clusterRows(name: string, status: 'True' | 'Unknown'): FleetChange {
  const conditions = [{ type: 'Ready', status, reason: '', message: '' }];
  const object = {
    ...{ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name } },
    status: { conditions },
  };
  const answer = readCluster(object, createInterner());
  assert.ok('value' in answer);
  return { list: 'clusters', origin: 'clusters', reset: false, set: [answer.value], deleted: [] };
}

function settle(works: readonly ExpectedWork[]) {
  return withSteps([{ type: 'settle', id: 'settle', works, reason: 'Waited for.' }]);
}

function reads({ requests }: ReturnType<typeof fakePushApi>): Readonly<Record<string, number>> {
  const count = (start: string): number => requests.filter((one) => one.startsWith(start)).length;
  return { lists: count('list Work'), works: count('get Work'), bindings: count('get Resource') };
}

describe('waiting for Works', () => {
  it('of a thousand clusters takes a handful of lists', async () => {
    const { api, put, tell, moments, ports } = plane();
    const [before, after] = [configMap('a', 'old'), configMap('a', 'new')];
    tell('bindings', [put(bindingOf(before, clusters))]);
    tell(
      'works',
      clusters.map((cluster) => put(workOf(before, cluster))),
    );
    // Karmada writes the Works by and by, and reports on each of them many times.
    for (let start = 0; start < clusters.length; start += 50) {
      moments.push(() => {
        const some = clusters.slice(start, start + 50).map((one) => put(workOf(after, one)));
        tell('works', some);
      });
    }
    const started = performance.now();
    const journal = await runPush(ports, settle([expected(after)]), { id: 'push' });
    assert.equal(journal.state, 'done');
    assert.equal(moments.length, 0, 'it was over before all Works were written');
    const { lists = 0, works, bindings } = reads(api);
    assert.ok(lists <= 5, `${lists} lists`);
    assert.deepEqual([works, bindings], [0, 1]);
    assert.ok(performance.now() - started < 10_000);
  });

  it('reads none again of which only the status has changed', async () => {
    const { api, put, tell, moments, ports } = plane();
    const [before, after] = [configMap('a', 'old'), configMap('a', 'new')];
    tell('bindings', [put(bindingOf(before, ['member1', 'member2']))]);
    const [first, second] = ['member1', 'member2'].map((one) => put(workOf(after, one)));
    const late = put(workOf(before, 'member3'));
    assert.ok(first && second);
    tell('works', [first, second, late]);
    for (let index = 0; index < 50; index += 1) moments.push(() => tell('works', [api.put(first)]));
    moments.push(() => tell('works', [put(workOf(after, 'member3'))]));
    const wanted = expected(after, { clusters: ['member1', 'member2', 'member3'] });
    const journal = await runPush(ports, settle([wanted]), { id: 'push' });
    assert.equal(journal.state, 'done');
    assert.deepEqual(reads(api), { lists: 2, works: 0, bindings: 1 });
  });

  it('takes a Secret as it is there for one of which only the keys are known', async () => {
    const { put, tell, ports } = plane();
    const secret = (data: JsonObject): JsonObject => ({
      ...configMap('s', ''),
      kind: 'Secret',
      data,
    });
    const held = secret({ password: 'Z2VoZWlt' });
    tell('bindings', [put(bindingOf(held, ['member1']))]);
    tell('works', [put(workOf(held, 'member1'))]);
    const known = expected(secret({ password: null }), { clusters: ['member1'] });
    assert.equal((await runPush(ports, settle([known]), { id: 'known' })).state, 'done');
    const other = expected(secret({ password: null, more: null }), { clusters: ['member1'] });
    const options = { id: 'other', waitLimit: 5000 };
    assert.equal((await runPush(ports, settle([other]), options)).state, 'stopped');
  });

  it('waits for new values of a Secret that was written before the push was resumed', async () => {
    const secret = (data: JsonObject): JsonObject => ({
      ...configMap('s', ''),
      kind: 'Secret',
      data,
    });
    const change = changeTo(secret({ password: null }), secret({ password: null }), {
      checkedBy: 'server',
      secretKeys: ['password'],
    });
    const resumed = async (id: string, overridden: readonly string[], isLate: boolean) => {
      const { put, tell, moments, ports } = plane();
      const [old, now] = ['b2xk', 'bmV3'].map((password) => secret({ password }));
      assert.ok(old && now);
      put(now);
      tell('bindings', [put(bindingOf(old, ['member1', 'member2']))]);
      tell('works', [put(workOf(now, 'member1')), put(workOf(old, 'member2'))]);
      const works = [expected(secret({ password: null }), { clusters: ['member1', 'member2'] })];
      const settling = settle(works);
      const review: PushReview = {
        ...settling,
        changes: [change],
        steps: [{ type: 'apply', id: 'apply', change }, ...settling.steps],
        effects: [
          { template: 'v1/Secret/apps/s', clusters: ['member1'], type: 'changes' },
          {
            ...{ template: 'v1/Secret/apps/s', clusters: ['member2'], type: 'changes' },
            ...(overridden.includes('member2') && { overrides: ['other-password'] }),
          },
        ],
      };
      const journal: Journal = {
        ...{ version: 1, id, startedAt: 1, state: 'stopped', review },
        states: [{ type: 'done', at: 1 }, { type: 'waiting' }],
      };
      if (!isLate) moments.push(() => tell('works', [put(workOf(now, 'member2'))]));
      const ended = await resumePush(ports, journal, { waitLimit: 5000 });
      const kept = [...ports.journals.texts.values()].join('');
      assert.ok(!kept.includes('b2xk') && !kept.includes('bmV3'), 'a value is in the journal');
      return [ended.state, moments.length];
    };
    assert.deepEqual(await resumed('comes', [], false), ['done', 0]);
    assert.deepEqual(await resumed('late', [], true), ['stopped', 0]);
    assert.deepEqual(await resumed('overridden', ['member2'], true), ['done', 0]);
  });

  it('does not miss what a server adds to a template that no dry run could check', async () => {
    const { put, tell, ports } = plane();
    const written: JsonObject = { ...configMap('s', ''), kind: 'Secret', data: { key: 'dg==' } };
    const held = { ...written, type: 'Opaque' };
    tell('bindings', [put(bindingOf(held, ['member1']))]);
    tell('works', [put(workOf(held, 'member1'))]);
    const masked = { ...written, data: { key: null } };
    const steps = settle([expected(masked, { clusters: ['member1'] })]);
    const options = { id: 'push', waitLimit: 5000 };
    assert.equal((await runPush(ports, steps, options)).state, 'stopped');
    const changes = [changeTo(written)];
    assert.equal((await runPush(ports, { ...steps, changes }, { id: 'new' })).state, 'done');
  });

  it('waits until Works are held, let go, and gone', async () => {
    const { api, put, tell, moments, ports } = plane();
    const template = configMap('a', 'new');
    tell('bindings', [put(bindingOf(template, ['member1']))]);
    tell('works', [put(workOf(template, 'member1'))]);
    const one = expected(template, { clusters: ['member1'], isHeld: true });
    moments.push(() => tell('works', [put(workOf(template, 'member1', { isHeld: true }))]));
    assert.equal((await runPush(ports, settle([one]), { id: 'held' })).state, 'done');
    const never = { id: 'never', waitLimit: 5000 };
    const free = settle([{ ...one, isHeld: false }]);
    assert.equal((await runPush(ports, free, never)).state, 'stopped');
    const { manifest: _, isHeld: __, ...gone } = one;
    assert.equal((await runPush(ports, settle([gone]), never)).state, 'stopped');
    assert.equal(reads(api)['works'], 0);
  });

  it('waits until Works say whether objects stay, and for no Work that goes and preserves', async () => {
    const { api, put, tell, moments, ports } = plane();
    const template = configMap('a', '1');
    const saying = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => {
      const work = workOf(template, 'member1');
      return put({
        ...work,
        metadata: { ...(work['metadata'] as JsonObject), ...metadata },
        spec: { ...(work['spec'] as JsonObject), ...spec },
      });
    };
    tell('bindings', [put(bindingOf(template, ['member1']))]);
    tell('works', [saying({})]);
    const seen: string[] = [];
    moments.push(
      () => seen.push('nothing said'),
      () => tell('works', [saying({ preserveResourcesOnDeletion: true })]),
      () => seen.push('still wanted'),
      () => {
        const deletionTimestamp = '2026-11-29T00:00:00Z';
        tell('works', [saying({ preserveResourcesOnDeletion: true }, { deletionTimestamp })]);
      },
      () => seen.push('waited too long'),
    );
    const works = [
      [{ template: 'v1/ConfigMap/apps/a', clusters: ['member1'], isPreserving: true }],
      [{ template: 'v1/ConfigMap/apps/a', clusters: ['member1'] }],
    ];
    const steps = works.map((some, index) => ({
      ...({ type: 'settle', id: String(index), works: some, reason: 'Waited for.' } as const),
    }));
    const journal = await runPush(ports, withSteps(steps), { id: 'push' });
    assert.equal(journal.state, 'done');
    assert.deepEqual(seen, ['nothing said', 'still wanted']);
    assert.equal(reads(api).lists, 0);
  });

  it('takes the Work that is as expected beside one under an older name', async () => {
    const { put, tell, ports } = plane();
    const [old, now] = [configMap('a', 'old'), configMap('a', 'new')];
    const named = workOf(now, 'member1');
    const metadata = { ...(named['metadata'] as JsonObject), name: 'z-under-another-name' };
    tell('bindings', [put(bindingOf(now, ['member1']))]);
    tell('works', [put(workOf(old, 'member1')), put({ ...named, metadata })]);
    const limit = { id: 'push', waitLimit: 5000 };
    const journal = await runPush(ports, settle([expected(now, { clusters: ['member1'] })]), limit);
    assert.equal(journal.state, 'done');
  });

  it('waits for no Work that is deleted on a member that is away', async () => {
    const template = configMap('a', '1');
    const { manifest: _, ...gone } = expected(template, { clusters: ['member1'] });
    const states = [];
    for (const status of ['True', 'Unknown'] as const) {
      const { put, tell, ports } = plane();
      const work = workOf(template, 'member1');
      const metadata = work['metadata'] as JsonObject;
      const deletionTimestamp = '2026-11-29T00:00:00Z';
      tell('bindings', [put(bindingOf(template, []))]);
      tell('works', [put({ ...work, metadata: { ...metadata, deletionTimestamp } })]);
      ports.model.model.apply([clusterRows('member1', status)]);
      const limit = { id: status, waitLimit: 5000 };
      states.push((await runPush(ports, settle([gone]), limit)).state);
    }
    assert.deepEqual(states, ['stopped', 'done']);
  });

  it('reads Works one by one where bindings have no permanent id', async () => {
    const { api, put, tell, ports } = plane();
    const template = configMap('a', 'new');
    const binding = bindingOf(template, ['member1', 'member2']);
    const { labels: _, ...metadata } = binding['metadata'] as JsonObject;
    tell('bindings', [put({ ...binding, metadata })]);
    tell(
      'works',
      ['member1', 'member2'].map((cluster) => put(workOf(template, cluster))),
    );
    const wanted = expected(template, { clusters: ['member1', 'member2'] });
    assert.equal((await runPush(ports, settle([wanted]), { id: 'push' })).state, 'done');
    assert.deepEqual(reads(api), { lists: 0, works: 2, bindings: 1 });
  });
});
