import { arrayMember, isObject, member, memberAt, stringMember, withMember } from '../json.ts';
import type { JsonObject, JsonValue, Result } from '../types.ts';
import { nestedStringMap } from './nestedField.ts';
import { typedConversionError } from './typedConversion.ts';

/** Members of `metadata` that an API server owns, and so never reach a member cluster. */
export const prunedMetadata: readonly string[] = [
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
  'ownerReferences',
  'finalizers',
];

/**
 * The manifest that a Work carries, without the labels and annotations that Karmada adds: what an API server owns is
 * removed (`pkg/resourceinterpreter/default/native/prune/prune.go`), and maps of labels and annotations are left as
 * adding keys to them leaves them.
 */
export function pruneManifest(object: JsonObject): Result<JsonObject> {
  const metadata = member(object, 'metadata') ?? (Object.hasOwn(object, 'metadata') ? null : {});
  let pruned = omit(object, ['status']);
  if (isObject(metadata)) {
    const cleaned = omit(withStringMaps(metadata), prunedMetadata);
    if (cleaned !== member(object, 'metadata')) pruned = withMember(pruned, 'metadata', cleaned);
  }
  return pruneKind(pruned, stringMember(pruned, 'kind'));
}

/** Karmada reads these maps as strings before it adds to them: null becomes empty, any other value empties the map. */
function withStringMaps(metadata: JsonObject): JsonObject {
  let result = metadata;
  for (const field of ['labels', 'annotations']) {
    const map = member(metadata, field);
    if (map === undefined) continue;
    if (!isObject(map)) {
      result = omit(result, [field]);
      continue;
    }
    const keys = Object.keys(map);
    if (keys.some((key) => map[key] !== null && typeof map[key] !== 'string')) {
      result = omit(result, [field]);
      continue;
    }
    let filled = map;
    for (const key of keys) if (map[key] === null) filled = withMember(filled, key, '');
    if (filled !== map) result = withMember(result, field, filled);
  }
  return result;
}

function pruneKind(object: JsonObject, kind: string): Result<JsonObject> {
  switch (kind) {
    case 'Deployment':
      return {
        value: omitAt(
          object,
          ['metadata', 'annotations'],
          ['deployment.kubernetes.io/revision', 'deployment.kubernetes.io/revision-history'],
        ),
      };
    case 'Job':
      return pruneJob(object);
    case 'Secret':
      return { value: pruneSecret(object) };
    case 'ServiceAccount':
      return pruneServiceAccount(object);
    case 'Service': {
      const address = memberAt(object, 'spec', 'clusterIP');
      const isPruned = typeof address === 'string' && address !== 'None';
      return { value: isPruned ? omitAt(object, ['spec'], ['clusterIP', 'clusterIPs']) : object };
    }
    case 'PersistentVolumeClaim': {
      const key = 'volume.kubernetes.io/selected-node';
      return { value: omitAt(object, ['metadata', 'annotations'], [key]) };
    }
    default:
      return { value: object };
  }
}

const selectorLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid'];
const templateLabels = [...selectorLabels, 'job-name', 'batch.kubernetes.io/job-name'];

function pruneJob(object: JsonObject): Result<JsonObject> {
  const mismatch = typedConversionError(object, 'Job');
  if (mismatch !== undefined) return { error: mismatch };
  let pruned = object;
  if (memberAt(object, 'spec', 'manualSelector') !== true) {
    for (const [path, keys] of [
      [['spec', 'selector', 'matchLabels'], selectorLabels],
      [['spec', 'template', 'metadata', 'labels'], templateLabels],
    ] as const) {
      const map = nestedStringMap(pruned, path);
      if ('error' in map) return map;
      pruned = omitAt(pruned, path, keys);
    }
  }
  return { value: omitAt(pruned, ['spec'], ['ttlSecondsAfterFinished']) };
}

function pruneSecret(object: JsonObject): JsonObject {
  if (member(object, 'type') !== 'kubernetes.io/service-account-token') return object;
  const key = 'kubernetes.io/service-account.uid';
  return withMember(omitAt(object, ['metadata', 'annotations'], [key]), 'data', null);
}

function pruneServiceAccount(object: JsonObject): Result<JsonObject> {
  const secrets = arrayMember(object, 'secrets');
  const prefix = `${stringMember(member(object, 'metadata'), 'name')}-token-`;
  const kept: JsonValue[] = [...secrets];
  // Karmada goes on behind the removed entry's successor, which therefore always stays.
  for (let i = 0; i < kept.length; i++) {
    const name = member(kept[i], 'name');
    if (typeof name !== 'string') {
      return { error: 'panic: interface conversion: interface {} is not string' };
    }
    if (name.startsWith(prefix)) kept.splice(i, 1);
  }
  return { value: kept.length < secrets.length ? withMember(object, 'secrets', kept) : object };
}

/** A copy without some keys; the object itself when it has none of them. */
function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  if (!keys.some((key) => Object.hasOwn(object, key))) return object;
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function omitAt(object: JsonObject, path: readonly string[], keys: readonly string[]): JsonObject {
  const [field, ...rest] = path;
  if (field === undefined) return omit(object, keys);
  const child = member(object, field);
  if (!isObject(child)) return object;
  const pruned = omitAt(child, rest, keys);
  return pruned === child ? object : withMember(object, field, pruned);
}
