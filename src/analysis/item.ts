import type { LineIndex } from '../base/position.ts';
import type { JsonObject, Simulation } from '../engine/index.ts';
import type { SourceDocument, SourceFile, SourcePath } from '../yaml/index.ts';
import type { Ingested } from './ingest.ts';

/** A document of the workspace with its text's lines. */
export interface OpenFile {
  readonly uri: string;
  readonly source: SourceFile;
  readonly lines: LineIndex;
}

/** One Kubernetes object of the workspace: where it stands and what the control plane makes of it. */
export interface Item extends Ingested {
  readonly file: OpenFile;
  readonly document: SourceDocument;
  /** From the document's root to the object: empty, or `items` and an index. */
  readonly path: SourcePath;
  /** As written. No two items of a snapshot have the same one, and it stays the same object while its document does. */
  readonly source: JsonObject;
  /** `APIVERSION/KIND/NAMESPACE/NAME`; the version as stored, which differs from the written one after a conversion. */
  readonly key: string;
  /** The control plane that the object is read from; absent for what a document says. */
  readonly context?: string;
  /** The live object in whose place the document's is put. */
  readonly replaces?: JsonObject;
  /** Of a live object: the part that the next apply of a document leaves alone. */
  readonly kept?: JsonObject;
}

/** A template with its item and, unless the server refuses it, its simulation. */
export interface Template {
  readonly key: string;
  readonly item: Item;
  readonly simulation?: Simulation;
}
