import { isArray, isObject } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import type { SourcePath } from '../yaml/index.ts';

/** A cluster that a policy names. */
export interface NamedCluster {
  readonly name: string;
  readonly path: SourcePath;
  /** `exclude`: the policy wants everything but this cluster. */
  readonly list: 'clusterNames' | 'exclude';
}

const known = new WeakMap<JsonObject, readonly NamedCluster[]>();

/** Every name in a list of clusters anywhere in a policy: affinities, overrides, weights, suspension. */
export function namedClusters(policy: JsonObject): readonly NamedCluster[] {
  const answered = known.get(policy);
  if (answered) return answered;
  const names: NamedCluster[] = [];
  collect(policy['spec'] ?? null, ['spec'], names);
  known.set(policy, names);
  return names;
}

/** Deeper than any list of names in the schema of a policy. */
const deepest = 12;

function collect(value: JsonValue, path: SourcePath, names: NamedCluster[]): void {
  if (path.length > deepest) return;
  if (isArray(value)) {
    value.forEach((item, i) => collect(item, [...path, i], names));
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      // What overriders write is not the policy's own.
      if (key === 'overriders') continue;
      if (key !== 'clusterNames' && key !== 'exclude') collect(child, [...path, key], names);
      else if (isArray(child)) {
        child.forEach((name, i) => {
          if (typeof name === 'string') names.push({ name, path: [...path, key, i], list: key });
        });
      }
    }
  }
}
