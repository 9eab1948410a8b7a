import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runMutations } from '../../support/mutations.ts';

test(
  '2,000 changes of the examples: no throw, ranges inside, fixes that mend',
  { timeout: 300_000 },
  () => {
    const counts = runMutations(2000, 1);
    assert.equal(counts.mutations, 2000);
    assert(counts.findings > 2000, `only ${counts.findings} findings`);
    assert(counts.fixes > 200, `only ${counts.fixes} fixes`);
    assert(counts.ignores > 2000, `only ${counts.ignores} comments`);
    assert(counts.sourceActions > 5, `only ${counts.sourceActions} source actions`);
    assert(counts.slowest < 10_000, `${counts.slowestName} took ${counts.slowest} ms`);
  },
);
