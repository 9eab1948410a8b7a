import { arrayMember, compareBytes, member } from '../../engine/index.ts';
import type { Simulation } from '../../engine/index.ts';
import { listName } from '../listName.ts';
import { listClusters } from '../previewText.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { isAbout, newPolicyText, withEntries, withRule } from './overrideRules.ts';
import type { Rule, Selected } from './overrideRules.ts';
import type { Planning } from './planning.ts';
import { freeUri, withFile } from './world.ts';
import type { Ground, World } from './world.ts';

/** A rule to be written, and for what. */
export interface Task {
  readonly ground: Ground;
  readonly selected: Selected;
  readonly simulation: Simulation;
  /** Of a new file. */
  readonly folder: string;
  readonly rule: Rule;
  readonly clusters: readonly string[];
}

/**
 * The first of these ways of writing a rule that does what is wanted: entries in a rule for the same clusters, a rule in a
 * policy that is about this object only, a policy of its own. The policy that applies last in front.
 */
export function* writeRule(
  task: Task,
  world: World,
  isWanted: (after: Snapshot) => boolean,
): Planning<World | undefined> {
  for (const item of policiesAbout(world.snapshot, task.selected)) {
    const { source } = item.file;
    const merged = withEntries(item, task.rule, task.simulation.template);
    const added = withRule(item, task.rule);
    for (const text of [...merged, ...(added === undefined ? [] : [added])]) {
      if (text === source.text) continue;
      const change = { uri: item.file.uri, text: text === '' ? undefined : text };
      const next = withFile(task.ground, world, change, { note: noteOf(item.name, task) });
      const isDone = isWanted(next.snapshot);
      yield;
      if (isDone) return next;
    }
  }
  return yield* writePolicy(task, world, isWanted);
}

function* writePolicy(
  task: Task,
  world: World,
  isWanted: (after: Snapshot) => boolean,
): Planning<World | undefined> {
  const { ground, selected, folder, rule } = task;
  for (const name of policyNames(world.snapshot, selected)) {
    const uri = freeUri(ground, world, folder, `overridepolicy-${name}`);
    const text = newPolicyText(name, selected, rule);
    const next = withFile(ground, world, { uri, text }, { note: noteOf(name, task) });
    const isDone = isWanted(next.snapshot);
    yield;
    if (isDone) return next;
  }
  return undefined;
}

function policyKindOf({ namespace }: Selected): string {
  return namespace === '' ? 'ClusterOverridePolicy' : 'OverridePolicy';
}

/** The policies in files to which a rule can be added, the one that applies last in front. */
function policiesAbout({ items }: Snapshot, selected: Selected): readonly Item[] {
  return items
    .filter(
      (item) =>
        item.kind === policyKindOf(selected) &&
        item.role === 'override' &&
        item.namespace === selected.namespace &&
        isAbout(item, selected),
    )
    .toSorted((a, b) => compareBytes(b.name, a.name));
}

const longestName = 253;

/** Names for a policy that come behind those of all other policies that select the object by name. */
function policyNames({ objects, run }: Snapshot, selected: Selected): readonly string[] {
  const kind = policyKindOf(selected);
  const taken = new Set(
    objects
      .filter((item) => item.kind === kind && item.namespace === selected.namespace)
      .map(({ name }) => name),
  );
  const last = run.controlPlane.policies
    .filter((policy) => policy.kind === kind && policy.namespace === selected.namespace)
    .filter(({ spec }) =>
      arrayMember(spec, 'resourceSelectors').some(
        (selector) =>
          member(selector, 'name') === selected.name && member(selector, 'kind') === selected.kind,
      ),
    )
    .map(({ name }) => name)
    .reduce((latest, name) => (compareBytes(name, latest) > 0 ? name : latest), '');
  const name = selected.name.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-');
  return [name, `${name}-overrides`, `${last}-${name}`, `${last}-z`].filter(
    (candidate) =>
      candidate.length <= longestName && !taken.has(candidate) && compareBytes(candidate, last) > 0,
  );
}

function noteOf(name: string, { selected, rule, clusters }: Task): string {
  const count = rule.entries.length === 1 ? '1 path' : `${rule.entries.length} paths`;
  const policy = listName(policyKindOf(selected), selected.namespace, name);
  return `${policy}: ${count} for ${listClusters(clusters)}.`;
}
