import type { ObjectReference } from '../rows.ts';

const helmGroup = 'helm.toolkit.fluxcd.io/';
const sourceGroup = 'source.toolkit.fluxcd.io/';

/** Whether an object is a HelmRelease of Flux. */
export function isHelmRelease({
  apiVersion,
  kind,
}: Pick<ObjectReference, 'apiVersion' | 'kind'>): boolean {
  return kind === 'HelmRelease' && apiVersion.startsWith(helmGroup);
}

/** Whether the view of releases shows an object: a HelmRelease or a source of Flux. */
export function isReleaseKind(reference: Pick<ObjectReference, 'apiVersion' | 'kind'>): boolean {
  return isHelmRelease(reference) || reference.apiVersion.startsWith(sourceGroup);
}
