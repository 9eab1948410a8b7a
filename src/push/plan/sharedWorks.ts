import { isSecret, nameOfTemplate } from '../../analysis/index.ts';
import type { LiveState, Planning } from '../../analysis/index.ts';
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
export function* sharedWorks(
  works: Works,
  first: LiveState,
  names: ReadonlySet<string>,
): Planning<Works> {
  const simulated = new Map(
    [...first.deliveries].map(([key, delivery]) => [nameOfTemplate(key), delivery]),
  );
  const keys = new Map([...first.deliveries.keys()].map((key) => [nameOfTemplate(key), key]));
  const shared = new Map<string, ReadonlyMap<string, WorkState>>();
  for (const [key, byCluster] of works) {
    const name = nameOfTemplate(key);
    if (!names.has(name)) continue;
    const contents = contentsOf(simulated.get(name));
    const represent = createRepresentation();
    const represented = new Map<string, WorkState>();
    for (const [cluster, work] of byCluster) {
      const manifest = represent(work.manifest, contents.get(cluster));
      represented.set(cluster, manifest === work.manifest ? work : { ...work, manifest });
    }
    // A binding may name its template in a version that is no longer the preferred one.
    shared.set(keys.get(name) ?? key, represented);
    yield;
  }
  return shared;
}

/** More different manifests of one template than that are not looked through. */
const mostKnown = 50;

/** Finds one manifest for all that say the same: the simulated one of their cluster, or the first that said so. */
function createRepresentation(): (
  manifest: JsonObject,
  simulated: JsonObject | 'fails' | undefined,
) => JsonObject {
  const known: JsonObject[] = [];
  // Clusters for which the same is simulated mostly hold the same, too.
  const likely = new Map<JsonObject, JsonObject>();
  return (manifest, simulated) => {
    if (isSecret(manifest)) return manifest;
    const content = simulated === 'fails' ? undefined : simulated;
    const isSame = (one: JsonObject): boolean => isSameContent(manifest, one);
    const last = content && (likely.get(content) ?? content);
    if (last && isSame(last)) return last;
    const found = [...(content && content !== last ? [content] : []), ...known]
      .slice(0, mostKnown)
      .find(isSame);
    if (!found) known.push(manifest);
    if (content) likely.set(content, found ?? manifest);
    return found ?? manifest;
  };
}
