import type { Position } from '../../base/position.ts';

/** A few words behind a value. Plain text. */
export interface InlayHint {
  readonly position: Position;
  readonly label: string;
  /** A sentence. */
  readonly tooltip: string;
}
