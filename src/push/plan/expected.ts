import {
  createNaturalOrder,
  isSecret,
  nameOfTemplate,
  withoutBookkeeping,
} from '../../analysis/index.ts';
import type { Delivery, LiveState } from '../../analysis/index.ts';
import { isObject, member, withMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { ExpectedWork } from '../types.ts';
import { contentsOf } from './between.ts';
import { isSameText } from './manifest.ts';

/** The Works that are to be different in a state from what they were in another one. */
export function expectedWorks(
  since: LiveState,
  state: LiveState,
  isAsked: (name: string) => boolean = () => true,
): readonly ExpectedWork[] {
  const order = createNaturalOrder();
  const keys = [...new Set([...since.deliveries.keys(), ...state.deliveries.keys()])].sort();
  return keys.flatMap((key) => {
    const [before, after] = [since.deliveries.get(key), state.deliveries.get(key)];
    if (before === after || !isAsked(nameOfTemplate(key))) return [];
    return changedWorks(key, [before, after], order);
  });
}

function changedWorks(
  template: string,
  [before, after]: readonly [Delivery | undefined, Delivery | undefined],
  order: ReturnType<typeof createNaturalOrder>,
): readonly ExpectedWork[] {
  if (before && before.variants === after?.variants) return [];
  const [old, now] = [contentsOf(before), contentsOf(after)];
  const present = (after?.variants ?? []).flatMap(({ clusters, manifest }): ExpectedWork[] => {
    if (!manifest) return [];
    const changed = clusters.filter((cluster) => {
      const content = old.get(cluster);
      return !content || content === 'fails' || !isSameText(content, manifest);
    });
    return changed.length === 0
      ? []
      : [{ template, clusters: changed.sort(order), manifest: told(manifest) }];
  });
  const gone = [...old.keys()].filter((cluster) => !now.has(cluster));
  return gone.length === 0 ? present : [...present, { template, clusters: gone.sort(order) }];
}

/** A manifest as a journal may keep it: nothing that differs by cluster, no values of a Secret. */
export function told(manifest: JsonObject): JsonObject {
  const plain = withoutBookkeeping(manifest);
  if (!isSecret(plain)) return plain;
  let masked = plain;
  for (const field of ['data', 'stringData']) {
    const data = member(masked, field);
    if (!isObject(data)) continue;
    const keys = Object.keys(data).map((key): [string, JsonValue] => [key, null]);
    masked = withMember(masked, field, Object.fromEntries(keys));
  }
  return masked;
}
