import type { JsonValue } from '../engine/types.ts';
import { readDocument } from './readDocument.ts';
import type { ProblemCode, ReadDocument } from './readDocument.ts';
import { splitDocuments } from './split.ts';
import type { Slice } from './split.ts';

/** Something wrong with a document as text; offsets in the file. */
export interface SourceProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** One document of a file. */
export interface SourceDocument {
  /** Offsets in the file: from its `---` (or the file's start) to the next document. */
  readonly start: number;
  readonly end: number;
  /** What Go reads; null for an empty document, `undefined` when Go refuses it. The same object while the text stays. */
  readonly value: JsonValue | undefined;
  /** What can be made out of a document that Go refuses, for completion and hover. */
  readonly draft: JsonValue | undefined;
  readonly problems: readonly SourceProblem[];
  /** Whether it is the text of a Helm (Go) template, which is YAML only after rendering. Such have no problems. */
  readonly templated: boolean;
  /** Whether kubectl and Flux skip it, for want of a line with only `---` before it. */
  readonly ignored: boolean;
  /** What was read, with offsets relative to `start`. Shared by all versions of a file in which the text is the same. */
  readonly read: ReadDocument;
}

/** A file and its documents, in order. They cover the whole text. */
export interface SourceFile {
  readonly text: string;
  readonly documents: readonly SourceDocument[];
  /** Why the file as a whole is left alone; there are no documents then. */
  readonly problems: readonly SourceProblem[];
}

const longestText = 100_000_000;
const mostDocuments = 100_000;

/**
 * Reads every document of a text. A broken document never hides its neighbours. With the previous version of the same
 * file only documents whose text changed are read again; the others keep their value. Never throws.
 */
export function parseSource(text: string, previous?: SourceFile): SourceFile {
  if (text.length > longestText) {
    return refusedFile(text, `The file is larger than ${longestText / 1_000_000} MB`);
  }
  const slices = splitDocuments(text, mostDocuments);
  if (slices === undefined) {
    return refusedFile(text, `The file has more than ${mostDocuments} documents`);
  }
  return { text, documents: readSlices(text, slices, previous?.documents ?? []), problems: [] };
}

function refusedFile(text: string, message: string): SourceFile {
  const firstLine = Math.max(0, text.slice(0, 1000).search(/[\r\n]/));
  const problem: SourceProblem = { code: 'too-large', message, start: 0, end: firstLine };
  return { text, documents: [], problems: [problem] };
}

function readSlices(
  text: string,
  slices: readonly Slice[],
  known: readonly SourceDocument[],
): SourceDocument[] {
  const documents: SourceDocument[] = [];
  const shared = Math.min(slices.length, known.length);
  let front = 0;
  for (; front < shared; front++) {
    const kept = keptDocument(text, slices[front], known[front]);
    if (kept === undefined) break;
    documents.push(kept);
  }
  const back: SourceDocument[] = [];
  while (back.length < shared - front) {
    const kept = keptDocument(text, slices.at(-1 - back.length), known.at(-1 - back.length));
    if (kept === undefined) break;
    back.push(kept);
  }
  // Documents that were moved or duplicated are found by their text.
  const byText = new Map(
    known.slice(front, known.length - back.length).map(({ read }) => [read.text, read]),
  );
  for (const slice of slices.slice(front, slices.length - back.length)) {
    const content = text.slice(slice.start, slice.end);
    documents.push(placed(slice, byText.get(content) ?? readDocument(content)));
    // Taken once, so that no two documents share a value: who knows a value knows its place.
    byText.delete(content);
  }
  return documents.concat(back.toReversed());
}

/** A document of the previous version, if its text is that of the slice. */
function keptDocument(
  text: string,
  slice: Slice | undefined,
  known: SourceDocument | undefined,
): SourceDocument | undefined {
  if (slice === undefined || known === undefined) return undefined;
  if (slice.end - slice.start !== known.read.text.length) return undefined;
  if (text.slice(slice.start, slice.end) !== known.read.text) return undefined;
  if (slice.start === known.start && slice.isIgnored === known.ignored) return known;
  return placed(slice, known.read);
}

function placed(slice: Slice, read: ReadDocument): SourceDocument {
  const { start, end, isIgnored } = slice;
  const problems = read.problems.map((problem) => ({
    ...problem,
    start: problem.start + start,
    end: problem.end + start,
  }));
  if (isIgnored && !read.templated) problems.push(ignoredProblem(slice, read));
  const { value, draft, templated } = read;
  return { start, end, value, draft, problems, templated, ignored: isIgnored, read };
}

function ignoredProblem({ start, end }: Slice, read: ReadDocument): SourceProblem {
  const length = read.text.search(/[\r\n]/);
  return {
    code: 'ignored-document',
    message: 'kubectl and Flux skip this document: a line with only --- must stand before it',
    start,
    end: length < 0 ? end : start + length,
  };
}
