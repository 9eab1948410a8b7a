import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type {
  CodeAction,
  Diagnostic,
  UriEdit,
  Workspace,
  WorkspaceOptions,
} from '../../src/analysis/index.ts';
import { codes } from '../../src/analysis/findings/codes.ts';
import type { Code, CodeRow } from '../../src/analysis/findings/codes.ts';
import { createLineIndex } from '../../src/base/position.ts';
import { open } from './documents.ts';

/** Where the examples lie: a folder a code, in it `about.md`, `before.yaml`, `after.yaml` and perhaps more files. */
export const exampleFolder = fileURLToPath(new URL('../fixtures/diagnostics', import.meta.url));

/** One code with what its page says and shows. */
export interface DiagnosticExample {
  readonly code: Code;
  readonly row: CodeRow;
  /** Markdown: what it means, why, what to do. */
  readonly about: string;
  readonly options: WorkspaceOptions;
  readonly before: string;
  readonly after: string;
  /** Other documents of the workspace, by name. */
  readonly others: { readonly [name: string]: string };
}

/** Every code that there is, in the order of the table. */
export const allCodes = Object.keys(codes) as Code[];

/** The name of the example's document. */
export const exampleUri = 'example.yaml';

/** What a folder without an example lacks; empty when nothing is missing. */
export function missingParts(code: Code): string[] {
  return ['about.md', 'before.yaml', 'after.yaml'].filter(
    (name) => !existsSync(join(exampleFolder, code, name)),
  );
}

/** Reads the example of a code. */
export function readExample(code: Code): DiagnosticExample {
  const folder = join(exampleFolder, code);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const [, header = '', about = ''] =
    /^(?:---\n([^]*?)\n---\n)?([^]*)$/.exec(read('about.md')) ?? [];
  const own = new Set(['about.md', 'before.yaml', 'after.yaml']);
  const others = globSync('**/*.{yaml,json}', { cwd: folder })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !own.has(name))
    .sort();
  return {
    code,
    row: codes[code],
    about: about.trim(),
    options: (parse(header) ?? {}) as WorkspaceOptions,
    before: read('before.yaml'),
    after: read('after.yaml'),
    others: Object.fromEntries(others.map((name) => [name, read(name)])),
  };
}

/** A workspace with a text in the place of the example. */
export function openExample(example: DiagnosticExample, text: string): Workspace {
  const { code, options, others } = example;
  // This hint is about a fleet as a whole, so every complete example would have it.
  const off = code === 'health-not-interpreted' ? {} : { 'health-not-interpreted': 'off' as const };
  const severities = { ...off, ...options.severities };
  return open({ ...others, [exampleUri]: text }, { ...options, severities });
}

/** All findings of the example's workspace. */
export function findingsOf(workspace: Workspace): readonly Diagnostic[] {
  return workspace.preview().problems;
}

/** The fix that the page shows: the preferred one, else the first; `undefined` when the code has none here. */
export function fixOf(workspace: Workspace): CodeAction | undefined {
  const fixes = findingsOf(workspace).flatMap(({ range }) =>
    workspace.codeActions(exampleUri, range).filter(({ type }) => type === 'fix'),
  );
  return fixes.find(({ isPreferred }) => isPreferred) ?? fixes[0];
}

/** The example after its fix; `undefined` when it has none. */
export function fixedText(example: DiagnosticExample): string | undefined {
  const fix = fixOf(openExample(example, example.before));
  return fix && edited(example.before, exampleUri, fix.edits);
}

/** A text after the edits that are about it. */
export function edited(text: string, uri: string, edits: readonly UriEdit[]): string {
  const lines = createLineIndex(text);
  let result = text;
  const own = edits
    .filter((edit) => edit.uri === uri)
    .map(({ range, newText }) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      newText,
    }))
    .toSorted((a, b) => b.start - a.start || b.end - a.end);
  for (const { start, end, newText } of own) {
    result = result.slice(0, start) + newText + result.slice(end);
  }
  return result;
}
