import { maskErrorText } from '../../analysis/index.ts';
import { apiGroup, createSimulator } from '../../engine/index.ts';
import type {
  JsonObject,
  PreviousPlacement,
  Simulation,
  SimulationRun,
} from '../../engine/index.ts';
import type { BindingRow, EventRow, ObjectReference, ObjectRow, WorkRow } from '../rows.ts';
import { compareEvents, objectKey, overrideErrors } from '../model/index.ts';
import type { WhyFleet, WhyRequest } from './whyFleet.ts';

/** All that is known about one template, put together once. */
export interface Situation {
  readonly fleet: WhyFleet;
  /** In the version in which the control plane has it. */
  readonly subject: ObjectReference;
  readonly template?: ObjectRow;
  readonly binding?: BindingRow;
  /** By cluster. */
  readonly works: ReadonlyMap<string, WorkRow>;
  /** About the template, its binding and its Works; newest first. */
  readonly events: readonly EventRow[];
  readonly run: SimulationRun;
  readonly simulation?: Simulation;
  /** Where the binding wants it: scheduled, needed by others, or not yet evicted. By name. */
  readonly expected: ReadonlySet<string>;
  /** What goes wrong while Karmada makes the Work, by cluster: as the engine says, or else as events do. */
  readonly renderErrors: ReadonlyMap<string, string>;
}

const policyKinds: ReadonlySet<string> = new Set([
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
]);

/** Whether a kind is one of Karmada's policies. */
export function isPolicyKind(kind: string): boolean {
  return policyKinds.has(kind);
}

/** Makes the reader of situations; what its simulator remembers makes the next one of the same template cheap. */
export function createSituations(): (request: WhyRequest) => Situation {
  const simulate = createSimulator();
  return (request) => {
    const { fleet } = request;
    const row = fleet.objects.get(objectKey(request.subject));
    const isMeant = row && apiGroup(row.apiVersion) === apiGroup(request.subject.apiVersion);
    const template = isMeant ? row : undefined;
    const subject = template ?? request.subject;
    const binding = fleet.bindingOf(subject);
    const works = new Map<string, WorkRow>();
    for (const work of binding ? fleet.worksOf(binding) : []) {
      if (!works.has(work.cluster)) works.set(work.cluster, work);
    }
    const run = simulate(relevantObjects(fleet, template), {
      ...request.options,
      ...(binding && template ? { previous: previousOf(template, binding) } : {}),
    });
    const [simulation] = fleet.hasPolicies ? run.simulations : [];
    const events = eventsOf(fleet, { subject, template, binding, works });
    return {
      fleet,
      subject,
      ...(template ? { template } : {}),
      ...(binding ? { binding } : {}),
      works,
      events,
      run,
      ...(simulation ? { simulation } : {}),
      expected: expectedClusters(binding),
      renderErrors: simulation
        ? errorsOf(simulation, subject.kind === 'Secret')
        : overrideErrors(events),
    };
  };
}

function relevantObjects(fleet: WhyFleet, template: ObjectRow | undefined): readonly JsonObject[] {
  const objects = [...fleet.clusters.values()].map(({ object }) => object);
  for (const { kind, object } of fleet.objects.values()) {
    if (isPolicyKind(kind)) objects.push(object);
  }
  if (template && !isPolicyKind(template.kind)) objects.push(template.object);
  return objects;
}

function previousOf(
  template: ObjectRow,
  binding: BindingRow,
): ReadonlyMap<string, PreviousPlacement> {
  const { apiVersion, kind, namespace, name } = template;
  const { clusters, affinity, evicting } = binding;
  const placement = {
    clusters,
    evicting,
    uid: binding.template.uid,
    ...(affinity === '' ? {} : { affinity }),
  };
  return new Map([[`${apiVersion}/${kind}/${namespace}/${name}`, placement]]);
}

function eventsOf(
  fleet: WhyFleet,
  {
    subject,
    template,
    binding,
    works,
  }: Pick<Situation, 'subject' | 'works'> & {
    readonly template: ObjectRow | undefined;
    readonly binding: BindingRow | undefined;
  },
): readonly EventRow[] {
  const events = [...fleet.eventsAbout(subject, template?.uid ?? binding?.template.uid)];
  if (binding) events.push(...fleet.eventsAbout(bindingReference(binding), binding.uid));
  for (const work of works.values()) {
    events.push(...fleet.eventsAbout(workReference(work), work.uid));
  }
  return events.sort((a, b) => compareEvents(b, a));
}

/** The clusters that Karmada keeps a Work for (`ObtainBindingSpecExistingClusters` of `pkg/util/helper/binding.go`). */
function expectedClusters(binding: BindingRow | undefined): ReadonlySet<string> {
  if (!binding) return new Set();
  const names = binding.clusters.map(({ name }) => name);
  return new Set([...names, ...binding.requiredBy, ...binding.evicting]);
}

/** Karmada's errors may quote the object; of a Secret nothing is quoted. */
function errorsOf(simulation: Simulation, isSecret: boolean): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  for (const { clusters, error } of simulation.outcome.variants) {
    if (error === undefined) continue;
    for (const cluster of clusters) errors.set(cluster, isSecret ? maskErrorText(error) : error);
  }
  return errors;
}

/** The binding as an object of the API. */
export function bindingReference({ namespace, name }: BindingRow): ObjectReference {
  const kind = namespace === '' ? 'ClusterResourceBinding' : 'ResourceBinding';
  return { apiVersion: 'work.karmada.io/v1alpha2', kind, namespace, name };
}

/** The Work as an object of the API. */
export function workReference({ namespace, name }: WorkRow): ObjectReference {
  return { apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work', namespace, name };
}
