import type { ObjectReference } from '../../live/index.ts';

/** Reads `APIVERSION/KIND/NAMESPACE/NAME`; `undefined` for what is none. */
export function readTemplateKey(key: string): ObjectReference | undefined {
  const parts = key.split('/');
  const [kind, namespace, name] = parts.slice(-3);
  const apiVersion = parts.slice(0, -3).join('/');
  if (!kind || namespace === undefined || !name || apiVersion === '') return undefined;
  return { apiVersion, kind, namespace, name };
}

/** `APIVERSION/KIND/NAMESPACE/NAME` */
export function templateKey({ apiVersion, kind, namespace, name }: ObjectReference): string {
  return `${apiVersion}/${kind}/${namespace}/${name}`;
}
