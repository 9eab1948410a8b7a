import { listClusters, nameOfTemplate } from '../../analysis/index.ts';
import type { Delivery, LiveState } from '../../analysis/index.ts';
import type { ExpectedWork, ObjectChange, PushGround, PushStep, UnnumberedStep } from '../types.ts';
import type { Barrier } from './barriers.ts';
import { contentsOf } from './between.ts';
import { expectedWorks } from './expected.ts';
import { isNamed } from './holds.ts';
import type { Holding } from './holds.ts';
import { label } from './labels.ts';
import type { Preserving } from './preserving.ts';
import { alone, preparing, preserved, wentFrom, withoutPreserving } from './preservingSteps.ts';
import { returningWorks } from './returning.ts';
import type { Returning } from './returning.ts';
import type { Route } from './route.ts';
import type { Touched } from './touched.ts';

/** What is done beside the changes themselves. */
interface Precautions {
  readonly barriers: readonly Barrier[];
  readonly holdings: readonly Holding[];
  readonly preserving: Preserving;
}

/** All that a plan does, in order. */
export function stepsOf(
  { works }: PushGround,
  route: Route,
  precautions: Precautions,
  touched: Touched,
): readonly PushStep[] {
  const { holdings, preserving } = precautions;
  const [first, last] = [route.states[0], route.states.at(-1)];
  if (!first || !last) return [];
  const isHeld = holdsOf(holdings);
  const isNotHeld = (key: string, cluster: string): boolean => !isHeld(key, cluster);
  const isReached = (key: string, cluster: string): boolean =>
    isHeld(key, cluster) && isRewritten(first.deliveries.get(key), cluster, holdings);
  const returning = holdings.length > 0 ? returningWorks(route.states, isHeld) : noReturns;
  const changed = expectedWorks(first, last);
  const all = [...changed, ...without(returning.last, changed)];
  const held = all.flatMap((work) => only(work, isHeld)).map(heldBack);
  const sent = all.flatMap((work) => [...only(work, isNotHeld), ...only(work, isHeld).map(letGo)]);
  const steps: UnnumberedStep[] = [
    ...(holdings.length > 0 ? holding(holdings, worksOn(works, isReached)) : []),
    ...preparing(preserving, holdings),
    ...writing(route, precautions, returning, touched),
  ];
  if (holdings.length > 0) {
    const reason = 'The Works have to be as reviewed before they are sent.';
    steps.push({ type: 'settle', works: held, reason });
  }
  const reason = 'All is written.';
  for (const { hold } of holdings) {
    steps.push({ type: 'hold', hold: { policy: hold.policy, clusters: 'none' }, reason });
  }
  for (const { policy, clusters } of alone(preserving, holdings)) {
    steps.push({ type: 'hold', hold: { policy, clusters }, reason });
  }
  if (sent.length > 0) {
    steps.push({ type: 'settle', works: sent, reason: 'Karmada makes the Works.' });
  }
  return steps.map((step, index) => ({ ...step, id: String(index + 1) }));
}

/** Tells whether a template is held on a cluster. */
function holdsOf(holdings: readonly Holding[]): (key: string, cluster: string) => boolean {
  const holdingOf = new Map<string, readonly Holding[]>();
  return (key, cluster) => {
    let own = holdingOf.get(key);
    if (!own) {
      const name = nameOfTemplate(key);
      holdingOf.set(key, (own = holdings.filter(({ templates }) => templates.has(name))));
    }
    // Any of the policies may be the one that sends it at the moment.
    return own.length > 0 && own.every(({ clusters }) => clusters.has(cluster));
  };
}

function holding(
  holdings: readonly Holding[],
  present: readonly ExpectedWork[],
): readonly UnnumberedStep[] {
  return [
    ...holdings.map(({ hold }): UnnumberedStep => ({
      ...{ type: 'hold', hold },
      reason: 'Members are not to see a state in the middle of the push.',
    })),
    {
      type: 'settle',
      // Whatever they hold: Karmada may not be done with an earlier change, and renders them anew with the hold.
      works: present.map((work) => ({ ...work, isHeld: true })),
      reason: 'The Works have to be held before anything is written.',
    },
  ];
}

const noReturns: Returning = { before: new Map(), last: [] };

/** The Works that there are of some templates on some clusters. */
function worksOn(
  works: PushGround['works'],
  isAsked: (key: string, cluster: string) => boolean,
): readonly ExpectedWork[] {
  return [...works].flatMap(([template, byCluster]) => {
    const clusters = [...byCluster.keys()].filter((cluster) => isAsked(template, cluster));
    return clusters.length === 0 ? [] : [{ template, clusters }];
  });
}

function writing(
  { writes, states }: Route,
  { barriers, preserving }: Precautions,
  returning: Returning,
  touched: Touched,
): readonly UnnumberedStep[] {
  return writes.flatMap((change, index): readonly UnnumberedStep[] => {
    const barrier = barriers.find((one) => one.index === index);
    const turning = returning.before.get(index);
    const waits = [
      ...(barrier ? [settleAt(barrier, change, touched)] : []),
      ...(turning ? [settleTurning(turning, change)] : []),
      ...preserved(preserving, change),
    ];
    const [before, after] = [states[index], states[index + 1]];
    if (!preserving.behind.has(change) || !before || !after) return [...waits, toWrite(change)];
    const without = toWrite(withoutPreserving(change));
    return [...waits, without, wentFrom(before, after, change), toWrite(change)];
  });
}

/** Whether Karmada writes a Work when the policy of its template changes: not where an override cannot be applied. */
function isRewritten(
  delivery: Delivery | undefined,
  cluster: string,
  holdings: readonly Holding[],
): boolean {
  const { policy } = delivery ?? {};
  const content = contentsOf(delivery).get(cluster);
  return (
    content !== undefined &&
    content !== 'fails' &&
    policy !== undefined &&
    holdings.some(({ hold }) => isNamed(hold.policy, policy))
  );
}

/** Those of some Works that are not among others. */
function without(
  works: readonly ExpectedWork[],
  others: readonly ExpectedWork[],
): readonly ExpectedWork[] {
  if (works.length === 0) return works;
  const known = new Set(
    others.flatMap(({ template, clusters }) => clusters.map((cluster) => `${template} ${cluster}`)),
  );
  return works.flatMap((work) => {
    const clusters = work.clusters.filter((cluster) => !known.has(`${work.template} ${cluster}`));
    return clusters.length === 0 ? [] : [{ ...work, clusters }];
  });
}

function heldBack(work: ExpectedWork): ExpectedWork {
  return work.manifest ? { ...work, isHeld: true } : work;
}

function letGo(work: ExpectedWork): ExpectedWork {
  return work.manifest ? { ...work, isHeld: false } : work;
}

function only(
  work: ExpectedWork,
  isHeld: (key: string, cluster: string) => boolean,
): readonly ExpectedWork[] {
  const clusters = work.clusters.filter((cluster) => isHeld(work.template, cluster));
  return clusters.length === 0 ? [] : [{ ...work, clusters }];
}

function settleAt(
  { since, state, seen }: Barrier,
  change: ObjectChange,
  touched: Touched,
): UnnumberedStep {
  const names = new Set(seen.flatMap((one) => [...(touched.byChange.get(one) ?? [])]));
  const works =
    seen.length === 0
      ? expectedWorks(since, state)
      : expectedWorks(since, state, (name) => names.has(name));
  const before = listClusters(seen.map(({ reference }) => label(reference)));
  const reason =
    before === ''
      ? `What was deleted has to be gone from the members before ${label(change.reference)} is.`
      : `Karmada has to know ${before} before ${label(change.reference)} is ${change.type === 'delete' ? 'deleted' : 'written'}.`;
  return { type: 'settle', works, reason };
}

function settleTurning(works: readonly ExpectedWork[], change: ObjectChange): UnnumberedStep {
  const reason = `The held Works have to show what was written before ${label(change.reference)} is.`;
  return { type: 'settle', works: works.map(heldBack), reason };
}

function toWrite(change: ObjectChange): UnnumberedStep {
  if (change.type === 'delete') return { type: 'delete', change };
  return { type: change.source ? 'apply' : 'restore', change };
}

/** Whether Karmada holds or sends the same in both states. */
export function isSameEnd(a: LiveState, b: LiveState): boolean {
  return expectedWorks(a, b).length === 0;
}
