// Builds everything in dist/: the extension, the engine as a plain ES module, the command line and the host tests.
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
process.chdir(root);

const node = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
const isNode = (path) => node.has(path) || path.startsWith('node:');

/** `mayImport` says which imports may stay in the bundle; any other makes the build fail. */
const bundles = [
  {
    entry: 'src/extension.ts',
    outfile: 'dist/extension.cjs',
    options: { format: 'cjs', platform: 'node', target: 'node20', external: ['vscode'] },
    // No Node: in the browser it is the same bundle, and the client beside it is never loaded there.
    mayImport: (path) => path === 'vscode' || path === './kube.cjs',
    limit: 1_150_000,
  },
  {
    entry: 'src/kube/index.ts',
    outfile: 'dist/kube.cjs',
    options: { format: 'cjs', platform: 'node', target: 'node20' },
    // An optional package of the proxy agent's, for proxies that want Kerberos; its absence is a sentence.
    mayImport: (path) => isNode(path) || path === 'kerberos',
    limit: 400_000,
  },
  {
    entry: 'src/door.ts',
    outfile: 'dist/engine.mjs',
    options: { format: 'esm', platform: 'neutral', mainFields: ['module', 'main'] },
    mayImport: () => false,
    limit: 700_000,
  },
  {
    entry: 'src/cli/main.ts',
    outfile: 'dist/cli.mjs',
    options: {
      format: 'esm',
      platform: 'node',
      target: 'node20',
      banner: { js: '#!/usr/bin/env node' },
    },
    mayImport: isNode,
    limit: 700_000,
  },
  {
    entry: 'test/host/suite.ts',
    outfile: 'dist/test/suite.cjs',
    options: {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      external: ['vscode', 'mocha'],
      minify: false,
      sourcemap: 'inline',
    },
    mayImport: (path) => path === 'vscode' || path === 'mocha' || isNode(path),
  },
];

/** `import { load } from 'suites:all'` in the host suite runs every test file: found, never listed. */
const allSuites = {
  name: 'all-suites',
  setup(builder) {
    builder.onResolve({ filter: /^suites:all$/ }, () => ({ path: 'all', namespace: 'suites' }));
    builder.onLoad({ filter: /.*/, namespace: 'suites' }, () => {
      const files = globSync('test/host/suites/**/*.test.ts').map((file) =>
        file.replaceAll('\\', '/'),
      );
      const ofWindow = (name) =>
        files.filter((file) => file.startsWith(`test/host/suites/${name}/`));
      const others = ['restricted', 'live', 'karmada'].map((name) => [name, ofWindow(name)]);
      const rest = files.filter((file) => !others.some(([, found]) => found.includes(file)));
      const requires = (found) =>
        found.sort().map((file) => `require(${JSON.stringify(`./${file}`)});`);
      const cases = [['trusted', rest], ...others].map(
        ([name, found]) => `if (window === '${name}') { ${requires(found).join('\n')} }`,
      );
      const contents = `export function load(window) { ${cases.join('\n')} }`;
      return { contents, resolveDir: root, loader: 'ts' };
    });
  },
};

/** The Kubernetes client is a bundle of its own beside the extension's, loaded when the user connects. */
const kubeApart = {
  name: 'kube-apart',
  setup(builder) {
    builder.onResolve({ filter: /\/kube\/index\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './kube.cjs', external: true } : undefined,
    );
  },
};

// The package's browser build is the same code without Node's `process` and `buffer`, and as ES modules it shakes.
const alias = {
  yaml: fileURLToPath(new URL('node_modules/yaml/browser/dist/index.js', import.meta.url)),
};

let failed = false;
mkdirSync('dist/test', { recursive: true });
// The package is "type": "module"; the bundles' own endings say what they are.
for (const bundle of bundles.filter(isWanted)) await make(bundle);
process.exit(failed ? 1 : 0);

/** `node esbuild.mjs extension suite` builds these two alone. */
function isWanted({ outfile }) {
  const wanted = process.argv.slice(2);
  return wanted.length === 0 || wanted.some((name) => outfile.includes(`/${name}.`));
}

async function make({ entry, outfile, options, mayImport, limit }) {
  if (!existsSync(entry)) {
    console.error(`${outfile}: there is no ${entry}`);
    failed = true;
    return;
  }
  let result;
  try {
    result = await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      minify: true,
      legalComments: 'none',
      charset: 'utf8',
      target: 'es2024',
      alias,
      plugins: [allSuites, kubeApart],
      metafile: true,
      logLevel: 'warning',
      ...options,
    });
  } catch {
    console.error(`${outfile}: not built`);
    failed = true;
    return;
  }
  report(result.metafile, outfile, mayImport, limit);
  if (outfile === 'dist/cli.mjs') await chmod(outfile, 0o755);
}

function report(metafile, outfile, mayImport, limit) {
  const output = metafile.outputs[outfile];
  for (const { path } of output.imports.filter((found) => !mayImport(found.path))) {
    const importers = Object.entries(metafile.inputs)
      .filter(([, input]) => input.imports.some((found) => found.path === path))
      .map(([file]) => file);
    console.error(`${outfile} must not import ${path} (imported by ${importers.join(', ')})`);
    failed = true;
  }
  console.log(`${outfile}: ${(output.bytes / 1000).toFixed(1)} kB`);
  if (limit !== undefined && output.bytes > limit) {
    console.error(`${outfile} is larger than its limit of ${limit / 1000} kB`);
    failed = true;
  }
}
