import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface TextFile {
  /** As the user would name it. */
  readonly name: string;
  readonly text: string;
}

const skippedFolders = new Set(['node_modules', '.git']);

/**
 * The YAML files behind a path: the file itself, every `.yaml`, `.yml` and `.json` below a folder, or standard input
 * for `-`. Links to folders are not followed. A path that cannot be read is a sentence in `problem`.
 */
export function readYamlFiles(path: string): { files: readonly TextFile[] } | { problem: string } {
  try {
    if (path === '-') return { files: [{ name: 'standard input', text: decode(readFileSync(0)) }] };
    if (!statSync(path).isDirectory()) return { files: [read(path)] };
    const files = [...yamlFilesBelow(path)].map(read);
    return files.length > 0 ? { files } : { problem: `${path} has no YAML files.` };
  } catch (error) {
    return { problem: explain(path, error) };
  }
}

function read(path: string): TextFile {
  const name = relative(process.cwd(), path);
  return { name: name.startsWith('..') ? path : name, text: decode(readFileSync(path)) };
}

/** Text in UTF-8, or in UTF-16 with a mark, as Windows PowerShell redirects the output of kubectl. */
function decode(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

function* yamlFilesBelow(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) yield* yamlFilesBelow(path);
    } else if (/\.(ya?ml|json)$/i.test(entry.name)) yield path;
  }
}

function explain(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `${path} does not exist.`;
  if (code === 'EACCES' || code === 'EPERM') return `${path} may not be read.`;
  return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
}
