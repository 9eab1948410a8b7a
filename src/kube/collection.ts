import { collectionPath } from './resourcePath.ts';
import type { KubeRequest, ResourceType, Transport } from './types.ts';

/** Which objects of one server: all of a kind, or those that selectors leave. */
export interface Collection {
  readonly transport: Transport;
  /** Below which path the API lies. Default: the server's root. */
  readonly base?: string;
  readonly type: ResourceType;
  /** Only this namespace. Default: all. */
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** The server sends `PartialObjectMetadata`: nothing but kind and metadata. */
  readonly metadataOnly?: boolean;
}

/** The request for a collection; `forWatch` because a watch's events carry single objects and not lists. */
export function collectionRequest(
  { base = '', type, namespace, fieldSelector, labelSelector, metadataOnly }: Collection,
  forWatch: boolean,
): Pick<KubeRequest, 'path'> & Required<Pick<KubeRequest, 'accept' | 'query'>> {
  const partial = forWatch ? 'PartialObjectMetadata' : 'PartialObjectMetadataList';
  return {
    path: `${base}${collectionPath(type, namespace)}`,
    accept: metadataOnly ? `application/json;as=${partial};g=meta.k8s.io;v=v1` : 'application/json',
    query: {
      fieldSelector: fieldSelector === '' ? undefined : fieldSelector,
      labelSelector: labelSelector === '' ? undefined : labelSelector,
    },
  };
}
