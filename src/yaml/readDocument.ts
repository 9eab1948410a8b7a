import type { JsonValue } from '../engine/types.ts';
import { compose } from './compose.ts';
import type { Composed } from './compose.ts';
import { decode } from './decode.ts';
import type { MapNode, Pair, YamlNode } from './nodes.ts';
import { recover } from './recover.ts';

/**
 * `yaml-syntax` and `yaml-value`: Go refuses the document, for its form or for what a value or key is. The others leave
 * it readable: a key that is given twice, text behind the end that Go never looks at, a document kubectl skips.
 */
export type ProblemCode =
  | 'yaml-syntax'
  | 'yaml-value'
  | 'duplicate-key'
  | 'trailing-content'
  | 'ignored-document'
  | 'too-large';

interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** One document, read once. Offsets are relative to its text. */
export interface ReadDocument {
  readonly text: string;
  readonly value: JsonValue | undefined;
  readonly draft: JsonValue | undefined;
  readonly problems: readonly Problem[];
  readonly templated: boolean;
  /** What was read or, in a broken document, made out; absent where there is nothing. */
  readonly root: YamlNode | undefined;
  /** Keys of mappings that were looked up before; filled as needed. */
  readonly keys: Map<MapNode, ReadonlyMap<string, Pair>>;
}

const longestDocument = 8_000_000;

/** Reads the text of one document. Never throws. */
export function readDocument(text: string): ReadDocument {
  if (text.length > longestDocument) return refusedDocument(text);
  const composed = compose(text);
  if (composed.stop !== undefined) {
    const problem: Problem = { code: 'yaml-syntax', ...trimmed(text, composed.stop) };
    return brokenDocument(text, problem, recover(text));
  }
  const { root } = composed;
  const base = { text, draft: undefined, templated: false, root, keys: new Map() };
  if (root === undefined) return { ...base, value: null, problems: tailProblems(text, composed) };
  const { value, failure, duplicates } = decode(root);
  if (failure !== undefined) {
    return brokenDocument(text, { code: 'yaml-value', ...trimmed(text, failure) }, root);
  }
  const problems: Problem[] = duplicates.map(({ key, start, end }) => ({
    code: 'duplicate-key',
    message: `“${key}” is given twice; the last one counts`,
    start,
    end,
  }));
  return { ...base, value, problems: [...problems, ...tailProblems(text, composed)] };
}

function refusedDocument(text: string): ReadDocument {
  const problem: Problem = {
    code: 'too-large',
    message: `The document is larger than ${longestDocument / 1_000_000} MB`,
    start: 0,
    end: Math.max(0, text.slice(0, 1000).search(/[\r\n]/)),
  };
  return {
    text,
    value: undefined,
    draft: undefined,
    problems: [problem],
    templated: false,
    root: undefined,
    keys: new Map(),
  };
}

function brokenDocument(text: string, problem: Problem, root: YamlNode | undefined): ReadDocument {
  const templated = isTemplateLine(text, problem.start);
  const draft = root === undefined ? undefined : decode(root);
  return {
    text,
    value: undefined,
    draft: draft?.failure === undefined ? draft?.value : undefined,
    problems: templated ? [] : [problem],
    templated,
    root,
    keys: new Map(),
  };
}

/** Whether `{{` is what makes a line unreadable: the first thing wrong with a Helm template is its first such line. */
function isTemplateLine(text: string, at: number): boolean {
  if (!text.includes('}}')) return false;
  const before = text.slice(0, at);
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  const length = text.slice(start).search(/[\r\n]/);
  return text.slice(start, length < 0 ? text.length : start + length).includes('{{');
}

/** A problem within the text and at least one character wide where there is one, not beyond the end of its line. */
function trimmed(
  text: string,
  {
    message,
    start,
    end,
  }: { readonly message: string; readonly start: number; readonly end: number },
): Omit<Problem, 'code'> {
  const from = Math.min(start, Math.max(0, text.trimEnd().length));
  const length = text.slice(from).search(/[\r\n]/);
  const lineEnd = length < 0 ? text.length : from + length;
  const to = Math.min(lineEnd, Math.max(end, from + 1));
  return { message, start: to > from ? from : Math.max(0, from - 1), end: to };
}

function tailProblems(text: string, { hasTail, end }: Composed): readonly Problem[] {
  if (!hasTail) return [];
  const message = 'The value ends before this; what follows is ignored';
  return [
    { code: 'trailing-content', ...trimmed(text, { message, start: end, end: text.length }) },
  ];
}
