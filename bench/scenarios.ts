import { admit, override, preview, validate } from '../src/door.ts';
import { generateScenario } from '../test/support/scenario.ts';

// Many generated control planes, sound and hostile: nothing may throw, and nothing may change its input.
const count = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const print = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));

let failures = 0;
let outcomes = 0;
for (let seed = first; seed < first + count; seed++) {
  const objects = generateScenario(seed);
  const before = print(objects);
  try {
    outcomes += preview(objects).length + override(objects).length;
    for (const object of objects) {
      admit(object);
      validate(object);
    }
    if (print(objects) !== before) throw new Error('the input was changed');
  } catch (error) {
    if (failures++ < 5) console.error(`seed ${seed}:`, error);
  }
}
console.log(`${count} scenarios, ${outcomes} outcomes, ${failures} failures`);
if (failures > 0) process.exitCode = 1;
