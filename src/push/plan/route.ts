import type { LiveState, Planning } from '../../analysis/index.ts';
import type { ObjectChange } from '../types.ts';
import type { Passing, PassingTest } from './between.ts';
import { isFixed } from './order.ts';
import type { Writer } from './states.ts';

/** The writes of a push in an order, and what Karmada makes of each. */
export interface Route {
  readonly writes: readonly ObjectChange[];
  /** One more than writes: the first is before any. */
  readonly states: readonly LiveState[];
}

/** Follows an order. */
export function* follow(
  first: LiveState,
  writes: readonly ObjectChange[],
  write: Writer,
): Planning<Route> {
  const states = [first];
  let state = first;
  for (const change of writes) {
    states.push((state = write(state, [change])));
    yield;
  }
  return { writes, states };
}

/** What members would see on a route that is neither before nor after it; each once. */
export function* passingOn({ states }: Route, test: PassingTest): Planning<readonly Passing[]> {
  const found = new Set<Passing>();
  for (const state of states) {
    for (const one of test(state)) found.add(one);
    yield;
  }
  return [...found];
}

/**
 * Looks for an order in which members see nothing but what they had and what they are to have: at each place the first
 * write, in the standard order, after which that holds. `undefined` when it gets stuck.
 */
export function* safeRoute(
  first: LiveState,
  standard: readonly ObjectChange[],
  test: PassingTest,
  write: Writer,
): Planning<Route | undefined> {
  let attempts = 4 * standard.length + 100;
  const writes: ObjectChange[] = [];
  const states = [first];
  let state = first;
  let left = standard;
  while (left.length > 0) {
    let found: ObjectChange | undefined;
    for (const change of candidates(left)) {
      if (attempts-- <= 0) return undefined;
      const next = write(state, [change]);
      yield;
      if (test(next).length > 0) continue;
      [found, state] = [change, next];
      break;
    }
    if (!found) return undefined;
    const taken = found;
    writes.push(taken);
    states.push(state);
    left = left.filter((change) => change !== taken);
  }
  return { writes, states };
}

/** What may be written next: namespaces and kinds have their places, in front or at the end. */
function candidates(left: readonly ObjectChange[]): readonly ObjectChange[] {
  const [next] = left;
  if (!next || isFixed(next)) return next ? [next] : [];
  return left.filter((change) => !isFixed(change));
}
