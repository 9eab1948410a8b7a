import type { SourcePath } from '../../yaml/index.ts';
import type { Named } from './named.ts';

/** A place in an object that names another object. */
export interface Mention extends Named {
  /** The name itself, which a rename changes. */
  readonly path: SourcePath;
  /** What belongs to the reference, such as the whole `sourceRef`. */
  readonly scope: SourcePath;
}
