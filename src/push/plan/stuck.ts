import type { LiveState } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { contentsOf } from './between.ts';

/**
 * What the Work of a template for a cluster holds in the end although an override cannot be applied there: `gone` where it was
 * taken away on the way and cannot be made again, `undefined` where nothing on the way has touched it.
 */
export type StuckWorks = (key: string, cluster: string) => JsonObject | 'gone' | undefined;

/**
 * Where an override cannot be applied Karmada leaves the Work as it is, and that is what it came to hold last: by a write
 * in the middle, or not at all since before the first (`ensureWork` of `pkg/controllers/binding/common.go`).
 */
export function stuckWorks(states: readonly LiveState[]): StuckWorks {
  return (key, cluster) => {
    for (let i = states.length - 1; i > 0; i--) {
      const delivery = states[i]?.deliveries.get(key);
      if (delivery === states[i - 1]?.deliveries.get(key)) continue;
      const content = contentsOf(delivery).get(cluster);
      if (content !== 'fails') return content ?? 'gone';
    }
    return undefined;
  };
}
