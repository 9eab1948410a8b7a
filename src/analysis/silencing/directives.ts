import { pathAt } from '../../yaml/index.ts';
import type { SourceFile } from '../../yaml/index.ts';
import type { OpenFile } from '../snapshot.ts';

/** Which codes the comments of one file silence. */
export interface Silences {
  /** Whether a finding of a code that begins in a line, counted from zero, is silenced. */
  silences(code: string, line: number): boolean;
}

/** The word of a directive for a line; with `-file` behind it, for the whole file. */
export const lineDirective = 'karmada-ignore';
export const fileDirective = 'karmada-ignore-file';

const directive = /#[ \t]*karmada-ignore(-file)?(?![\w-])[ \t]*:?[ \t]*([^\r\n]*)/g;
const nothing: Silences = { silences: () => false };
const known = new WeakMap<SourceFile, Silences>();

/**
 * Reads the directives of a file. `# karmada-ignore CODE, CODE` behind something silences its line; on lines of its
 * own, the next line that is no comment. `# karmada-ignore-file CODE, CODE` silences the file. Without codes: all.
 * Words behind the codes, after `--`, are the reason, for people.
 */
export function silencesOf(file: OpenFile): Silences {
  const answered = known.get(file.source);
  if (answered) return answered;
  const silences = file.source.text.includes(lineDirective) ? readDirectives(file) : nothing;
  known.set(file.source, silences);
  return silences;
}

/** Codes of one directive; `undefined` for all. */
type Codes = ReadonlySet<string> | undefined;

function readDirectives({ source, lines }: OpenFile): Silences {
  const { text } = source;
  const ofFile: Codes[] = [];
  const ofLine = new Map<number, Codes[]>();
  for (const match of text.matchAll(directive)) {
    const [, isFile, rest = ''] = match;
    if (!isComment(source, match.index)) continue;
    const codes = codesIn(rest);
    if (isFile) {
      ofFile.push(codes);
      continue;
    }
    const line = silencedLine(text, lines.positionAt(match.index).line, (at) =>
      lines.offsetAt({ line: at, character: 0 }),
    );
    ofLine.set(line, [...(ofLine.get(line) ?? []), codes]);
  }
  const names = (list: readonly Codes[], code: string): boolean =>
    list.some((codes) => codes === undefined || codes.has(code));
  return {
    silences: (code, line) => names(ofFile, code) || names(ofLine.get(line) ?? [], code),
  };
}

/** A `#` in a string or a block of text is no comment. */
function isComment({ text, documents }: SourceFile, at: number): boolean {
  if (at > 0 && !/\s/.test(text.charAt(at - 1))) return false;
  const document = documents.find(({ start, end }) => at >= start && at < end);
  return document !== undefined && pathAt(document, at + 1) === undefined;
}

function codesIn(rest: string): Codes {
  const [list = ''] = rest.split(/(?:^|\s)--(?:\s|$)/);
  const codes = list.split(/[\s,]+/).filter((code) => code !== '');
  return codes.length === 0 ? undefined : new Set(codes);
}

/** The line that a directive is about: its own, or below a comment the first that is none. */
function silencedLine(text: string, line: number, startOf: (line: number) => number): number {
  for (let at = line; ; at++) {
    const start = startOf(at);
    const content = /^[ \t]*([^\r\n]?)/.exec(text.slice(start, start + 1000))?.[1];
    if (content !== '#' || start >= text.length) return at;
  }
}
