import {
  apiGroup,
  arrayMember,
  compileResourceSelector,
  isArray,
  isObject,
  member,
  memberAt,
  stringMember,
  withMember,
} from '../../../engine/index.ts';
import type { JsonObject } from '../../../engine/index.ts';
import { listName } from '../../listName.ts';
import type { Item, Snapshot, Template } from '../../snapshot.ts';
import { templateIndex } from '../../templateIndex.ts';
import type { Finding } from '../finding.ts';
import { preferredApiVersion } from '../../live/servedVersions.ts';
import { isFluxKind } from './servedRanges.ts';

/** A selector of a policy that would match templates if it named another version. */
export interface StaleSelector {
  readonly item: Item;
  /** In `spec.resourceSelectors`. */
  readonly index: number;
  /** What it names. */
  readonly apiVersion: string;
  /** In which Karmada has the templates, or will have them when they are migrated. */
  readonly target: string;
  /** The templates that it would match. Never empty. */
  readonly templates: readonly [Template, ...Template[]];
}

const known = new WeakMap<Snapshot, readonly StaleSelector[]>();

/**
 * All selectors that match nothing because of their apiVersion alone, which Karmada compares to the letter
 * (`pkg/util/selector.go`). Worked out once a snapshot.
 */
export function staleSelectors(snapshot: Snapshot): readonly StaleSelector[] {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const versions = storedVersions(snapshot);
  const found = snapshot.items.flatMap((item) =>
    item.role === 'propagation' || item.role === 'override'
      ? staleOf(snapshot, item, versions)
      : [],
  );
  known.set(snapshot, found);
  return found;
}

/** Findings about stale selectors, each on its apiVersion. */
export function selectorVersions(snapshot: Snapshot): readonly Finding[] {
  return staleSelectors(snapshot).map((stale) => {
    const { item, index, apiVersion, target, templates } = stale;
    const [first, ...others] = templates;
    const { kind, namespace, name } = first.item;
    const isSame = templates.some((template) => template.item.apiVersion === apiVersion);
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const what = `${listName(kind, namespace, name)}${more}`;
    const effect = item.role === 'override' ? 'changes nothing' : 'propagates nothing';
    const message = `This selector ${effect}: Karmada compares apiVersion to the letter and works with ${target} of ${what}. Use ${target}${isSame ? ' in both' : ''}.`;
    return {
      code: isSame ? 'api-version-removed' : 'selector-api-version',
      item,
      path: ['spec', 'resourceSelectors', index, 'apiVersion'],
      message,
      related: [
        {
          item: first.item,
          path: ['apiVersion'],
          message: `${listName(kind, namespace, name)} is here`,
        },
      ],
    };
  });
}

/** By `GROUP/KIND`: the versions in which Karmada has its templates. */
function storedVersions(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const versions = new Map<string, Set<string>>();
  for (const [groupKind, templates] of templateIndex(snapshot).byKind) {
    const set = new Set<string>();
    for (const template of templates.values()) set.add(targetOf(template, snapshot));
    versions.set(groupKind, set);
  }
  return versions;
}

/** The version in which Karmada has a template, or would have it. */
function targetOf({ item }: Template, { circumstances }: Snapshot): string {
  const { stored } = item;
  if (stored) return stringMember(stored, 'apiVersion');
  return preferredApiVersion(item, circumstances) ?? item.apiVersion;
}

function staleOf(
  snapshot: Snapshot,
  item: Item,
  versions: ReadonlyMap<string, ReadonlySet<string>>,
): readonly StaleSelector[] {
  const { stored } = item;
  if (!stored) return [];
  return arrayMember(member(stored, 'spec'), 'resourceSelectors').flatMap(
    (selector, index): StaleSelector[] => {
      if (!isObject(selector)) return [];
      const templates = candidates(snapshot, selector, versions);
      const [first, ...others] = templates;
      if (!first) return [];
      const apiVersion = stringMember(selector, 'apiVersion');
      const target = targetOf(first, snapshot);
      return [{ item, index, apiVersion, target, templates: [first, ...others] }];
    },
  );
}

/** The templates that a selector would match in another version; none when it matches one as it is. */
function candidates(
  snapshot: Snapshot,
  selector: JsonObject,
  versions: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Template[] {
  const apiVersion = stringMember(selector, 'apiVersion');
  const kind = stringMember(selector, 'kind');
  const groupKind = `${apiGroup(apiVersion)}/${kind}`;
  const own = versions.get(groupKind);
  if (own?.has(apiVersion) && own.size === 1) return [];
  const groups = own ? [groupKind] : foreignGroups(selector, versions);
  const found = groups.flatMap((key) => templatesMatching(snapshot, selector, key));
  return found.some((template) => targetOf(template, snapshot) === apiVersion) ? [] : found;
}

/**
 * Groups with the same kind, for a selector whose group is wrong. Only where that is sure: it names the object, and its
 * group has no such kind.
 */
function foreignGroups(
  selector: JsonObject,
  versions: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const kind = stringMember(selector, 'kind');
  if (kind === '' || stringMember(selector, 'name') === '') return [];
  return [...versions.keys()].filter((groupKind) => {
    const slash = groupKind.lastIndexOf('/');
    return groupKind.slice(slash + 1) === kind && isFluxKind(groupKind.slice(0, slash), kind);
  });
}

function templatesMatching(
  snapshot: Snapshot,
  selector: JsonObject,
  groupKind: string,
): readonly Template[] {
  const named = templateIndex(snapshot).byKind.get(groupKind);
  if (!named) return [];
  const name = stringMember(selector, 'name');
  const namespace = stringMember(selector, 'namespace');
  const only = name !== '' && namespace !== '' ? named.get(`${namespace}/${name}`) : undefined;
  const list = name !== '' && namespace !== '' ? (only ? [only] : []) : [...named.values()];
  return list.filter((template) => matches(selector, template));
}

/** Whether a selector would match a template if its apiVersion were that of the template. */
function matches(selector: JsonObject, { item }: Template): boolean {
  const object = placed(item);
  const apiVersion = stringMember(object, 'apiVersion');
  return compileResourceSelector(inVersion(selector, apiVersion))(object) > 0;
}

const variants = new WeakMap<JsonObject, Map<string, JsonObject>>();

function inVersion(selector: JsonObject, apiVersion: string): JsonObject {
  const made = variants.get(selector) ?? new Map<string, JsonObject>();
  variants.set(selector, made);
  const variant = made.get(apiVersion) ?? withMember(selector, 'apiVersion', apiVersion);
  made.set(apiVersion, variant);
  return variant;
}

/** A template as stored, or one that is refused as it would be. */
function placed({ source, stored, namespace }: Item): JsonObject {
  if (stored) return stored;
  const metadata = memberAt(source, 'metadata');
  if (!isObject(metadata) || isArray(metadata) || namespace === '') return source;
  return withMember(source, 'metadata', withMember(metadata, 'namespace', namespace));
}
