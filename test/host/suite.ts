import Mocha from 'mocha';
import { load } from 'suites:all';
import { begin, failurePicture, report, type Result } from './support/driver.ts';

/** Called by VS Code's extension host: runs the suites of this window and rejects when a test failed or none ran. */
export async function run(): Promise<void> {
  await begin();
  const grep = process.env.KARMADA_TEST_GREP;
  const mocha = new Mocha({
    ...{ ui: 'bdd', timeout: 120_000, slow: 10_000, reporter: Quiet },
    ...(grep && { grep }),
  });
  ignoreOthersErrors();
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load((process.env.KARMADA_TEST_WINDOW ?? 'trusted') as Parameters<typeof load>[0]);
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
      failurePicture(test.fullTitle()).catch(() => undefined);
    });
  });
  await report(results);
  if (failures > 0) throw new Error(`${failures} host tests failed`);
  if (results.length === 0) throw new Error('no host test ran');
}

/**
 * Mocha fails the running test for what is thrown anywhere in the process, which the extension host shares with VS
 * Code's own extensions: where there is no internet, the telemetry of some of them is such an error.
 */
function ignoreOthersErrors(): void {
  const runner = Mocha.Runner.prototype as unknown as { _uncaught(error: unknown): void };
  const { _uncaught: original } = runner;
  runner._uncaught = function (error) {
    if (!/getaddrinfo \w+ [\w.-]+\.microsoft\.com/.test(String(error))) original.call(this, error);
  };
}

/** Prints nothing: the runner outside prints the report. */
class Quiet extends Mocha.reporters.Base {}
