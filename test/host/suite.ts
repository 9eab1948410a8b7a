import Mocha from 'mocha';
import { files, load } from 'suites:all';
import { begin, report } from './support/driver.ts';

/** Called by VS Code's extension host: runs every suite and rejects when a test failed or none ran. */
export async function run(): Promise<void> {
  await begin();
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, slow: 10_000, reporter: Quiet });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  const results: { title: string; state: string; error?: string }[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => {
      results.push({ title: test.fullTitle(), state: 'passed' });
      console.log(`ok     ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('pending', (test) => {
      results.push({ title: test.fullTitle(), state: 'skipped' });
      console.log(`skip   ${test.fullTitle()}`);
    });
    runner.on('fail', (test, error: Error) => {
      const text = error.stack ?? String(error);
      results.push({ title: test.fullTitle(), state: 'failed', error: text });
      console.log(`FAILED ${test.fullTitle()}\n${text}`);
    });
  });
  await report({ files, results });
  if (failures > 0) throw new Error(`${failures} host tests failed`);
  if (results.length === 0) throw new Error('no host test ran');
}

/** Prints nothing: the lines above and the report to the runner are enough. */
class Quiet extends Mocha.reporters.Base {}
