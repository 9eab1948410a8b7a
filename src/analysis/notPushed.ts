import { isArray, isObject, member, memberAt, stringMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { SourceDocument } from '../yaml/index.ts';
import type { Range } from './diagnostic.ts';
import { isClientSide } from './ingest.ts';
import { toRange } from './place.ts';
import { objectsIn } from './scope.ts';
import { syntaxProblems } from './silencing/syntaxProblems.ts';
import type { OpenFile, Snapshot } from './snapshot.ts';

/** A text that is not what kubectl reads of it, or cannot be read at all. */
export interface BrokenText {
  readonly uri: string;
  readonly range: Range;
  /** As a finding says it, without a full stop. */
  readonly message: string;
}

/** Part of a document that is meant for a control plane and names no object that could be sent there. */
export interface UnsentPart {
  readonly uri: string;
  /** Its kind, '' where it has none. */
  readonly kind: string;
  /**
   * `unnamed`: without `metadata.name`, which an apply needs. `untyped`: without `kind` or `apiVersion`. `templated`: text
   * that Helm makes YAML of. `listed`: in a sequence that is no `List`.
   */
  readonly type: 'unnamed' | 'untyped' | 'templated' | 'listed';
}

/** What is wrong with the texts of documents, whoever else reports it in an editor, and though findings are silenced. */
export function brokenTextsOf({ files }: Snapshot, uris: readonly string[]): readonly BrokenText[] {
  return chosen(files, uris).flatMap((file) =>
    syntaxProblems(file, 'own').map(({ message, start, end }) => ({
      uri: file.uri,
      range: toRange(file, start, end),
      message,
    })),
  );
}

/** What of documents `pushSources` has nothing of, although it looks like a Kubernetes object. */
export function unsentPartsOf({ files }: Snapshot, uris: readonly string[]): readonly UnsentPart[] {
  return chosen(files, uris).flatMap(({ uri, source }) =>
    source.documents.flatMap((document) =>
      partsOf(document).map((part): UnsentPart => ({ uri, ...part })),
    ),
  );
}

function chosen(files: readonly OpenFile[], uris: readonly string[]): readonly OpenFile[] {
  const wanted = new Set(uris);
  return files.filter(({ uri }) => wanted.has(uri));
}

type Part = Omit<UnsentPart, 'uri'>;

function partsOf(document: SourceDocument): readonly Part[] {
  if (document.ignored) return [];
  if (document.templated) {
    return isTypedText(document.read.text) ? [{ kind: '', type: 'templated' }] : [];
  }
  const { value } = document;
  if (isArray(value)) {
    const objects = value.filter((item) => isObject(item)).filter(isTyped);
    return objects.map((object) => ({ kind: kindOf(object), type: 'listed' }));
  }
  return objectsIn(value).flatMap(({ object, path }) => partOf(object, path.length > 0));
}

function partOf(object: JsonObject, isInList: boolean): readonly Part[] {
  const kind = kindOf(object);
  const name = memberAt(object, 'metadata', 'name');
  const hasName = typeof name === 'string' && name !== '';
  if (isTyped(object)) {
    const isSent = hasName || isClientSide(stringMember(object, 'apiVersion'));
    return isSent ? [] : [{ kind, type: 'unnamed' }];
  }
  const isHalf = kind !== '' || stringMember(object, 'apiVersion') !== '';
  return isInList || (isHalf && isObject(member(object, 'metadata')) && hasName)
    ? [{ kind, type: 'untyped' }]
    : [];
}

function kindOf(object: JsonObject): string {
  return stringMember(object, 'kind');
}

function isTyped(object: JsonObject): boolean {
  return stringMember(object, 'apiVersion') !== '' && kindOf(object) !== '';
}

function isTypedText(text: string): boolean {
  return /^apiVersion[ \t]*:/m.test(text) && /^kind[ \t]*:/m.test(text);
}
