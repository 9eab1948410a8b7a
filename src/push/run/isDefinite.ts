import { isKubeError } from '../../live/index.ts';

/** Whether the server has refused a write, or was never asked, so that nothing was written. Else it may have been. */
export function isDefinite(error: unknown): boolean {
  return isKubeError(error) && definite.has(error.reason);
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
