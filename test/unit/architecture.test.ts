import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Import {
  readonly from: string;
  /** A file of `src` as `folder/file.ts`, or the name of a package. */
  readonly to: string;
  readonly isOwn: boolean;
  readonly isType: boolean;
}

interface Layer {
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  readonly node: readonly string[] | 'any';
}

const pure = { packages: [], node: [] };

/** Who may import whom; ARCHITECTURE.md shows the same table. A layer's own files are always allowed. */
const layers: Readonly<Record<string, Layer>> = {
  base: { folders: [], ...pure },
  yaml: { folders: ['base', 'engine'], ...pure },
  engine: { folders: ['base', 'yaml'], ...pure, packages: ['@noble/hashes'] },
  analysis: {
    folders: ['base', 'yaml', 'engine'],
    ...pure,
    packages: ['@cfworker/json-schema', 'fast-json-patch', 'picomatch'],
  },
  'door.ts': { folders: ['engine', 'analysis'], ...pure },
  live: { folders: ['base', 'yaml', 'engine', 'analysis'], ...pure },
  push: {
    folders: ['base', 'yaml', 'engine', 'analysis', 'live'],
    ...pure,
    packages: ['fast-json-patch'],
  },
  kube: {
    folders: ['base', 'yaml', 'engine', 'live'],
    packages: ['https-proxy-agent', 'socks-proxy-agent'],
    node: 'any',
  },
  cli: { folders: ['base', 'yaml', 'engine', 'analysis'], packages: ['diff'], node: 'any' },
  vscode: {
    folders: ['base', 'yaml', 'engine', 'analysis', 'live', 'push', 'kube'],
    packages: ['vscode'],
    node: [],
  },
  'extension.ts': { folders: ['base', 'vscode'], packages: ['vscode'], node: [] },
};

/** Data, not code: one table a file. */
const isTable = (file: string): boolean => file.startsWith('engine/schema/');

const src = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src');
const files = globSync('**/*.ts', { cwd: src })
  .map((file) => file.replaceAll('\\', '/'))
  .sort();
const textOf = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = withoutComments(textOf.get(file) ?? '');
  const statements = [
    ...text.matchAll(/^(?:import|export)\s[^'"`;=()]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^import\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]\s*\)/g),
  ];
  return statements.map(([statement, specifier = '']) => {
    const isOwn = specifier.startsWith('.');
    const to = isOwn ? posix.join(posix.dirname(file), specifier) : specifier;
    return { from: file, to, isOwn, isType: /^(?:import|export)\s+type\b/.test(statement) };
  });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

const layerOf = (file: string): string => file.split('/')[0] ?? '';

function problemOf({ from, to, isOwn, isType }: Import): string | undefined {
  const layer = layers[layerOf(from)];
  if (!layer) return `${from}: its folder is in no row of the table`;
  if (isOwn) {
    const target = layerOf(to);
    if (layerOf(from) === 'yaml' && target === 'engine' && !isType) {
      return `${from} may import only types of ${to}`;
    }
    if (!textOf.has(to)) return `${from} imports ${to}, which is no source file`;
    const isAllowed = target === layerOf(from) || layer.folders.includes(target);
    return isAllowed ? undefined : `${from} must not import ${to}`;
  }
  // VS Code puts its proxy and certificates into `http` and its like, not into `node:http`.
  const isNode = isBuiltin(to);
  const isAllowed = isNode
    ? layer.node === 'any' || layer.node.includes(to)
    : layer.packages.some((name) => to === name || to.startsWith(`${name}/`));
  return isAllowed ? undefined : `${from} must not import ${to}`;
}

test('there are sources to look at and their imports are found', () => {
  assert(files.length > 50, `only ${files.length} files`);
  assert(imports.length > files.length, `only ${imports.length} imports`);
});

test('imports follow the table of layers', () => {
  assert.deepEqual(imports.map(problemOf).filter(Boolean), []);
});

test('a forbidden arrow is told', () => {
  const told = [
    { from: 'engine/types.ts', to: 'vscode/convert.ts', isOwn: true, isType: true },
    { from: 'engine/types.ts', to: 'node:fs', isOwn: false, isType: false },
    { from: 'yaml/goYaml.ts', to: 'engine/json.ts', isOwn: true, isType: false },
    { from: 'analysis/fleet.ts', to: 'vscode', isOwn: false, isType: true },
    { from: 'vscode/convert.ts', to: 'node:https', isOwn: false, isType: false },
    { from: 'cli/main.ts', to: 'vscode', isOwn: false, isType: true },
    { from: 'elsewhere/file.ts', to: 'yaml', isOwn: false, isType: false },
  ];
  assert.equal(told.map(problemOf).filter(Boolean).length, told.length);
});

test('a folder with a door is entered through it', () => {
  const isInner = ({ from, to, isOwn }: Import): boolean => {
    const [own, target] = [layerOf(from), layerOf(to)];
    // The two lowest folders know each other's files: the engine reads YAML strings without the tolerant reader.
    const isClose = ['engine', 'yaml'].includes(own) && ['engine', 'yaml'].includes(target);
    const hasDoor = textOf.has(`${target}/index.ts`);
    return isOwn && own !== target && !isClose && hasDoor && to !== `${target}/index.ts`;
  };
  const inner = imports.filter(isInner).map(({ from, to }) => `${from} imports ${to}`);
  assert.deepEqual(inner, []);
});

test('files do not import each other in a circle', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, isOwn } of imports) {
    if (isOwn) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(circles, []);
});

test('nothing but the Kubernetes client opens a connection or starts a program', () => {
  const others = files.filter((file) => layerOf(file) !== 'kube');
  const found = others.flatMap((file) => {
    const text = withoutComments(textOf.get(file) ?? '');
    const words = /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\s*\(/.exec(text);
    return words ? [`${file}: ${words[0]}`] : [];
  });
  const modules =
    /^(?:node:)?(?:https?2?|net|tls|dgram|dns|child_process|worker_threads|cluster)(?:\/|$)/;
  const imported = imports.filter(
    ({ from, to, isOwn }) => !isOwn && layerOf(from) !== 'kube' && modules.test(to),
  );
  assert.deepEqual([...found, ...imported.map(({ from, to }) => `${from}: ${to}`)], []);
});

test('the Kubernetes client is loaded when the user connects, by one import', () => {
  const loaded = imports.filter(
    ({ from, to, isOwn, isType }) =>
      isOwn && !isType && layerOf(from) !== 'kube' && layerOf(to) === 'kube',
  );
  assert.deepEqual(
    loaded.map(({ from, to }) => `${from}: ${to}`),
    ['vscode/connection/kubeClient.ts: kube/index.ts'],
  );
  assert.match(
    textOf.get('vscode/connection/kubeClient.ts') ?? '',
    /await import\('..\/..\/kube\/index.ts'\)/,
  );
});

test('a file holds at most 400 lines, tables aside', () => {
  const long = files.filter(
    (file) => !isTable(file) && (textOf.get(file) ?? '').split('\n').length > 401,
  );
  assert.deepEqual(long, []);
});

test('no `any`, no console outside the command line, no timers in the pure folders', () => {
  const purely = ['base', 'yaml', 'engine', 'analysis', 'door.ts'];
  const wrong = files.flatMap((file) => {
    const text = withoutComments(textOf.get(file) ?? '');
    const layer = layerOf(file);
    const rules: [boolean, RegExp][] = [
      [true, /(?::|<|\bas)\s*any\b/],
      [true, /@ts-(?:ignore|nocheck)|oxlint-disable|eslint-disable/],
      [layer !== 'cli', /\bconsole\./],
      [purely.includes(layer), /\b(?:setTimeout|setInterval|Math\.random|Date\.now|new Date\(\))/],
    ];
    return rules.flatMap(([applies, pattern]) => {
      const match = applies ? pattern.exec(text) : undefined;
      return match ? [`${file}: ${match[0]}`] : [];
    });
  });
  assert.deepEqual(wrong, []);
});

test('files are named after one concept', () => {
  const vague = /(?:^|\/)(?:utils?|helpers?|misc|common|shared)(?:\.ts|\/)/;
  const wrong = files.filter(
    (file) => vague.test(file) || !/^[a-z][A-Za-z0-9]*\.ts$/.test(posix.basename(file)),
  );
  assert.deepEqual(wrong, []);
});
