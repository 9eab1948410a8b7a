import type { FluxReference } from '../../engine/index.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import type { Goal } from './goals.ts';
import { isKnownAbsent, nameOf, needsOf, takes } from './needs.ts';
import type { Picked } from './pick.ts';
import { reachOf, templateOf } from './reach.ts';

/** What is to be where for a request, and what cannot be had. */
export interface Wishes {
  readonly goals: readonly Goal[];
  /** Needed and found nowhere, with what needs it. */
  readonly absent: readonly { readonly reference: FluxReference; readonly by: Template }[];
  /** Needed and refused by the API server, with what needs it. */
  readonly refused: readonly { readonly needed: Template; readonly by: Template }[];
}

/**
 * The chosen templates on the picked clusters that can take them, and there, step by step, everything that they need.
 * `now` is where references are read: after overrides, as far as it is known what goes where.
 */
export function propagateGoals(before: Snapshot, now: Snapshot, picked: Picked): Wishes {
  const gains = new Map<string, Entry>();
  const queue: Entry[] = [];
  const byName = new Map(picked.clusters.map((cluster) => [cluster.name, cluster]));
  const absent = new Map<string, Wishes['absent'][number]>();
  const refused = new Map<string, Wishes['refused'][number]>();
  const want = (template: Template, clusters: readonly string[], chosen?: Template): void => {
    const entry = gains.get(template.key) ?? {
      template,
      clusters: new Set<string>(),
      isChosen: chosen === undefined,
      chosen: chosen ?? template,
    };
    const has = reachOf(before, template);
    const more = clusters.filter((name) => {
      if (entry.clusters.has(name)) return false;
      if (has.has(name)) return true;
      const cluster = byName.get(name);
      return cluster !== undefined && !cluster.deleting && takes(cluster, template);
    });
    const isNew = !gains.has(template.key);
    for (const name of more) entry.clusters.add(name);
    gains.set(template.key, entry);
    if (isNew || more.length > 0) queue.push(entry);
  };
  const names = picked.clusters.map(({ name }) => name);
  for (const template of picked.templates) want(template, names);
  for (let entry = queue.shift(); entry; entry = queue.shift()) {
    if (entry.clusters.size === 0) continue;
    const { template, clusters, chosen } = entry;
    const needs = needsOf(now, templateOf(now, template.key) ?? template, clusters);
    for (const needed of needs.templates) {
      if (needed.item.refusal) refused.set(needed.key, { needed, by: template });
      else want(originalOf(before, needed), [...clusters], chosen);
    }
    for (const reference of needs.absent) {
      if (isKnownAbsent(now, reference)) absent.set(nameOf(reference), { reference, by: template });
    }
  }
  const goals = [...gains.values()].map(({ template, clusters, isChosen, chosen }): Goal => {
    const has = reachOf(before, template);
    const wanted = new Set([...has, ...clusters]);
    return { key: template.key, template, before: has, wanted, isChosen, chosen };
  });
  return { goals, absent: [...absent.values()], refused: [...refused.values()] };
}

interface Entry {
  readonly template: Template;
  readonly clusters: Set<string>;
  readonly isChosen: boolean;
  readonly chosen: Template;
}

function originalOf(before: Snapshot, template: Template): Template {
  return templateOf(before, template.key) ?? template;
}
