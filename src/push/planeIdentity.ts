import { memberAt, stringMember } from '../engine/index.ts';
import { isKubeError } from '../live/index.ts';
import type { CancelSignal, PushApi } from './ports.ts';
import type { PushReview } from './types.ts';

/**
 * What tells one control plane from another at the same address: the uid of a namespace that lives as long as it does,
 * as OpenTelemetry and many others take it. '' where it may not be read.
 */
export async function planeIdentity(api: PushApi, signal?: CancelSignal): Promise<string> {
  try {
    const reference = { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'kube-system' };
    return stringMember(memberAt(await api.get(reference, signal), 'metadata'), 'uid');
  } catch (error) {
    if (isKubeError(error) && ['forbidden', 'notFound'].includes(error.reason)) return '';
    throw error;
  }
}

/** Why a push that was reviewed before must neither be gone on with nor undone here; '' where nothing speaks against it. */
export async function otherPlane(
  api: PushApi,
  { plane = '', server }: Pick<PushReview, 'plane' | 'server'>,
): Promise<string> {
  if (plane === '') return '';
  const now = await planeIdentity(api);
  return now === '' || now === plane
    ? ''
    : `Another control plane answers at ${server} than the one that was pushed to: it was set up anew. What was pushed is not there.`;
}
