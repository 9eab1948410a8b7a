import { isSecret, nameOfTemplate } from '../../analysis/index.ts';
import type { LiveState } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { PushGround, WorkState } from '../types.ts';
import { contentsOf } from './between.ts';
import { isSameContent } from './manifest.ts';

type Works = PushGround['works'];

/**
 * The Works of some templates with one manifest for all clusters that have the same but for Karmada's bookkeeping: that
 * of the simulation where it is the same. A thousand clusters then cost one comparison each, however often they are
 * compared. Secrets stay as they are, for the simulation may not know their values.
 */
export function sharedWorks(works: Works, first: LiveState, names: ReadonlySet<string>): Works {
  const simulated = new Map(
    [...first.deliveries].map(([key, delivery]) => [nameOfTemplate(key), delivery]),
  );
  const keys = new Map([...first.deliveries.keys()].map((key) => [nameOfTemplate(key), key]));
  const shared = new Map<string, ReadonlyMap<string, WorkState>>();
  for (const [key, byCluster] of works) {
    const name = nameOfTemplate(key);
    if (!names.has(name)) continue;
    const contents = contentsOf(simulated.get(name));
    const known: JsonObject[] = [];
    const entries = [...byCluster].map(([cluster, work]): [string, WorkState] => {
      const content = contents.get(cluster);
      const likely = content && content !== 'fails' ? [content, ...known] : known;
      const manifest = representative(work.manifest, likely);
      if (manifest === work.manifest) known.push(manifest);
      return [cluster, manifest === work.manifest ? work : { ...work, manifest }];
    });
    // A binding may name its template in a version that is no longer the preferred one.
    shared.set(keys.get(name) ?? key, new Map(entries));
  }
  return shared;
}

/** More different manifests of one template than that are not looked through. */
const mostKnown = 50;

function representative(manifest: JsonObject, likely: readonly JsonObject[]): JsonObject {
  if (isSecret(manifest)) return manifest;
  return likely.slice(0, mostKnown).find((one) => isSameContent(one, manifest)) ?? manifest;
}
