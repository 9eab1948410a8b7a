// `npm test`: every level in order, a summary, and what was left out. With CI set, leaving something out is a failure.
// usage: npm test [-- WORD …]   only the levels whose names contain one of the words
import { levels } from './levels.mjs';

const words = process.argv.slice(2);
const isWanted = ({ name }) => words.length === 0 || words.some((word) => name.includes(word));
const isCI = Boolean(process.env.CI);
const outcomes = [];

for (const level of levels.filter(isWanted)) {
  console.log(`▸ ${level.name}`);
  const started = performance.now();
  const outcome = await outcomeOf(level);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const missed = outcome.left.filter(({ isOptional }) => isCI && !isOptional);
  const failed = outcome.failed + missed.length;
  if (failed > 0) console.log(outcome.output.trimEnd());
  console.log(`  ${outcome.passed} passed, ${failed} failed in ${seconds} s\n`);
  outcomes.push({ ...outcome, name: level.name, failed, seconds });
}

const left = outcomes.flatMap(({ name, left: parts }) => parts.map((part) => ({ name, ...part })));
for (const { name, passed, failed, seconds } of outcomes) {
  const state = failed > 0 ? 'FAILED' : passed > 0 ? 'passed' : 'left out';
  console.log(`${state.padEnd(9)} ${name.padEnd(38)} ${String(passed).padStart(6)} ${seconds} s`);
}
for (const { name, what, why, isOptional } of left) {
  console.log(
    `left out${isCI && !isOptional ? ', a failure here' : ''}: ${name}: ${what} (${why})`,
  );
}
const total = (field) => outcomes.reduce((sum, outcome) => sum + outcome[field], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exit(total('failed') > 0 || total('passed') === 0 ? 1 : 0);

async function outcomeOf(level) {
  try {
    return await level.run();
  } catch (error) {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failed: 1, output, left: [] };
  }
}
