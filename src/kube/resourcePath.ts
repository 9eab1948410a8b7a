import { KubeError } from '../live/index.ts';
import type { ObjectReference } from '../live/index.ts';
import type { ResourceType } from './types.ts';

/** `GROUP/VERSION`, or `VERSION` for the core group. */
export function apiVersionOf({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The two halves of an apiVersion. */
export function groupVersionOf(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  if (slash < 0) return { group: '', version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Where a server answers what a group and version hold. */
export function groupVersionPath({ group, version }: { group: string; version: string }): string {
  return group === '' ? `/api/${segment(version)}` : `/apis/${segment(group)}/${segment(version)}`;
}

/** The path of all objects of a kind, in one namespace or in all. */
export function collectionPath(type: ResourceType, namespace = ''): string {
  const scope = type.isNamespaced && namespace !== '' ? `/namespaces/${segment(namespace)}` : '';
  return `${groupVersionPath(type)}${scope}/${segment(type.plural)}`;
}

/** The path of one object. */
export function objectPath(type: ResourceType, { namespace, name }: ObjectReference): string {
  return `${collectionPath(type, namespace)}/${segment(name)}`;
}

/** Below this path Karmada's aggregated API server hands requests on to a member cluster. */
export function memberPath(cluster: string): string {
  return `/apis/cluster.karmada.io/v1alpha1/clusters/${segment(cluster)}/proxy`;
}

/** Names come from cluster data: none may leave its segment, and an empty one would name the whole collection. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') {
    throw new KubeError('invalid', `“${text}” cannot be the name of an object.`);
  }
  return encodeURIComponent(text.toWellFormed());
}
