import { apiGroup, isArray, member } from '../../../engine/index.ts';
import type { KindSchema } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import type { Item } from '../../snapshot.ts';

/** A step that a field of an old version needs in a new one. */
export type FieldStep =
  | { readonly type: 'set'; readonly path: SourcePath; readonly value: readonly string[] }
  | { readonly type: 'insert'; readonly path: SourcePath; readonly value: string }
  | { readonly type: 'remove'; readonly path: SourcePath };

/**
 * What the sources of Flux lost on the way to v1: `accessFrom` and `gitImplementation`, which nothing read any more, and
 * the single values file of a HelmChart, which came before the list (`api/v1beta2` of source-controller).
 */
export function deprecatedFields(
  { apiVersion, kind, source }: Item,
  { schema }: KindSchema,
): readonly FieldStep[] {
  if (apiGroup(apiVersion) !== 'source.toolkit.fluxcd.io') return [];
  const spec = member(source, 'spec');
  const fields = schema.properties?.['spec']?.properties ?? {};
  const isGone = (name: string): boolean =>
    member(spec, name) !== undefined && !Object.hasOwn(fields, name);
  const steps: FieldStep[] = ['accessFrom', 'gitImplementation']
    .filter(isGone)
    .map((name) => ({ type: 'remove', path: ['spec', name] }));
  const file = member(spec, 'valuesFile');
  if (kind !== 'HelmChart' || typeof file !== 'string' || !isGone('valuesFile')) return steps;
  const files = member(spec, 'valuesFiles');
  const path = ['spec', 'valuesFiles'];
  if (isArray(files) && files.length > 0 && file !== '' && files[0] !== file) {
    steps.push({ type: 'insert', path: [...path, 0], value: file });
  } else if (!isArray(files) || files.length === 0) {
    if (file !== '') steps.push({ type: 'set', path, value: [file] });
  }
  return [...steps, { type: 'remove', path: ['spec', 'valuesFile'] }];
}
