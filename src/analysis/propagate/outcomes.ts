import { clusterVerdicts, existingClaim, stringMember } from '../../engine/index.ts';
import { listName } from '../listName.ts';
import { fateOf, preservation } from '../live/movement.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { partsOf, verdictSentence } from '../parts.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { changedManifests } from './changedManifests.ts';
import type { Goal } from './goals.ts';
import { holderOf } from './holder.ts';
import { takes } from './needs.ts';
import type { Picked } from './pick.ts';
import { reachOf, templateOf } from './reach.ts';
import { moved } from './score.ts';
import type { Ground, World } from './world.ts';
import type { PlannedOutcome } from './types.ts';

/** Where a template was asked to be: what it does not reach of that is missing. */
export interface Asked {
  readonly goals: readonly Goal[];
  readonly picked: Picked;
  /** Whether the templates are brought there rather than taken away. */
  readonly isBrought: boolean;
}

/** What comes of a plan by template and cluster, as the simulation has it. */
export function outcomesOf(
  { before }: Ground,
  world: World,
  asked: Asked,
): readonly PlannedOutcome[] {
  const after = world.snapshot;
  const goalKeys = new Set(asked.goals.map(({ key }) => key));
  const others = moved(before, after).filter(({ key }) => !goalKeys.has(key));
  return [
    ...asked.goals.flatMap((goal) => ofGoal(before, after, goal, asked)),
    ...others.flatMap(({ key }) => movement(before, after, key)),
  ];
}

function ofGoal(
  before: Snapshot,
  after: Snapshot,
  goal: Goal,
  { picked, isBrought }: Asked,
): readonly PlannedOutcome[] {
  const { key, isChosen } = goal;
  const now = templateOf(after, key);
  const has = reachOf(after, now);
  const stays = sorted([...goal.before].filter((name) => has.has(name)));
  const names = picked.clusters.map(({ name }) => name);
  const asked = isBrought
    ? isChosen
      ? [...new Set([...goal.wanted, ...names])]
      : [...goal.wanted]
    : [];
  const missing = sorted(asked.filter((name) => !has.has(name)));
  const template = now ?? goal.template;
  const kept = stays.filter((name) => !goal.wanted.has(name));
  const changed = changedManifests(before, after, key);
  const fine = stays.filter((name) => goal.wanted.has(name) && !changed.has(name));
  const chosen = new Set(names);
  const isAsked = (name: string): boolean => !isBrought || !isChosen || chosen.has(name);
  return [
    ...movement(before, after, key).filter(({ type }) => type !== 'missing'),
    ...outcome(key, 'stays', fine.filter(isAsked), ''),
    ...outcome(
      key,
      'stays',
      fine.filter((name) => !isAsked(name)),
      'It is there already; stop propagating it there to take it away.',
    ),
    ...outcome(key, 'remains', kept, whyKept(after, template)),
    ...byReason(missing, (name) => whyMissing(template, name, picked)).flatMap(
      ([reason, clusters]) => outcome(key, 'missing', clusters, reason),
    ),
  ];
}

/** Why no edit was found that takes a template away. */
function whyKept(snapshot: Snapshot, template: Template): string {
  const holder = holderOf(snapshot, template);
  if (!holder) return 'No policy claims it any more, so it stays until it is deleted itself.';
  const { kind, namespace, name } = holder.item;
  const policy = listName(kind, namespace, name);
  const isClaimed = template.item.stored && existingClaim(template.item.stored);
  return isClaimed
    ? `${policy} has claimed it on the control plane together with others, which would leave as well.`
    : `No change of ${policy} takes away this alone.`;
}

/** What a template gains and loses, and where it becomes another. */
function movement(before: Snapshot, after: Snapshot, key: string): readonly PlannedOutcome[] {
  const [then, now] = [templateOf(before, key), templateOf(after, key)];
  const [had, has] = [reachOf(before, then), reachOf(after, now)];
  const gained = sorted([...has].filter((name) => !had.has(name)));
  const lost = sorted([...had].filter((name) => !has.has(name)));
  const simulation = now?.simulation?.claim.type === 'claimed' ? now.simulation : then?.simulation;
  const isKept = simulation !== undefined && preservation(simulation) === 'kept';
  const changed = changedManifests(before, after, key);
  return [
    ...outcome(key, 'appears', gained, ''),
    ...outcome(
      key,
      isKept ? 'keeps' : 'leaves',
      lost,
      simulation ? sentence(fateOf(simulation)) : '',
    ),
    ...byReason(sorted([...changed.keys()]), (name) => changed.get(name) ?? '').flatMap(
      ([reason, clusters]) => outcome(key, 'changes', clusters, reason),
    ),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function outcome(
  template: string,
  type: PlannedOutcome['type'],
  clusters: readonly string[],
  reason: string,
): readonly PlannedOutcome[] {
  return clusters.length === 0 ? [] : [{ template, clusters, type, reason }];
}

function sorted(names: readonly string[]): readonly string[] {
  return names.toSorted(naturalOrder);
}

function byReason(
  names: readonly string[],
  reasonOf: (name: string) => string,
): readonly (readonly [reason: string, clusters: readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const reason = reasonOf(name);
    const group = groups.get(reason);
    if (group) group.push(name);
    else groups.set(reason, [name]);
  }
  return [...groups];
}

function whyMissing(template: Template, name: string, { clusters }: Picked): string {
  const { item, simulation } = template;
  const cluster = clusters.find((candidate) => candidate.name === name);
  if (cluster?.deleting) return 'The cluster is being deleted.';
  if (cluster && !takes(cluster, template)) {
    const apiVersion = stringMember(
      simulation?.template ?? item.stored ?? item.source,
      'apiVersion',
    );
    return `The cluster does not serve ${apiVersion} ${item.kind}.`;
  }
  if (!simulation) return `Nothing is known of ${listName(item.kind, item.namespace, item.name)}.`;
  if (simulation.claim.type === 'claimed' && simulation.schedule) {
    const failing = simulation.outcome.variants.find(
      (variant) => variant.error !== undefined && variant.clusters.includes(name),
    );
    if (failing) return `An override fails there: ${failing.error ?? ''}`;
    const verdict = clusterVerdicts(simulation.schedule).find((one) => one.cluster === name);
    if (verdict && verdict.code !== 'chosen') return verdictSentence(verdict, simulation.template);
  }
  return partsOf(template)[0]?.remarks[0] ?? '';
}
