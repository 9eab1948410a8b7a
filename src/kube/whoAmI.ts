import { arrayMember, memberAt, stringMember } from '../engine/index.ts';
import type { Identity, Transport } from './types.ts';

const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } as const;

/** Asks an API server whom it takes us for; `system:basic-user` may. Rejects with `KubeError`. */
export async function whoAmI(
  transport: Pick<Transport, 'request'>,
  options: { readonly idleLimit: number; readonly signal?: AbortSignal },
): Promise<Identity> {
  const answer = await transport.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: review,
    ...options,
  });
  const info = memberAt(answer, 'status', 'userInfo');
  return {
    user: stringMember(info, 'username'),
    groups: arrayMember(info, 'groups').filter((group) => typeof group === 'string'),
  };
}
