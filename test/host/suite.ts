import Mocha from 'mocha';
import { load } from 'suites:all';
import { begin, report, type Result } from './support/driver.ts';

/** Called by VS Code's extension host: runs the suites of this window and rejects when a test failed or none ran. */
export async function run(): Promise<void> {
  await begin();
  const grep = process.env.KARMADA_TEST_GREP;
  const mocha = new Mocha({
    ...{ ui: 'bdd', timeout: 60_000, slow: 10_000, reporter: Quiet },
    ...(grep && { grep }),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load(process.env.KARMADA_TEST_WINDOW === 'restricted' ? 'restricted' : 'trusted');
  const results: Result[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => {
      results.push({ title: test.fullTitle(), state: 'passed', duration: test.duration ?? 0 });
    });
    runner.on('pending', (test) => {
      results.push({ title: test.fullTitle(), state: 'skipped', duration: 0 });
    });
    runner.on('fail', (test, error: Error) => {
      const text = error.stack ?? String(error);
      results.push({ title: test.fullTitle(), state: 'failed', duration: 0, error: text });
    });
  });
  await report(results);
  if (failures > 0) throw new Error(`${failures} host tests failed`);
  if (results.length === 0) throw new Error('no host test ran');
}

/** Prints nothing: the runner outside prints the report. */
class Quiet extends Mocha.reporters.Base {}
