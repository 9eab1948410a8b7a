import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';

/** A replacement in one document, as offsets of its text. Several of one fix do not overlap. */
export interface FileEdit {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** One way to mend a finding. */
export interface Fix {
  /** What it does, as a command: `Change to clusterNames`. */
  readonly title: string;
  readonly edits: readonly FileEdit[];
  /** The one that is nearly always meant; `Fix all` takes it. At most one of a finding. */
  readonly preferred?: true;
}

/** The ways to mend a finding of one code, best first; worked out only when somebody asks. */
export type Fixer = (snapshot: Snapshot, finding: Finding) => readonly Fix[];
