import type { ObjectReference } from '../../live/index.ts';
import { readTemplateKey } from './templateKey.ts';

/** Such as `HelmRelease apps/podinfo`. */
export function nameOfReference({ kind, namespace, name }: ObjectReference): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The same of a template's key. */
export function nameOfKey(key: string): string {
  const reference = readTemplateKey(key);
  return reference ? nameOfReference(reference) : key;
}
