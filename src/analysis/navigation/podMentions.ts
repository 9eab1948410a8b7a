import { isArray, isObject, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Item } from '../snapshot.ts';
import type { Mention } from './mention.ts';

/** Where the kinds that run pods hold their pod. */
const podPaths: { readonly [kind: string]: readonly string[] } = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Fields of a pod that name a ConfigMap or a Secret: the key of the reference, then the key of the name in it. */
const referenceFields: {
  readonly [key: string]: { readonly kind: string; readonly name: string };
} = {
  configMapRef: { kind: 'ConfigMap', name: 'name' },
  configMapKeyRef: { kind: 'ConfigMap', name: 'name' },
  configMap: { kind: 'ConfigMap', name: 'name' },
  secretRef: { kind: 'Secret', name: 'name' },
  secretKeyRef: { kind: 'Secret', name: 'name' },
  nodePublishSecretRef: { kind: 'Secret', name: 'name' },
  imagePullSecrets: { kind: 'Secret', name: 'name' },
};

/** Pods are not nested deeper. */
const deepest = 12;

/** The ConfigMaps and Secrets that a workload's pods read. */
export function podMentions({ source, kind, namespace }: Item): readonly Mention[] {
  const path = Object.hasOwn(podPaths, kind) ? podPaths[kind] : undefined;
  if (!path) return [];
  const mentions: Mention[] = [];
  collect(memberAt(source, ...path), path, namespace, mentions);
  return mentions;
}

function collect(
  value: JsonValue | undefined,
  path: SourcePath,
  namespace: string,
  mentions: Mention[],
): void {
  if (path.length > deepest + 5) return;
  if (isArray(value)) {
    value.forEach((item, i) => collect(item, [...path, i], namespace, mentions));
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      mentions.push(...mentionsAt(key, child, [...path, key], namespace));
      collect(child, [...path, key], namespace, mentions);
    }
  }
}

function mentionsAt(
  key: string,
  value: JsonValue,
  scope: SourcePath,
  namespace: string,
): readonly Mention[] {
  // The volume of a Secret is the one place that spells it otherwise; projected volumes do not.
  const volume = key === 'secret' && Object.hasOwn(isObject(value) ? value : {}, 'secretName');
  const field = volume
    ? { kind: 'Secret', name: 'secretName' }
    : key === 'secret'
      ? { kind: 'Secret', name: 'name' }
      : Object.hasOwn(referenceFields, key)
        ? referenceFields[key]
        : undefined;
  if (!field) return [];
  const places = isArray(value)
    ? value.map((item, i) => ({ item, at: [...scope, i] }))
    : [{ item: value, at: scope }];
  return places.flatMap(({ item, at }) => {
    const name = stringMember(item, field.name);
    if (name === '') return [];
    return { group: '', kind: field.kind, namespace, name, path: [...at, field.name], scope: at };
  });
}
