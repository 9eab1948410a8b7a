import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Credentials, StreamState } from '../../../../src/kube/index.ts';
import { KubeError } from '../../../../src/live/index.ts';
import {
  ageText,
  connectionDetails,
  staleMessage,
  statusText,
} from '../../../../src/vscode/connection/connectionText.ts';

const minute = 60_000;

test('ages are told in the largest unit that fits', () => {
  const ages = [
    0,
    minute - 1,
    minute,
    59 * minute,
    60 * minute,
    47 * 60 * minute,
    72 * 60 * minute,
  ];
  assert.deepEqual(ages.map(ageText), [
    'less than 1 min',
    'less than 1 min',
    '1 min',
    '59 min',
    '1 h',
    '47 h',
    '3 d',
  ]);
});

test('a clock that was set back makes no negative age', () => {
  assert.equal(ageText(-5 * minute), 'less than 1 min');
});

test('the line above a tree tells the age and the reason, and nothing while all is well', () => {
  const error = new KubeError('unreachable', 'No connection to 127.0.0.1:6443.');
  const stale = { type: 'stale', context: 'fleet', since: 0, error } as const;
  assert.equal(
    staleMessage(stale, 2 * minute),
    'Not up to date: 2 min old. No connection to 127.0.0.1:6443.',
  );
  assert.equal(staleMessage({ type: 'live', context: 'fleet' }, 0), '');
});

test('the status bar shows nothing while nothing is connected', () => {
  assert.equal(statusText({ type: 'disconnected' }, 0), undefined);
});

const credentials: Credentials = {
  get: () => Promise.reject(new Error('not asked')),
  renew: () => false,
  forgetFailure: () => {},
  dispose: () => undefined,
};

test('the details name server, user and what is not allowed, and no password of a URL', () => {
  const refused: StreamState = {
    type: 'refused',
    error: new KubeError('forbidden', 'works is forbidden', { status: 403 }),
  };
  const streams = new Map<string, StreamState>([
    ['work.karmada.io/works', refused],
    ['cluster.karmada.io/clusters', { type: 'live' }],
    ['namespaces', refused],
    ['events', { type: 'refused', error: new KubeError('malformed', 'The answer is no list.') }],
  ]);
  const session = {
    target: {
      context: 'fleet',
      cluster: 'fleet',
      user: 'ann',
      namespace: 'default',
      server: 'https://karmada.example:5443',
      proxyUrl: 'http://ann:secret@proxy.example:3128/',
      credentials,
    },
    info: {
      isKarmada: true,
      kubernetesVersion: 'v1.36.1',
      karmadaVersion: '1.18.2',
      served: new Map(),
      resources: [],
    },
    state: { type: 'live', streams } as const,
  };
  const lines = connectionDetails({ type: 'live', context: 'fleet' }, session, undefined, 0);
  assert.deepEqual(lines, [
    'Connected',
    'Server: https://karmada.example:5443',
    'User: ann',
    'Proxy: http://proxy.example:3128/',
    'Karmada: 1.18.2',
    'Kubernetes API: v1.36.1',
    'Not allowed; it takes the verbs get, list and watch on: works.work.karmada.io, namespaces',
    'events: The answer is no list.',
  ]);
});

test('the details name what the policies of another Karmada lack and have', () => {
  const info = {
    ...{ isKarmada: true, kubernetesVersion: '', karmadaVersion: '1.17', served: new Map() },
    resources: [],
    differences: {
      lacking: new Map([['PropagationPolicy', [{ path: 'spec.failover' }]]]),
      unknown: new Map([['OverridePolicy', [{ path: 'spec.overriders.newer' }]]]),
    },
  };
  const dispose = (): void => {};
  const credentials: Credentials = {
    get: () => Promise.reject(new Error()),
    renew: () => false,
    forgetFailure: () => {},
    dispose,
  };
  const target = {
    context: 'fleet',
    cluster: 'c',
    user: 'ann',
    namespace: '',
    server: 'https://k',
    proxyUrl: '',
    credentials,
  };
  const session = { target, info, state: { type: 'live', streams: new Map() } } as const;
  const lines = connectionDetails({ type: 'live', context: 'fleet' }, session, undefined, 0);
  assert.deepEqual(lines.slice(3), [
    'Karmada: 1.17',
    'Its policies lack: failover',
    'Not known here: newer',
  ]);
});
