import { arrayMember, isObject } from './json.ts';
import {
  createChangeTree,
  listChanges,
  recordChanges,
  type Change,
  type ChangeTree,
} from './override/changeTree.ts';
import { fitGoNumbers } from './override/goNumbers.ts';
import { applyJsonPatch } from './override/jsonPatch.ts';
import {
  matchingClusterOverridePolicies,
  matchingOverridePolicies,
  overridePoliciesOf,
  type OverridePolicy,
  type OverrideRule,
} from './override/overrideOrder.ts';
import { overriderNames, type OverriderName, type OverrideStep } from './override/overriders.ts';
import { plaintextOperations } from './override/plaintextOverrider.ts';
import { pruneManifest } from './override/pruneManifest.ts';
import { render, type RenderOptions } from './render.ts';
import { clusterMatches } from './selection/clusterAffinity.ts';
import { clusterFacts } from './selection/clusterFacts.ts';
import type { JsonObject, JsonValue, Variant } from './types.ts';

/** One entry of one list of one rule. */
export interface OverrideEntry {
  readonly policy: {
    readonly kind: OverridePolicy['kind'];
    readonly namespace?: string;
    readonly name: string;
  };
  /** Position in `overrideRules`; -1 for the deprecated `spec.overriders`. */
  readonly rule: number;
  readonly overrider: OverriderName;
  readonly item: number;
}

/** A value of a manifest that an override set, and the entry that set it last. */
export interface ProvenanceChange extends OverrideEntry {
  readonly path: readonly string[];
  /** Absent when the value was added. */
  readonly before?: JsonValue;
  /** Absent when the value was removed. */
  readonly after?: JsonValue;
}

/**
 * What became of an entry on a cluster: it changed something, changed nothing, ended the rendering with an error, was
 * not meant for the cluster, or was not reached because of an earlier error.
 */
export type EntryEffect = 'applied' | 'noEffect' | 'failed' | 'notTargeted' | 'notReached';

export interface EntryEffects extends OverrideEntry {
  readonly effects: readonly {
    readonly type: EntryEffect;
    readonly clusters: readonly string[];
    /** In Karmada's words; beside `failed` only. */
    readonly error?: string;
  }[];
}

/**
 * Which override entry set each changed value of the manifest that one cluster gets; empty when it gets none. Renders
 * anew with a record, so ask for it only where it is shown.
 */
export function provenance(
  template: JsonObject,
  cluster: JsonObject,
  overridePolicies: readonly JsonObject[],
): readonly ProvenanceChange[] {
  const trace = traceCluster(template, cluster, overridePolicies);
  if (trace.error !== undefined) return [];
  const manifest = pruneManifest(trace.object);
  if ('error' in manifest) return [];
  return listChanges(trace.changes, manifest.value).map(toProvenance);
}

function toProvenance({ source, ...change }: Change<OverrideEntry>): ProvenanceChange {
  return { ...change, ...source };
}

/**
 * What every entry of every policy that matches a template does, cluster by cluster. Clusters with the same result are
 * looked at once.
 */
export function overrideEffects(
  template: JsonObject,
  clusters: readonly JsonObject[],
  overridePolicies: readonly JsonObject[],
  options: EffectsOptions = {},
): readonly EntryEffects[] {
  const variants = options.variants ?? render(template, clusters, overridePolicies, options);
  const entries = new Map<OverrideEntry, Map<string, CollectedEffect>>();
  for (const variant of variants) {
    const [first = ''] = variant.clusters;
    const cluster = clustersByName(clusters).get(first);
    if (!cluster) continue;
    const prepared = options.prepared?.get(first) ?? template;
    for (const event of traceCluster(prepared, cluster, overridePolicies).events) {
      collectEvent(entries, event, variant.clusters);
    }
  }
  return [...entries].map(([entry, collected]) => {
    const effects = [...collected.values()].map(({ lists, ...effect }) => {
      // A list alone stays the one of the variant, and what is known of that one holds for it.
      const [only] = lists;
      return { ...effect, clusters: only && lists.length === 1 ? only : lists.flat() };
    });
    return { ...entry, effects };
  });
}

export interface EffectsOptions extends RenderOptions {
  /** What `render` has answered already for all the same. */
  readonly variants?: readonly Variant[];
}

const byName = new WeakMap<readonly JsonObject[], ReadonlyMap<string, JsonObject>>();

/** Worked out once a list. */
function clustersByName(clusters: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  let named = byName.get(clusters);
  if (!named) {
    named = new Map(clusters.map((cluster) => [clusterFacts(cluster).name, cluster]));
    byName.set(clusters, named);
  }
  return named;
}

interface CollectedEffect {
  readonly type: EntryEffect;
  readonly lists: (readonly string[])[];
  readonly error?: string;
}

function collectEvent(
  entries: Map<OverrideEntry, Map<string, CollectedEffect>>,
  { entry, type, error }: TraceEvent,
  clusters: readonly string[],
): void {
  let effects = entries.get(entry);
  if (!effects) entries.set(entry, (effects = new Map()));
  const key = error === undefined ? type : `${type} ${error}`;
  const known = effects.get(key);
  if (known) known.lists.push(clusters);
  else effects.set(key, { type, lists: [clusters], ...(error !== undefined && { error }) });
}

/** What an entry did on one cluster, in the order in which the entries apply. */
export interface TraceEvent {
  readonly entry: OverrideEntry;
  readonly type: EntryEffect;
  readonly error?: string;
  /** The whole object before and after the entry; beside `applied` and `noEffect` only. */
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/**
 * What every entry of every policy that matches a template does on one cluster, step by step. The plaintext list of a
 * rule is one patch, but each of its entries has a step of its own here.
 */
export function traceOverrides(
  template: JsonObject,
  cluster: JsonObject,
  overridePolicies: readonly JsonObject[],
): readonly TraceEvent[] {
  return traceCluster(template, cluster, overridePolicies).events;
}

interface Trace {
  object: JsonObject;
  error: string | undefined;
  readonly changes: ChangeTree<OverrideEntry>;
  readonly events: TraceEvent[];
}

function traceCluster(
  template: JsonObject,
  cluster: JsonObject,
  overridePolicies: readonly JsonObject[],
): Trace {
  const fitted = fitGoNumbers(template);
  const trace: Trace = {
    object: isObject(fitted) ? fitted : template,
    error: undefined,
    changes: createChangeTree(),
    events: [],
  };
  const policies = overridePoliciesOf(overridePolicies);
  tracePolicies(trace, matchingClusterOverridePolicies(policies, trace.object), cluster);
  tracePolicies(trace, matchingOverridePolicies(policies, trace.object), cluster);
  return trace;
}

function tracePolicies(
  trace: Trace,
  policies: readonly OverridePolicy[],
  cluster: JsonObject,
): void {
  const facts = clusterFacts(cluster);
  for (const policy of policies) {
    for (const rule of policy.rules) {
      const isTarget = !rule.targetCluster || clusterMatches(rule.targetCluster, facts);
      // Clusters that fail together need not have the targets of later rules in common.
      if (trace.error !== undefined) skipRule(trace, rule, 'notReached');
      else if (isTarget) traceRule(trace, rule);
      else skipRule(trace, rule, 'notTargeted');
    }
  }
}

function traceRule(trace: Trace, rule: OverrideRule): void {
  const entries = entriesOf(rule);
  for (const [position, step] of rule.steps.entries()) {
    const entry = entries[position];
    // The last step is the plaintext patch, which stands for all entries that are left.
    if (step.overrider === 'plaintext') tracePlaintext(trace, rule, step, entries.slice(position));
    else if (entry) traceStep(trace, step, entry);
  }
}

function traceStep(trace: Trace, step: OverrideStep, entry: OverrideEntry): void {
  if (trace.error !== undefined) {
    trace.events.push({ entry, type: 'notReached' });
    return;
  }
  const result = step.apply(trace.object);
  if ('error' in result) {
    fail(trace, entry, result.error);
    return;
  }
  recordEvent(trace, entry, trace.object, result.value);
  trace.object = result.value;
}

/** The list is one patch; a patch of its first entries shows what each of them adds. */
function tracePlaintext(
  trace: Trace,
  rule: OverrideRule,
  step: OverrideStep,
  entries: readonly OverrideEntry[],
): void {
  const operations = plaintextOperations(arrayMember(rule.overriders, 'plaintext'));
  const start = trace.object;
  let before: JsonValue = start;
  for (const [item, entry] of entries.entries()) {
    if (trace.error !== undefined) {
      trace.events.push({ entry, type: 'notReached' });
      continue;
    }
    const patched = applyJsonPatch(start, operations.slice(0, item + 1));
    if ('error' in patched) {
      fail(trace, entry, patched.error);
      continue;
    }
    recordEvent(trace, entry, before, patched.value);
    before = patched.value;
  }
  if (trace.error !== undefined) return;
  const result = step.apply(start);
  if ('value' in result) {
    trace.object = result.value;
    return;
  }
  // Each operation went through, but what came of them is no object of Kubernetes.
  const last = entries.at(-1);
  if (last) trace.events.pop();
  fail(trace, last, result.error);
}

function recordEvent(
  trace: Trace,
  entry: OverrideEntry,
  before: JsonValue,
  after: JsonValue,
): void {
  const changed = recordChanges(trace.changes, before, after, entry);
  trace.events.push({ entry, type: changed ? 'applied' : 'noEffect', before, after });
}

function fail(trace: Trace, entry: OverrideEntry | undefined, error: string): void {
  trace.error = error;
  if (entry) trace.events.push({ entry, type: 'failed', error });
}

function skipRule(trace: Trace, rule: OverrideRule, type: 'notTargeted' | 'notReached'): void {
  for (const entry of entriesOf(rule)) trace.events.push({ entry, type });
}

const ruleEntries = new WeakMap<OverrideRule, readonly OverrideEntry[]>();

/** The entries of a rule in the order in which they apply; always the same objects. */
function entriesOf(rule: OverrideRule): readonly OverrideEntry[] {
  const known = ruleEntries.get(rule);
  if (known) return known;
  const { kind, name, namespace } = rule.policy;
  const policy = { kind, name, ...(namespace !== '' && { namespace }) };
  const entries = overriderNames.flatMap((overrider) =>
    arrayMember(rule.overriders, overrider).map((_, item) => ({
      policy,
      rule: rule.index,
      overrider,
      item,
    })),
  );
  ruleEntries.set(rule, entries);
  return entries;
}
