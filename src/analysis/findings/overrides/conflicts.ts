import { arrayMember, deepEqual, member } from '../../../engine/index.ts';
import type { OverrideEntry, StoredPolicy, TraceEvent } from '../../../engine/index.ts';
import { entryName, itemOfEntry } from '../../effects.ts';
import { overrideTraces } from '../../overrideTraces.ts';
import type { OverrideTrace } from '../../overrideTraces.ts';
import { valueBelow } from '../../pointer.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { perTemplate } from '../perTemplate.ts';
import type { Simulated } from '../perTemplate.ts';
import { findingsOfFacts, placeOfEntry } from './entryFacts.ts';
import type { EntryFact } from './entryFacts.ts';
import { policyOfEntry, writtenEntry, writtenPaths } from './writtenPaths.ts';
import type { WrittenPath } from './writtenPaths.ts';

/** Why one of two entries has the last word. */
type Order =
  /** Rules and lists of one policy apply from top to bottom. */
  | 'same policy'
  /** Both policies select the template alike, so that only their names decide. */
  | 'by name'
  /** The closer selection applies last: one by name after one by labels after one by kind. */
  | 'by selection'
  /** OverridePolicies apply after ClusterOverridePolicies. */
  | 'by scope';

interface Loss extends EntryFact {
  readonly winner: OverrideEntry;
  readonly order: Order;
  /** Whether the entry has its way nowhere, on any cluster of the template. */
  readonly isDead: boolean;
}

const losses = perTemplate<Loss>((template, snapshot) =>
  mayConflict(template.simulation.overrides ?? []) ? lossesOf(snapshot, template) : [],
);

/**
 * `override-conflict` on an entry whose value a later one replaces by another on the same cluster. Layers within one
 * policy, a rule for all and then one for a few, are what rules are for: there only an entry that loses everywhere is a
 * finding.
 */
export function conflicts(snapshot: Snapshot): readonly Finding[] {
  const found = losses(snapshot);
  if (found.length === 0) return [];
  const alive = survivors(snapshot, found);
  const isTold = ({ order, entry }: Loss): boolean => order !== 'same policy' || !alive.has(entry);
  return findingsOfFacts(
    snapshot,
    found.filter(isTold),
    'override-conflict',
    ({ first, templates, clusters }) => {
      const { winner, order, entry } = first;
      const item = itemOfEntry(snapshot, winner);
      const isLayer = order !== 'by name' && alive.has(entry);
      return {
        message: `On ${clusters}, ${entryName(winner)} sets another value here for ${templates} and has the last word ${reasons[order]}.`,
        ...(isLayer ? { severity: 'information' as const } : {}),
        ...(item
          ? { related: [{ ...placeOfEntry(item, winner), message: 'This has the last word' }] }
          : {}),
      };
    },
  );
}

const reasons: { readonly [order in Order]: string } = {
  'same policy': 'because it comes later in the policy; remove one of them or part their clusters',
  'by name': 'because its policy comes last by name; part their clusters or templates',
  'by selection': 'because its policy selects more closely',
  'by scope': 'because OverridePolicies come after ClusterOverridePolicies',
};

/** Entries that lose somewhere and have their way elsewhere. */
function survivors(snapshot: Snapshot, found: readonly Loss[]): ReadonlySet<OverrideEntry> {
  const lost = new Set(found.map(({ entry }) => entry));
  const dead = new Map(found.map((loss) => [loss.template.key, new Set<OverrideEntry>()]));
  for (const { template, entry, isDead } of found) if (isDead) dead.get(template.key)?.add(entry);
  const alive = new Set(found.flatMap(({ entry, isDead }) => (isDead ? [] : [entry])));
  for (const template of snapshot.templates.values()) {
    if (alive.size === lost.size) break;
    for (const { events } of overrideTraces(snapshot, template)) {
      for (const { entry, type } of events) {
        const isLost = dead.get(template.key)?.has(entry) ?? false;
        if (type === 'applied' && lost.has(entry) && !isLost) alive.add(entry);
      }
    }
  }
  return alive;
}

const pathTexts = new WeakMap<StoredPolicy, readonly string[]>();

/** The paths that a policy may write, as texts in which a path below another starts with it. */
function pathTextsOf(policy: StoredPolicy): readonly string[] {
  let texts = pathTexts.get(policy);
  if (!texts) {
    const spec = member(policy.object, 'spec');
    const rules = arrayMember(spec, 'overrideRules');
    texts = (rules.length > 0 ? rules : [spec ?? null]).flatMap((rule) =>
      Object.entries(member(rule, 'overriders') ?? {}).flatMap(([overrider, list]) =>
        (Array.isArray(list) ? list : []).flatMap((entry) =>
          writtenPaths(overrider as OverrideEntry['overrider'], entry, null).map(pathText),
        ),
      ),
    );
    pathTexts.set(policy, texts);
  }
  return texts;
}

function pathText({ steps, part }: WrittenPath): string {
  return `${steps.map((step) => `/${step}`).join('')}/${part === undefined ? '' : `\n${part}/`}`;
}

const inItself = new WeakMap<StoredPolicy, boolean>();

/** Whether two entries of some policies write the same place, or one a place below the other's. */
function mayConflict(policies: readonly StoredPolicy[]): boolean {
  const [only] = policies;
  if (!only) return false;
  if (policies.length > 1) return overlap(policies.flatMap(pathTextsOf));
  let answer = inItself.get(only);
  if (answer === undefined) inItself.set(only, (answer = overlap(pathTextsOf(only))));
  return answer;
}

function overlap(paths: readonly string[]): boolean {
  const sorted = paths.toSorted();
  return sorted.some((text, i) => i > 0 && text.startsWith(sorted[i - 1] ?? '\n'));
}

function lossesOf(snapshot: Snapshot, template: Simulated): readonly Loss[] {
  const traces = overrideTraces(snapshot, template).filter(
    ({ events }) => !events.some(({ type }) => type === 'failed'),
  );
  const lost = traces.flatMap((trace) => {
    // A policy may have a rule for each cluster, of which hardly any writes anything on one of them.
    const written = trace.events.filter(({ after }) => after !== undefined);
    return written.flatMap((event, i) => {
      const winner = winnerOver(event, written.slice(i + 1), template);
      return winner ? [{ trace, entry: event.entry, winner }] : [];
    });
  });
  const lostIn = new Map<OverrideEntry, Set<OverrideTrace>>();
  for (const { entry, trace } of lost) {
    const known = lostIn.get(entry);
    if (known) known.add(trace);
    else lostIn.set(entry, new Set([trace]));
  }
  const alive = new Set<OverrideEntry>();
  for (const trace of traces) {
    for (const { entry, type } of trace.events) {
      if (type === 'applied' && lostIn.get(entry)?.has(trace) === false) alive.add(entry);
    }
  }
  return lost.map(({ trace, entry, winner }) => ({
    entry,
    template,
    clusters: trace.clusters,
    about: entryName(winner),
    winner,
    order: orderOf(entry, winner, template),
    isDead: !alive.has(entry),
  }));
}

/** The entry that replaces what another one wrote, all of it, by something else. */
function winnerOver(
  { entry, type, before = null, after = null }: TraceEvent,
  later: readonly TraceEvent[],
  template: Simulated,
): OverrideEntry | undefined {
  if (type !== 'applied') return undefined;
  const written = pathsOf(entry, before, template);
  const final = later.findLast((event) => event.after !== undefined)?.after;
  if (written.length === 0 || final === undefined) return undefined;
  const winners = written.map((path) => {
    const mine = valueBelow(after, path.steps);
    if (deepEqual(mine, valueBelow(final, path.steps))) return undefined;
    return later.find(
      (event) =>
        event.type === 'applied' &&
        pathsOf(event.entry, event.before ?? null, template).some((other) => covers(other, path)) &&
        !deepEqual(mine, valueBelow(event.after ?? null, path.steps)),
    )?.entry;
  });
  return winners.every((winner) => winner !== undefined) ? winners.at(-1) : undefined;
}

function pathsOf(
  entry: OverrideEntry,
  before: TraceEvent['before'],
  template: Simulated,
): readonly WrittenPath[] {
  const written = writtenEntry(policyOfEntry(template, entry), entry);
  return writtenPaths(entry.overrider, written, before ?? null);
}

function covers(other: WrittenPath, path: WrittenPath): boolean {
  const isAbove = other.steps.every((step, i) => path.steps[i] === step);
  if (!isAbove || other.part === undefined) return isAbove;
  return path.part !== undefined && `${path.part}/`.startsWith(`${other.part}/`);
}

function orderOf(loser: OverrideEntry, winner: OverrideEntry, template: Simulated): Order {
  const policies = [loser, winner].map((entry) => policyOfEntry(template, entry));
  const [a, b] = policies;
  if (a === b) return 'same policy';
  if (a?.kind !== b?.kind) return 'by scope';
  const { claimed, template: object } = template.simulation;
  const [low, high] = policies.map((policy) =>
    arrayMember(policy?.spec, 'resourceSelectors').length === 0
      ? 1
      : policy?.matches(claimed ?? object),
  );
  return low === high ? 'by name' : 'by selection';
}
