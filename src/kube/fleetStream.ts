import type { Disposable } from '../base/lifecycle.ts';
import type { JsonObject, Result } from '../engine/index.ts';
import {
  readBinding,
  readCluster,
  readEvent,
  readObject,
  readWork,
  type FleetList,
  type FleetRows,
  type Interner,
} from '../live/index.ts';
import type { ChangeBatches } from './changeBatches.ts';
import type { Clock } from './clock.ts';
import { createReflector, type ReflectorOptions } from './reflector.ts';
import { apiVersionOf } from './resourcePath.ts';
import { originOf, type StreamKind } from './streamKinds.ts';
import type { ResourceType, StreamState, Transport } from './types.ts';

/** One kind of the control plane, followed while it is wanted. */
export interface FleetStream extends Disposable {
  readonly type: ResourceType;
  /** `listing` from the first moment in which it is wanted. */
  readonly state: StreamState;
  /** Runs at once, or stops after the grace, so that going from one view to another does not begin anew. */
  want(isWanted: boolean): void;
  retry(): void;
}

export interface FleetStreamOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds that a stream goes on after nobody wants it. */
  readonly grace: number;
  readonly interner: Interner;
  readonly batches: ChangeBatches;
  readonly onState: (state: StreamState, before: StreamState) => void;
  readonly log: (message: string) => void;
}

type AnyRow = FleetRows[FleetList];

/** More of them would say nothing new. */
const mostProblems = 20;

/** Follows a kind; its rows go to the batches under its origin. Contacts nothing before it is wanted. */
export function createFleetStream(
  kind: StreamKind,
  type: ResourceType,
  options: FleetStreamOptions,
): FleetStream {
  const { batches, clock } = options;
  const origin = originOf(kind);
  let isWanted = false;
  let grace: Disposable | undefined;
  let before: StreamState = { type: 'idle' };

  const reflector = createReflector<AnyRow>({
    ...{ transport: options.transport, type, clock, random: options.random },
    ...(kind.fieldSelector === undefined ? {} : { fieldSelector: kind.fieldSelector }),
    ...(kind.isMetadataOnly ? { metadataOnly: true } : {}),
    // The session gathers what all streams report.
    pace: 0,
    ...projection(kind, type, options),
    onChanges({ reset, set, deleted }) {
      if (reset) batches.reset(kind.list, origin);
      for (const row of set) batches.set(kind.list, origin, row);
      for (const key of deleted) batches.delete(kind.list, origin, key);
    },
    onState() {
      const last = before;
      before = stream.state;
      options.onState(before, last);
    },
  });

  const stream: FleetStream = {
    type,
    get state() {
      const { state } = reflector;
      return isWanted && state.type === 'idle' ? listing : state;
    },
    want(wanted) {
      if (wanted === isWanted) return;
      isWanted = wanted;
      grace?.dispose();
      grace = undefined;
      if (wanted) reflector.start();
      else grace = clock.after(options.grace, () => reflector.stop());
    },
    retry: () => reflector.retry(),
    dispose() {
      grace?.dispose();
      reflector.dispose();
    },
  };
  return stream;
}

const listing: StreamState = { type: 'listing' };

/** Rows of objects; what cannot be read is logged and has none. */
function projection(
  kind: StreamKind,
  type: ResourceType,
  { interner, log }: FleetStreamOptions,
): Pick<ReflectorOptions<AnyRow>, 'project' | 'onProblem'> {
  const read = readerOf(kind, type, interner);
  let problems = 0;
  const tell = (problem: string): void => {
    problems += 1;
    if (problems <= mostProblems) log(`${originOf(kind)}: ${problem}`);
  };
  return {
    project(object) {
      const result = read(object);
      if ('value' in result) return result.value;
      tell(result.error);
      return undefined;
    },
    onProblem: (error) => tell(`An object could not be read: ${String(error)}`),
  };
}

/** How the objects of a kind become rows. */
function readerOf(
  { list }: StreamKind,
  type: ResourceType,
  interner: Interner,
): (object: JsonObject) => Result<AnyRow> {
  switch (list) {
    case 'clusters':
      return (object) => readCluster(object, interner);
    case 'bindings':
      return (object) => readBinding(object, interner);
    case 'works':
      return (object) => readWork(object, interner);
    case 'events':
      return (object) => readEvent(object, interner);
    case 'objects': {
      // Items of a list do not say their kind, and of metadata alone another one.
      const typeMeta = { apiVersion: apiVersionOf(type), kind: type.kind };
      return (object) => readObject(object, interner, typeMeta);
    }
  }
}
