import { nameOfTemplate, liveName } from '../../analysis/index.ts';
import { isObject, member, setOwn, withMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { Effect, ObjectChange } from '../types.ts';

/**
 * Effects with the changes of Secrets' values in them, which a plan cannot see as it never has them: what would stay the
 * same changes where a value does.
 */
export function withSecretChanges(
  effects: readonly Effect[],
  changes: readonly ObjectChange[],
): readonly Effect[] {
  const keys = new Map(
    changes
      .filter(({ type, secretKeys = [] }) => type === 'change' && secretKeys.length > 0)
      .map(({ reference, secretKeys = [] }) => [liveName(reference), secretKeys]),
  );
  if (keys.size === 0) return effects;
  return effects.map((effect) => {
    const changed = keys.get(nameOfTemplate(effect.template));
    if (!changed || (effect.type !== 'unchanged' && effect.type !== 'changes')) return effect;
    const { before, after } = effect;
    return {
      ...effect,
      type: 'changes',
      ...(before ? { before: marked(before, changed, 'before') } : {}),
      ...(after ? { after: marked(after, changed, 'after') } : {}),
    };
  });
}

function marked(secret: JsonObject, keys: readonly string[], side: 'before' | 'after'): JsonObject {
  const data = member(secret, 'data');
  if (!isObject(data)) return secret;
  const copy: Record<string, JsonValue> = { ...data };
  for (const key of keys) if (Object.hasOwn(copy, key)) setOwn(copy, key, `*** (${side})`);
  return withMember(secret, 'data', copy);
}
