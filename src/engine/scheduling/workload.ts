import { arrayMember, isObject, member, memberAt, stringMember, withMember } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { parseQuantity, type Quantity } from './quantity.ts';

/** What the scheduler knows of a template beyond its type. */
export interface Workload {
  readonly replicas: number;
  /** Resources that one replica requests; `undefined` when it asks for neither resources nor particular nodes. */
  readonly requests: ReadonlyMap<string, Quantity> | undefined;
}

const notWorkload: Workload = { replicas: 0, requests: undefined };

/** Where a kind keeps its replicas and its pod. Only these are divided; every other kind is copied whole. */
const workloadKinds = new Map<string, { replicas?: string; pod: readonly string[] }>([
  ['apps/v1/Deployment', { replicas: 'replicas', pod: ['spec', 'template', 'spec'] }],
  ['apps/v1/ReplicaSet', { replicas: 'replicas', pod: ['spec', 'template', 'spec'] }],
  ['apps/v1/StatefulSet', { replicas: 'replicas', pod: ['spec', 'template', 'spec'] }],
  ['batch/v1/Job', { replicas: 'parallelism', pod: ['spec', 'template', 'spec'] }],
  ['v1/Pod', { pod: ['spec'] }],
]);

/**
 * Replicas and requirements as Karmada's native interpreters read them
 * (`pkg/resourceinterpreter/default/native/replica.go`). An absent count is 0: the API server would have set 1 before.
 */
export function workloadOf(template: JsonObject): Workload {
  const layout = layoutOf(template);
  if (!layout) return notWorkload;
  const requests = requirements(memberAt(template, ...layout.pod));
  if (layout.replicas === undefined) return { replicas: 1, requests };
  const spec = member(template, 'spec');
  const replicas = integer(member(spec, layout.replicas)) ?? 0;
  const completions =
    layout.replicas === 'parallelism' ? integer(member(spec, 'completions')) : undefined;
  return { replicas: Math.min(replicas, completions ?? replicas), requests };
}

/** Whether replicas are assigned (`IsWorkload` of `pkg/apis/work/v1alpha2/binding_types_helper.go`). */
export function isWorkload(workload: Workload): boolean {
  return workload.replicas > 0 || workload.requests !== undefined;
}

/**
 * The template with a cluster's replicas, written only where the field exists already
 * (`pkg/resourceinterpreter/default/native/revisereplica.go`).
 */
export function reviseReplicas(template: JsonObject, replicas: number): JsonObject {
  const field = layoutOf(template)?.replicas;
  return field === undefined ? template : withSpecInteger(template, field, replicas);
}

/** The template with a cluster's share of a Job's completions. */
export function reviseCompletions(template: JsonObject, completions: number): JsonObject {
  return withSpecInteger(template, 'completions', completions);
}

/** `spec.completions` of anything called Job, which is what the binding controller goes by. */
export function completionsOf(template: JsonObject): number | undefined {
  return stringMember(template, 'kind') === 'Job'
    ? integer(memberAt(template, 'spec', 'completions'))
    : undefined;
}

function withSpecInteger(template: JsonObject, field: string, value: number): JsonObject {
  const spec = member(template, 'spec');
  const current = integer(member(spec, field));
  if (!isObject(spec) || current === undefined || current === value) return template;
  return withMember(template, 'spec', withMember(spec, field, value));
}

function layoutOf(template: JsonObject): { replicas?: string; pod: readonly string[] } | undefined {
  const kind = stringMember(template, 'kind');
  return workloadKinds.get(`${stringMember(template, 'apiVersion')}/${kind}`);
}

function integer(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/**
 * `GenerateReplicaRequirements` of `pkg/util/helper/binding.go`: requests of all containers, at least those of the
 * largest init container. `undefined` when nothing is requested and any node will do.
 */
function requirements(pod: JsonValue | undefined): Map<string, Quantity> | undefined {
  const requests = new Map<string, Quantity>();
  for (const container of arrayMember(pod, 'containers')) {
    for (const [name, quantity] of requestsOf(member(container, 'resources'), 'requests')) {
      requests.set(name, (requests.get(name) ?? 0n) + quantity);
    }
  }
  for (const container of arrayMember(pod, 'initContainers')) {
    for (const [name, quantity] of requestsOf(member(container, 'resources'), 'requests')) {
      if (quantity > (requests.get(name) ?? 0n)) requests.set(name, quantity);
    }
  }
  for (const [name, quantity] of requestsOf(pod, 'overhead')) {
    requests.set(name, (requests.get(name) ?? 0n) + quantity);
  }
  for (const [name, quantity] of requests) if (quantity <= 0n) requests.delete(name);
  return requests.size > 0 || claimsNodes(pod) ? requests : undefined;
}

function requestsOf(parent: JsonValue | undefined, key: string): [string, Quantity][] {
  const map = member(parent, key);
  if (!isObject(map)) return [];
  return Object.keys(map).flatMap((name): [string, Quantity][] => {
    const quantity = parseQuantity(map[name] ?? null);
    return quantity === undefined ? [] : [[name, quantity]];
  });
}

function claimsNodes(pod: JsonValue | undefined): boolean {
  const required = memberAt(
    pod,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
  );
  return (
    isObject(member(pod, 'nodeSelector')) ||
    isObject(required) ||
    arrayMember(pod, 'tolerations').length > 0
  );
}
