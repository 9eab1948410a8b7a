import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createWorkspace } from '../../src/analysis/index.ts';
import type {
  CodeAction,
  Diagnostic,
  Range,
  UriEdit,
  Workspace,
} from '../../src/analysis/index.ts';
import { createLineIndex } from '../../src/base/position.ts';
import type { LineIndex } from '../../src/base/position.ts';
import { allCodes, edited, exampleUri, missingParts, readExample } from './diagnosticExamples.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Documents that belong together, by name. */
interface Seed {
  readonly name: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** The examples of the repository, and those of every code: these bring the fixes into play. */
function seeds(): readonly Seed[] {
  const folder = (name: string): Seed => {
    const files = globSync(`examples/${name}/**/*.yaml`, { cwd: root }).sort();
    const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');
    return { name, texts: new Map(files.map((file) => [file, read(file)])) };
  };
  const examples = allCodes
    .filter((code) => missingParts(code).length === 0)
    .map((code): Seed => {
      const { before, others } = readExample(code);
      return { name: code, texts: new Map([...Object.entries(others), [exampleUri, before]]) };
    });
  // Each of the two folders weighs as much as the codes together.
  return examples.flatMap((example, i) => [example, folder(i % 4 === 0 ? 'fleet' : 'podinfo')]);
}

/** What a run has looked at. */
export interface MutationCounts {
  mutations: number;
  findings: number;
  fixes: number;
  ignores: number;
  sourceActions: number;
  /** Milliseconds of the slowest mutation with all that is checked of it, and which one it was. */
  slowest: number;
  slowestName: string;
}

/**
 * Changes examples at random, one change a step on top of earlier ones now and then, and checks every answer: nothing
 * throws, every range is inside its document, and every fix leaves readable YAML without its finding. Throws with the
 * text on the first wrong answer.
 */
export function runMutations(count: number, seed: number): MutationCounts {
  const random = createRandom(seed);
  const counts: MutationCounts = {
    mutations: 0,
    findings: 0,
    fixes: 0,
    ignores: 0,
    sourceActions: 0,
    slowest: 0,
    slowestName: '',
  };
  const all = seeds();
  const perSeed = Math.ceil(count / all.length);
  for (const { name, texts } of all) {
    const workspace = createWorkspace();
    for (const [uri, text] of texts) workspace.update(uri, text);
    const uris = [...texts.keys()];
    const current = new Map(texts);
    for (let i = 0; i < perSeed && counts.mutations < count; i++) {
      const uri = random.pick(uris);
      const before = current.get(uri) ?? '';
      const text = mutated(before, random);
      const start = performance.now();
      try {
        workspace.update(uri, text);
        current.set(uri, text);
        checkAll(workspace, current, uri, random, counts);
      } catch (error) {
        throw new Error(
          `${name}, ${uri}, seed ${seed}, mutation ${counts.mutations}:\n${text}\n${String(error)}`,
          { cause: error },
        );
      }
      const time = performance.now() - start;
      if (time > counts.slowest) [counts.slowest, counts.slowestName] = [time, `${name} ${uri}`];
      counts.mutations++;
      // Mostly one change at a time; a text that stays broken would hide everything else.
      if (random.chance(0.85)) {
        current.set(uri, texts.get(uri) ?? '');
        workspace.update(uri, texts.get(uri) ?? '');
      }
    }
  }
  return counts;
}

const words = [
  'no',
  'yes',
  '5.10',
  '0777',
  'null',
  '~',
  '[]',
  '{}',
  '""',
  '|',
  '-1',
  '99999999999999999999',
  'member1',
  'member9',
  'podinfo',
  'podinfos',
  '__proto__',
  'constructor',
  'helm.toolkit.fluxcd.io/v2beta1',
  'helm.toolkit.fluxcd.io/v2beta2',
  'source.toolkit.fluxcd.io/v1beta2',
  'OCIRepository',
  'ClusterPropagationPolicy',
  '/spec/values/a~1b/-',
  '*alias',
  '&anchor x',
  '!!binary x',
  '{{ .Values.x }}',
  '# karmada-ignore',
  'x: y',
  'ä€𝄞',
];

/** One change: of a character, a word, a key, a line, a block of lines or the ends of all lines. */
function mutated(text: string, random: Random): string {
  const lines = text.split('\n');
  const line = random.int(lines.length);
  const own = lines[line] ?? '';
  const put = (...replacement: readonly string[]): string =>
    lines.toSpliced(line, 1, ...replacement).join('\n');
  const at = random.int(text.length + 1);
  switch (random.int(13)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + random.pick([...':-[]{}"\'#&*|>!%@`,? \t\n']) + text.slice(at);
    case 2:
      return put();
    case 3:
      return put(own, own);
    case 4:
      return put(own.replace(/(:\s+|-\s+).*$/, (_, lead: string) => lead + random.pick(words)));
    case 5:
      return put(
        own.replace(/[A-Za-z]+(?=:)/, (key) => key.slice(0, -1) + random.pick([...'aesx'])),
      );
    case 6:
      return put(own.replace(/[A-Za-z]+:/, `${random.pick(['name', 'spec', 'values', 'kind'])}:`));
    case 7:
      return put(random.chance(0.5) ? `  ${own}` : own.replace(/^ {2}/, ''));
    case 8:
      return lines.toSpliced(line, 1 + random.int(8)).join('\n');
    case 9:
      return lines
        .toSpliced(random.int(lines.length), 0, ...lines.slice(line, line + 8))
        .join('\n');
    case 10:
      return text.slice(0, at);
    case 11:
      return text.replaceAll('\n', '\r\n');
    default:
      return put(own.replace(/\b[\w.-]+$/, () => random.pick(words)));
  }
}

function checkAll(
  workspace: Workspace,
  texts: ReadonlyMap<string, string>,
  uri: string,
  random: Random,
  counts: MutationCounts,
): void {
  for (const [name, text] of texts) {
    for (const { code, range, related } of workspace.diagnostics(name)) {
      counts.findings++;
      checkRange(text, range, code);
      for (const place of related ?? []) {
        checkRange(texts.get(place.uri) ?? '', place.range, `${code}, related`);
      }
    }
  }
  const text = texts.get(uri) ?? '';
  checkNavigation(workspace, texts, uri, random);
  const findings = workspace.diagnostics(uri);
  if (findings.length === 0) return;
  const whole = {
    start: { line: 0, character: 0 },
    end: createLineIndex(text).positionAt(Infinity),
  };
  for (const action of workspace.codeActions(uri, whole))
    checkAction(workspace, texts, uri, action, counts);
  if (!random.chance(0.1)) return;
  for (const type of ['fixAll', 'migrateFlux'] as const) {
    const edits = workspace.sourceAction(uri, type);
    if (edits.length === 0) continue;
    counts.sourceActions++;
    inState(workspace, texts, edits, () => {
      const left = workspace.sourceAction(uri, type);
      if (left.length > 0) throw new Error(`${type} is not stable: ${JSON.stringify(left)}`);
    });
  }
}

function checkNavigation(
  workspace: Workspace,
  texts: ReadonlyMap<string, string>,
  uri: string,
  random: Random,
): void {
  const text = texts.get(uri) ?? '';
  const position = createLineIndex(text).positionAt(random.int(text.length + 1));
  for (const { origin, ...place } of workspace.definition(uri, position)) {
    checkRange(text, origin, 'definition');
    checkRange(texts.get(place.uri) ?? '', place.selection, 'definition');
  }
  for (const place of workspace.references(uri, position, true)) {
    checkRange(texts.get(place.uri) ?? '', place.range, 'reference');
  }
  const renamed = workspace.rename(uri, position, 'another-name');
  if ('edits' in renamed) {
    for (const place of renamed.edits)
      checkRange(texts.get(place.uri) ?? '', place.range, 'rename');
  }
  for (const symbol of workspace.documentSymbols(uri)) checkRange(text, symbol.range, 'symbol');
  for (const { range } of workspace.documentLinks(uri)) checkRange(text, range, 'link');
}

const indexes = new Map<string, LineIndex>();

function linesOf(text: string): LineIndex {
  if (indexes.size > 100) indexes.clear();
  const lines = indexes.get(text) ?? createLineIndex(text);
  indexes.set(text, lines);
  return lines;
}

/** Both ends are places of the text, in order. */
function checkRange(text: string, { start, end }: Range, what: string): void {
  const lines = linesOf(text);
  const isPlace = (position: Range['start']): boolean => {
    const back = lines.positionAt(lines.offsetAt(position));
    return back.line === position.line && back.character === position.character;
  };
  const isOrdered = lines.offsetAt(start) <= lines.offsetAt(end);
  if (!isPlace(start) || !isPlace(end) || !isOrdered) {
    throw new Error(`a range outside the text: ${what} ${JSON.stringify({ start, end })}`);
  }
}

function checkAction(
  workspace: Workspace,
  texts: ReadonlyMap<string, string>,
  uri: string,
  action: CodeAction,
  counts: MutationCounts,
): void {
  if (action.type === 'fix') counts.fixes++;
  else counts.ignores++;
  const before = workspace.diagnostics(uri);
  const brokenBefore = syntaxErrors(workspace, action.edits);
  inState(workspace, texts, action.edits, () => {
    if (syntaxErrors(workspace, action.edits) > brokenBefore) {
      throw new Error(`“${action.title}” leaves YAML that cannot be read`);
    }
    const after = workspace.diagnostics(uri);
    for (const finding of action.diagnostics) {
      if (countOf(after, finding) >= countOf(before, finding)) {
        throw new Error(`“${action.title}” leaves ${finding.code}: ${finding.message}`);
      }
    }
  });
}

function countOf(findings: readonly Diagnostic[], { code, message }: Diagnostic): number {
  return findings.filter((finding) => finding.code === code && finding.message === message).length;
}

function syntaxErrors(workspace: Workspace, edits: readonly UriEdit[]): number {
  const uris = new Set(edits.map(({ uri }) => uri));
  return [...uris]
    .flatMap((uri) => workspace.diagnostics(uri))
    .filter(({ code }) => code === 'yaml-syntax').length;
}

/** Looks at the workspace after some edits, then takes them back. */
function inState(
  workspace: Workspace,
  texts: ReadonlyMap<string, string>,
  edits: readonly UriEdit[],
  look: () => void,
): void {
  const uris = new Set(edits.map(({ uri }) => uri));
  for (const uri of uris) workspace.update(uri, edited(texts.get(uri) ?? '', uri, edits));
  try {
    look();
  } catch (error) {
    const after = [...uris].map((uri) => `${uri}:\n${edited(texts.get(uri) ?? '', uri, edits)}`);
    throw new Error(`${String(error)}\nafter it\n${after.join('\n')}`, { cause: error });
  } finally {
    for (const uri of uris) workspace.update(uri, texts.get(uri) ?? '');
  }
}
