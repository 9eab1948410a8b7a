import type { ClusterFacts, Simulation } from '../engine/index.ts';
import { clusterSet, sizeOf, unionOf } from './clusterSet.ts';
import type { ClusterSet } from './clusterSet.ts';
import { overrideName } from './concerning.ts';
import { effectsOn } from './effects.ts';
import { movementParts } from './live/movementText.ts';
import { partsOf } from './parts.ts';
import type { Item, Snapshot, Template } from './snapshot.ts';

const titles = new WeakMap<Simulation, string>();

/** What the lens of an item says of the templates that it concerns. */
export function lensTitle(snapshot: Snapshot, item: Item, templates: readonly Template[]): string {
  if (item.refusal) return 'Refused by the API server';
  const simulation = item.role === 'template' ? templates[0]?.simulation : undefined;
  if (!simulation) return titleOf(snapshot, item, templates);
  let title = titles.get(simulation);
  if (title === undefined) {
    title = titleOf(snapshot, item, templates);
    titles.set(simulation, title);
  }
  return title;
}

function titleOf(snapshot: Snapshot, item: Item, templates: readonly Template[]): string {
  const isPolicy = item.role !== 'template';
  if (templates.length === 0) {
    if (item.role === 'override') return 'Overrides nothing';
    if (isPolicy) return 'Claims nothing';
    // Another object of the same name, further down, is the one that counts.
    return 'Defined again below';
  }
  const policy = item.role === 'override' ? overrideName(item) : undefined;
  const counted = templates.flatMap((template) => countsOf(snapshot, template, policy) ?? []);
  const delivered = unionOf(counted.map((counts) => counts.delivered));
  const failed = unionOf(counted.map((counts) => counts.failed));
  const [changes, failures] = [unionOf(counted.map(({ changed }) => changed)), failed].map(sizeOf);
  const clusters = sizeOf(unionOf([delivered, failed]));
  if (!isPolicy && clusters === 0) return nowhere(templates);
  return [
    ...(isPolicy ? [count(templates.length, nounFor(templates))] : []),
    count(clusters, 'cluster'),
    ...(changes ? [`${changes} changed`] : []),
    ...(failures ? [`${failures} failed`] : []),
    ...(item.role === 'override' ? [] : movementParts(templates)),
  ].join(' · ');
}

/** On which clusters a template arrives, arrives changed, and fails. */
interface Counts {
  readonly delivered: ClusterSet;
  readonly changed: ClusterSet;
  readonly failed: ClusterSet;
}

const known = new WeakMap<Simulation, Map<string | undefined, Counts>>();

/**
 * The counts of one template, with a policy those that are this override policy's doing. Worked out once a simulation,
 * for a lens may stand for hundreds of them. `undefined` for a template that is not scheduled.
 */
function countsOf(
  snapshot: Snapshot,
  template: Template,
  policy: string | undefined,
): Counts | undefined {
  const { simulation } = template;
  const fleet = simulation?.schedule?.request.clusters;
  if (!simulation || !fleet) return undefined;
  let counts = known.get(simulation);
  if (!counts) known.set(simulation, (counts = new Map<string | undefined, Counts>()));
  let answer = counts.get(policy);
  if (!answer) {
    const whole = counts.get(undefined) ?? ofParts(template, fleet);
    counts.set(undefined, whole);
    answer = policy === undefined ? whole : ofEntries(snapshot, template, policy, fleet, whole);
    counts.set(policy, answer);
  }
  return answer;
}

function ofParts(template: Template, fleet: readonly ClusterFacts[]): Counts {
  const parts = partsOf(template);
  const those = (...states: readonly string[]): ClusterSet =>
    unionOf(
      parts
        .filter(({ state }) => states.includes(state))
        .map(({ clusters }) => clusterSet(clusters, fleet)),
    );
  return {
    delivered: those('changed', 'unchanged'),
    changed: those('changed'),
    failed: those('failed'),
  };
}

/** What one override policy does: the clusters that get the template, and those on which its entries change or fail. */
function ofEntries(
  snapshot: Snapshot,
  template: Template,
  policy: string,
  fleet: readonly ClusterFacts[],
  { delivered }: Counts,
): Counts {
  const effects = effectsOn(snapshot, template)
    .filter((entry) => overrideName(entry.policy) === policy)
    .flatMap((entry) => entry.effects);
  const those = (wanted: string): ClusterSet =>
    unionOf(
      effects
        .filter(({ type }) => type === wanted)
        .map(({ clusters }) => clusterSet(clusters, fleet)),
    );
  return { delivered, changed: those('applied'), failed: those('failed') };
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
