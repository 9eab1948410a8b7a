import { memberAt, releaseIdentity, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';

/**
 * Why Flux uninstalls a release and installs it anew when its HelmRelease changes so; `undefined` when it upgrades it
 * (`internal/action/verify.go` of helm-controller, `ReleaseTargetChanged`).
 */
export function reinstallReason(before: JsonObject, after: JsonObject): string | undefined {
  if (!isRelease(before) || !isRelease(after)) return undefined;
  const [old, now] = [releaseIdentity(before), releaseIdentity(after)];
  const changes = (
    [
      ['release name', old.releaseName, now.releaseName],
      ['target namespace', old.targetNamespace, now.targetNamespace],
      ['storage namespace', old.storageNamespace, now.storageNamespace],
      ['chart', chartName(before), chartName(after)],
    ] as const
  ).flatMap(([name, from, to]) => (from === to ? [] : [`${name} from ${from} to ${to}`]));
  return changes.length === 0 ? undefined : `It changes the ${changes.join(', the ')}.`;
}

function isRelease(object: JsonObject): boolean {
  const isFlux = stringMember(object, 'apiVersion').startsWith('helm.toolkit.fluxcd.io/');
  return isFlux && object['kind'] === 'HelmRelease';
}

/** The chart's name as far as the release tells it; a path in a repository ends in it. */
function chartName(release: JsonObject): string {
  const spec = memberAt(release, 'spec');
  const reference = stringMember(memberAt(spec, 'chartRef'), 'name');
  const chart = stringMember(memberAt(spec, 'chart', 'spec'), 'chart');
  return reference === '' ? (chart.split('/').findLast((part) => part !== '') ?? '') : reference;
}
