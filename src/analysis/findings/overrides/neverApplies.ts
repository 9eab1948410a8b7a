import { arrayMember, isArray, isObject, member, readPlacement } from '../../../engine/index.ts';
import type { ClusterFacts, JsonObject, StoredPolicy } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import { listName } from '../../listName.ts';
import { matchingClusters } from '../../matchingClusters.ts';
import { naturalOrder } from '../../naturalOrder.ts';
import { overrideUses } from '../../overrideUses.ts';
import type { OverrideUse } from '../../overrideUses.ts';
import { listClusters } from '../../previewText.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import type { Simulated } from '../perTemplate.ts';
import { nameTemplates } from '../templateNames.ts';

/** The target of one rule of an override policy, as stored, and where it stands. */
interface Target {
  readonly target: JsonObject;
  readonly path: SourcePath;
}

/**
 * `override-never-applies` on a target that no cluster matches, or only clusters to which no affinity ever sends what
 * the policy selects. Taints, APIs and spread constraints are left out of account: they come and go.
 */
export function neverApplies(snapshot: Snapshot): readonly Finding[] {
  const { clusters } = snapshot.run.controlPlane;
  if (clusters.length === 0) return [];
  return overrideUses(snapshot).flatMap((use) =>
    targetsOf(use.policy).flatMap(({ target, path }): Finding[] => {
      if (snapshot.fleet.origin === 'assumed' && !namesOnly(target)) return [];
      const meant = matchingClusters(target, clusters);
      const message =
        meant.size === 0 ? unmatched(target, clusters) : unreachable(use, meant, clusters);
      if (message === undefined) return [];
      return [{ code: 'override-never-applies', item: use.item, path, on: 'key', message }];
    }),
  );
}

function targetsOf({ object }: StoredPolicy): readonly Target[] {
  const spec = member(object, 'spec');
  const rules = arrayMember(spec, 'overrideRules');
  const holders =
    rules.length > 0
      ? rules.map((rule, i) => ({ holder: rule, path: ['spec', 'overrideRules', i] }))
      : [{ holder: spec, path: ['spec'] }];
  return holders.flatMap(({ holder, path }) => {
    const target = member(holder, 'targetCluster');
    return isObject(target) ? [{ target, path: [...path, 'targetCluster'] }] : [];
  });
}

/** An assumed cluster has a name and nothing else. */
function namesOnly(target: JsonObject): boolean {
  return Object.entries(target).every(
    ([key, value]) => key === 'clusterNames' || (isArray(value) && value.length === 0),
  );
}

function unmatched(target: JsonObject, clusters: readonly ClusterFacts[]): string | undefined {
  const names = arrayMember(target, 'clusterNames');
  // A name that the fleet does not have is told on the name.
  const isKnown = (name: unknown): boolean => clusters.some((cluster) => cluster.name === name);
  if (names.length > 0 && !names.some(isKnown)) return undefined;
  return 'No cluster of the fleet matches this target, so the rule never applies; change the target, or remove the rule.';
}

function unreachable(
  { templates }: OverrideUse,
  meant: ReadonlySet<ClusterFacts>,
  clusters: readonly ClusterFacts[],
): string | undefined {
  const byPolicy = new Map<StoredPolicy, Simulated>();
  for (const template of templates) {
    const { claim, schedule } = template.simulation;
    // Another scheduler decides, which may send it anywhere.
    if (!schedule) return undefined;
    if (claim.type === 'claimed') byPolicy.set(claim.policy, template);
  }
  const [policy] = byPolicy.keys();
  if (!policy) return undefined;
  const reaches = [...new Set([...byPolicy.keys()].flatMap((other) => reachOf(other, clusters)))];
  for (const cluster of meant) if (reaches.some((reach) => reach.has(cluster))) return undefined;
  const reached = new Set(reaches.flatMap((reach) => [...reach]));
  // An affinity that fits no cluster is told on the affinity.
  if (reached.size === 0) return undefined;
  const names = (facts: ReadonlySet<ClusterFacts>): string =>
    listClusters([...facts].map(({ name }) => name).sort(naturalOrder));
  const sender =
    byPolicy.size === 1 ? listName(policy.kind, policy.namespace, policy.name) : 'Their policies';
  const verb = byPolicy.size === 1 ? 'sends' : 'send';
  return `${sender} ${verb} ${nameTemplates(templates)} only to ${names(reached)}, so this rule for ${names(meant)} never applies; change the target or the placement.`;
}

/** The clusters that some affinity term of a policy chooses. */
function reachOf(
  { spec }: StoredPolicy,
  clusters: readonly ClusterFacts[],
): readonly ReadonlySet<ClusterFacts>[] {
  const placement = member(spec, 'placement');
  const { terms } = readPlacement(isObject(placement) ? placement : everywhere);
  return terms
    .flatMap(({ affinity, overflow }) => [affinity, ...overflow])
    .map((affinity) => matchingClusters(affinity, clusters));
}

const everywhere: JsonObject = {};
