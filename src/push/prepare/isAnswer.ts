import { isObject, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { KubeError } from '../../live/index.ts';

/** Whether the server has answered about the object it was asked for; all else is trouble with the server. */
export function isAnswer(error: unknown): error is KubeError {
  if (!isKubeError(error)) return false;
  if (error.reason === 'server') return stringMember(statusOf(error), 'kind') === 'Status';
  return ['conflict', 'forbidden', 'invalid', 'notFound'].includes(error.reason);
}

function statusOf({ cause }: { cause?: unknown }): JsonObject {
  return isObject(cause) ? cause : {};
}
