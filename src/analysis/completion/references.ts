import { apiGroup, isObject, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import { valueAt } from '../cursor.ts';
import { naturalOrder } from '../naturalOrder.ts';
import type { Item } from '../snapshot.ts';
import { ownNamespace } from './candidate.ts';
import type { Candidate, Request, Source } from './candidate.ts';
import { counted } from './clusters.ts';

const sourceGroup = 'source.toolkit.fluxcd.io';

/** Names of sources of the given kinds; kind and, where it may differ, the namespace follow. */
export function sourceNames(kinds: readonly string[], crossesNamespaces: boolean): Source {
  return (request) => {
    const reference = valueAt(request.object, request.path.slice(0, -1));
    const given = stringMember(reference, 'kind');
    return itemsOf(request, sourceGroup, kinds).flatMap((item): Candidate[] => {
      const isOwn = item.namespace === ownNamespace(request);
      if (!isOwn && !crossesNamespaces) return [];
      return [
        {
          value: item.name,
          kind: 'object',
          detail: isOwn ? item.kind : `${item.kind} in ${item.namespace}`,
          rank: (given === '' || given === item.kind ? 0 : 2) + (isOwn ? 0 : 1),
          siblings: { kind: item.kind, ...namespaceBeside(request, reference, item) },
        },
      ];
    });
  };
}

/** A namespace is written only where it is needed or where another one stands. */
function namespaceBeside(
  request: Request,
  reference: JsonValue | undefined,
  { namespace }: Item,
): { readonly namespace?: string } {
  const given = stringMember(reference, 'namespace');
  const isOwn = namespace === ownNamespace(request);
  return isOwn && given === '' ? {} : { namespace };
}

/** Names of ConfigMaps or Secrets of the object's namespace, as `kind` beside says. */
export const valuesSourceNames: Source = (request) => {
  const given = stringMember(valueAt(request.object, request.path.slice(0, -1)), 'kind');
  return itemsOf(request, '', ['ConfigMap', 'Secret'])
    .filter(({ namespace }) => namespace === ownNamespace(request))
    .map(({ name, kind }) => ({
      value: name,
      kind: 'object',
      detail: kind,
      rank: given === '' || given === kind ? 0 : 1,
      siblings: { kind },
    }));
};

/** Keys of the data of the ConfigMap or Secret named beside. */
export const valuesSourceKeys: Source = (request) => {
  const entry = valueAt(request.object, request.path.slice(0, -1));
  const found = itemsOf(request, '', [stringMember(entry, 'kind')]).filter(
    ({ name, namespace }) =>
      name === stringMember(entry, 'name') && namespace === ownNamespace(request),
  );
  const keys = found.flatMap(({ source }) =>
    ['data', 'stringData'].flatMap((field) => Object.keys(Object(memberAt(source, field) ?? {}))),
  );
  return [...new Set(keys)].map((value) => ({ value, kind: 'value' }));
};

/** Names of objects of one kind in the object's own namespace. */
export function ownNames(group: string, kind: string): Source {
  return (request) =>
    itemsOf(request, group, [kind])
      .filter(({ namespace }) => namespace === ownNamespace(request))
      .map(({ name }) => ({ value: name, kind: 'object', detail: kind }));
}

/** Names of other HelmReleases that this one can wait for. */
export const otherReleases: Source = (request) => {
  const own = ownNamespace(request);
  const self = memberAt(request.object, 'metadata', 'name');
  const reference = valueAt(request.object, request.path.slice(0, -1));
  return itemsOf(request, 'helm.toolkit.fluxcd.io', ['HelmRelease'])
    .filter(({ name, namespace }) => name !== self || namespace !== own)
    .map((item) => ({
      value: item.name,
      kind: 'object',
      detail: item.namespace === own ? 'HelmRelease' : `HelmRelease in ${item.namespace}`,
      rank: item.namespace === own ? 0 : 1,
      siblings: namespaceBeside(request, reference, item),
    }));
};

/** Override policies that a propagation policy can depend on: of its own namespace, or cluster-wide ones. */
export const overridePolicyNames: Source = (request) => {
  const own = ownNamespace(request);
  const list = valueAt(request.object, request.path.slice(0, -1));
  const taken = new Set(Array.isArray(list) ? list : []);
  return request.snapshot.objects
    .filter(({ role, namespace }) => role === 'override' && namespace === own)
    .filter(({ name }) => !taken.has(name))
    .map(({ name, kind }) => ({ value: name, kind: 'object', detail: kind }));
};

/** Every namespace that the documents mention. */
export const namespaces: Source = ({ snapshot }) => {
  const named = snapshot.objects.flatMap((item) => {
    if (item.role === 'cluster' || item.namespaceAssumed) return [];
    return [item.kind === 'Namespace' ? item.name : item.namespace];
  });
  return counted(named).map(([value, count]) => ({
    value,
    kind: 'object',
    detail: `${count} object${count === 1 ? '' : 's'}`,
  }));
};

/** Keys of the labels of other objects. */
export const objectLabelKeys: Source = ({ snapshot }) =>
  counted(snapshot.items.flatMap((item) => labelsOf(item).map(([key]) => key))).map(
    ([value]): Candidate => ({ value, kind: 'label' }),
  );

/** Values of the label with the path's last key on other objects. */
export const objectLabelValues: Source = ({ snapshot, path }) => {
  const key = path.at(-1);
  const pairs = snapshot.items.flatMap(labelsOf).filter(([name]) => name === key);
  return counted(pairs.map(([, value]) => value)).map(([value]) => ({ value, kind: 'value' }));
};

function labelsOf({ role, source }: Item): readonly (readonly [string, string])[] {
  const labels = role === 'cluster' ? undefined : memberAt(source, 'metadata', 'labels');
  if (!isObject(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
}

function itemsOf({ snapshot }: Request, group: string, kinds: readonly string[]): readonly Item[] {
  return snapshot.objects
    .filter(({ role, apiVersion, kind }) => {
      return role === 'template' && kinds.includes(kind) && apiGroup(apiVersion) === group;
    })
    .toSorted((a, b) => naturalOrder(a.name, b.name));
}
