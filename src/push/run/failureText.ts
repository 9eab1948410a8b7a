import { isSecret } from '../../analysis/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import { isAnswer } from '../prepare/isAnswer.ts';
import { label } from '../plan/labels.ts';
import { verdictsOf } from '../prepare/verdicts.ts';
import { isDefinite } from './isDefinite.ts';

/**
 * Why a request about an object failed: a refusal in the words that a review has for it. What a server or a webhook says
 * of a Secret can quote its values: of that only what is known to be none of them.
 */
export function failureText(error: unknown, reference: ObjectReference): string {
  if (isAnswer(error) && isDefinite(error) && error.reason !== 'conflict') {
    const said = verdictsOf(error, reference).map(({ message }) => message);
    return [...new Set(said)].join(' ');
  }
  if (isSecret({ ...reference }) && isKubeError(error) && error.reason === 'server') {
    return `The server answers ${label(reference)} with an error (${error.status ?? 500}).`;
  }
  return messageOf(error);
}

/** The sentence of a failure; of anything that is no `KubeError` as well. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
