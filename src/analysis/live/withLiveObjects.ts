import { apiGroup, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject, PreviousPlacement } from '../../engine/index.ts';
import { roleOf } from '../ingest.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';

/** An object of a control plane and what it is to be; absent where it is to be gone. */
export interface LiveObjectChange {
  readonly reference: {
    readonly apiVersion: string;
    readonly kind: string;
    /** '' for a cluster-scoped one. */
    readonly namespace: string;
    readonly name: string;
  };
  readonly object?: JsonObject;
}

/**
 * The control plane with objects replaced, added and deleted. An object is found by group, kind and name, whatever
 * version it is in; the last change of one counts. With a template goes its binding, which the template owns
 * (`pkg/detector/detector.go`), so that nothing is said of its placement any more. The same control plane where nothing
 * differs.
 */
export function withLiveObjects(
  plane: LiveControlPlane,
  changes: readonly LiveObjectChange[],
): LiveControlPlane {
  if (changes.length === 0) return plane;
  const clusters = new Map<string, JsonObject | undefined>();
  const others = new Map<string, JsonObject | undefined>();
  for (const { reference, object } of changes) {
    const isCluster = roleOf(reference.apiVersion, reference.kind) === 'cluster';
    (isCluster ? clusters : others).set(liveName(reference), object);
  }
  const objects = replaced(plane.objects, others);
  const members = replaced(plane.clusters, clusters);
  const previous = withoutGone(plane.previous, others);
  const isSame =
    objects === plane.objects && members === plane.clusters && previous === plane.previous;
  return isSame ? plane : { ...plane, objects, clusters: members, previous };
}

/** What names an object whatever its version: `GROUP/KIND/NAMESPACE/NAME`. */
export function liveName({
  apiVersion,
  kind,
  namespace,
  name,
}: LiveObjectChange['reference']): string {
  return `${apiGroup(apiVersion)}/${kind}/${namespace}/${name}`;
}

const names = new WeakMap<JsonObject, string>();

/** The same of an object. */
export function nameOfObject(object: JsonObject): string {
  let name = names.get(object);
  if (name === undefined) {
    const metadata = memberAt(object, 'metadata');
    name = liveName({
      apiVersion: stringMember(object, 'apiVersion'),
      kind: stringMember(object, 'kind'),
      namespace: stringMember(metadata, 'namespace'),
      name: stringMember(metadata, 'name'),
    });
    names.set(object, name);
  }
  return name;
}

function replaced(
  list: readonly JsonObject[],
  changes: ReadonlyMap<string, JsonObject | undefined>,
): readonly JsonObject[] {
  if (changes.size === 0) return list;
  const found = new Set<string>();
  const next: JsonObject[] = [];
  for (const object of list) {
    const name = nameOfObject(object);
    if (!changes.has(name)) next.push(object);
    else {
      const change = changes.get(name);
      if (change && !found.has(name)) next.push(change);
      found.add(name);
    }
  }
  for (const [name, object] of changes) if (object && !found.has(name)) next.push(object);
  const isSame = next.length === list.length && next.every((object, i) => object === list[i]);
  return isSame ? list : next;
}

function withoutGone(
  previous: ReadonlyMap<string, PreviousPlacement>,
  changes: ReadonlyMap<string, JsonObject | undefined>,
): ReadonlyMap<string, PreviousPlacement> {
  const gone = new Set([...changes].filter(([, object]) => !object).map(([name]) => name));
  if (gone.size === 0) return previous;
  const left = new Map([...previous].filter(([key]) => !gone.has(nameOfTemplate(key))));
  return left.size === previous.size ? previous : left;
}

/** The same name from a template's key, `APIVERSION/KIND/NAMESPACE/NAME`. */
export function nameOfTemplate(key: string): string {
  const parts = key.split('/');
  const [kind = '', namespace = '', name = ''] = parts.slice(-3);
  return liveName({ apiVersion: parts.slice(0, -3).join('/'), kind, namespace, name });
}
