// Changes the examples at random and checks every finding and fix. Arguments: how many changes (default 50000), the seed.
import { runMutations } from '../test/support/mutations.ts';

const count = Number(process.argv[2] ?? 50_000);
const start = performance.now();
const counts = runMutations(count, Number(process.argv[3] ?? 1));
const seconds = (performance.now() - start) / 1000;
process.stdout.write(
  `${counts.mutations} changes in ${seconds.toFixed(0)} s: ${counts.findings} findings, ${counts.fixes} fixes, ` +
    `${counts.ignores} comments and ${counts.sourceActions} source actions hold; ` +
    `the slowest took ${counts.slowest.toFixed(0)} ms (${counts.slowestName})\n`,
);
