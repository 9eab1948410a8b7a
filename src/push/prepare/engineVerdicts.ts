import type { Validation } from '../../engine/index.ts';
import { KubeError } from '../../live/index.ts';
import type { Verdict } from '../types.ts';
import { verdictsOf } from './verdicts.ts';

/** What the engine, in the server's place, refuses. */
export function engineVerdicts({
  status,
  message = '',
  causes = [],
}: Validation): readonly Verdict[] {
  if (status === 201) return [];
  const error = new KubeError('invalid', message, {
    detail: message,
    causes: causes.map(({ reason, message: said, field }) => ({
      reason: reason ?? '',
      message: said ?? '',
      field: field ?? '',
    })),
  });
  return verdictsOf(error, { apiVersion: '', kind: '', namespace: '', name: '' });
}
