import type { LiveState, Planning } from '../../analysis/index.ts';
import type { ObjectChange } from '../types.ts';
import type { Passing, PassingTest } from './between.ts';
import type { Route } from './route.ts';
import type { Writer } from './states.ts';
import type { Touched } from './touched.ts';

/** A write that has to wait until Karmada has seen those before it. */
export interface Barrier {
  /** Index of the write. */
  readonly index: number;
  /** The state that holds then, and the one at the barrier before. */
  readonly state: LiveState;
  readonly since: LiveState;
  /** Writes that have to be seen before. */
  readonly seen: readonly ObjectChange[];
}

/**
 * Karmada reads policies and templates from caches that are filled independently, so a write may be seen before those
 * that went ahead of it. Finds the writes where that would show something that is neither before nor after.
 *
 * @param isHidden whether members do not see it, because dispatch is held there, or are said to see it anyway
 */
export function* barriersOn(
  { writes, states }: Route,
  test: PassingTest,
  write: Writer,
  touched: Touched,
  isHidden: (passing: Passing) => boolean,
): Planning<readonly Barrier[]> {
  const barriers: Barrier[] = [];
  let start = 0;
  for (const [index, change] of writes.entries()) {
    const [since, state] = [states[start], states[index]];
    if (!since || !state || index === start) continue;
    const names = (one: ObjectChange): ReadonlySet<string> => touched.byChange.get(one) ?? none;
    const pending = writes.slice(start, index);
    const related = pending.filter((one) => share(names(one), names(change)));
    // Seen at once they can do what they do not do one by one: a lazy policy takes what it finds when it comes.
    const orders: readonly (readonly ObjectChange[])[] = [
      ...(related.length > 0 ? [[]] : []),
      ...related.map((one) => [one]),
      ...(related.length > 1 ? [related] : []),
    ];
    let isRisky = false;
    for (const unseen of orders) {
      const early = write(since, [...pending.filter((one) => !unseen.includes(one)), change]);
      isRisky = test(early).some((one) => !isHidden(one));
      if (isRisky) break;
      yield;
    }
    if (!isRisky && !endsNamespace(change, pending)) continue;
    barriers.push({ index, state, since, seen: related });
    start = index;
  }
  return barriers;
}

const none: ReadonlySet<string> = new Set();

function share(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const one of small) if (large.has(one)) return true;
  return false;
}

/** A namespace goes when what was deleted in it has gone from the members. */
function endsNamespace(
  { type, reference }: ObjectChange,
  pending: readonly ObjectChange[],
): boolean {
  const isEnd = type === 'delete' && reference.kind === 'Namespace';
  return isEnd && pending.some((one) => one.type === 'delete');
}
