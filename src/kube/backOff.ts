const least = 800;
const most = 30_000;

/**
 * How long to wait after a number of failures in a row: twice as long each time, spread so that many clients do not
 * come back together.
 */
export function backOff(failures: number, random: () => number): number {
  const base = Math.min(most, least * 2 ** Math.max(0, Math.min(failures, 20) - 1));
  return Math.round(Math.min(most, base * (0.5 + random())));
}
