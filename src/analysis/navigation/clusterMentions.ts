import { arrayMember, memberAt } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Mention } from './mention.ts';

/** The clusters that a policy names: in affinities, weights, targets of overrides and suspensions. */
export function clusterMentions(policy: JsonObject): readonly Mention[] {
  return affinitiesOf(policy).flatMap(({ path, value }) =>
    ['clusterNames', 'exclude'].flatMap((key) =>
      arrayMember(value, key).flatMap((name, i) => {
        if (typeof name !== 'string' || name === '') return [];
        const at = [...path, key, i];
        return {
          group: 'cluster.karmada.io',
          kind: 'Cluster',
          namespace: '',
          name,
          path: at,
          scope: at,
        };
      }),
    ),
  );
}

interface Affinity {
  readonly path: SourcePath;
  readonly value: JsonValue | undefined;
}

/** Every `ClusterAffinity` of a policy (`pkg/apis/policy/v1alpha1`), and the one list of names that is none. */
function affinitiesOf(policy: JsonObject): readonly Affinity[] {
  const single = (...keys: readonly string[]): Affinity => {
    const path = ['spec', ...keys];
    return { path, value: memberAt(policy, ...path) };
  };
  const each = (keys: readonly string[], ...below: readonly string[]): readonly Affinity[] => {
    const { path, value } = single(...keys.slice(0, -1));
    const last = keys.at(-1) ?? '';
    return arrayMember(value, last).map((item, i) => ({
      path: [...path, last, i, ...below],
      value: memberAt(item, ...below),
    }));
  };
  const weights = ['placement', 'replicaScheduling', 'weightPreference', 'staticWeightList'];
  return [
    single('placement', 'clusterAffinity'),
    ...each(['placement', 'clusterAffinities']),
    ...each(weights, 'targetCluster'),
    single('suspension', 'dispatchingOnClusters'),
    single('targetCluster'),
    ...each(['overrideRules'], 'targetCluster'),
  ];
}
