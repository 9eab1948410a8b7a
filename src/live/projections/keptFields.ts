import { arrayMember, isObject, member, setOwn, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';

/** Managers that write whole documents with an update: the next document says what stays. */
const documentManagers: ReadonlySet<string> = new Set([
  'kubectl-client-side-apply',
  'kubectl-create',
  'kubectl-replace',
]);

/**
 * What the next apply of a document leaves alone although the document does not mention it: the fields that were never
 * applied, written by a controller or by hand (kubectl edit, annotate, patch). Undefined when there are none.
 *
 * Read from `metadata.managedFields`, whose `fieldsV1` is a tree of `f:NAME` keys; what is inside of lists is left out,
 * as a document has a list or has it not.
 */
export function keptFields(object: JsonObject): JsonObject | undefined {
  const applied: JsonValue[] = [];
  const others: JsonValue[] = [];
  for (const entry of arrayMember(member(object, 'metadata'), 'managedFields')) {
    if (!isObject(entry) || stringMember(entry, 'subresource') !== '') continue;
    const isDocument =
      entry['operation'] === 'Apply' || documentManagers.has(stringMember(entry, 'manager'));
    (isDocument ? applied : others).push(entry['fieldsV1'] ?? null);
  }
  if (others.length === 0) return undefined;
  const kept = keptIn(object, others, applied, 0);
  return isObject(kept) && Object.keys(kept).length > 0 ? kept : undefined;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Deeper than any manifest. */
const deepest = 100;

function keptIn(
  value: JsonObject,
  others: readonly JsonValue[],
  applied: readonly JsonValue[],
  depth: number,
): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(value)) {
    if (depth === 0 && ['apiVersion', 'kind', 'status'].includes(key)) continue;
    if (depth === 1 && isMetadata(value) && key !== 'labels' && key !== 'annotations') continue;
    if (key === lastApplied) continue;
    const theirs = below(others, key);
    if (theirs.length === 0) continue;
    const ours = below(applied, key);
    if (isObject(child) && theirs.some(hasFields) && depth < deepest) {
      const inside = keptIn(child, theirs, ours, depth + 1);
      if (Object.keys(inside).length > 0) setOwn(kept, key, inside);
    } else if (ours.length === 0) {
      setOwn(kept, key, child);
    }
  }
  return kept;
}

const isMetadata = (value: JsonObject): boolean => Object.hasOwn(value, 'managedFields');

function below(trees: readonly JsonValue[], key: string): readonly JsonObject[] {
  return trees.map((tree) => member(tree, `f:${key}`)).filter((tree) => isObject(tree));
}

function hasFields(tree: JsonObject): boolean {
  return Object.keys(tree).some((key) => key.startsWith('f:'));
}
