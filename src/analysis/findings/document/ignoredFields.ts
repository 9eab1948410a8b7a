import {
  arrayMember,
  compareFluxMinors,
  findSchema,
  isObject,
  member,
  memberAt,
  stringMember,
} from '../../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import type { Item } from '../../snapshot.ts';
import { isKind } from './isKind.ts';
import type { ObjectContext, ObjectFinding } from './objectRule.ts';

/** What is accepted and changes nothing, each on the key that could go. */
export function ignoredFields(item: Item, context: ObjectContext): readonly ObjectFinding[] {
  const spec = member(item.source, 'spec');
  const common = [...ignoredNamespace(item), ...ignoredResolution(item.source)];
  switch (item.role) {
    case 'propagation':
      return [...common, ...ignoredByPropagation(spec, context)];
    case 'override':
      return [...common, ...ignoredByOverride(spec)];
    default:
      return isKind(item, 'helm.toolkit.fluxcd.io', 'HelmRelease')
        ? [...common, ...ignoredByFlux(spec, context)]
        : common;
  }
}

function ignored(
  path: SourcePath,
  message: string,
  severity?: ObjectFinding['severity'],
): ObjectFinding {
  const base = { code: 'admission-ignored', path, on: 'key', message } as const;
  return severity === undefined ? base : { ...base, severity };
}

function ignoredNamespace({ apiVersion, kind, source }: Item): readonly ObjectFinding[] {
  const namespace = stringMember(member(source, 'metadata'), 'namespace');
  if (namespace === '' || findSchema(apiVersion, kind)?.namespaced !== false) return [];
  const message = `A ${kind} has no namespace, so ${namespace} has no effect. Remove it.`;
  return [ignored(['metadata', 'namespace'], message)];
}

const resolutionAnnotation = 'work.karmada.io/conflict-resolution';

/** `pkg/util/annotation.go`: only the two words in small letters count. */
function ignoredResolution(source: JsonObject): readonly ObjectFinding[] {
  const value = memberAt(source, 'metadata', 'annotations', resolutionAnnotation);
  if (typeof value !== 'string' || value === 'overwrite' || value === 'abort') return [];
  const message = `Karmada knows overwrite and abort here, so this has no effect and the policy decides.`;
  const path = ['metadata', 'annotations', resolutionAnnotation];
  return [{ code: 'admission-ignored', path, message }];
}

/** `ResourceSelectorPriority` of `pkg/util/selector.go`: a name alone decides. */
function ignoredLabels(spec: JsonValue | undefined): readonly ObjectFinding[] {
  return arrayMember(spec, 'resourceSelectors').flatMap((selector, i) => {
    const name = stringMember(selector, 'name');
    if (name === '' || !isObject(member(selector, 'labelSelector'))) return [];
    const message = `Karmada selects ${name} by its name alone, so labelSelector has no effect. Remove it, or remove name to select by labels.`;
    return [ignored(['spec', 'resourceSelectors', i, 'labelSelector'], message)];
  });
}

function ignoredByPropagation(
  spec: JsonValue | undefined,
  { featureGates }: ObjectContext,
): readonly ObjectFinding[] {
  const isOff = (gate: string): boolean => featureGates[gate] !== true;
  const gated = (path: readonly string[], gate: string): readonly ObjectFinding[] => {
    const message = `${path.at(-1) ?? ''} has no effect unless the feature gate ${gate} is on, which it is not by default.`;
    return memberAt(spec, ...path) !== undefined && isOff(gate)
      ? [ignored(['spec', ...path], message, 'information')]
      : [];
  };
  const association = member(spec, 'association');
  return [
    ...ignoredLabels(spec),
    ...(association === true
      ? [
          ignored(
            ['spec', 'association'],
            'association is deprecated and nothing reads it; use propagateDeps.',
          ),
        ]
      : []),
    ...(stringMember(spec, 'preemption') === 'Always'
      ? gated(['preemption'], 'PropagationPolicyPreemption')
      : []),
    ...gated(['schedulePriority'], 'PriorityBasedScheduling'),
    ...gated(['placement', 'workloadAffinity'], 'WorkloadAffinity'),
  ];
}

function ignoredByOverride(spec: JsonValue | undefined): readonly ObjectFinding[] {
  const rules = arrayMember(spec, 'overrideRules');
  const deprecated = member(spec, 'overriders');
  return [
    ...ignoredLabels(spec),
    ...(rules.length > 0 && arrayMember(deprecated, 'fieldOverrider').length > 0
      ? [
          ignored(
            ['spec', 'overriders'],
            'Beside overrideRules the deprecated overriders have no effect. Move them into a rule.',
          ),
        ]
      : []),
    ...rules.flatMap((rule, i) =>
      ignoredValues(member(rule, 'overriders'), ['spec', 'overrideRules', i, 'overriders']),
    ),
    ...(rules.length === 0 ? ignoredValues(deprecated, ['spec', 'overriders']) : []),
  ];
}

/** Removing needs no value. */
function ignoredValues(
  overriders: JsonValue | undefined,
  path: SourcePath,
): readonly ObjectFinding[] {
  return ['plaintext', 'imageOverrider'].flatMap((list) =>
    arrayMember(overriders, list).flatMap((entry, i) => {
      const value = member(entry, 'value');
      if (stringMember(entry, 'operator') !== 'remove' || value === undefined || value === null) {
        return [];
      }
      const message = 'remove takes no value, so this has no effect. Remove it.';
      return [ignored([...path, list, i, 'value'], message)];
    }),
  );
}

/** `api/v2/helmrelease_types.go` of helm-controller. */
function ignoredByFlux(
  spec: JsonValue | undefined,
  { flux }: ObjectContext,
): readonly ObjectFinding[] {
  const chart = memberAt(spec, 'chart', 'spec');
  const source = stringMember(member(chart, 'sourceRef'), 'kind');
  const version = stringMember(chart, 'version');
  const found: ObjectFinding[] = [];
  if ((source === 'GitRepository' || source === 'Bucket') && version !== '' && version !== '*') {
    const message = `With a ${source} Flux takes the chart that lies there, so version has no effect.`;
    found.push(ignored(['spec', 'chart', 'spec', 'version'], message, 'information'));
  }
  if (memberAt(spec, 'rollback', 'recreate') === true && compareFluxMinors(flux, '2.8') >= 0) {
    const message = 'recreate has no effect since Flux 2.8.';
    found.push(ignored(['spec', 'rollback', 'recreate'], message, 'information'));
  }
  return found;
}
