import type { Connection } from './connection.ts';
import type { LastContext } from './lastContext.ts';

/**
 * Answers what a view of the control plane calls when it is seen. The first time that connecting is possible it
 * connects again to where this workspace was, if the user has it so.
 */
export function createStartUp(
  connection: Pick<Connection, 'connect' | 'state'>,
  last: Pick<LastContext, 'context' | 'isWanted'>,
  isPossible: () => boolean,
  isWished: () => boolean,
): () => void {
  let isDone = false;
  return () => {
    if (isDone || !isPossible()) return;
    isDone = true;
    const isFree = connection.state.type === 'disconnected';
    if (isFree && last.isWanted && isWished()) void connection.connect(last.context);
  };
}
