import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlPlaneInfo, SessionState } from '../../../../src/kube/index.ts';
import { KubeError } from '../../../../src/live/index.ts';
import {
  toConnectionState,
  type ConnectionState,
} from '../../../../src/vscode/connection/connectionState.ts';

const context = 'fleet';
const streams: SessionState['streams'] = new Map();
const error = new KubeError('unreachable', 'No connection.');
const karmada: ControlPlaneInfo = {
  isKarmada: true,
  kubernetesVersion: 'v1.36.1',
  karmadaVersion: '',
  served: new Map(),
  resources: [],
};
const connecting: ConnectionState = { type: 'connecting', context };

function after(before: ConnectionState, state: SessionState, info = karmada): ConnectionState {
  return toConnectionState(before, { context, state, info, now: 5000 });
}

test('an API server without Karmada is told, whatever its streams do', () => {
  const state = after(connecting, { type: 'live', streams }, { ...karmada, isKarmada: false });
  assert.deepEqual(state, { type: 'notKarmada', context });
});

test('the first failure is a failure, since nothing can be shown', () => {
  const state = after(connecting, { type: 'failed', error, streams });
  assert.deepEqual(state, { type: 'failed', context, error });
});

test('a failure after rows were read leaves them, out of date', () => {
  const live: ConnectionState = { type: 'live', context };
  const failed = after(live, { type: 'failed', error, streams });
  assert.deepEqual(failed, { type: 'stale', context, since: 5000, error });
  const stale = after(live, { type: 'stale', since: 3000, error, streams });
  assert.deepEqual(stale, { type: 'stale', context, since: 3000, error });
});

test('the age of what is out of date does not begin anew when the trouble changes', () => {
  const stale: ConnectionState = { type: 'stale', context, since: 1000, error };
  const failed = after(stale, { type: 'failed', error, streams });
  assert.deepEqual(failed, { type: 'stale', context, since: 1000, error });
});

test('reading another list keeps a connection as it is', () => {
  const stale: ConnectionState = { type: 'stale', context, since: 1000, error };
  for (const before of [{ type: 'live', context } as const, stale, connecting]) {
    assert.equal(after(before, { type: 'connecting', streams }), before);
  }
});

test('a failed connection that tries again is connecting, and then live', () => {
  const failed: ConnectionState = { type: 'failed', context, error };
  const again = after(failed, { type: 'connecting', streams });
  assert.deepEqual(again, connecting);
  assert.deepEqual(after(again, { type: 'live', streams }), { type: 'live', context });
});
