// Runs the unit, property and conformance tests in plain Node. Files are found, never listed; none found is a failure.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const patterns = process.argv.slice(2);
const files = globSync(
  patterns.length > 0 ? patterns : ['test/unit/**/*.test.ts', 'test/conformance/**/*.test.ts'],
).sort();
if (files.length === 0) {
  console.error('no test file found');
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
