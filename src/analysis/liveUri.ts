/** The scheme of read-only documents of objects of a live control plane. */
export const liveScheme = 'karmada-live';

/** An object of a control plane, as its document's URI names it. */
export interface LiveObjectName {
  /** The kubeconfig context. */
  readonly context: string;
  /** The member whose object it is; absent for the control plane's own. */
  readonly cluster?: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** What would part a path, and halves of characters that cannot be encoded. */
const unfit = /[/\\]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The URI of the document of a live object. A pure function of its argument with a fixed order, so that the same object
 * is the same document. The path is for people: tabs show `NAME.yaml`; what counts stands in the query.
 */
export function toLiveUri(object: LiveObjectName): string {
  const { context, cluster = '', apiVersion, kind, namespace, name } = object;
  const folders = [context, cluster, kind, namespace, `${name}.yaml`].filter((part) => part !== '');
  const path = folders.map((part) => encodeURIComponent(part.replaceAll(unfit, '-'))).join('/');
  const query = JSON.stringify([context, cluster, apiVersion, kind, namespace, name]);
  return `${liveScheme}:/${path}?${encodeURIComponent(query)}`;
}

/** The object of a live URI's query (decoded), `undefined` when it is none of ours. */
export function fromLiveQuery(query: string): LiveObjectName | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(query);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 6) return undefined;
  const texts = parts.filter((part): part is string => typeof part === 'string');
  if (texts.length !== 6) return undefined;
  const [context = '', cluster = '', apiVersion = '', kind = '', namespace = '', name = ''] = texts;
  const member = cluster === '' ? {} : { cluster };
  return { context, ...member, apiVersion, kind, namespace, name };
}
