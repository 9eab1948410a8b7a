import type { ObjectReference } from '../../live/index.ts';
import type { Verdict } from '../types.ts';

/**
 * What is wrong with a name so that there can be no path of its object, and a server would answer for something else
 * (`IsValidPathSegmentName` of `k8s.io/apimachinery/pkg/api/validation/path`).
 */
export function nameVerdicts({ namespace, name }: ObjectReference): readonly Verdict[] {
  return [
    ...verdictsOn('metadata.name', name),
    ...(namespace === '' ? [] : verdictsOn('metadata.namespace', namespace)),
  ];
}

function verdictsOn(field: string, name: string): readonly Verdict[] {
  if (name !== '.' && name !== '..' && !/[/%]/.test(name)) return [];
  const message = `${field}: “${name}” is no name; it may be neither “.” nor “..” and has no “/” and no “%”.`;
  return [{ severity: 'error', message, field }];
}
