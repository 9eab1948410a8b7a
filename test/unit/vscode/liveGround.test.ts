import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { LiveControlPlane } from '../../../src/analysis/index.ts';
import type { Disposable } from '../../../src/base/lifecycle.ts';
import type { ControlPlaneSession, StreamState } from '../../../src/kube/types.ts';
import { createFleetModel } from '../../../src/live/index.ts';
import { createLiveGround, type Ground } from '../../../src/vscode/liveGround.ts';

/** An event of which the test is the source. */
function emitter<T>() {
  const listeners = new Set<(value: T) => unknown>();
  const event = (listener: (value: T) => unknown): Disposable => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
  const fire = (value: T): void => listeners.forEach((listener) => listener(value));
  return { event, fire, listeners };
}

/** A connection by hand, and what the documents are told of it. */
function stage(context: TestContext) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const [change, model, state] = [emitter<never>(), emitter<never>(), emitter<Ground['state']>()];
  const streams = new Map<string, StreamState>();
  const held: string[] = [];
  const session = {
    info: { isKarmada: true, karmadaVersion: '1.18.2', served: new Map(), resources: [] },
    state: { type: 'live', streams },
  } as unknown as ControlPlaneSession;
  const connection = {
    context: 'prod',
    model: createFleetModel(),
    session,
    state: { type: 'live', context: 'prod' },
    hold(interest: string) {
      held.push(interest);
      return { dispose: () => held.splice(held.indexOf(interest), 1) };
    },
    ...{ onDidChange: change.event, onDidChangeModel: model.event, onDidChangeState: state.event },
  } as unknown as Ground;
  const told: (LiveControlPlane | undefined)[] = [];
  const ground = createLiveGround(connection, (plane) => told.push(plane));
  return {
    ground,
    held,
    told,
    streams,
    change,
    model,
    state,
    tick: (ms: number) => context.mock.timers.tick(ms),
  };
}

const live: StreamState = { type: 'live' };

test('nothing runs until a document needs it', (context) => {
  const { ground, held, told, change, tick } = stage(context);
  change.fire(undefined as never);
  tick(60_000);
  assert.deepEqual([held, told], [[], []]);
  ground.need(true);
  assert.deepEqual(held, ['objects']);
  tick(1000);
  assert.equal(told.length, 1);
});

test('half of a control plane is not handed over', (context) => {
  const { ground, told, streams, state, tick } = stage(context);
  streams.set('policy.karmada.io/overridepolicies', { type: 'listing' });
  streams.set('helm.toolkit.fluxcd.io/helmreleases', live);
  ground.need(true);
  tick(5000);
  assert.equal(told.length, 0);
  streams.set('policy.karmada.io/overridepolicies', live);
  state.fire({ type: 'live', context: 'prod' });
  tick(1000);
  assert.deepEqual(
    told.map((plane) => plane?.context),
    ['prod'],
  );
});

test('many changes are one, once a second, and none where nothing is new', (context) => {
  const { ground, told, change, tick } = stage(context);
  ground.need(true);
  tick(1000);
  for (let i = 0; i < 100; i++) {
    change.fire(undefined as never);
    tick(50);
  }
  assert.equal(told.length, 1);
});

test('streams outlive the last document for a while, then stop', (context) => {
  const { ground, held, told, tick } = stage(context);
  ground.need(true);
  tick(1000);
  ground.need(false);
  tick(20_000);
  ground.need(true);
  tick(60_000);
  assert.deepEqual(held, ['objects']);
  ground.need(false);
  tick(30_000);
  assert.deepEqual(held, []);
  assert.equal(told.at(-1), undefined);
});

test('a broken connection keeps what was read; one that is gone leaves the files', (context) => {
  const { ground, told, state, model, tick } = stage(context);
  ground.need(true);
  tick(1000);
  state.fire({ type: 'stale', context: 'prod', since: 0 });
  tick(1000);
  assert.equal(told.length, 1);
  state.fire({ type: 'disconnected' });
  assert.deepEqual(told.slice(1), [undefined]);
  state.fire({ type: 'live', context: 'prod' });
  tick(1000);
  model.fire(undefined as never);
  assert.deepEqual(told.slice(3), [undefined]);
});

test('nothing is left after dispose', (context) => {
  const { ground, held, change, model, state, told, tick } = stage(context);
  ground.need(true);
  ground.dispose();
  tick(60_000);
  assert.deepEqual([held, told], [[], []]);
  for (const { listeners } of [change, model, state]) assert.equal(listeners.size, 0);
});
