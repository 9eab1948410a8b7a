import { deepEqual, member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { isReleaseKind, type Expectation } from '../../live/index.ts';
import type { Effect, PushReview } from '../types.ts';
import { readTemplateKey, templateKey } from './templateKey.ts';

/** What a rollout looks out for after a push: what the review said that becomes of each template on each cluster. */
export function expectationsOf({
  effects,
  changes,
}: Pick<PushReview, 'effects' | 'changes'>): readonly Expectation[] {
  const generations = writtenGenerations(changes);
  return effects.flatMap((effect) => {
    const template = readTemplateKey(effect.template);
    const type = types[effect.type];
    if (!template || type === undefined || effect.isPassing === true) return [];
    const generation = generations.get(effect.template);
    const { after, before, reason, clusters } = effect;
    const isRelease = template.kind === 'HelmRelease' && after !== undefined;
    return [
      {
        template,
        clusters,
        type,
        isSpecChanged: before === undefined || hasOtherSpec(before, after),
        ...(generation === undefined ? {} : { templateGeneration: generation }),
        ...(isRelease ? { chartVersion: chartVersionOf(after) } : {}),
        ...(isFluxSuspended(effect) ? { isSuspended: true } : {}),
        ...(reason === undefined ? {} : { reason }),
      },
    ];
  });
}

/** What stays as it is, or is left to members, is not followed. */
const types: Readonly<Record<Effect['type'], Expectation['type'] | undefined>> = {
  appears: 'arrives',
  changes: 'arrives',
  reinstalls: 'arrives',
  removed: 'leaves',
  kept: 'leaves',
  fails: 'fails',
  orphaned: undefined,
  unchanged: undefined,
};

/** Whether Flux is told to leave alone what a cluster gets. */
export function isFluxSuspended({ template, after }: Pick<Effect, 'template' | 'after'>): boolean {
  const reference = readTemplateKey(template);
  return (
    reference !== undefined &&
    isReleaseKind(reference) &&
    memberAt(after, 'spec', 'suspend') === true
  );
}

/** The generations that the templates of the push have afterwards, where the server's dry run said them. */
function writtenGenerations(changes: PushReview['changes']): ReadonlyMap<string, number> {
  const generations = new Map<string, number>();
  for (const { reference, after, checkedBy, type } of changes) {
    const generation = memberAt(after, 'metadata', 'generation');
    if (checkedBy !== 'server' || (type !== 'create' && type !== 'change')) continue;
    if (typeof generation === 'number') generations.set(templateKey(reference), generation);
  }
  return generations;
}

/** The API server counts another generation of a custom resource for a change outside metadata and status. */
function hasOtherSpec(before: JsonObject, after: JsonObject | undefined): boolean {
  if (!after) return true;
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) {
    if (key === 'metadata' || key === 'status') continue;
    if (!deepEqual(member(before, key), member(after, key))) return true;
  }
  return false;
}

function chartVersionOf(manifest: JsonObject): string {
  return stringMember(memberAt(manifest, 'spec', 'chart', 'spec'), 'version');
}
