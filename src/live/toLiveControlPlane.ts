import type { LiveControlPlane } from '../analysis/index.ts';
import {
  deepEqual,
  isObject,
  memberAt,
  policyId,
  stringMember,
  withMember,
  withoutMember,
} from '../engine/index.ts';
import type { JsonObject, PreviousPlacement, ServedDifferences } from '../engine/index.ts';
import type { BindingRow, ClusterRow, ObjectRow } from './rows.ts';

/** A kind as discovery tells it. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  /** Absent where it is not known. */
  readonly isNamespaced?: boolean;
}

/** What is known of a control plane, to be laid under documents. */
export interface LiveSource {
  readonly context: string;
  /** '' when it cannot be told. */
  readonly karmadaVersion: string;
  readonly differences?: ServedDifferences | undefined;
  /** Versions by group, the preferred one first. */
  readonly served: ReadonlyMap<string, readonly string[]>;
  readonly resources: readonly ServedResource[];
  readonly clusters: Iterable<ClusterRow>;
  readonly objects: Iterable<ObjectRow>;
  readonly bindings: Iterable<BindingRow>;
  /** Streams whose rows are complete, or were when they broke: `GROUP/PLURAL`, or the plural alone in the core group. */
  readonly listed: ReadonlySet<string>;
}

/**
 * A control plane for the analysis. With the one before, everything that says the same stays the identical object, and
 * the answer itself does when nothing has changed: neither a heartbeat nor a report of a member costs anything then.
 */
export function toLiveControlPlane(
  source: LiveSource,
  before?: LiveControlPlane,
): LiveControlPlane {
  const old = before?.context === source.context ? before : undefined;
  const rows = sortedByKey(source.objects);
  const objects = keptObjects(old?.objects, rows, isSameObject);
  const now: LiveControlPlane = {
    context: source.context,
    karmadaVersion: source.karmadaVersion,
    ...keptDifferences(old?.differences, source.differences),
    served: kept(old?.served, source.served),
    kinds: kept(old?.kinds, kindsOf(source.resources)),
    scopes: kept(old?.scopes, scopesOf(source.resources)),
    clusters: keptObjects(old?.clusters, sortedByKey(source.clusters), deepEqual),
    objects,
    kept: keptParts(objects, rows, old?.kept),
    previous: placementsOf(source.bindings, old?.previous),
    unread: kept(old?.unread, unreadOf(source)),
  };
  return old && isSame(old, now) ? old : now;
}

function isSame(a: LiveControlPlane, b: LiveControlPlane): boolean {
  return (
    a.karmadaVersion === b.karmadaVersion &&
    a.differences === b.differences &&
    a.served === b.served &&
    a.kinds === b.kinds &&
    a.scopes === b.scopes &&
    a.clusters === b.clusters &&
    a.objects === b.objects &&
    a.kept === b.kept &&
    a.previous === b.previous &&
    a.unread === b.unread
  );
}

/** The collection before where it holds the same, in the same order. */
function kept<T extends ReadonlyMap<string, readonly unknown[] | boolean> | ReadonlySet<string>>(
  before: T | undefined,
  now: T,
): T {
  return before && JSON.stringify([...before]) === JSON.stringify([...now]) ? before : now;
}

function keptDifferences(
  before: ServedDifferences | undefined,
  now: ServedDifferences | undefined,
): Pick<LiveControlPlane, 'differences'> {
  if (!now) return {};
  const isSame =
    before &&
    kept(before.lacking, now.lacking) === before.lacking &&
    kept(before.unknown, now.unknown) === before.unknown;
  return { differences: isSame ? before : now };
}

function kindsOf(resources: readonly ServedResource[]): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, string[]>();
  for (const { group, version, kind } of resources) {
    const versions = kinds.get(`${group}/${kind}`);
    if (!versions) kinds.set(`${group}/${kind}`, [version]);
    else if (!versions.includes(version)) versions.push(version);
  }
  return kinds;
}

/** Whether objects of a kind live in a namespace, by `GROUP/KIND`. */
function scopesOf(resources: readonly ServedResource[]): ReadonlyMap<string, boolean> {
  return new Map(
    resources.flatMap(({ group, kind, isNamespaced }) =>
      isNamespaced === undefined ? [] : [[`${group}/${kind}`, isNamespaced] as const],
    ),
  );
}

/** Every kind that is served and whose objects are not followed, or could not be read. */
function unreadOf({ resources, listed }: LiveSource): ReadonlySet<string> {
  const unread = new Set<string>();
  for (const { group, plural, kind } of resources) {
    if (!listed.has(group === '' ? plural : `${group}/${plural}`)) unread.add(`${group}/${kind}`);
  }
  return unread;
}

/** Rows by key, so that the order in which a server tells them never shows. */
function sortedByKey<T extends ClusterRow | ObjectRow>(rows: Iterable<T>): readonly T[] {
  return [...rows].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** The objects of rows, one for each; those before where they say the same. */
function keptObjects(
  before: readonly JsonObject[] | undefined,
  rows: readonly (ClusterRow | ObjectRow)[],
  isAlike: (a: JsonObject, b: JsonObject) => boolean,
): readonly JsonObject[] {
  const old = new Map(before?.map((object) => [uidOf(object), object]));
  const now = rows.map(({ object }) => {
    const known = old.get(uidOf(object));
    return known && (known === object || isAlike(known, object)) ? known : object;
  });
  const isSameList = before?.length === now.length && now.every((one, i) => before[i] === one);
  return isSameList ? before : now;
}

/**
 * What applies leave alone, by the objects that are handed on, which are those of the rows in the same order; the map
 * before where it says the same.
 */
function keptParts(
  objects: readonly JsonObject[],
  rows: readonly ObjectRow[],
  before: LiveControlPlane['kept'],
): ReadonlyMap<JsonObject, JsonObject> {
  const now = new Map<JsonObject, JsonObject>();
  rows.forEach(({ kept: part }, i) => {
    const object = objects[i];
    if (!part || !object) return;
    const old = before?.get(object);
    now.set(object, old && deepEqual(old, part) ? old : part);
  });
  const isSameMap =
    before?.size === now.size && [...now].every(([object, part]) => before.get(object) === part);
  return isSameMap ? before : now;
}

/** What an object is, over its versions. */
function uidOf(object: JsonObject): string {
  const metadata = memberAt(object, 'metadata');
  const names = ['namespace', 'name', 'uid'].map((field) => stringMember(metadata, field));
  return JSON.stringify([object['apiVersion'] ?? null, object['kind'] ?? null, ...names]);
}

/** Members of `metadata` that change with every write, whatever it is about. */
const marks = ['resourceVersion', 'generation', 'managedFields'];

/** Whether nothing but what members reported has changed. */
function isSameObject(a: JsonObject, b: JsonObject): boolean {
  return deepEqual(written(a), written(b));
}

function written(object: JsonObject): JsonObject {
  const { metadata } = object;
  const rest = withoutMember(object, 'status');
  if (!isObject(metadata)) return rest;
  return withMember(rest, 'metadata', marks.reduce(withoutMember, metadata));
}

/** Where bindings have their templates, by key of the template. */
function placementsOf(
  bindings: Iterable<BindingRow>,
  before: LiveControlPlane['previous'] | undefined,
): LiveControlPlane['previous'] {
  const now = new Map<string, PreviousPlacement>();
  for (const binding of bindings) {
    const { apiVersion, kind, namespace, name } = binding.template;
    const key = `${apiVersion}/${kind}/${namespace}/${name}`;
    const old = before?.get(key);
    now.set(key, old && isSamePlacement(old, binding) ? old : placementOf(binding));
  }
  const isSameMap =
    before?.size === now.size && [...now].every(([key, one]) => before.get(key) === one);
  return isSameMap ? before : now;
}

function placementOf(row: BindingRow): PreviousPlacement {
  const { clusters, affinity, evicting, template } = row;
  return {
    clusters,
    policy: policyOf(row),
    preserves: row.isPreserving === true,
    ...(affinity === '' ? {} : { affinity }),
    ...(evicting.length === 0 ? {} : { evicting }),
    ...(template.uid === '' ? {} : { uid: template.uid }),
  };
}

function policyOf({ policy }: BindingRow): string {
  return policy ? policyId(policy) : '';
}

/** Compared member by member: a report of one of a thousand clusters makes a new row that says the same here. */
function isSamePlacement(old: PreviousPlacement, row: BindingRow): boolean {
  const { clusters, affinity = '', evicting = [], uid = '' } = old;
  return (
    old.policy === policyOf(row) &&
    old.preserves === (row.isPreserving === true) &&
    affinity === row.affinity &&
    uid === row.template.uid &&
    clusters.length === row.clusters.length &&
    clusters.every(({ name, replicas }, i) => {
      const now = row.clusters[i];
      return name === now?.name && replicas === now.replicas;
    }) &&
    evicting.length === row.evicting.length &&
    evicting.every((name, i) => name === row.evicting[i])
  );
}
