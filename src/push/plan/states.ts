import { createLiveStepper, nameOfTemplate, withLiveObjects } from '../../analysis/index.ts';
import type { LiveControlPlane, LiveSettings, LiveState } from '../../analysis/index.ts';
import type { ObjectChange } from '../types.ts';

/** The control plane before any write and after each of them. */
export function statesOf(
  live: LiveControlPlane,
  writes: readonly ObjectChange[],
  options: LiveSettings,
): readonly LiveState[] {
  const step = createLiveStepper(options);
  const states = [step(live)];
  let plane = states[0]?.plane ?? live;
  for (const change of writes) {
    const state = step(afterWrite(plane, change), keysOf(change, plane));
    states.push(state);
    plane = state.plane;
  }
  return states;
}

/** The control plane with one change written. */
export function afterWrite(plane: LiveControlPlane, change: ObjectChange): LiveControlPlane {
  const { reference, type, after } = change;
  if (type === 'unchanged') return plane;
  const object = type === 'delete' ? undefined : after;
  return withLiveObjects(plane, [{ reference, ...(object ? { object } : {}) }]);
}

/** The keys under which a change's object may be a template: a server may serve several versions of a kind. */
function keysOf({ reference }: ObjectChange, { previous }: LiveControlPlane): ReadonlySet<string> {
  const { apiVersion, kind, namespace, name } = reference;
  const key = `${apiVersion}/${kind}/${namespace}/${name}`;
  const keys = new Set([key]);
  const named = nameOfTemplate(key);
  for (const other of previous.keys()) if (nameOfTemplate(other) === named) keys.add(other);
  return keys;
}
