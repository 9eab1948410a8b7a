import { member, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';

/** What sentences call an object: `HelmRelease apps/podinfo`. */
export function label({ kind, namespace, name }: ObjectReference): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The same for the key of a template. */
export function templateLabel(key: string): string {
  return label(templateReference(key));
}

/** The object that a template's key names. */
export function templateReference(key: string): ObjectReference {
  const parts = key.split('/');
  const [kind = '', namespace = '', name = ''] = parts.slice(-3);
  return { apiVersion: parts.slice(0, -3).join('/'), kind, namespace, name };
}

/** What names an object. */
export function objectReference(object: JsonObject): ObjectReference {
  const metadata = member(object, 'metadata');
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
}
