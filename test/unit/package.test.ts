import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Manifest {
  readonly main: string;
  readonly icon?: string;
  readonly capabilities?: { readonly untrustedWorkspaces?: { readonly supported: unknown } };
  readonly engines: { readonly vscode: string; readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: unknown;
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const { contributes } = manifest;

describe('the manifest', () => {
  it('names files that exist and ship', () => {
    const shipped = new Set(read('test/package/contents.txt').split('\n').filter(Boolean));
    const text = JSON.stringify({ icon: manifest.icon, contributes });
    const files = [...text.matchAll(/"(\.?\/?(?:media|syntaxes|dist)\/[^"]+)"/g)].map(
      ([, path = '']) => path.replace(/^\.\//, ''),
    );
    assert(files.length > 0, 'no file found');
    for (const file of files) {
      assert(existsSync(join(root, file)), `${file} does not exist`);
      assert(shipped.has(`extension/${file}`), `${file} is not in the package`);
    }
    assert(shipped.has(`extension/${manifest.main.replace('./', '')}`));
  });

  it('works in Restricted Mode', () => {
    assert.equal(manifest.capabilities?.untrustedWorkspaces?.supported, 'limited');
  });

  it('is typed against the oldest VS Code that it supports', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
  });

  it('pins every dependency, and lets the bundled Node install itself', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [name, version] of Object.entries(all)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned`);
    }
    assert.equal(manifest.allowScripts['node'], true);
  });
});

describe('package-lock.json', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
  };

  it('holds the native parts for every platform, not for the one it was made on alone', () => {
    const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}),
    );
    assert(wanted.length > 0, 'no native part found');
    assert.deepEqual(
      wanted.filter((name) => !names.has(name)),
      [],
    );
  });

  it('says what package.json says', () => {
    const { dependencies, devDependencies } = (packages[''] ?? {}) as Partial<Manifest>;
    assert.deepEqual(dependencies, manifest.dependencies);
    assert.deepEqual(devDependencies, manifest.devDependencies);
  });
});

describe('the scripts', () => {
  it('exist where package.json names them', () => {
    for (const script of Object.values(manifest.scripts)) {
      for (const [file] of script.matchAll(/\b[\w./-]+\.mjs\b/g)) {
        assert(existsSync(join(root, file)), file);
      }
    }
    const bootstrap = read('scripts/bootstrap.mjs');
    for (const [, file = ''] of bootstrap.matchAll(/: '((?:scripts|bench)\/[^']+)'/g)) {
      assert(existsSync(join(root, file)), file);
    }
  });

  it('run under one version of Node', () => {
    const codeServer = read('scripts/codeServer.mjs');
    assert.equal(
      /const nodeVersion = '([^']+)'/.exec(codeServer)?.[1],
      manifest.devDependencies['node'],
    );
  });

  it('start on Node 18: the first one uses nothing newer', () => {
    const text = read('scripts/bootstrap.mjs');
    assert.doesNotMatch(text, /globSync|import\.meta\.dirname|withResolvers|\bwith \{/);
  });

  it('leave no test file out: every one is below a folder that a level runs', () => {
    const unaided = ['unit', 'conformance', 'cli', 'host/suites'];
    const folders = [...unaided, 'apiserver', 'kubeconfig', 'karmada'];
    const lost = globSync('test/**/*.test.ts', { cwd: root })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => !folders.some((folder) => file.startsWith(`test/${folder}/`)));
    assert.deepEqual(lost, []);
  });
});
