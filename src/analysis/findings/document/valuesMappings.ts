import { isArray, isObject, memberAt } from '../../../engine/index.ts';
import type { Item } from '../../snapshot.ts';
import { isKind } from './isKind.ts';
import type { ObjectFinding } from './objectRule.ts';

/**
 * `values` that are no mapping. The schema takes anything there, and Flux goes on without them and without a word
 * (`GetValues` of `api/v2/helmrelease_types.go` of helm-controller).
 */
export function valuesMappings(item: Item): readonly ObjectFinding[] {
  if (!isKind(item, 'helm.toolkit.fluxcd.io', 'HelmRelease')) return [];
  const values = memberAt(item.source, 'spec', 'values');
  if (values === undefined || values === null || isObject(values)) return [];
  const found = isArray(values) ? 'a list' : typeof values === 'string' ? 'text' : String(values);
  const message = `values must be a mapping; this is ${found}, so Flux installs the chart without any of it and says nothing.`;
  return [{ code: 'values-not-a-mapping', path: ['spec', 'values'], on: 'key', message }];
}
