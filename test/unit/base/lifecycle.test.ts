import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DisposableStore, MutableDisposable } from '../../../src/base/lifecycle.ts';

function recorder() {
  const disposed: string[] = [];
  return { disposed, named: (name: string) => ({ dispose: () => disposed.push(name) }) };
}

test('a store disposes its members once, last first', () => {
  const { disposed, named } = recorder();
  const store = new DisposableStore();
  store.add(named('a'));
  store.add(named('b'));
  store.dispose();
  store.dispose();
  assert.deepEqual(disposed, ['b', 'a']);
});

test('a store that is disposed takes nothing any more', () => {
  const { disposed, named } = recorder();
  const store = new DisposableStore();
  store.dispose();
  store.add(named('late'));
  assert.deepEqual(disposed, ['late']);
  assert.equal(store.isDisposed, true);
});

test('a new value takes the place of the old one', () => {
  const { disposed, named } = recorder();
  const holder = new MutableDisposable();
  holder.value = named('a');
  holder.value = named('b');
  assert.deepEqual(disposed, ['a']);
  holder.dispose();
  assert.deepEqual(disposed, ['a', 'b']);
  holder.value = named('late');
  assert.deepEqual(disposed, ['a', 'b', 'late']);
  assert.equal(holder.value, undefined);
});

test('the same value set again stays', () => {
  const { disposed, named } = recorder();
  const holder = new MutableDisposable();
  const value = named('a');
  holder.value = value;
  holder.value = value;
  assert.deepEqual(disposed, []);
});
