// Runs the tests that need plain Node alone. Files are found, never listed; none found is a failure.
// usage: unit.mjs [file or pattern …]
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const given = process.argv.slice(2);
const patterns =
  given.length > 0 ? given : ['test/unit/**/*.test.ts', 'test/conformance/**/*.test.ts'];
const files = globSync(patterns).sort();
if (files.length === 0) {
  console.error(`no test file matches ${patterns.join(' ')}`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
