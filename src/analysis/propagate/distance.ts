import type { Goal } from './goals.ts';

/** How far a template is from where it is to be. */
export interface Distance {
  /** Clusters that it is to stay on and does not. */
  readonly losses: number;
  /** Clusters that it is to be on and is not, and the other way round. */
  readonly differences: number;
}

const known = new WeakMap<Goal, { readonly now: ReadonlySet<string>; readonly is: Distance }>();

/** Measured once for each set of clusters that a template comes to: most steps of a plan leave most of them alone. */
export function distanceOf(goal: Goal, now: ReadonlySet<string>): Distance {
  const last = known.get(goal);
  if (last?.now === now) return last.is;
  const is = measure(goal, now);
  known.set(goal, { now, is });
  return is;
}

function measure({ before, wanted }: Goal, now: ReadonlySet<string>): Distance {
  let [losses, differences] = [0, 0];
  for (const name of before) if (wanted.has(name) && !now.has(name)) losses++;
  for (const name of wanted) if (!now.has(name)) differences++;
  for (const name of now) if (!wanted.has(name)) differences++;
  return { losses, differences };
}
