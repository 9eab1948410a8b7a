import { isObject, member, withMember, withoutMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { FieldConflict, ObjectChange } from '../types.ts';
import { isTaken } from './conflicts.ts';
import { withStringData } from './secretData.ts';
import { withoutFields } from './withoutFields.ts';
import { withPrecondition } from './withPrecondition.ts';

/**
 * What is sent to apply a change: its source without the fields that others keep, with preconditions in `metadata`. A
 * change says the uid and version of `before`: without the uid, an object deleted meanwhile would be created anew.
 */
export function applyBody({
  source,
  before,
  conflicts,
}: Pick<ObjectChange, 'before' | 'conflicts' | 'source'>): JsonObject {
  const object = cleanObject(source?.object ?? {}).object;
  const kept = conflicts.filter(({ choice }) => choice !== 'take').map(({ path }) => path);
  return withPrecondition(withoutFields(object, kept), before);
}

/** Whether the apply of a change must be forced: fields that others own are taken. */
export function isForced(conflicts: readonly FieldConflict[]): boolean {
  return conflicts.some(isTaken(conflicts));
}

/** What a server sets in `metadata`; it stands in documents that were copied from one. */
const serverSet: readonly string[] = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object as it is sent, without what only a server says of it, and the names of what was left out. */
export function cleanObject(object: JsonObject): {
  readonly object: JsonObject;
  readonly left: readonly string[];
} {
  const metadata = member(object, 'metadata');
  const rest = withStringData(withoutMember(object, 'status'));
  if (!isObject(metadata)) return { object: rest, left: [] };
  // A null creationTimestamp is what generators write; it says nothing.
  const left = serverSet.filter((key) => (metadata[key] ?? null) !== null);
  let clean = metadata;
  for (const key of serverSet) if (Object.hasOwn(clean, key)) clean = withoutMember(clean, key);
  const annotations = clean['annotations'];
  if (isObject(annotations) && Object.hasOwn(annotations, lastApplied)) {
    clean = withMember(clean, 'annotations', withoutMember(annotations, lastApplied));
    left.push(`annotations.${lastApplied}`);
  }
  return {
    object: clean === metadata ? rest : withMember(rest, 'metadata', clean),
    left: left.map((key) => `metadata.${key}`),
  };
}
