import {
  arrayMember,
  deepEqual,
  isArray,
  isObject,
  member,
  setOwn,
  stringMember,
} from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../engine/index.ts';

/** Whose fields a push takes away when the document no longer says them. */
const pushManager = 'vscode-karmada-flux';

/**
 * What a push of a document leaves alone although the document does not mention it: all that anybody else owns, whether a
 * controller, a person (kubectl edit) or a tool that applies documents itself (kubectl apply, a pipeline). A push is a
 * server-side apply, and that removes only fields which its own manager applied before and nobody else owns; previews over
 * a live control plane have to show the same, or they would promise what the push then does not do. Undefined when there
 * is nothing.
 *
 * Read from `metadata.managedFields`, whose `fieldsV1` is a tree of `f:NAME` keys, of `k:KEYS` and `v:VALUE` for items of
 * lists that are owned one by one, and `.` for what holds them (`fieldpath.Set` of structured-merge-diff).
 */
export function keptFields(object: JsonObject): JsonObject | undefined {
  const others = arrayMember(member(object, 'metadata'), 'managedFields').flatMap((entry) =>
    isObject(entry) && stringMember(entry, 'subresource') === '' && !isOurs(entry)
      ? [entry['fieldsV1'] ?? null]
      : [],
  );
  if (others.length === 0) return undefined;
  const kept = keptIn(object, others, 0);
  return Object.keys(kept).length > 0 ? kept : undefined;
}

function isOurs(entry: JsonObject): boolean {
  return entry['operation'] === 'Apply' && entry['manager'] === pushManager;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Deeper than any manifest. */
const deepest = 100;

function keptIn(object: JsonObject, others: readonly JsonValue[], depth: number): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(object)) {
    if (depth === 0 && ['apiVersion', 'kind', 'status'].includes(key)) continue;
    if (depth === 1 && isMetadata(object) && key !== 'labels' && key !== 'annotations') continue;
    if (key === lastApplied) continue;
    const theirs = below(others, key);
    if (theirs.length === 0) continue;
    const inside = keptOf(child, theirs, depth + 1);
    if (inside !== undefined) setOwn(kept, key, inside);
  }
  // Mostly all of it: then there is no need for a copy.
  return isSameShape(kept, object) ? object : kept;
}

/** What is left of a value that others own, or something in it. */
function keptOf(
  value: JsonValue,
  theirs: readonly JsonObject[],
  depth: number,
): JsonValue | undefined {
  // Who owns it as a whole has an empty tree.
  const isWhole = theirs.some((tree) => Object.keys(tree).length === 0);
  if (isWhole || depth >= deepest) return value;
  if (isObject(value)) {
    const inside = keptIn(value, theirs, depth);
    const isHeld = theirs.some((tree) => Object.hasOwn(tree, '.'));
    // Of `metadata` only its maps are looked at.
    return Object.keys(inside).length > 0 || (isHeld && depth > 1) ? inside : undefined;
  }
  if (!isArray(value)) return value;
  const items: JsonArray = value.flatMap((item) => {
    const owned = theirs.flatMap((tree) => itemTrees(tree, item));
    const kept = owned.length === 0 ? undefined : keptOf(item, owned, depth + 1);
    return kept === undefined ? [] : [kept];
  });
  return items.length === 0 ? undefined : items;
}

/** What a tree says of an item of a list. */
function itemTrees(tree: JsonObject, item: JsonValue): readonly JsonObject[] {
  return Object.entries(tree).flatMap(([key, inside]) => {
    if (!isObject(inside)) return [];
    if (key.startsWith('v:')) return deepEqual(parsed(key), item) ? [inside] : [];
    const keys = key.startsWith('k:') ? parsed(key) : undefined;
    if (!isObject(keys)) return [];
    const isIt = Object.entries(keys).every(([name, one]) => deepEqual(member(item, name), one));
    return isIt ? [inside] : [];
  });
}

function parsed(key: string): JsonValue | undefined {
  try {
    return JSON.parse(key.slice(2)) as JsonValue;
  } catch {
    return undefined;
  }
}

const isMetadata = (value: JsonObject): boolean => Object.hasOwn(value, 'managedFields');

function below(trees: readonly JsonValue[], key: string): readonly JsonObject[] {
  return trees.map((tree) => member(tree, `f:${key}`)).filter((tree) => isObject(tree));
}

function isSameShape(copy: JsonObject, object: JsonObject): boolean {
  const keys = Object.keys(object);
  return (
    keys.length > 0 &&
    keys.length === Object.keys(copy).length &&
    keys.every((key) => copy[key] === object[key])
  );
}
