import {
  apiGroup,
  arrayMember,
  isObject,
  member,
  memberAt,
  references,
  stringMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { Item } from '../snapshot.ts';
import { clusterMentions } from './clusterMentions.ts';
import type { Mention } from './mention.ts';
import { podMentions } from './podMentions.ts';

const known = new WeakMap<JsonObject, readonly Mention[]>();

/** Everything that an object names. Found once an object. */
export function mentionsOf(item: Item): readonly Mention[] {
  const answered = known.get(item.source);
  if (answered) return answered;
  const mentions = findMentions(item);
  known.set(item.source, mentions);
  return mentions;
}

function findMentions(item: Item): readonly Mention[] {
  switch (item.role) {
    case 'cluster':
      return clusterSecrets(item.source);
    case 'propagation':
    case 'override':
      return [
        ...selectorMentions(item),
        ...dependentOverrides(item),
        ...clusterMentions(item.source),
      ];
    case 'template':
      return [...fluxMentions(item), ...podMentions(item), ...claimMentions(item.source)];
  }
}

function fluxMentions({ source, namespace }: Item): readonly Mention[] {
  return references(source).map((reference) => {
    const { path, group, kind, name } = reference;
    const at = path.reduce<JsonValue | undefined>(step, source);
    return {
      group,
      kind,
      name,
      namespace: reference.namespace || namespace,
      path: isObject(at) ? [...path, 'name'] : path,
      scope: path,
    };
  });
}

function step(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof key === 'string') return member(value, key);
  return Array.isArray(value) ? (value as readonly JsonValue[])[key] : undefined;
}

/** A policy of a namespace selects there only: its webhook fills the namespace in (`pkg/webhook/propagationpolicy`). */
function selectorMentions({ source, namespace }: Item): readonly Mention[] {
  const selectors = arrayMember(member(source, 'spec'), 'resourceSelectors');
  return selectors.flatMap((selector, i) => {
    const name = stringMember(selector, 'name');
    if (name === '') return [];
    const scope = ['spec', 'resourceSelectors', i];
    return {
      group: apiGroup(stringMember(selector, 'apiVersion')),
      kind: stringMember(selector, 'kind'),
      namespace: stringMember(selector, 'namespace') || namespace || undefined,
      name,
      path: [...scope, 'name'],
      scope,
    };
  });
}

function dependentOverrides({ source, kind, namespace }: Item): readonly Mention[] {
  const overrideKind = kind.startsWith('Cluster') ? 'ClusterOverridePolicy' : 'OverridePolicy';
  return arrayMember(member(source, 'spec'), 'dependentOverrides').flatMap((name, i) => {
    if (typeof name !== 'string' || name === '') return [];
    const path = ['spec', 'dependentOverrides', i];
    return { group: 'policy.karmada.io', kind: overrideKind, namespace, name, path, scope: path };
  });
}

function clusterSecrets(source: JsonObject): readonly Mention[] {
  return ['secretRef', 'impersonatorSecretRef'].flatMap((key) => {
    const reference = memberAt(source, 'spec', key);
    const name = stringMember(reference, 'name');
    if (name === '') return [];
    const scope = ['spec', key];
    const namespace = stringMember(reference, 'namespace');
    return { group: '', kind: 'Secret', namespace, name, path: [...scope, 'name'], scope };
  });
}

/** The annotations in which a template that was claimed before carries the names of its policy. */
function claimMentions(source: JsonObject): readonly Mention[] {
  const annotations = memberAt(source, 'metadata', 'annotations');
  const at = ['metadata', 'annotations'];
  const mention = (kind: string, group: string, namespace: string): readonly Mention[] => {
    const key = `${group}/name`;
    const name = stringMember(annotations, key);
    const path = [...at, key];
    return name === ''
      ? []
      : [{ group: 'policy.karmada.io', kind, namespace, name, path, scope: path }];
  };
  const namespace = stringMember(annotations, 'propagationpolicy.karmada.io/namespace');
  return [
    ...mention('PropagationPolicy', 'propagationpolicy.karmada.io', namespace),
    ...mention('ClusterPropagationPolicy', 'clusterpropagationpolicy.karmada.io', ''),
  ];
}
