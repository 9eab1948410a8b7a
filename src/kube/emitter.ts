import type { Disposable } from '../base/lifecycle.ts';

/** Tells listeners, in the order in which they came. */
export interface Emitter<T> extends Disposable {
  readonly on: (listener: (value: T) => void) => Disposable;
  fire(value: T): void;
}

/** A listener that throws keeps neither the others nor the caller from going on; `onError` is told. */
export function createEmitter<T>(onError: (error: unknown) => void): Emitter<T> {
  const listeners = new Set<{ readonly call: (value: T) => void }>();
  return {
    on(call) {
      const listener = { call };
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    fire(value) {
      for (const listener of [...listeners]) {
        if (!listeners.has(listener)) continue;
        try {
          listener.call(value);
        } catch (error) {
          onError(error);
        }
      }
    },
    dispose: () => listeners.clear(),
  };
}
