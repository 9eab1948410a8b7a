import { isArray, isObject, setOwn, withMember, withoutMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue, Result } from '../../engine/index.ts';
import type { ObjectRow } from '../rows.ts';
import type { Interner } from './interner.ts';
import { keptFields } from './keptFields.ts';
import { problemOf, startReading } from './metadata.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Deeper than any manifest; what walks an object may recurse as far. */
const deepest = 200;

/**
 * Reads an object that users write. Managed fields and kubectl's copy of the object are left out, the values of a
 * Secret replaced by null. An error, as a sentence, for what has no name or nests too deep.
 *
 * @param type the kind that was asked for: items of a list do not carry theirs, and of metadata alone another one
 */
export function readObject(
  value: unknown,
  interner: Interner,
  type?: { readonly apiVersion: string; readonly kind: string },
): Result<ObjectRow> {
  const started = startReading(value, interner);
  if ('error' in started) return started;
  const reading = started.value;
  const { shape, metadata, common } = reading;
  const apiVersion = type?.apiVersion ?? shape.text(reading.object, 'apiVersion', '');
  const kind = type?.kind ?? shape.text(reading.object, 'kind', '');
  if (isDeeper(reading.object, deepest)) {
    return { error: `The ${kind} ${common.key} nests deeper than ${deepest} levels.` };
  }
  const kept = kind === 'Secret' ? undefined : keptFields(reading.object);
  const row: Omit<ObjectRow, 'problem'> = {
    ...common,
    key: `${kind}/${common.namespace}/${common.name}`,
    apiVersion,
    kind,
    generation: shape.number(metadata, 'generation', 'metadata'),
    object: withoutSecrets({
      ...reading.object,
      apiVersion,
      kind,
      metadata: withoutBookkeeping(metadata),
    }),
    ...(kept && { kept }),
  };
  return { value: { ...row, ...problemOf(reading) } };
}

function withoutBookkeeping(metadata: JsonObject): JsonObject {
  const rest = withoutMember(metadata, 'managedFields');
  const annotations = rest['annotations'];
  if (!isObject(annotations) || !Object.hasOwn(annotations, lastApplied)) return rest;
  return withMember(rest, 'annotations', withoutMember(annotations, lastApplied));
}

function withoutSecrets(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Secret') return object;
  let masked = object;
  for (const field of ['data', 'stringData']) {
    if (!Object.hasOwn(masked, field)) continue;
    const data = masked[field];
    const keys: Record<string, JsonValue> = {};
    if (isObject(data)) for (const key of Object.keys(data)) setOwn(keys, key, null);
    masked = withMember(masked, field, keys);
  }
  return masked;
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (isArray(value)) {
    return levels === 0 || value.some((item) => isDeeper(item, levels - 1));
  }
  if (!isObject(value)) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}
