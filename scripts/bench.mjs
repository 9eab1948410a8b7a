// Runs the benchmarks of bench/ one after the other. Each compares times of one run with each other; a ratio above its
// bound fails. `npm run bench NAME …` runs only those; `live`, which starts an API server and takes minutes, runs only so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const all = [
  'engine',
  'keystroke',
  'completion',
  'diagnostics',
  'hostileTexts',
  'scenarios',
  'drafts',
  'push',
];
const names = process.argv.slice(2);
const unknown = names.filter((name) => !existsSync(`bench/${name}.ts`));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${[...all, 'live'].join(', ')}.`,
  );
  process.exit(2);
}
let failed = 0;
for (const name of names.length > 0 ? names : all) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [`bench/${name}.ts`], { stdio: 'inherit' });
  if (status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
