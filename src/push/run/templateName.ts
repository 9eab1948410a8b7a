import type { ObjectReference } from '../../live/index.ts';

/** From `APIVERSION/KIND/NAMESPACE/NAME`; an apiVersion may have a slash itself. */
export function toReference(template: string): ObjectReference {
  const parts = template.split('/');
  const [kind = '', namespace = '', name = ''] = parts.slice(-3);
  return { apiVersion: parts.slice(0, -3).join('/'), kind, namespace, name };
}

/** Such as `HelmRelease apps/podinfo`. */
export function templateName(template: string): string {
  const { kind, namespace, name } = toReference(template);
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
