import { MutableDisposable, type Disposable } from '../base/lifecycle.ts';

/**
 * Holds something as long as it is wanted: streams of the control plane while a view can be seen. Call `follow` when
 * that may have changed.
 */
export function holdWhile(
  isWanted: () => boolean,
  hold: () => Disposable,
): Disposable & { follow(): void } {
  const held = new MutableDisposable<Disposable>();
  const follow = () => {
    held.value = isWanted() ? (held.value ?? hold()) : undefined;
  };
  follow();
  return { follow, dispose: () => held.dispose() };
}
