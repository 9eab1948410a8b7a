import { findSchema, migrateHelmRelease, stringMember } from '../../engine/index.ts';
import { deprecatedFields } from '../findings/versions/deprecatedFields.ts';
import { staleSelectors } from '../findings/versions/selectorVersions.ts';
import type { StaleSelector } from '../findings/versions/selectorVersions.ts';
import { preferredApiVersion } from '../live/servedVersions.ts';
import { listName } from '../listName.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { ItemChange } from './changes.ts';
import type { Finding } from '../findings/finding.ts';
import type { Fix } from './fix.ts';

/**
 * Moves templates and every selector that would match them to the version that Karmada works with, all at once: moved
 * one by one nothing would be propagated in between. The second fix does so for the whole workspace.
 */
export function apiVersions(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const family = familyOf(snapshot, finding);
  const everything = allOf(snapshot);
  const [first] = family.templates;
  const target = first
    ? preferredApiVersion(first, snapshot.circumstances)
    : family.selectors[0]?.target;
  if (target === undefined) return [];
  const title = first
    ? `Migrate ${movedText(family.templates, family.selectors.length)} to ${target}`
    : `Change to ${target}`;
  const own = fixBy(title, changesOf(family, snapshot), { preferred: true });
  return sizeOf(everything) > sizeOf(family)
    ? [
        ...own,
        ...fixBy(`Migrate to Flux ${snapshot.flux.version}`, changesOf(everything, snapshot)),
      ]
    : own;
}

function changesOf({ templates, selectors }: Family, snapshot: Snapshot): readonly ItemChange[] {
  return [
    ...templates.flatMap((item) => templateChanges(item, snapshot)),
    ...selectors.map(selectorChange),
  ];
}

function sizeOf({ templates, selectors }: Family): number {
  return templates.length + selectors.length;
}

function allOf(snapshot: Snapshot): Family {
  const templates = snapshot.items.filter((item) => isMovable(item, snapshot));
  return { templates, selectors: staleSelectors(snapshot) };
}

/** Whether Flux has another version of a template's kind for it. */
function isMovable(item: Item, { circumstances }: Snapshot): boolean {
  const target = preferredApiVersion(item, circumstances);
  return target !== undefined && target !== item.apiVersion;
}

interface Family {
  /** Templates whose version has to change. */
  readonly templates: readonly Item[];
  readonly selectors: readonly StaleSelector[];
}

function familyOf(snapshot: Snapshot, { item, path }: Finding): Family {
  const all = staleSelectors(snapshot);
  const index = path[2];
  const own = all.find((stale) => stale.item.source === item.source && stale.index === index);
  const templates = own ? own.templates.map((template) => template.item) : [item];
  const keys = new Set(templates.map(({ source }) => source));
  const selectors = all.filter(
    (stale) => stale === own || stale.templates.some((template) => keys.has(template.item.source)),
  );
  return { templates: templates.filter((template) => isMovable(template, snapshot)), selectors };
}

function movedText(templates: readonly Item[], selectors: number): string {
  const [first] = templates;
  const name =
    first && templates.length === 1
      ? listName(first.kind, first.namespace, first.name)
      : `${templates.length} objects`;
  if (selectors === 0) return name;
  return `${name} and ${selectors === 1 ? 'its selector' : `${selectors} selectors`}`;
}

function selectorChange({ item, index, target }: StaleSelector): ItemChange {
  const path = ['spec', 'resourceSelectors', index, 'apiVersion'];
  return { item, change: { type: 'set', path, value: target } };
}

/** The new version, and what has another form or no place in it. */
function templateChanges(item: Item, { flux, circumstances }: Snapshot): readonly ItemChange[] {
  const target = preferredApiVersion(item, circumstances);
  if (target === undefined || target === item.apiVersion) return [];
  const migrated = migrateHelmRelease(item.source);
  if (stringMember(migrated.value, 'apiVersion') === target) {
    return migrated.changes.map((change) => ({ item, change }));
  }
  const change = { type: 'set', path: ['apiVersion'], value: target } as const;
  const table = findSchema(target, item.kind, flux.version);
  const moved = table ? deprecatedFields(item, table) : [];
  return [{ item, change }, ...moved.map((step) => ({ item, change: step }))];
}
