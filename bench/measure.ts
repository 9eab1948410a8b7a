/** The median of some runs after a warm-up, in milliseconds. Runs are bounded by count and by time. */
export function medianTime(
  run: () => void,
  { runs = 15, warmUp = 5, limit = 20_000 } = {},
): number {
  const end = performance.now() + limit;
  for (let i = 0; i < warmUp && performance.now() < end; i++) run();
  const times: number[] = [];
  for (let i = 0; i < runs && (i < 3 || performance.now() < end); i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? NaN;
}

let failures = 0;

/** Prints a ratio beside its bound; a ratio above the bound fails the run in the end. */
export function checkRatio(what: string, ratio: number, bound: number, detail: string): void {
  const holds = ratio <= bound;
  if (!holds) failures++;
  const mark = holds ? 'ok  ' : 'FAIL';
  process.stdout.write(`${mark} ${what}: ${ratio.toPrecision(3)} (at most ${bound}); ${detail}\n`);
}

/** Prints the closing line and sets the exit status. */
export function finish(): void {
  process.stdout.write(failures === 0 ? 'all bounds hold\n' : `${failures} bounds do not hold\n`);
  if (failures > 0) process.exitCode = 1;
}
