import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionState } from '../../../../src/vscode/connection/connectionState.ts';
import { LastContext } from '../../../../src/vscode/connection/lastContext.ts';
import { createStartUp } from '../../../../src/vscode/connection/startUp.ts';

/** A window with a workspace's memory; what it connected to, and what it remembers. */
function windowWith(memory: Map<string, unknown>, state: ConnectionState['type'] = 'disconnected') {
  const listeners: ((state: ConnectionState) => void)[] = [];
  const connected: string[] = [];
  const last = new LastContext({
    get: (key: string) => memory.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
  });
  const current = (
    state === 'disconnected' ? { type: state } : { type: state, context: 'now' }
  ) as ConnectionState;
  const connection = {
    state: current,
    connect: (context: string) => {
      connected.push(context);
      return Promise.resolve(current);
    },
    onDidChangeState: (listener: (state: ConnectionState) => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
  };
  last.follow(connection);
  return {
    connected,
    last,
    connection,
    change: (next: ConnectionState) => listeners.forEach((listener) => listener(next)),
  };
}

const yes = () => true;
const no = () => false;

test('a workspace remembers the context that it was connected to', () => {
  const memory = new Map<string, unknown>();
  const first = windowWith(memory);
  first.change({ type: 'connecting', context: 'fleet' });
  assert.equal(first.last.context, '');
  first.change({ type: 'live', context: 'fleet' });
  const next = windowWith(memory);
  assert.equal(next.last.context, 'fleet');
  assert.equal(next.last.isWanted, true);
});

test('connects again when a view is seen, once, and only if the user has it so', () => {
  const memory = new Map<string, unknown>();
  windowWith(memory).change({ type: 'live', context: 'fleet' });
  for (const [wish, expected] of [
    [no, []],
    [yes, ['fleet']],
  ] as const) {
    const { connected, connection, last } = windowWith(memory);
    const seen = createStartUp(connection, last, yes, wish);
    seen();
    seen();
    assert.deepEqual(connected, expected);
  }
});

test('waits for the workspace to be trusted', () => {
  const memory = new Map<string, unknown>();
  windowWith(memory).change({ type: 'live', context: 'fleet' });
  const { connected, connection, last } = windowWith(memory);
  let isTrusted = false;
  const seen = createStartUp(connection, last, () => isTrusted, yes);
  seen();
  assert.deepEqual(connected, []);
  isTrusted = true;
  seen();
  assert.deepEqual(connected, ['fleet']);
});

test('does not connect again after the user has disconnected, and still offers the context', () => {
  const memory = new Map<string, unknown>();
  const first = windowWith(memory);
  first.change({ type: 'live', context: 'fleet' });
  first.change({ type: 'disconnected' });
  const { connected, connection, last } = windowWith(memory);
  createStartUp(connection, last, yes, yes)();
  assert.deepEqual(connected, []);
  assert.equal(last.context, 'fleet');
});

test('leaves a connection alone that the user has made meanwhile', () => {
  const memory = new Map<string, unknown>();
  windowWith(memory).change({ type: 'live', context: 'fleet' });
  const { connected, connection, last } = windowWith(memory, 'connecting');
  createStartUp(connection, last, yes, yes)();
  assert.deepEqual(connected, []);
});
