// The levels of `npm test`, in the order they run. A level answers with what it counted: `passed`, `failed`, the text
// to show when something failed, and what it left out: `{ what, why, isOptional }`.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { apiServerHindrance } from './apiServerPrograms.mjs';
import { runHostTests } from './host.mjs';
import { startKarmadaApiServer } from './karmadaApiServer.mjs';
import { buildBundles, packageExtension } from './package.mjs';
import { run, runTool } from './processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sizeLimit = 1_000_000;
const minutes = (count) => count * 60_000;

export const levels = [
  { name: 'format', run: () => check('prettier', ['--check', '.']) },
  { name: 'types of the pure folders', run: () => check('tsc', ['-p', 'src/tsconfig.pure.json']) },
  { name: 'types', run: () => check('tsc', ['-p', '.']) },
  { name: 'lint', run: () => check('oxlint', ['--type-aware', '--deny-warnings']) },
  { name: 'dead code', run: () => check('knip', ['--no-progress', '--no-config-hints']) },
  { name: 'unit, property and conformance tests', run: unitTests },
  { name: 'build', run: build },
  { name: 'grammar', run: grammar },
  { name: 'command line', run: commandLine },
  { name: 'recorded answers, built engine', run: recordedAnswers },
  { name: 'recorded answers beside the project', run: answersBeside },
  { name: 'package', run: packaging },
  { name: 'host, a real VS Code', run: host },
  { name: 'a real API server', run: realApiServer },
  { name: 'a real Karmada', run: realKarmada },
];

async function check(tool, args) {
  const env = { ...process.env, NO_COLOR: '1' };
  const { code, output } = await runTool(tool, args, { cwd: root, env, timeout: minutes(5) });
  return one(code === 0, output);
}

function one(isGood, output = '') {
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, output, left: [] };
}

function leftOut(what, why, isOptional = false) {
  return { passed: 0, failed: 0, output: '', left: [{ what, why, isOptional }] };
}

/** Every level after the build needs it: it is made once, whichever levels run, and a broken one breaks them all. */
const built = once(() => buildBundles());
const packaged = once(async () => {
  await built();
  return packageExtension();
});

function once(make) {
  let made;
  return () => (made ??= make());
}

async function build() {
  return one(true, await built());
}

async function commandLine() {
  await built();
  return nodeTests(['test/cli/**/*.test.ts']);
}

function unitTests() {
  return nodeTests(['test/unit/**/*.test.ts', 'test/conformance/**/*.test.ts']);
}

/** Runs test files with node:test and counts what its closing lines say. */
async function nodeTests(patterns, env = {}) {
  const files = globSync(patterns, { cwd: root }).sort();
  if (files.length === 0) return one(false, `no test file matches ${patterns.join(' ')}`);
  const { code, output } = await run(
    process.execPath,
    ['--test', '--test-reporter=spec', ...files],
    { cwd: root, env: { ...process.env, ...env, NO_COLOR: '1' }, timeout: minutes(20) },
  );
  const count = (name) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const passed = count('pass');
  const failed = count('fail') + count('cancelled');
  if (passed + failed === 0) return one(false, `${output}\nno test ran`);
  return {
    passed,
    failed: code === 0 ? failed : Math.max(failed, 1),
    output,
    left: skipped(output),
  };
}

/** The skipped tests and their reasons, from the spec reporter's lines. */
function skipped(output) {
  const seen = new Set();
  return [...output.matchAll(/^\s*﹣ (.+?) \([\d.]+m?s\) # (.*)$/gm)].flatMap(([, what, why]) => {
    if (seen.has(what)) return [];
    seen.add(what);
    return [leftPart(what, why)];
  });
}

function leftPart(what, why) {
  return { what, why, isOptional: /\.\.\/shared|KARMADA_E2E_KUBECONFIG/.test(why) };
}

async function grammar() {
  const files = globSync('test/grammar/*.yaml', { cwd: root });
  if (files.length === 0) return one(false, 'no file in test/grammar');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [tool, ...args] = scripts['test:grammar']
    .split(' ')
    .map((word) => word.replaceAll('"', ''));
  const { code, output } = await runTool(tool, args, { cwd: root, timeout: minutes(2) });
  return { ...one(code === 0, output), passed: code === 0 ? files.length : 0 };
}

/** The engine as it is built must answer as its sources do. */
async function recordedAnswers() {
  await built();
  const engine = join(root, 'dist', 'engine.mjs');
  return nodeTests(['test/conformance/**/*.test.ts'], {
    KARMADA_TEST_ENGINE: pathToFileURL(engine).href,
  });
}

async function answersBeside() {
  const folder = join(root, '..', 'shared', 'conformance');
  const runner = join(folder, 'run.mjs');
  if (!existsSync(runner)) return leftOut('its answers', 'there is no ../shared/conformance', true);
  await built();
  const files = globSync(join(folder, '*.jsonl.gz')).sort();
  const { code, output } = await run(process.execPath, [runner, 'dist/engine.mjs', ...files], {
    cwd: root,
    timeout: minutes(10),
  });
  return one(code === 0, output);
}

/** The VSIX holds the files of the golden list, no other, and is small. */
async function packaging() {
  const made = await packaged();
  const golden = join(root, 'test', 'package', 'contents.txt');
  const text = `${made.files.join('\n')}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, text);
  const wanted = readFileSync(golden, 'utf8').split('\n').filter(Boolean);
  const wrong = [
    ...made.files.filter((file) => !wanted.includes(file)).map((file) => `not wanted: ${file}`),
    ...wanted.filter((file) => !made.files.includes(file)).map((file) => `missing: ${file}`),
  ];
  if (made.size > sizeLimit) wrong.push(`${made.size} bytes, more than ${sizeLimit}`);
  const summary = `${made.path}: ${made.files.length} files, ${(made.size / 1000).toFixed(1)} kB`;
  return one(wrong.length === 0, [...wrong, summary].join('\n'));
}

/** Installs the VSIX into a fresh VS Code, which is a test of its own, and runs the host tests there. */
async function host() {
  const { path } = await packaged();
  const lines = [];
  const { results, error } = await runHostTests(path, (line) => {
    lines.push(line);
    if (!/^ {2}/.test(line)) console.log(`  ${line}`);
  });
  const count = (state) => results.filter((result) => result.state === state).length;
  if (error !== undefined) lines.push(error);
  return {
    passed: count('passed'),
    failed: count('failed') + (error === undefined ? 0 : 1),
    output: lines.join('\n'),
    left: results
      .filter(({ state }) => state === 'skipped')
      .map(({ title, why = 'the test skips itself' }) => leftPart(title, why)),
  };
}

/** One server for all files of the level, with the kinds of Karmada and Flux; what stops servers starts its own. */
async function realApiServer() {
  const hindrance = await apiServerHindrance();
  if (hindrance !== undefined) return leftOut('its tests', hindrance);
  const server = await startKarmadaApiServer((line) => console.log(`  ${line}`));
  try {
    return await nodeTests(['test/apiserver/**/*.test.ts', 'test/kubeconfig/**/*.test.ts'], {
      KARMADA_TEST_KUBECONFIG: server.kubeconfig,
      KARMADA_TEST_KUBECTL: server.kubectl,
    });
  } finally {
    await server.stop();
  }
}

async function realKarmada() {
  if (!process.env.KARMADA_E2E_KUBECONFIG) {
    return leftOut('the tests on it', 'KARMADA_E2E_KUBECONFIG names no kubeconfig', true);
  }
  return nodeTests(['test/karmada/**/*.test.ts']);
}
