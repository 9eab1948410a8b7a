import type { LiveState } from '../../analysis/index.ts';
import { isObject, member, memberAt, withMember, withoutMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { suspensionIn } from '../waves/suspension.ts';
import type { Hold, ObjectChange, UnnumberedStep } from '../types.ts';
import { expectedWorks } from './expected.ts';
import { isNamed, referenceOf } from './holds.ts';
import type { Holding } from './holds.ts';
import { label } from './labels.ts';
import type { Preserving } from './preserving.ts';

/** Has the Works that are to go know first whether their objects stay. */
export function preparing(
  preserving: Preserving,
  holdings: readonly Holding[],
): readonly UnnumberedStep[] {
  if (preserving.ahead.length === 0) return [];
  const holds = preserving.ahead.map(({ policy, preserves }): UnnumberedStep => {
    const held = [...holdings.map(({ hold }) => hold), ...alone(preserving, holdings)];
    const own = held.find((one) => isNamed(one.policy, policy));
    const hold: Hold = { policy: referenceOf(policy), clusters: 'none', ...own, preserves };
    const what = preserves ? 'stay' : 'go';
    const reason = `Objects are to ${what} where the policy no longer sends them: their Works have to know it first.`;
    return { type: 'hold', hold, reason };
  });
  const works = preserving.ahead.flatMap(({ leaving, preserves }) =>
    leaving.map(({ template, clusters }) => ({ template, clusters, isPreserving: preserves })),
  );
  const reason = 'The Works that go have to know whether their objects stay.';
  return [...holds, { type: 'settle', works, reason }];
}

/** What policies hold that are written ahead and that the push itself does not hold: that stays as it is. */
export function alone({ ahead }: Preserving, holdings: readonly Holding[]): readonly Hold[] {
  return ahead.flatMap(({ policy, before }): readonly Hold[] => {
    if (holdings.some(({ hold }) => isNamed(hold.policy, policy))) return [];
    const { clusters, isOurs } = suspensionIn(before);
    return [
      { policy: referenceOf(policy), clusters: isOurs ? clusters : 'none', before: clusters },
    ];
  });
}

/** Waits until Works say what becomes of their objects when their template goes. */
export function preserved({ waits }: Preserving, change: ObjectChange): readonly UnnumberedStep[] {
  const works = waits.get(change);
  if (!works) return [];
  const reason = `The Works have to know whether their objects stay before ${label(change.reference)} is deleted.`;
  return [{ type: 'settle', works, reason }];
}

/** Waits until nothing is left where a write takes it away. */
export function wentFrom(
  before: LiveState,
  after: LiveState,
  { reference }: ObjectChange,
): UnnumberedStep {
  const works = expectedWorks(before, after).filter(({ manifest }) => manifest === undefined);
  const reason = `What has never come to a member has to be gone before ${label(reference)} preserves it.`;
  return { type: 'settle', works, reason };
}

/** A change that leaves `preserveResourcesOnDeletion` as it is. */
export function withoutPreserving(change: ObjectChange): ObjectChange {
  const value = memberAt(change.before, 'spec', 'preserveResourcesOnDeletion');
  const asBefore = (object: JsonObject): JsonObject => {
    const spec = member(object, 'spec');
    if (!isObject(spec)) return object;
    const field = 'preserveResourcesOnDeletion';
    const kept = value === undefined ? withoutMember(spec, field) : withMember(spec, field, value);
    return withMember(object, 'spec', kept);
  };
  const { after, source } = change;
  return {
    ...change,
    ...(after ? { after: asBefore(after) } : {}),
    ...(source ? { source: { ...source, object: asBefore(source.object) } } : {}),
  };
}
