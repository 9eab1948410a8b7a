import type { Position } from '../base/position.ts';
import type { OverrideEntry, Variant } from '../engine/index.ts';
import type { Lens } from './api.ts';
import { effectsOn } from './effects.ts';
import { movementParts } from './live/movementText.ts';
import { partsOf } from './parts.ts';
import { startOf } from './place.ts';
import type { Item, Snapshot, Template } from './snapshot.ts';

const flux = /\.toolkit\.fluxcd\.io\//;

/** The lenses of one document: above every HelmRelease and every policy. */
export function lensesOf(snapshot: Snapshot, uri: string): readonly Lens[] {
  return snapshot.items
    .filter(({ file, role, kind, apiVersion }) => {
      const isRelease = kind === 'HelmRelease' && flux.test(apiVersion);
      return file.uri === uri && (isRelease || role === 'propagation' || role === 'override');
    })
    .map((item) => {
      const templates = concerning(snapshot, item);
      return {
        range: startOf(item),
        title: titleOf(snapshot, item, templates),
        templates: templates.map(({ key }) => key),
      };
    });
}

/** Keys of the templates that a document, or the YAML document at a position of it, concerns. */
export function templatesConcerning(
  snapshot: Snapshot,
  uri: string,
  position?: Position,
): readonly string[] {
  const keys = new Set<string>();
  for (const item of snapshot.items) {
    if (item.file.uri !== uri || (position && !holds(item, position))) continue;
    for (const { key } of concerning(snapshot, item)) keys.add(key);
  }
  return [...keys];
}

function holds({ file, document }: Item, position: Position): boolean {
  const offset = file.lines.offsetAt(position);
  return offset >= document.start && offset <= document.end;
}

function concerning(snapshot: Snapshot, item: Item): readonly Template[] {
  const templates = [...snapshot.templates.values()];
  switch (item.role) {
    case 'cluster':
      return [];
    case 'template':
      return templates.filter((template) => template.item === item);
    case 'propagation':
      return templates.filter(({ simulation }) => {
        const claim = simulation?.claim;
        return claim && 'policy' in claim && claim.policy.source === item.stored;
      });
    case 'override':
      return templates.filter((template) => touchedBy(snapshot, item, template));
  }
}

/** Whether an override policy does or tries something to a template. */
function touchedBy(snapshot: Snapshot, item: Item, template: Template): boolean {
  const variants = template.simulation?.outcome.variants ?? [];
  return (
    variants.some((variant) => names(variant, item)) ||
    (variants.some(({ error }) => error !== undefined) &&
      effectsOn(snapshot, template).some((entry) => isOf(entry, item)))
  );
}

function names({ overrides, clusterOverrides }: Variant, { kind, name }: Item): boolean {
  return (kind === 'OverridePolicy' ? overrides : clusterOverrides)?.includes(name) ?? false;
}

function isOf({ policy }: OverrideEntry, { kind, namespace, name }: Item): boolean {
  return policy.kind === kind && policy.name === name && (policy.namespace ?? '') === namespace;
}

function titleOf(snapshot: Snapshot, item: Item, templates: readonly Template[]): string {
  if (item.refusal) return 'Refused by the API server';
  const isPolicy = item.role !== 'template';
  if (templates.length === 0) {
    if (item.role === 'override') return 'Overrides nothing';
    if (isPolicy) return 'Claims nothing';
    // Another object of the same name, further down, is the one that counts.
    return 'Defined again below';
  }
  const counts = {
    delivered: new Set<string>(),
    changed: new Set<string>(),
    failed: new Set<string>(),
  };
  for (const template of templates) {
    if (item.role === 'override') countEffects(snapshot, template, item, counts);
    else countParts(template, counts);
  }
  const { delivered, changed, failed } = counts;
  if (!isPolicy && delivered.size === 0 && failed.size === 0) return nowhere(templates);
  const clusters = delivered.size + [...failed].filter((name) => !delivered.has(name)).length;
  return [
    ...(isPolicy ? [count(templates.length, nounFor(templates))] : []),
    count(clusters, 'cluster'),
    ...(changed.size > 0 ? [`${changed.size} changed`] : []),
    ...(failed.size > 0 ? [`${failed.size} failed`] : []),
    ...(item.role === 'override' ? [] : movementParts(templates)),
  ].join(' · ');
}

interface Counts {
  readonly delivered: Set<string>;
  readonly changed: Set<string>;
  readonly failed: Set<string>;
}

function countParts(template: Template, { delivered, changed, failed }: Counts): void {
  for (const { state, clusters } of partsOf(template)) {
    for (const cluster of clusters) {
      if (state === 'changed' || state === 'unchanged') delivered.add(cluster);
      if (state === 'changed') changed.add(cluster);
      if (state === 'failed') failed.add(cluster);
    }
  }
}

/** What one override policy does: the clusters that get the template, and those on which its entries change or fail. */
function countEffects(snapshot: Snapshot, template: Template, item: Item, counts: Counts): void {
  for (const { state, clusters } of partsOf(template)) {
    if (state !== 'changed' && state !== 'unchanged') continue;
    for (const cluster of clusters) counts.delivered.add(cluster);
  }
  for (const entry of effectsOn(snapshot, template)) {
    if (!isOf(entry, item)) continue;
    for (const { type, clusters } of entry.effects) {
      const set =
        type === 'applied' ? counts.changed : type === 'failed' ? counts.failed : undefined;
      for (const cluster of clusters) set?.add(cluster);
    }
  }
}

function nowhere(templates: readonly Template[]): string {
  const states = templates.flatMap(partsOf).map(({ state }) => state);
  if (states.includes('unclaimed')) return 'No policy claims it';
  return states.includes('undecided') ? 'Decided on the control plane' : 'No cluster fits';
}

function nounFor(templates: readonly Template[]): string {
  return templates.every(({ item }) => item.kind === 'HelmRelease') ? 'release' : 'object';
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
