import { releaseIdentity, stringMember, member, withMember } from '../../../engine/index.ts';
import type { ObjectFinding } from './objectRule.ts';
import type { Item } from '../../snapshot.ts';
import { isKind } from './isKind.ts';

const longest = 53;

/**
 * Release names that Helm does not take. A composed one is cut and gets a hash; one that is given is refused by the
 * schema (`internal/release/name.go` of helm-controller).
 */
export function releaseNames(item: Item): readonly ObjectFinding[] {
  if (!isKind(item, 'helm.toolkit.fluxcd.io', 'HelmRelease')) return [];
  const given = stringMember(member(item.source, 'spec'), 'releaseName');
  if ([...given].length > longest) {
    const message = `Helm takes release names of at most ${longest} characters, this one has ${[...given].length}: the API server refuses it. Choose a shorter one.`;
    const path = ['spec', 'releaseName'];
    return [{ code: 'release-name-too-long', path, message, severity: 'error' }];
  }
  const metadata = member(item.source, 'metadata');
  const placed = withMember(item.source, 'metadata', {
    name: stringMember(metadata, 'name'),
    namespace: item.namespace,
  });
  const { fullName, releaseName } = releaseIdentity(placed);
  if (fullName === releaseName) return [];
  const message = `Helm takes release names of at most ${longest} characters, so Flux installs ${fullName} as ${releaseName}. Set spec.releaseName to choose the name yourself.`;
  return [{ code: 'release-name-too-long', path: ['metadata', 'name'], message }];
}
