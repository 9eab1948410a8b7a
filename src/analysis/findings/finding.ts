import type { SourcePath } from '../../yaml/index.ts';
import type { Severity } from '../diagnostic.ts';
import type { Item } from '../snapshot.ts';
import type { Code } from './codes.ts';

/** A node of an object: its value, or its key where the key is what matters. */
export interface Place {
  readonly item: Item;
  readonly path: SourcePath;
  /** Default `value`. */
  readonly on?: 'key' | 'value';
}

/**
 * One cause, found by a rule. Places are paths, not ranges, so that a finding outlives edits that only move its
 * document. The severity comes from the code's row and the user's settings.
 */
export interface Finding extends Place {
  readonly code: Code;
  /** Only where a case of the code is worse or more harmless than its row says. */
  readonly severity?: Severity;
  /** One sentence on what will happen and on which clusters, and what to do. */
  readonly message: string;
  readonly related?: readonly (Place & { readonly message: string })[];
}
