import { arrayMember, isArray, isObject, member, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue, Result } from '../../engine/index.ts';
import type { ObjectReference, ReportRow, WorkRow } from '../rows.ts';
import { readCondition } from './condition.ts';
import type { Interner } from './interner.ts';
import { problemOf, rowKey, startReading, type Reading } from './metadata.ts';
import { readReport } from './report.ts';

const executionNamespace = 'karmada-es-';
const noManifest: JsonObject = Object.freeze({});

/**
 * Reads a Work (`pkg/apis/work/v1alpha1/work_types.go`). Its manifest is looked at and let go. An error, as a
 * sentence, for what has no name.
 */
export function readWork(value: unknown, interner: Interner): Result<WorkRow> {
  const started = startReading(value, interner);
  if ('error' in started) return started;
  const reading = started.value;
  const { spec, status, shape, common } = reading;
  const workload = shape.object(spec, 'workload', 'spec');
  const manifest = shape.objects(workload, 'manifests', 'spec.workload')[0];
  const conditions = shape.objects(status, 'conditions', 'status');
  const applied = readCondition(conditions, 'Applied', shape);
  const dispatching = readCondition(conditions, 'Dispatching', shape);
  const generation = shape.number(reading.metadata, 'generation', 'metadata');
  const row: Omit<WorkRow, 'problem'> = {
    ...common,
    ...(generation > 0 ? { generation } : {}),
    cluster: common.namespace.startsWith(executionNamespace)
      ? interner.text(common.namespace.slice(executionNamespace.length))
      : '',
    binding: bindingOf(reading, interner),
    ...appliedOverrides(reading, interner),
    ...readManifest(manifest ?? noManifest, reading, interner),
    isDispatchSuspended: shape.isTrue(spec, 'suspendDispatching', 'spec'),
    ...(shape.isTrue(spec, 'preserveResourcesOnDeletion', 'spec') ? { isPreserving: true } : {}),
    ...(applied ? { applied } : {}),
    ...(dispatching ? { dispatching } : {}),
    ...reportOf(reading, applied?.status === 'True'),
  };
  return { value: { ...row, ...problemOf(reading) } };
}

/** The binding that a Work is made from (`pkg/controllers/binding/common.go`); Works of namespaces have none. */
function bindingOf({ metadata, shape }: Reading, interner: Interner): string {
  const annotations = shape.object(metadata, 'annotations', 'metadata');
  const name = stringMember(annotations, 'resourcebinding.karmada.io/name');
  if (name !== '') {
    const namespace = stringMember(annotations, 'resourcebinding.karmada.io/namespace');
    return interner.text(rowKey(namespace, name));
  }
  return interner.text(stringMember(annotations, 'clusterresourcebinding.karmada.io/name'));
}

const appliedAnnotations = [
  ['policy.karmada.io/applied-cluster-overrides', 'clusterOverrides'],
  ['policy.karmada.io/applied-overrides', 'overrides'],
] as const;

/** Names of the policies behind each applied rule (`AppliedOverrides` of `pkg/util/overridemanager`). */
function appliedOverrides(
  { metadata, shape }: Reading,
  interner: Interner,
): Pick<WorkRow, 'clusterOverrides' | 'overrides'> {
  const annotations = shape.object(metadata, 'annotations', 'metadata');
  const found: { clusterOverrides?: readonly string[]; overrides?: readonly string[] } = {};
  for (const [annotation, key] of appliedAnnotations) {
    const text = stringMember(annotations, annotation);
    if (text === '') continue;
    const names = policyNames(text);
    found[key] = interner.value('names', names.join('\n'), () => names);
  }
  return found;
}

function policyNames(text: string): readonly string[] {
  try {
    const entries: JsonValue = JSON.parse(text);
    if (!isArray(entries)) return [];
    return entries.map((entry) => stringMember(entry, 'policyName')).filter((name) => name !== '');
  } catch {
    return [];
  }
}

type ManifestFacts = Pick<
  WorkRow,
  'manifest' | 'isReleaseSuspended' | 'requestedAt' | 'templateGeneration' | 'chartVersion'
>;

function readManifest(manifest: JsonObject, { shape }: Reading, interner: Interner): ManifestFacts {
  const place = 'spec.workload.manifests[0]';
  const metadata = shape.object(manifest, 'metadata', place);
  const annotations = shape.object(metadata, 'annotations', `${place}.metadata`);
  const spec = member(manifest, 'spec');
  const isRelease = stringMember(manifest, 'kind') === 'HelmRelease';
  const chart = member(member(spec, 'chart'), 'spec');
  const reference: ObjectReference = {
    apiVersion: shape.text(manifest, 'apiVersion', place),
    kind: shape.text(manifest, 'kind', place),
    namespace: shape.text(metadata, 'namespace', `${place}.metadata`),
    name: shape.text(metadata, 'name', `${place}.metadata`),
  };
  const generation = Number(stringMember(annotations, 'resourcetemplate.karmada.io/generation'));
  return {
    ...(manifest === noManifest ? {} : { manifest: reference }),
    // Also what is no HelmRelease: sources of Flux have the same field.
    isReleaseSuspended: member(spec, 'suspend') === true,
    requestedAt: interner.text(stringMember(annotations, 'reconcile.fluxcd.io/requestedAt')),
    ...(Number.isSafeInteger(generation) && generation > 0
      ? { templateGeneration: generation }
      : {}),
    chartVersion: isRelease ? interner.text(stringMember(chart, 'version')) : '',
  };
}

/** Karmada puts one manifest into a Work, and so at most one status. */
function reportOf({ status, shape }: Reading, applied: boolean): { readonly report?: ReportRow } {
  const first = arrayMember(status, 'manifestStatuses')[0];
  if (!isObject(first)) return {};
  const reported = shape.object(first, 'status', 'status.manifestStatuses[0]');
  return { report: readReport(reported, applied, '', shape) };
}
