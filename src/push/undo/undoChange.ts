import { isSecret } from '../../analysis/index.ts';
import {
  isObject,
  member,
  setOwn,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { isNobodys } from '../prepare/othersFields.ts';
import { contentOf, hasSameContent } from '../run/objectContent.ts';
import { withContent } from '../run/restoreObject.ts';
import { hasSameOwners, isBeingDeleted, ownersOf, uidOf } from '../run/standing.ts';
import { withoutSecretValues, withSecretValuesOf } from '../run/withoutSecretValues.ts';
import { nameOf } from '../run/writeStep.ts';
import type { DriftedField, ObjectChange, Question } from '../types.ts';
import { driftedFields } from './driftedFields.ts';
import { driftedValues } from './driftedValues.ts';
import type { LaterWrites } from './laterWrites.ts';
import { restoredOwners, withDataOwnersOf } from './restoredOwners.ts';
import { takeBack } from './takeBack.ts';
import type { WrittenObject } from './writtenObjects.ts';

/** What undoing makes of one object: a change, questions, both, or neither where nothing is left to undo. */
export interface UndoAnswer {
  readonly change?: ObjectChange;
  readonly questions?: readonly Question[];
}

/**
 * How one object goes back to what it was before the push, from what the server holds now.
 *
 * @param later what later pushes have written of it, where that matters
 */
export function undoChange(
  written: WrittenObject,
  now: JsonObject | undefined,
  later?: LaterWrites,
): UndoAnswer {
  const { before, pushed } = written;
  if (pushed === undefined) return before ? undoDeletion(written, before, now) : {};
  if (now !== undefined && uidOf(now) !== uidOf(pushed)) {
    return drifted(written, 'was deleted and created again by someone else since the push');
  }
  if (before === undefined) return now ? undoCreation(written, pushed, now, later) : {};
  if (now === undefined) return drifted(written, 'was deleted by someone else since the push');
  if (isBeingDeleted(now)) return drifted(written, 'is being deleted');
  return undoUpdate(written, { before, pushed, now });
}

function undoCreation(
  written: WrittenObject,
  pushed: JsonObject,
  now: JsonObject,
  later: LaterWrites | undefined,
): UndoAnswer {
  if (isBeingDeleted(now)) return {};
  // No undo takes values of later pushes back, so that they must not stand in the way for ever.
  const values = isSecret(now) ? driftedValues(later?.last ?? pushed, now) : [];
  if (values.length > 0) return drifted(written, changedText, values, secretWayOut);
  const said = isSecret(now) ? withoutData : bare;
  const drift = driftedFields({ before: undefined, pushed: said(pushed), now: said(now) });
  if (drift.length > 0) return drifted(written, changedText, drift);
  const change: ObjectChange = { ...plain(written), type: 'delete', before: bare(now) };
  const managers = newManagers(pushed, now);
  const questions = [
    ...(managers.length > 0 ? [othersLose(written, managers)] : []),
    ...(later && later.titles.length > 0 ? [laterLost(written, later)] : []),
  ];
  return questions.length === 0 ? { change } : { change, questions };
}

/** Who has come to write fields of an object since, with the same values; controllers write on everything. */
function newManagers(pushed: JsonObject, now: JsonObject): readonly string[] {
  const named = (object: JsonObject): readonly string[] =>
    ownersOf(object)
      .filter((entry) => stringMember(entry, 'subresource') === '')
      .map((entry) => stringMember(entry, 'manager'));
  const known = new Set(named(pushed));
  return [...new Set(named(now))].filter((manager) => !known.has(manager) && !isNobodys(manager));
}

function othersLose({ reference }: WrittenObject, managers: readonly string[]): Question {
  const message = `${nameOf(reference)} is written by ${managers.join(', ')} as well since the push, and is deleted all the same.`;
  return { severity: 'confirm', code: 'drifted', message, reference };
}

function laterLost({ reference }: WrittenObject, { titles }: LaterWrites): Question {
  const message = `${nameOf(reference)} has values of ${titles.join(', ')}, and is deleted with them.`;
  return { severity: 'confirm', code: 'drifted', message, reference };
}

function undoDeletion(
  written: WrittenObject,
  before: JsonObject,
  now: JsonObject | undefined,
): UndoAnswer {
  if (now !== undefined) {
    if (isBeingDeleted(now)) return drifted(written, 'is still being deleted');
    return hasSameContent(before, now)
      ? {}
      : drifted(written, 'was created again by someone else since the push');
  }
  if (isSecret(before)) return secretStays(written, 'was deleted and cannot be created again');
  const owners = ownersOf(before).filter((entry) => member(entry, 'subresource') === undefined);
  const after = withOwnersOf(contentOf(before), owners);
  return { change: { ...plain(written), type: 'create', after } };
}

function undoUpdate(
  written: WrittenObject,
  objects: { before: JsonObject; pushed: JsonObject; now: JsonObject },
): UndoAnswer {
  const { now } = objects;
  if (isSecret(now)) return undoSecret(written, objects);
  const taken = takeBack(objects);
  if ('conflicts' in taken) return drifted(written, changedText, taken.conflicts);
  const after = withOwnersOf(withContent(now, taken.content), restoredOwners(objects));
  if (hasSameContent(now, after) && hasSameOwners(now, after)) return {};
  const change: ObjectChange = { ...plain(written), type: 'change', before: now, after };
  return taken.kept.length === 0
    ? { change }
    : { change, questions: [othersStay(written, taken.kept)] };
}

/** All of a Secret goes back but its values. */
function undoSecret(
  written: WrittenObject,
  objects: { before: JsonObject; pushed: JsonObject; now: JsonObject },
): UndoAnswer {
  const { before, pushed, now } = objects;
  const taken = takeBack({
    before: withoutData(before),
    pushed: withoutData(pushed),
    now: withoutData(now),
  });
  if ('conflicts' in taken) return drifted(written, changedText, taken.conflicts);
  const { keepsValues } = written;
  const owned = keepsValues ? before : withDataOwnersOf(before, pushed);
  const owners = restoredOwners({ before: owned, pushed, now });
  const restored = withOwnersOf(withContent(bare(now), taken.content), owners);
  const after = bare(withSecretValuesOf(restored, now));
  const stays = keepsValues ? {} : secretStays(written, 'keeps the values that were pushed');
  if (hasSameContent(bare(now), after) && hasSameOwners(now, after)) return stays;
  const change: ObjectChange = {
    ...plain(written),
    type: 'change',
    before: bare(now),
    after,
    secretKeys: [],
  };
  return { ...stays, change };
}

function withoutData(secret: JsonObject): JsonObject {
  return withoutMember(withoutMember(bare(secret), 'data'), 'stringData');
}

function othersStay({ reference }: WrittenObject, kept: readonly DriftedField[]): Question {
  const message = `${nameOf(reference)} was changed by someone else since the push beside what was pushed: ${fieldsText(kept)}. That stays.`;
  return { severity: 'warning', code: 'drifted', message, reference };
}

function fieldsText(fields: readonly DriftedField[]): string {
  const shown = fields.slice(0, 5).map(({ field }) => field);
  const rest = fields.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

const changedText = 'was changed since the push';
const fieldsWayOut = 'Undo what came later first, or put these fields back.';
const secretWayOut = 'Delete it by itself if it is to go.';

function drifted(
  { reference }: WrittenObject,
  what: string,
  drift?: Question['drift'],
  wayOut = fieldsWayOut,
): UndoAnswer {
  const fields = drift ? `: ${fieldsText(drift)}` : '';
  const question: Question = {
    severity: 'blocked',
    code: 'drifted',
    message: `${nameOf(reference)} ${what}${fields}. Nothing is undone, so that no later work is lost.${drift ? ` ${wayOut}` : ''}`,
    reference,
    ...(drift && { drift }),
  };
  return { questions: [question] };
}

function secretStays({ reference }: WrittenObject, what: string): UndoAnswer {
  const message = `${nameOf(reference)} ${what}: values of Secrets are not kept.`;
  return { questions: [{ severity: 'confirm', code: 'secret-not-undoable', message, reference }] };
}

function plain({ reference }: WrittenObject): Omit<ObjectChange, 'type'> {
  return { reference, checkedBy: 'engine', conflicts: [], verdicts: [] };
}

function bare(object: JsonObject): JsonObject {
  return withoutSecretValues(object);
}

function withOwnersOf(object: JsonObject, owners: readonly JsonValue[]): JsonObject {
  const metadata: Record<string, JsonValue> = {};
  const held = member(object, 'metadata');
  for (const [key, value] of Object.entries(isObject(held) ? held : {}))
    setOwn(metadata, key, value);
  if (owners.length > 0) setOwn(metadata, 'managedFields', [...owners]);
  else delete metadata['managedFields'];
  return withMember(object, 'metadata', metadata);
}
