import { compileResourceSelectors, existingClaim, member, references } from '../../engine/index.ts';
import type { FluxReference, JsonObject } from '../../engine/index.ts';
import type { Item } from '../item.ts';
import { createLetGo } from './letGo.ts';
import type { LetGo, Rewritten } from './letGo.ts';
import { keptList, nameKey } from './liveLayer.ts';
import type { LiveLayer } from './liveLayer.ts';
import { mergeDraft } from './mergeDraft.ts';

/** What a control plane adds to the documents laid over it. */
export interface Joined {
  /** The documents' items, with what the live objects in whose place they are put hand down to them. */
  readonly drafts: readonly Item[];
  /** Live objects that no document defines. */
  readonly items: readonly Item[];
  /** Those among the templates that a policy of the documents claims or overrides. */
  readonly touched: ReadonlySet<Item>;
  /** Those of which it has to be known where they go: also what documents refer to or select in vain. */
  readonly simulated: readonly Item[];
}

/** Lays documents over a control plane. */
export type Joiner = (items: readonly Item[], layer: LiveLayer) => Joined;

export interface JoinOptions {
  /** Whether the feature gate PropagationPolicyPreemption is on. */
  readonly preempts: boolean;
}

/** Makes a joiner that remembers what it found out of objects that stay the same. */
export function createJoiner(options: JoinOptions): Joiner {
  const merged = new WeakMap<Item, Item>();
  const known: Known = new WeakMap();
  const letGo = createLetGo();
  let last: Rest | undefined;
  return (written, layer) => {
    const replaced: Item[] = [];
    const rewritten: Rewritten[] = [];
    const drafts = written.map((item) => {
      const { stored } = item;
      const twin = stored && layer.byName.get(nameOf(item, stored));
      if (!twin) return item;
      replaced.push(twin);
      const draft = overLive(item, twin, merged);
      if (draft.role === 'propagation') rewritten.push({ draft, twin });
      return draft;
    });
    last = restOf(layer, replaced, last);
    const { gone, items } = last;
    const touched = new Set<Item>();
    const needed = new Set<Item>();
    for (const draft of drafts) {
      const reach = matchedBy(draft, layer, options, known);
      for (const item of reach?.touched ?? nothing) if (!gone.has(item)) touched.add(item);
      for (const item of reach?.selected ?? nothing) if (!gone.has(item)) needed.add(item);
      for (const item of referredBy(draft, layer)) if (!gone.has(item)) needed.add(item);
    }
    const joined = { drafts, items, touched, simulated: [...new Set([...touched, ...needed])] };
    const free = letGo(rewritten);
    return free ? withFree(joined, free) : joined;
  };
}

function withFree({ drafts, items, touched, simulated }: Joined, free: LetGo): Joined {
  return {
    drafts: drafts.map(free),
    items: items.map(free),
    touched: new Set([...touched].map(free)),
    simulated: simulated.map(free),
  };
}

/** The item of a document with what the live object in whose place it is put hands down. */
function overLive(item: Item, twin: Item, known: WeakMap<Item, Item>): Item {
  const { stored } = item;
  const { source, stored: live, kept } = twin;
  if (!stored || !live) return item;
  const before = known.get(item);
  if (before?.replaces === source && before.kept === kept) return before;
  const merged = {
    ...item,
    stored: mergeDraft(stored, live, kept),
    replaces: source,
    ...(kept && { kept }),
  };
  known.set(item, merged);
  return merged;
}

/** What is left of a control plane beside the objects that documents define. */
interface Rest {
  readonly all: readonly Item[];
  readonly replaced: readonly Item[];
  readonly gone: ReadonlySet<Item>;
  readonly items: readonly Item[];
}

function restOf({ items: all }: LiveLayer, found: readonly Item[], last: Rest | undefined): Rest {
  const replaced = keptList(last?.replaced, found);
  if (last?.all === all && last.replaced === replaced) return last;
  const gone = new Set(replaced);
  return { all, replaced, gone, items: all.filter((item) => !gone.has(item)) };
}

/** By stored object: the items around it are new whenever their file changes. */
const names = new WeakMap<JsonObject, { readonly namespace: string; readonly name: string }>();

function nameOf(item: Item, stored: JsonObject): string {
  const { namespace } = item;
  const known = names.get(stored);
  // Whether a kind is namespaced may change without the object.
  if (known?.namespace === namespace) return known.name;
  const name = nameKey(item);
  names.set(stored, { namespace, name });
  return name;
}

interface Matched {
  readonly templates: LiveLayer['templates'];
  readonly touched: readonly Item[];
  readonly selected: readonly Item[];
}

const nothing: readonly never[] = [];

type Known = WeakMap<JsonObject, Matched>;

/** The live templates that a policy selects, and those for which that has consequences. */
function matchedBy(
  policy: Item,
  { templates }: LiveLayer,
  { preempts }: JoinOptions,
  known: Known,
): Matched | undefined {
  const { role, stored } = policy;
  if (!stored || (role !== 'propagation' && role !== 'override')) return undefined;
  const before = known.get(stored);
  if (before?.templates === templates) return before;
  const inReach =
    policy.namespace === ''
      ? [...templates.values()].flat()
      : (templates.get(policy.namespace) ?? nothing);
  const selectors = member(member(stored, 'spec'), 'resourceSelectors');
  const isForAll = role === 'override' && !(Array.isArray(selectors) && selectors.length > 0);
  const fits = compileResourceSelectors(selectors);
  const selected = inReach.filter(({ stored: live }) => live && (isForAll || fits(live) > 0));
  const touched = role === 'override' ? selected : takenBy(policy, inReach, selected, preempts);
  const matched = { templates, touched, selected };
  known.set(stored, matched);
  return matched;
}

/** The live templates that a propagation policy has claimed, and those that it may claim. */
function takenBy(
  { kind, namespace, name }: Item,
  inReach: readonly Item[],
  selected: readonly Item[],
  preempts: boolean,
): readonly Item[] {
  const free = new Set(selected);
  return inReach.filter((item) => {
    const claim = item.stored && existingClaim(item.stored);
    if (claim?.kind === kind && claim.namespace === namespace && claim.name === name) return true;
    return (claim === undefined || preempts) && free.has(item);
  });
}

interface Referred {
  readonly byName: LiveLayer['byName'];
  readonly keys: readonly string[];
  readonly items: readonly Item[];
}

const referred = new WeakMap<JsonObject, Referred>();

/** The live templates that a template of the documents refers to. */
function referredBy({ role, stored }: Item, { byName }: LiveLayer): readonly Item[] {
  if (role !== 'template' || !stored) return nothing;
  const before = referred.get(stored);
  if (before?.byName === byName) return before.items;
  const keys = before?.keys ?? references(stored).map(referenceKey);
  const items = keys.flatMap((key) => byName.get(key) ?? nothing);
  referred.set(stored, { byName, keys, items });
  return items;
}

function referenceKey({ group, kind, namespace, name }: FluxReference): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
