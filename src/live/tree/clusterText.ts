import type { ClusterRow } from '../rows.ts';
import { accessText, type AccessProblem } from '../why/memberAccess.ts';
import { ageText } from './age.ts';
import { isCordoned } from '../cordon.ts';
import { factLines, page } from './markdown.ts';
import { joined, oneLine } from './node.ts';

/** The columns of `kubectl get clusters` behind the name: VERSION, MODE, READY and AGE. */
export function clusterText(cluster: ClusterRow, now: number): string {
  const states = joined(
    [
      readinessText(cluster),
      isCordoned(cluster.taints) ? 'cordoned' : '',
      cluster.deletedAt === '' ? '' : 'being removed',
    ],
    ', ',
  );
  return joined([cluster.version, cluster.mode, states, ageText(cluster.createdAt, now)], ' ');
}

/** The Ready condition in a word or two. */
export function readinessText({ ready }: ClusterRow): string {
  return ready.status === 'True' ? 'Ready' : ready.status === 'False' ? 'Not ready' : 'Unknown';
}

/** What a tooltip says of a cluster. */
export function clusterTooltip(cluster: ClusterRow, now: number, access?: AccessProblem): string {
  const { ready, provider, region, zones, problem } = cluster;
  const since = ageText(ready.since, now);
  return page(
    cluster.name,
    factLines([
      ['Ready', joined([ready.status, ready.reason], ', ')],
      ['Since', since === '' ? '' : `${since} ago`],
      ['Message', oneLine(ready.message)],
      ['Version', cluster.version],
      ['Mode', cluster.mode],
      ['Scheduling', isCordoned(cluster.taints) ? 'cordoned: nothing new is scheduled here' : ''],
      ['Location', joined([provider, region, zones.join(', ')])],
      ['Age', ageText(cluster.createdAt, now)],
      ['Objects there', access ? `not readable: ${accessText(access)}` : ''],
      ['Unexpected', problem ?? ''],
    ]),
  );
}
