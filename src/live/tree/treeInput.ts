import type { FleetModel } from '../model/index.ts';
import type { AccessProblem } from '../why/memberAccess.ts';
import type { ViewOptions } from './viewOptions.ts';

/** What a tree is made from; `now` (ms since the epoch) is for ages only. */
export interface TreeInput {
  readonly model: FleetModel;
  readonly options: ViewOptions;
  readonly now: number;
  /** Whether bindings may be read: only then a missing one means something. Default true. */
  readonly hasBindings?: boolean;
  /** The right that was missing when a member was read last. */
  readonly access?: (cluster: string) => AccessProblem | undefined;
}
