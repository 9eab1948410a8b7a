import { isObject, member, setOwn, withMember } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import {
  clusterPropagationIdLabel,
  clusterPropagationNameAnnotation,
  propagationIdLabel,
  propagationNameAnnotation,
  propagationNamespaceAnnotation,
} from './claim.ts';
import { annotationsOf, labelsOf, type Labels } from './labelSelector.ts';
import type { StoredPolicy } from './storedPolicy.ts';

const claimKeys = new Set([
  propagationIdLabel,
  propagationNameAnnotation,
  propagationNamespaceAnnotation,
  clusterPropagationIdLabel,
  clusterPropagationNameAnnotation,
]);

/**
 * The template with the labels and annotations of its claim, which exist before any override runs
 * (`pkg/detector/claim.go`). Both maps exist afterwards; one with a value that is no string loses what it held, as
 * `GetLabels` and `GetAnnotations` read it. The permanent id is empty when the policy has none yet.
 */
export function applyClaim(template: JsonObject, policy: StoredPolicy): JsonObject {
  const isNamespaced = policy.kind === 'PropagationPolicy';
  const idLabel = isNamespaced ? propagationIdLabel : clusterPropagationIdLabel;
  const labels = copyWithoutClaim(labelsOf(template));
  setOwn(labels, idLabel, labelsOf(policy.object).get(idLabel) ?? '');
  const annotations = copyWithoutClaim(annotationsOf(template));
  if (isNamespaced) {
    setOwn(annotations, propagationNamespaceAnnotation, policy.namespace);
    setOwn(annotations, propagationNameAnnotation, policy.name);
  } else {
    setOwn(annotations, clusterPropagationNameAnnotation, policy.name);
  }
  const metadata = member(template, 'metadata');
  const labelled = withMember(isObject(metadata) ? metadata : {}, 'labels', labels);
  return withMember(template, 'metadata', withMember(labelled, 'annotations', annotations));
}

/** Whether two policies leave the same claim on a template. */
export function isSameClaimant(a: StoredPolicy, b: StoredPolicy): boolean {
  if (a === b) return true;
  const idLabel = a.kind === 'PropagationPolicy' ? propagationIdLabel : clusterPropagationIdLabel;
  return a.id === b.id && labelsOf(a.object).get(idLabel) === labelsOf(b.object).get(idLabel);
}

/**
 * The template as a policy that lets it go leaves it (`pkg/detector/claim.go`): without the claim's labels and
 * annotations. The template itself when it has none.
 */
export function withoutClaim(template: JsonObject): JsonObject {
  const metadata = member(template, 'metadata');
  if (!isObject(metadata)) return template;
  let left = metadata;
  for (const field of ['labels', 'annotations']) {
    const map = member(left, field);
    if (!isObject(map) || !Object.keys(map).some((key) => claimKeys.has(key))) continue;
    const kept = Object.entries(map).filter(([key]) => !claimKeys.has(key));
    left = withMember(left, field, Object.fromEntries(kept));
  }
  return left === metadata ? template : withMember(template, 'metadata', left);
}

/** An object with the claim that another one carries, in place of its own. The object itself where that is the same. */
export function withClaimOf(object: JsonObject, other: JsonObject): JsonObject {
  const isSame = ['labels', 'annotations'].every((field) => {
    const [own, theirs] = [mapOf(object, field), mapOf(other, field)];
    return [...claimKeys].every((key) => member(own, key) === member(theirs, key));
  });
  if (isSame) return object;
  const bare = withoutClaim(object);
  let metadata = mapOf(bare, 'metadata');
  for (const field of ['labels', 'annotations']) {
    const claims = Object.entries(mapOf(other, field)).filter(([key]) => claimKeys.has(key));
    if (claims.length === 0) continue;
    const map = { ...mapOf(bare, field), ...Object.fromEntries(claims) };
    metadata = withMember(metadata, field, map);
  }
  return withMember(bare, 'metadata', metadata);
}

function mapOf(object: JsonObject, field: string): JsonObject {
  const holder = field === 'metadata' ? object : member(object, 'metadata');
  const map = member(holder, field);
  return isObject(map) ? map : {};
}

function copyWithoutClaim(map: Labels): Record<string, JsonValue> {
  const copy: Record<string, JsonValue> = {};
  for (const [key, value] of map) if (!claimKeys.has(key)) setOwn(copy, key, value);
  return copy;
}
