import { isKubeError } from '../../live/index.ts';

/**
 * Whether a server has no such kind in that version, rather than no such object: its discovery does not tell it, or
 * nothing listens at its path (`k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go`).
 */
export function isKindMissing(error: unknown): boolean {
  if (!isKubeError(error) || error.reason !== 'notFound') return false;
  return error.status === undefined || nothingThere.test(error.detail);
}

const nothingThere = /^404 page not found|^the server could not find the requested resource/;
