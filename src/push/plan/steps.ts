import { listClusters, nameOfTemplate } from '../../analysis/index.ts';
import type { Delivery, LiveState } from '../../analysis/index.ts';
import type { ExpectedWork, ObjectChange, PushGround, PushStep } from '../types.ts';
import type { Barrier } from './barriers.ts';
import { contentsOf } from './between.ts';
import { expectedWorks, presentWorks } from './expected.ts';
import { isNamed } from './holds.ts';
import type { Holding } from './holds.ts';
import { label } from './labels.ts';
import type { Route } from './route.ts';
import type { Touched } from './touched.ts';

type Unnumbered = PushStep extends infer S ? (S extends PushStep ? Omit<S, 'id'> : never) : never;

/** All that a plan does, in order. */
export function stepsOf(
  { works }: PushGround,
  { writes, states }: Route,
  barriers: readonly Barrier[],
  holdings: readonly Holding[],
  touched: Touched,
): readonly PushStep[] {
  const [first, last] = [states[0], states.at(-1)];
  if (!first || !last) return [];
  const holdingOf = new Map<string, readonly Holding[]>();
  const isHeld = (key: string, cluster: string): boolean => {
    let own = holdingOf.get(key);
    if (!own) {
      const name = nameOfTemplate(key);
      holdingOf.set(key, (own = holdings.filter(({ templates }) => templates.has(name))));
    }
    return own.some(({ clusters }) => clusters.has(cluster));
  };
  const isNotHeld = (key: string, cluster: string): boolean => !isHeld(key, cluster);
  const steps: Unnumbered[] = [];
  if (holdings.length > 0) {
    const reason = 'Members are not to see a state in the middle of the push.';
    for (const { hold } of holdings) {
      steps.push({ type: 'hold', hold: { ...hold, before: 'none' }, reason });
    }
    const isReached = (key: string, cluster: string): boolean =>
      isHeld(key, cluster) && isRewritten(first.deliveries.get(key), cluster, holdings);
    const present = presentWorks(works, isReached).map((work) => ({ ...work, isHeld: true }));
    steps.push({
      type: 'settle',
      works: present,
      reason: 'The Works have to be held before anything is written.',
    });
  }
  for (const [index, change] of writes.entries()) {
    const barrier = barriers.find((one) => one.index === index);
    if (barrier) steps.push(settleAt(barrier, change, touched));
    steps.push(toWrite(change));
  }
  const all = expectedWorks(first, last);
  if (holdings.length > 0) {
    const held = all.flatMap((work) => only(work, isHeld)).map(heldBack);
    steps.push({
      type: 'settle',
      works: held,
      reason: 'The Works have to be as reviewed before they are sent.',
    });
    for (const { hold } of holdings) {
      steps.push({ type: 'hold', hold: { ...hold, clusters: 'none' }, reason: 'All is written.' });
    }
  }
  const sent = all.flatMap((work) => [...only(work, isNotHeld), ...only(work, isHeld).map(letGo)]);
  if (sent.length > 0) {
    steps.push({ type: 'settle', works: sent, reason: 'Karmada makes the Works.' });
  }
  return steps.map((step, index) => ({ ...step, id: String(index + 1) }));
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
): Unnumbered {
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

function toWrite(change: ObjectChange): Unnumbered {
  if (change.type === 'delete') return { type: 'delete', change };
  return { type: change.source ? 'apply' : 'restore', change };
}

/** Whether Karmada holds or sends the same in both states. */
export function isSameEnd(a: LiveState, b: LiveState): boolean {
  return expectedWorks(a, b).length === 0;
}
