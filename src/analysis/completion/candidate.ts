import { memberAt, stringMember } from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue, Schema } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Cursor } from '../cursor.ts';
import { isNamespaced } from '../scope.ts';
import type { Snapshot } from '../snapshot.ts';
import type { CompletionKind } from './types.ts';

/** Where something is asked for: the object, and the path of the value or of the mapping whose keys are wanted. */
export interface Request {
  readonly snapshot: Snapshot;
  readonly cursor: Cursor;
  readonly object: JsonObject;
  readonly path: SourcePath;
}

/** A value that fits on one line. */
export type Scalar = Exclude<JsonValue, JsonArray | JsonObject>;

/** Whether a value is neither mapping nor list. */
export function isScalarValue(value: JsonValue): value is Scalar {
  return typeof value !== 'object' || value === null;
}

/** A value or key that fits, before it is laid out as text. */
export interface Candidate {
  readonly value: Scalar;
  readonly kind: CompletionKind;
  /** Default: the value as text. */
  readonly label?: string;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Lower comes first; among equals the order of the list counts. */
  readonly rank?: number;
  /** Fields beside the value that have to be so; written or changed with it. */
  readonly siblings?: { readonly [key: string]: string };
  readonly asksAgain?: true;
  readonly commit?: string;
  readonly isDeprecated?: true;
  /** Of a key: the table of its value. */
  readonly schema?: Schema;
}

/** Finds what fits at a place. */
export type Source = (request: Request) => readonly Candidate[];

/** The namespace of the object that is written; empty when it has none. */
export function ownNamespace({ snapshot, object }: Pick<Request, 'snapshot' | 'object'>): string {
  const apiVersion = stringMember(object, 'apiVersion');
  const kind = stringMember(object, 'kind');
  if (!isNamespaced(apiVersion, kind, noScopes)) return '';
  const given = memberAt(object, 'metadata', 'namespace');
  return typeof given === 'string' && given !== '' ? given : snapshot.settings.defaultNamespace;
}

const noScopes: ReadonlyMap<string, boolean> = new Map();
