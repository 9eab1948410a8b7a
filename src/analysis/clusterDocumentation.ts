import { memberAt, stringMember } from '../engine/index.ts';
import type { ClusterFacts } from '../engine/index.ts';
import { codeSpan } from './markdown.ts';

const mostLabels = 12;

/** What is known of a cluster, as Markdown: version, mode, readiness, place, taints, labels. */
export function clusterDocumentation(cluster: ClusterFacts): string {
  const { name, syncMode, ready, provider, region, zones, taints, labels, object } = cluster;
  const version = stringMember(memberAt(object, 'status'), 'kubernetesVersion');
  const place = [provider, region, ...zones].filter((part) => part !== '');
  const tainted = taints.map(({ key, value, effect }) =>
    codeSpan(`${key}${value === '' ? '' : `=${value}`}:${effect}`),
  );
  const all = [...labels].map(([key, value]) => codeSpan(`${key}=${value}`));
  const shown = all.slice(0, mostLabels).join(', ');
  const more = all.length > mostLabels ? ` and ${all.length - mostLabels} more` : '';
  const lines = [
    `**Cluster** ${codeSpan(name)}`,
    ...(version === '' ? [] : [`- Kubernetes ${codeSpan(version)}`]),
    ...(syncMode === '' ? [] : [`- Mode ${codeSpan(syncMode)}`]),
    `- ${readiness(ready)}`,
    ...(place.length === 0 ? [] : [`- In ${place.map(codeSpan).join(', ')}`]),
    tainted.length === 0 ? '- No taints' : `- Taints ${tainted.join(', ')}`,
    ...(all.length === 0 ? [] : [`- Labels ${shown}${more}`]),
    ...(cluster.deleting ? ['- Being deleted'] : []),
  ];
  return [lines[0], '', ...lines.slice(1)].join('\n');
}

function readiness(ready: string): string {
  switch (ready) {
    case 'True':
      return 'Ready';
    case 'False':
      return 'Not ready';
    case 'Unknown':
      return 'Not reachable';
    default:
      return 'Readiness not known';
  }
}
