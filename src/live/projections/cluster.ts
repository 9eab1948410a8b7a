import { isObject, setOwn, stringMember } from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue, Result } from '../../engine/index.ts';
import type { ClusterRow, ConditionRow, TaintRow } from '../rows.ts';
import { readCondition } from './condition.ts';
import type { Interner } from './interner.ts';
import { problemOf, startReading, type Reading } from './metadata.ts';
import type { Shape } from './shape.ts';

const noReadyCondition: ConditionRow = Object.freeze({
  status: 'Unknown',
  reason: '',
  message: '',
  since: '',
});

/** Reads a Cluster (`pkg/apis/cluster/v1alpha1/types.go`). An error, as a sentence, for what has no name. */
export function readCluster(value: unknown, interner: Interner): Result<ClusterRow> {
  const started = startReading(value, interner);
  if ('error' in started) return started;
  const reading = started.value;
  const { spec, status, shape, metadata } = reading;
  const conditions = shape.objects(status, 'conditions', 'status');
  const apiEnablements = readApiEnablements(status, shape, interner);
  const summary = shape.object(status, 'resourceSummary', 'status');
  const zone = shape.text(spec, 'zone', 'spec');
  const zones = shape.texts(spec, 'zones', 'spec');
  const row: Omit<ClusterRow, 'problem'> = {
    ...reading.common,
    version: shape.text(status, 'kubernetesVersion', 'status'),
    mode: shape.text(spec, 'syncMode', 'spec'),
    ready: readCondition(conditions, 'Ready', shape) ?? noReadyCondition,
    provider: shape.text(spec, 'provider', 'spec'),
    region: shape.text(spec, 'region', 'spec'),
    zones: zones.length === 0 && zone !== '' ? [zone] : zones,
    labels: readTexts(shape.object(metadata, 'labels', 'metadata'), interner),
    taints: shape.objects(spec, 'taints', 'spec').map((taint) => readTaint(taint, shape)),
    apiEnablements,
    ...readNodes(status, shape),
    allocatable: readTexts(
      shape.object(summary, 'allocatable', 'status.resourceSummary'),
      interner,
    ),
    allocated: readTexts(shape.object(summary, 'allocated', 'status.resourceSummary'), interner),
    object: forEngine(reading, conditions, apiEnablements),
  };
  return { value: { ...row, ...problemOf(reading) } };
}

function readTaint(taint: JsonObject, shape: Shape): TaintRow {
  const place = 'spec.taints[]';
  return {
    key: shape.text(taint, 'key', place),
    value: shape.text(taint, 'value', place),
    effect: shape.text(taint, 'effect', place),
    timeAdded: shape.text(taint, 'timeAdded', place),
  };
}

/** One list for all clusters that serve the same: a member's list is 30 kB, and most members are alike. */
function readApiEnablements(status: JsonObject, shape: Shape, interner: Interner): JsonArray {
  const entries = shape.objects(status, 'apiEnablements', 'status').map((entry) => ({
    groupVersion: shape.text(entry, 'groupVersion', 'status.apiEnablements[]'),
    resources: shape.objects(entry, 'resources', 'status.apiEnablements[]').map((resource) => ({
      name: stringMember(resource, 'name'),
      kind: stringMember(resource, 'kind'),
    })),
  }));
  return interner.value('apiEnablements', JSON.stringify(entries), () => entries);
}

function readNodes(status: JsonObject, shape: Shape): Pick<ClusterRow, 'nodes'> {
  const nodes = shape.object(status, 'nodeSummary', 'status');
  const total = shape.number(nodes, 'totalNum', 'status.nodeSummary', -1);
  if (total < 0) return {};
  return { nodes: { total, ready: shape.number(nodes, 'readyNum', 'status.nodeSummary') } };
}

const noTexts: Readonly<Record<string, string>> = Object.freeze({});

/** A mapping of texts; numbers, as quantities may be written, become their text. */
function readTexts(from: JsonObject, interner: Interner): Readonly<Record<string, string>> {
  const keys = Object.keys(from);
  if (keys.length === 0) return noTexts;
  const texts: Record<string, string> = {};
  for (const key of keys) {
    const value = from[key];
    if (typeof value === 'string') setOwn(texts, interner.text(key), interner.text(value));
    else if (typeof value === 'number') setOwn(texts, interner.text(key), String(value));
  }
  return texts;
}

/**
 * The Cluster as scheduling and overrides read it. What changes with every heartbeat or tells how to reach the member
 * is left out: versions, endpoints, names of secrets, resource models.
 */
function forEngine(
  { metadata, spec, status, shape, common }: Reading,
  conditions: readonly JsonObject[],
  apiEnablements: JsonArray,
): JsonObject {
  const summary = pick(shape.object(status, 'resourceSummary', 'status'), [
    'allocatable',
    'allocated',
    'allocating',
  ]);
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: common.name, ...pick(metadata, ['labels', 'deletionTimestamp']) },
    spec: pick(spec, ['syncMode', 'provider', 'region', 'zone', 'zones', 'taints']),
    status: {
      ...pick(status, ['kubernetesVersion', 'remedyActions']),
      apiEnablements,
      conditions: conditions.map((condition) => pick(condition, ['type', 'status', 'reason'])),
      ...(Object.keys(summary).length === 0 ? {} : { resourceSummary: summary }),
    },
  };
}

function pick(from: JsonObject, keys: readonly string[]): JsonObject {
  const picked: Record<string, JsonValue> = {};
  for (const key of keys) {
    const value = Object.hasOwn(from, key) ? from[key] : undefined;
    if (value === undefined || value === null) continue;
    // Where a mapping or list is expected the API has at most two levels; the rest cannot come from it.
    if (!isObject(value) || Object.keys(value).length > 0) setOwn(picked, key, value);
  }
  return picked;
}
