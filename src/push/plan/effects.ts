import {
  createNaturalOrder,
  displayedObject,
  maskErrorText,
  nameOfTemplate,
} from '../../analysis/index.ts';
import type { Delivery, LiveState, Planning } from '../../analysis/index.ts';
import type { JsonObject, Variant } from '../../engine/index.ts';
import type { Effect, ObjectChange, PushGround, WorkState } from '../types.ts';
import { label, objectReference } from './labels.ts';
import { leftNotes } from './leftNotes.ts';
import { isSameManifest, isSameText, manifestText } from './manifest.ts';
import { reinstallReason } from './reinstall.ts';
import { contentsOf } from './between.ts';
import type { Passing } from './between.ts';
import type { Preserving } from './preserving.ts';
import { keyOf } from './states.ts';
import { stuckWorks } from './stuck.ts';
import type { StuckWorks } from './stuck.ts';

/** What becomes of every template that the changes are about or that fares differently after them. */
export function* effectsOf(
  { works }: PushGround,
  changes: readonly ObjectChange[],
  states: readonly LiveState[],
  staysOn: Preserving['staysOn'],
): Planning<readonly Effect[]> {
  const [first, last] = [states[0], states.at(-1)];
  if (!first || !last) return [];
  const stuck = stuckWorks(states);
  const order = createNaturalOrder();
  const named = new Set(changes.map(({ reference }) => nameOfTemplate(keyOf(reference))));
  const keys = new Set([...first.deliveries.keys(), ...last.deliveries.keys()]);
  const effects: Effect[] = [];
  for (const key of [...keys].sort()) {
    const [before, after] = [first.deliveries.get(key), last.deliveries.get(key)];
    if (before === after && !named.has(nameOfTemplate(key))) continue;
    effects.push(
      ...effectsOn(key, works.get(key) ?? none, after, { stuck, states, order, staysOn }),
    );
    yield;
  }
  return effects;
}

const none: ReadonlyMap<string, WorkState> = new Map();

/** What is the same for all templates. */
interface Sight {
  readonly stuck: StuckWorks;
  readonly states: readonly LiveState[];
  /** Of names of clusters. */
  readonly order: (a: string, b: string) => number;
  /** Whether an object stays on a cluster whose Work goes. */
  readonly staysOn: Preserving['staysOn'];
}

/** One effect for all clusters that fare alike. */
function effectsOn(
  template: string,
  works: ReadonlyMap<string, WorkState>,
  after: Delivery | undefined,
  { stuck, states, order, staysOn }: Sight,
): readonly Effect[] {
  const numberOf = createNumbering();
  const isSame = createComparison();
  const groups = new Map<string, Group>();
  const groupOf = (fate: Fate): Group => {
    const id = [numberOf(fate.before), numberOf(fate.after), kindOf(fate)].join(' ');
    const group = groups.get(id) ?? { clusters: [], fate };
    groups.set(id, group);
    return group;
  };
  const chosen = new Set<string>();
  const kept = contentsOf(after);
  const noted = leftNotes(states, template);
  for (const variant of after?.later ?? after?.variants ?? []) {
    // Where a Work is written now, how a cluster fares depends on nothing but what the Work holds.
    const isNowWritten = !after?.later && variant.error === undefined && variant.manifest;
    const known = new Map<JsonObject, Group>();
    for (const cluster of variant.clusters) {
      chosen.add(cluster);
      const work = works.get(cluster);
      const like = work && isNowWritten ? known.get(work.manifest) : undefined;
      if (like) {
        like.clusters.push(cluster);
        continue;
      }
      const fate = withStuck(fateOf(work, variant, after, isSame), () => stuck(template, cluster));
      const left = fate.type === 'appears' ? noted(cluster) : undefined;
      const isNow = !after?.later || isSettledFate(fate) || isSameAs(kept.get(cluster), variant);
      const group = groupOf({
        ...fate,
        ...madeBy(variant, after),
        ...(left ? { leftNotes: left } : {}),
        ...(isNow ? {} : { isDelayed: true, reason: laterReason }),
      });
      group.clusters.push(cluster);
      if (work) known.set(work.manifest, group);
    }
  }
  for (const [cluster, work] of works) {
    if (chosen.has(cluster)) continue;
    groupOf(fateWithout(work, staysOn(template, cluster))).clusters.push(cluster);
  }
  const joined = joinedGroups([...groups.values()]);
  for (const { clusters } of joined) clusters.sort(order);
  return joined
    .map(({ clusters, fate }): Effect => ({ template, clusters, ...shown(fate) }))
    .sort((a, b) => order(a.clusters[0] ?? '', b.clusters[0] ?? ''));
}

/** Clusters that fare alike. */
interface Group {
  readonly clusters: string[];
  readonly fate: Fate;
}

/** Numbers manifests by identity; '' for none. */
function createNumbering(): (manifest: JsonObject | undefined) => number | '' {
  const numbers = new Map<JsonObject, number>();
  return (manifest) => {
    if (!manifest) return '';
    const number = numbers.get(manifest) ?? numbers.size;
    numbers.set(manifest, number);
    return number;
  };
}

/** All of a fate but the manifests, as a text. */
function kindOf({ type, reason = '', ...made }: Fate): string {
  const { policy, clusterOverrides, overrides, leftNotes: left, isDelayed } = made;
  const notes = left ? JSON.stringify(left) : '';
  const by = [policy, clusterOverrides?.join(), overrides?.join(), notes, isDelayed];
  return [type, reason, ...by].join(' ');
}

/** The groups with one for those whose manifests say the same. Few have to be compared: mostly each is of its own kind. */
function joinedGroups(groups: readonly Group[]): readonly Group[] {
  const byKind = new Map<string, Group[]>();
  for (const group of groups) {
    const kind = kindOf(group.fate);
    const alike = byKind.get(kind);
    if (alike) alike.push(group);
    else byKind.set(kind, [group]);
  }
  return [...byKind.values()].flatMap((alike) =>
    alike.length === 1 ? alike : joinedByText(alike),
  );
}

function joinedByText(groups: readonly Group[]): readonly Group[] {
  const byText = new Map<string, Group>();
  for (const { clusters, fate } of groups) {
    const sides = [fate.before, fate.after].map((one) => (one ? manifestText(one) : ''));
    const known = byText.get(sides.join('\n'));
    if (known) known.clusters.push(...clusters);
    else byText.set(sides.join('\n'), { clusters, fate });
  }
  return [...byText.values()];
}

/** Compares each pair of objects once: clusters that are alike share them. */
function createComparison(): typeof isSameManifest {
  const known = new Map<JsonObject, Map<JsonObject, boolean>>();
  return (work, simulated) => {
    const answers = known.get(work) ?? new Map<JsonObject, boolean>();
    known.set(work, answers);
    const answer = answers.get(simulated) ?? isSameManifest(work, simulated);
    answers.set(simulated, answer);
    return answer;
  };
}

type Fate = Pick<
  Effect,
  | 'type'
  | 'before'
  | 'after'
  | 'reason'
  | 'policy'
  | 'clusterOverrides'
  | 'overrides'
  | 'leftNotes'
  | 'isDelayed'
>;

const stayingReason =
  'Karmada may try it again while the push runs. Nothing claims it in the end, and it stays as it was sent.';
const laterReason =
  'Karmada gets to it when it tries again what could not be applied before, in a quarter of an hour at most.';

/** Nothing is done to the Work. */
function isSettledFate({ type }: Fate): boolean {
  return type === 'unchanged' || type === 'orphaned' || type === 'fails';
}

function isSameAs(content: JsonObject | 'fails' | undefined, { manifest }: Variant): boolean {
  if (!content || content === 'fails' || !manifest) return false;
  return isSameText(content, manifest);
}

/** With what a Work is left at where that is not what it holds now. */
function withStuck(fate: Fate, stuck: () => ReturnType<StuckWorks>): Fate {
  const left = fate.type === 'fails' ? stuck() : undefined;
  if (!left) return fate;
  if (left === 'gone') return fate.before ? { ...fate, type: 'removed' } : fate;
  return fate.before && isSameManifest(fate.before, left) ? fate : { ...fate, after: left };
}

/** Which policies make it what it is; nothing where what Works hold was not made anew. */
function madeBy(
  { error, clusterOverrides, overrides }: Variant,
  after: Delivery | undefined,
): Pick<Effect, 'policy' | 'clusterOverrides' | 'overrides'> {
  const { policy } = after ?? {};
  return {
    ...(policy ? { policy: policy.id } : {}),
    ...(error === undefined && clusterOverrides ? { clusterOverrides } : {}),
    ...(error === undefined && overrides ? { overrides } : {}),
  };
}

function fateOf(
  work: WorkState | undefined,
  { manifest, error }: Variant,
  after: Delivery | undefined,
  isSame: typeof isSameManifest,
): Fate {
  if (error !== undefined || !manifest) {
    const reason = maskErrorText(error ?? '');
    return { type: 'fails', ...(work ? { before: work.manifest } : {}), reason };
  }
  if (!work) return { type: 'appears', after: manifest };
  const sides = { before: work.manifest, after: manifest };
  if (isSame(work.manifest, manifest)) {
    return after?.policy
      ? { type: 'unchanged', ...sides }
      : { type: 'orphaned', before: work.manifest, ...orphanReason(after) };
  }
  // An object under another name is one more: the one before stays as it is.
  const isOther = label(objectReference(work.manifest)) !== label(objectReference(manifest));
  const reason = isOther ? undefined : reinstallReason(work.manifest, manifest);
  return reason === undefined
    ? { type: 'changes', ...sides }
    : { type: 'reinstalls', ...sides, reason };
}

/** Why Karmada leaves alone what a policy had claimed (`getAndApplyPolicy` of `pkg/detector/policy.go`). */
function orphanReason(after: Delivery | undefined): { readonly reason?: string } {
  const { claim } = after?.simulation ?? {};
  if (claim?.type !== 'lost' || claim.reason !== 'selectors-no-longer-match') return {};
  return {
    reason: `It is still claimed by ${claim.policyId.replace('/', ' ')}, which no longer selects it.`,
  };
}

/** What becomes of a Work that nothing asks for any more. */
function fateWithout(work: WorkState, stays = work.preservesOnDeletion): Fate {
  return { type: stays ? 'kept' : 'removed', before: work.manifest };
}

/** As a review may show it. */
function shown({ type, before, after, reason, ...made }: Fate): Fate {
  const show = (object: JsonObject, side: 'before' | 'after', other?: JsonObject): JsonObject =>
    displayedObject(object, { side, other, bookkeeping: false });
  return {
    type,
    ...made,
    ...(before ? { before: show(before, 'before', after) } : {}),
    ...(after ? { after: show(after, 'after', before) } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** What members see for a moment in the middle. */
export function passingEffects(
  { works }: PushGround,
  passing: readonly Passing[],
): readonly Effect[] {
  return passing.map(({ key, clusters, manifest, mayStay }): Effect => {
    const before = works.get(key)?.get(clusters[0] ?? '')?.manifest;
    const sides = { ...(before ? { before } : {}), ...(manifest ? { after: manifest } : {}) };
    const type = !manifest ? 'removed' : before ? 'changes' : 'appears';
    const staying = mayStay ? { isDelayed: true as const, reason: stayingReason } : {};
    return { template: key, clusters, ...shown({ type, ...sides, ...staying }), isPassing: true };
  });
}
