import {
  arrayMember,
  clusterFacts,
  isObject,
  member,
  memberAt,
  readPlacement,
  stringMember,
  taintText,
  untoleratedTaint,
} from '../../engine/index.ts';
import type { ClusterFacts } from '../../engine/index.ts';
import { naturalOrder } from '../naturalOrder.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { takes } from './needs.ts';
import { holderOf } from './holder.ts';
import { specOf } from './policyFiles.ts';
import { reachOf, templateOf } from './reach.ts';
import type { ClusterChoice } from './types.ts';

/** The clusters of the fleet in natural order, each with what matters for some templates. Unknown keys count for nothing. */
export function clusterChoices(
  snapshot: Snapshot,
  keys: readonly string[],
): readonly ClusterChoice[] {
  const templates = keys.flatMap((key) => {
    const template = templateOf(snapshot, key);
    return template ? [placedOf(snapshot, template)] : [];
  });
  const isAssumed = snapshot.fleet.origin === 'assumed';
  return snapshot.fleet.clusters
    .map(clusterFacts)
    .filter(({ name }) => name !== '')
    .toSorted((a, b) => naturalOrder(a.name, b.name))
    .map((cluster) => ({
      name: cluster.name,
      description: [
        presence(templates.filter(({ reach }) => reach.has(cluster.name)).length, templates.length),
        isAssumed ? 'assumed: only named by policies' : describe(cluster),
      ]
        .filter((part) => part !== '')
        .join(' · '),
      obstacle: obstacleOf(cluster, templates),
      isPicked: templates.length > 0 && templates.every(({ reach }) => reach.has(cluster.name)),
      labels: Object.fromEntries(cluster.labels),
      provider: cluster.provider,
      region: cluster.region,
      zones: cluster.zones,
    }));
}

/** `1 of 2 there` where some of several templates are. */
function presence(count: number, all: number): string {
  return count > 0 && count < all ? `${count} of ${all} there` : '';
}

const readiness: { readonly [status: string]: string } = {
  True: 'ready',
  False: 'not ready',
  Unknown: 'unreachable',
};

function describe(cluster: ClusterFacts): string {
  const { ready, provider, region, taints, object } = cluster;
  const version = stringMember(member(object, 'status'), 'kubernetesVersion');
  return [
    Object.hasOwn(readiness, ready) ? (readiness[ready] ?? '') : '',
    version,
    fluxOf(cluster),
    ...taints.map(taintText),
    provider,
    region,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function fluxOf({ object }: ClusterFacts): string {
  const enablements = arrayMember(member(object, 'status'), 'apiEnablements');
  if (enablements.length === 0) return '';
  const isThere = enablements.some((entry) =>
    stringMember(entry, 'groupVersion').startsWith('helm.toolkit.fluxcd.io/'),
  );
  return isThere ? 'Flux' : 'no Flux';
}

/** What is the same of a template for every cluster. */
interface Placed {
  readonly template: Template;
  readonly reach: ReadonlySet<string>;
  readonly tolerations: ReturnType<typeof readPlacement>['tolerations'];
}

function placedOf(snapshot: Snapshot, template: Template): Placed {
  const holder = holderOf(snapshot, template);
  const placement = holder && memberAt(specOf(holder.item), 'placement');
  const { tolerations } = readPlacement(isObject(placement) ? placement : {});
  return { template, reach: reachOf(snapshot, template), tolerations };
}

function obstacleOf(cluster: ClusterFacts, templates: readonly Placed[]): string {
  const joining = templates.filter(({ reach }) => !reach.has(cluster.name));
  if (joining.length === 0) return '';
  if (cluster.deleting) return 'is being deleted';
  const lacking = joining.filter(({ template }) => !takes(cluster, template));
  const kinds = new Set(lacking.map(({ template }) => template.item.kind));
  const taints = joining.flatMap(({ tolerations }) => {
    const taint = untoleratedTaint(cluster, tolerations);
    return taint ? [`taint ${taintText(taint)} is not tolerated`] : [];
  });
  return [
    ...(kinds.size > 0 ? [`does not serve ${[...kinds].join(', ')}`] : []),
    ...new Set(taints),
  ].join('; ');
}
