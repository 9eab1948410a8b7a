import { createLineIndex } from '../../base/position.ts';
import { apiGroup, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject, PreviousPlacement } from '../../engine/index.ts';
import { parseSource } from '../../yaml/index.ts';
import { inPreferredVersion, roleOf } from '../ingest.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { toLiveUri } from '../liveUri.ts';
import type { Item } from '../item.ts';
import type { VersionsInForce } from './servedVersions.ts';
import { createPlacementReader } from './placements.ts';

/** What a control plane holds, as the documents are laid over it. */
export interface LiveLayer {
  readonly plane: LiveControlPlane;
  /** Policies and templates, in the version in which Karmada has them. The same list while all of them are. */
  readonly items: readonly Item[];
  /** The same by `nameKey`. */
  readonly byName: ReadonlyMap<string, Item>;
  /** The templates among them by namespace. The same map while all of them are. */
  readonly templates: ReadonlyMap<string, readonly Item[]>;
  /** Where bindings have their templates, by key of the template in the version in which Karmada has it. */
  readonly previous: ReadonlyMap<string, PreviousPlacement>;
}

/** Reads a control plane; what is the identical object as before stays the identical item. */
export type LiveReader = (plane: LiveControlPlane, inForce: VersionsInForce) => LiveLayer;

export function createLiveReader(): LiveReader {
  let last: { readonly layer: LiveLayer; readonly inForce: VersionsInForce } | undefined;
  let known = new WeakMap<JsonObject, Item>();
  const placementsOf = createPlacementReader();
  return (plane, inForce) => {
    const isSameKind = last?.inForce === inForce && last.layer.plane.context === plane.context;
    if (isSameKind && last?.layer.plane === plane) return last.layer;
    if (!isSameKind) known = new WeakMap();
    const before = isSameKind ? last?.layer : undefined;
    const items = keptList(before?.items, itemsOf(plane, inForce, known));
    const isSame = before?.items === items;
    const layer = {
      plane,
      items,
      byName: isSame ? before.byName : new Map(items.map((item) => [nameKey(item), item])),
      templates: isSame ? before.templates : byNamespace(items),
      previous: placementsOf(plane.previous, inForce),
    };
    last = { layer, inForce };
    return layer;
  };
}

/** What names an object whatever its version: `GROUP/KIND/NAMESPACE/NAME`. */
export function nameKey({
  apiVersion,
  kind,
  namespace,
  name,
}: Pick<Item, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string {
  return `${apiGroup(apiVersion)}/${kind}/${namespace}/${name}`;
}

function itemsOf(
  plane: LiveControlPlane,
  inForce: VersionsInForce,
  known: WeakMap<JsonObject, Item>,
): readonly Item[] {
  return plane.objects.flatMap((object): readonly Item[] => {
    let item = known.get(object);
    // Who owns a field can change without the object.
    if (!item || item.kept !== plane.kept?.get(object)) {
      const kept = plane.kept?.get(object);
      const made = toItem(object, plane.context, inForce);
      if (!made) return [];
      item = kept ? { ...made, kept } : made;
      known.set(object, item);
    }
    return [item];
  });
}

/** Stands for the document of a live object: where it is opened, its text is made then. */
const unread = parseSource('');
const noLines = createLineIndex('');

function toItem(object: JsonObject, context: string, inForce: VersionsInForce): Item | undefined {
  const [document] = unread.documents;
  const kind = stringMember(object, 'kind');
  const name = stringMember(memberAt(object, 'metadata'), 'name');
  const namespace = stringMember(memberAt(object, 'metadata'), 'namespace');
  const role = roleOf(stringMember(object, 'apiVersion'), kind);
  if (!document || kind === '' || name === '' || role === 'cluster') return undefined;
  const stored = inPreferredVersion(object, kind, inForce);
  const apiVersion = stringMember(stored, 'apiVersion');
  if (apiVersion === '') return undefined;
  const uri = toLiveUri({ context, apiVersion, kind, namespace, name });
  return {
    ...{ role, apiVersion, kind, namespace, name, namespaceAssumed: false, stored },
    file: { uri, source: unread, lines: noLines },
    ...{ document, path: [], source: object, context },
    key: `${apiVersion}/${kind}/${namespace}/${name}`,
  };
}

function byNamespace(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  const templates = new Map<string, Item[]>();
  for (const item of items) {
    if (item.role !== 'template') continue;
    const list = templates.get(item.namespace);
    if (list) list.push(item);
    else templates.set(item.namespace, [item]);
  }
  return templates;
}

/** The list before where the new one holds the same. */
export function keptList<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  const isSame = before?.length === now.length && now.every((one, i) => before[i] === one);
  return isSame ? before : now;
}
