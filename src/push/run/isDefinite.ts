import { isKubeError } from '../../live/index.ts';

/** Whether the server has refused a write, or was never asked, so that nothing was written. Else it may have been. */
export function isDefinite(error: unknown): boolean {
  return isKubeError(error) && (definite.has(error.reason) || isWebhookFailure(error.message));
}

/**
 * A webhook that does not answer is an internal error of the server, but one of admission, before anything is stored
 * (`k8s.io/apiserver/pkg/admission/plugin/webhook`).
 */
function isWebhookFailure(message: string): boolean {
  return message.includes('failed calling webhook');
}

const definite: ReadonlySet<string> = new Set([
  'conflict',
  'forbidden',
  'invalid',
  'notFound',
  'unauthorized',
  'throttled',
  'credentials',
  'kubeconfig',
  'certificate',
  'gone',
]);
