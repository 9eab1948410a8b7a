import { apiGroup } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { Item, Snapshot, Template } from './snapshot.ts';

/** The templates of a snapshot, live ones among them, by what references and selectors look them up. Refused ones are among them. */
export interface TemplateIndex {
  /** By `GROUP/KIND`, then by `NAMESPACE/NAME`. */
  readonly byKind: ReadonlyMap<string, ReadonlyMap<string, Template>>;
}

const known = new WeakMap<Snapshot, TemplateIndex>();

/** Made once a snapshot. */
export function templateIndex(snapshot: Snapshot): TemplateIndex {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const byKind = new Map<string, Map<string, Template>>();
  for (const template of allTemplates(snapshot)) {
    const { groupKind, place } = namesOf(template.item);
    let named = byKind.get(groupKind);
    if (!named) byKind.set(groupKind, (named = new Map<string, Template>()));
    // Of two versions of one object the one that the server keeps is the one that counts.
    if (!named.get(place)?.simulation) named.set(place, template);
  }
  const index = { byKind };
  known.set(snapshot, index);
  return index;
}

/** Every template of a snapshot, live ones among them. */
export function allTemplates(snapshot: Snapshot): readonly Template[] {
  return [...snapshot.templates.values(), ...snapshot.otherTemplates];
}

interface Names {
  readonly namespace: string;
  readonly groupKind: string;
  readonly place: string;
}

/** By the object that Karmada has or, of a refused one, by what is written. */
const names = new WeakMap<JsonObject, Names>();

function namesOf({ apiVersion, kind, namespace, name, stored, source }: Item): Names {
  const object = stored ?? source;
  const known = names.get(object);
  // Whether a kind is namespaced, and which namespace is the default one, may change without the object.
  if (known?.namespace === namespace) return known;
  const groupKind = `${apiGroup(apiVersion)}/${kind}`;
  const found = { namespace, groupKind, place: `${namespace}/${name}` };
  names.set(object, found);
  return found;
}

/** The templates of one kind, in any version. */
export function templatesOfKind(
  snapshot: Snapshot,
  groupKind: string,
): ReadonlyMap<string, Template> {
  return templateIndex(snapshot).byKind.get(groupKind) ?? nothing;
}

const nothing: ReadonlyMap<string, Template> = new Map();

/** The template that a reference or selector means, in any version. */
export function findTemplate(
  snapshot: Snapshot,
  about: {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  },
): Template | undefined {
  const { group, kind, namespace, name } = about;
  return templatesOfKind(snapshot, `${group}/${kind}`).get(`${namespace}/${name}`);
}
