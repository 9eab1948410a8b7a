import { withLiveObjects } from '../../analysis/index.ts';
import type { LiveControlPlane, LiveObjectChange } from '../../analysis/index.ts';
import { createInterner, readObject } from '../../live/index.ts';
import type { CancelSignal, PlaneModel, PushApi, PushClock } from '../ports.ts';
import type { ObjectChange, PushGround, Question } from '../types.ts';
import { concernedBindings } from './concernedBindings.ts';
import { readTemplates } from './readTemplates.ts';
import { readWorks } from './readWorks.ts';
import { referenceOf } from './selectedTemplates.ts';
import { readyPlane } from './readyPlane.ts';

/** What reading a control plane takes. */
export interface GroundPorts {
  readonly api: PushApi;
  readonly model: PlaneModel;
  readonly clock: PushClock;
}

/** What a plan needs to know, and what could not be found out. */
export interface GroundAnswer {
  readonly ground: PushGround;
  readonly questions: readonly Question[];
}

/**
 * Reads what the streams do not tell: the objects of the changes as a whole, templates of other kinds that changed
 * policies are about, and what the Works hold. Bounded; what was left out is a question.
 */
export async function readGround(
  ports: GroundPorts,
  changes: readonly ObjectChange[],
  signal?: CancelSignal,
): Promise<GroundAnswer> {
  return readGroundOn(await readyPlane(ports, signal), ports, changes, signal);
}

/** The same on a control plane that was read before. */
export async function readGroundOn(
  plane: LiveControlPlane,
  { api, model }: GroundPorts,
  changes: readonly ObjectChange[],
  signal?: CancelSignal,
): Promise<GroundAnswer> {
  const bindings = concernedBindings(model.model, changes);
  const reading = { api, ...(signal ? { signal } : {}) };
  const templates = await readTemplates(bindings, { ...reading, plane, changes });
  const live = withComplete(plane, [
    ...templates.objects.map((object) => ({ reference: referenceOf(object), object })),
    ...changes.map(({ reference, before }) => ({
      reference,
      ...(before ? { object: before } : {}),
    })),
  ]);
  const works = await readWorks(bindings, { ...reading, live });
  return {
    ground: { live, works: works.states, previous: live.previous },
    questions: [...templates.questions, ...works.questions],
  };
}

/** With objects as a server holds them in place of what the streams told. */
function withComplete(
  plane: LiveControlPlane,
  changes: readonly LiveObjectChange[],
): LiveControlPlane {
  const kept = new Map(plane.kept);
  const interner = createInterner();
  const read = changes.map((change): LiveObjectChange => {
    const { reference, object } = change;
    const row = object && readObject(object, interner, reference);
    if (!row || 'error' in row) return change;
    if (row.value.kept) kept.set(row.value.object, row.value.kept);
    return { reference, object: row.value.object };
  });
  return { ...withLiveObjects(plane, read), kept };
}
