import { stringMember } from '../../engine/index.ts';
import type { JsonObject, Result } from '../../engine/index.ts';
import type { BindingRow, ReportRow } from '../rows.ts';
import { readCondition } from './condition.ts';
import type { Interner } from './interner.ts';
import { problemOf, startReading, type Reading } from './metadata.ts';
import { readReport } from './report.ts';
import type { Shape } from './shape.ts';

/**
 * Reads a ResourceBinding or ClusterResourceBinding (`pkg/apis/work/v1alpha2/binding_types.go`). `health` is not
 * read: Karmada has no interpreter for HelmRelease v2 and calls every one healthy. An error, as a sentence, for what
 * has no name.
 */
export function readBinding(value: unknown, interner: Interner): Result<BindingRow> {
  const started = startReading(value, interner);
  if ('error' in started) return started;
  const reading = started.value;
  const { metadata, spec, status, shape } = reading;
  const resource = shape.object(spec, 'resource', 'spec');
  const conditions = shape.objects(status, 'conditions', 'status');
  const scheduled = readCondition(conditions, 'Scheduled', shape);
  const fullyApplied = readCondition(conditions, 'FullyApplied', shape);
  const text = (key: string): string => shape.text(resource, key, 'spec.resource');
  const row: Omit<BindingRow, 'problem'> = {
    ...reading.common,
    template: {
      apiVersion: text('apiVersion'),
      kind: text('kind'),
      namespace: text('namespace'),
      name: text('name'),
      uid: text('uid'),
    },
    ...readPolicy(reading),
    clusters: shape.objects(spec, 'clusters', 'spec').map((cluster) => readTarget(cluster, shape)),
    requiredBy: requiringClusters(spec, shape),
    evicting: shape
      .objects(spec, 'gracefulEvictionTasks', 'spec')
      .map((task) => shape.text(task, 'fromCluster', 'spec.gracefulEvictionTasks[]')),
    ...(shape.isTrue(spec, 'preserveResourcesOnDeletion', 'spec') ? { isPreserving: true } : {}),
    affinity: shape.text(status, 'schedulerObservingAffinityName', 'status'),
    generation: shape.number(metadata, 'generation', 'metadata'),
    observedGeneration: shape.number(status, 'schedulerObservedGeneration', 'status'),
    lastScheduledAt: shape.text(status, 'lastScheduledTime', 'status'),
    ...(scheduled ? { scheduled } : {}),
    ...(fullyApplied ? { fullyApplied } : {}),
    ...readSuspension(spec, shape),
    reports: readReports(status, shape),
  };
  return { value: { ...row, ...problemOf(reading) } };
}

function readTarget(cluster: JsonObject, shape: Shape): BindingRow['clusters'][number] {
  const name = shape.text(cluster, 'name', 'spec.clusters[]');
  const replicas = shape.number(cluster, 'replicas', 'spec.clusters[]');
  return replicas === 0 ? { name } : { name, replicas };
}

function requiringClusters(spec: JsonObject, shape: Shape): readonly string[] {
  const names = shape
    .objects(spec, 'requiredBy', 'spec')
    .flatMap((from) => shape.objects(from, 'clusters', 'spec.requiredBy[]'))
    .map((cluster) => shape.text(cluster, 'name', 'spec.requiredBy[].clusters[]'));
  return [...new Set(names)];
}

/** The claim, as the detector notes it on the binding (`pkg/detector/claim.go`). */
function readPolicy({ metadata, shape }: Reading): Pick<BindingRow, 'policy'> {
  const annotations = shape.object(metadata, 'annotations', 'metadata');
  const said = (key: string): string => stringMember(annotations, key);
  const name = said('propagationpolicy.karmada.io/name');
  if (name !== '') {
    const namespace = said('propagationpolicy.karmada.io/namespace');
    return { policy: { kind: 'PropagationPolicy', namespace, name } };
  }
  const clusterPolicy = said('clusterpropagationpolicy.karmada.io/name');
  if (clusterPolicy === '') return {};
  return { policy: { kind: 'ClusterPropagationPolicy', namespace: '', name: clusterPolicy } };
}

function readSuspension(
  spec: JsonObject,
  shape: Shape,
): Pick<BindingRow, 'suspended' | 'isSchedulingSuspended'> {
  const suspension = shape.object(spec, 'suspension', 'spec');
  const isSchedulingSuspended = shape.isTrue(suspension, 'scheduling', 'spec.suspension');
  if (shape.isTrue(suspension, 'dispatching', 'spec.suspension')) {
    return { suspended: 'all', isSchedulingSuspended };
  }
  const onClusters = shape.object(suspension, 'dispatchingOnClusters', 'spec.suspension');
  const names = shape.texts(onClusters, 'clusterNames', 'spec.suspension.dispatchingOnClusters');
  return names.length === 0
    ? { isSchedulingSuspended }
    : { suspended: names, isSchedulingSuspended };
}

const noReports: ReadonlyMap<string, ReportRow> = new Map();

function readReports(status: JsonObject, shape: Shape): ReadonlyMap<string, ReportRow> {
  const items = shape.objects(status, 'aggregatedStatus', 'status');
  if (items.length === 0) return noReports;
  const place = 'status.aggregatedStatus[]';
  const reports = new Map<string, ReportRow>();
  for (const item of items) {
    const cluster = shape.text(item, 'clusterName', place);
    const report = readReport(
      shape.object(item, 'status', place),
      shape.isTrue(item, 'applied', place),
      shape.text(item, 'appliedMessage', place),
      shape,
    );
    reports.set(cluster, report);
  }
  return reports;
}
