import type { JsonObject } from '../../engine/index.ts';
import { printYaml } from '../../yaml/index.ts';
import type { OpenFile } from '../snapshot.ts';
import type { FileEdit } from './fix.ts';

/**
 * Writes an object as a new document at the end of a file. `undefined` for a file that is no stream of block YAML or
 * whose last document cannot be read, so that nobody knows where it ends.
 */
export function newDocument({ uri, source }: OpenFile, object: JsonObject): FileEdit | undefined {
  const { text, documents, problems } = source;
  const last = documents.at(-1);
  const isReadable = problems.length === 0 && (last?.problems.length ?? 0) === 0;
  if (!isReadable || last === undefined || /^\s*[{[]/.test(text.slice(last.start))) {
    return undefined;
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || /[\r\n]$/.test(text) ? '' : eol;
  const newText = `${gap}---${eol}${printYaml(object).replaceAll('\n', eol)}`;
  return { uri, start: text.length, end: text.length, newText };
}
