import { isSecret } from '../../analysis/index.ts';
import { isObject, member } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { Journal } from '../journal.ts';
import { templateKey } from '../waves/templateKey.ts';

/**
 * The values of Secrets that a push has replaced. No review or journal has any, so that a Work with an old one would look
 * as expected; they are remembered as long as the push runs in this window, and nowhere else.
 */
export interface OldSecretValues {
  /** By template key: what an earlier run has written, so that nothing is remembered of it. */
  readonly written: ReadonlyMap<string, WrittenSecret>;
  note(template: string, before: JsonObject | undefined, after: JsonObject | undefined): void;
  /** Whether a Work still sends a value that has been replaced. */
  isIn(template: string, manifest: JsonObject): boolean;
}

/** A Secret whose values were changed before this run of the push began. */
export interface WrittenSecret {
  readonly reference: ObjectReference;
  readonly keys: readonly string[];
  /** Clusters for which overrides change it: what they make of its values is not known. */
  readonly overridden: ReadonlySet<string>;
}

export function createOldSecretValues(journal: Journal): OldSecretValues {
  const replaced = new Map<string, ReadonlyMap<string, JsonValue>>();
  return {
    written: writtenBefore(journal),
    note(template, before, after) {
      if (!before || !after || !isSecret(after)) return;
      const [old, data] = [member(before, 'data'), member(after, 'data')];
      const values = Object.entries(isObject(old) ? old : {}).filter(
        ([key, value]) => value !== null && member(data, key) !== value,
      );
      replaced.set(template, new Map(values));
    },
    isIn(template, manifest) {
      const data = member(manifest, 'data');
      return [...(replaced.get(template) ?? [])].some(
        ([key, value]) => member(data, key) === value,
      );
    },
  };
}

function writtenBefore({ review, states }: Journal): ReadonlyMap<string, WrittenSecret> {
  return new Map(
    review.steps.flatMap((step, index) => {
      if (step.type !== 'apply' || states[index]?.type !== 'done') return [];
      const { reference, secretKeys: keys = [] } = step.change;
      if (keys.length === 0) return [];
      const template = templateKey(reference);
      const overridden = review.effects.flatMap((effect) =>
        effect.template === template && (effect.overrides ?? effect.clusterOverrides)
          ? effect.clusters
          : [],
      );
      return [[template, { reference, keys, overridden: new Set(overridden) }] as const];
    }),
  );
}
