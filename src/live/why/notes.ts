import { apiGroup, isObject, member, memberAt, stringMember } from '../../engine/index.ts';
import { isFlux, type Fate } from './fates.ts';
import { requestsReconcile } from './hops.ts';
import type { Situation } from './situation.ts';
import type { WhyRequest } from './whyFleet.ts';

/** What surprises people, where it holds: a sentence or two each. */
export function notesFor(
  request: WhyRequest,
  situation: Situation,
  fates: readonly Fate[],
): readonly string[] {
  const { cluster } = request;
  const told = cluster === undefined ? fates : fates.filter((fate) => fate.cluster === cluster);
  return [
    versionNote(request, situation),
    permanentIdNote(situation),
    keptNote(situation),
    failingNote(situation, told),
    cluster === undefined ? templateStatusNote(situation) : undefined,
    healthNote(situation, told),
    requestedNote(situation, cluster),
    renamedNote(situation),
  ].filter((note) => note !== undefined);
}

/** The version in which Karmada sees a kind: the API server's preferred one (`pkg/util/lifted/discovery.go`). */
export function preferredVersion(
  { served, subject }: WhyRequest,
  apiVersion = subject.apiVersion,
): string | undefined {
  const group = apiGroup(apiVersion);
  const version = served?.get(group)?.[0];
  return version === undefined ? undefined : group === '' ? version : `${group}/${version}`;
}

function versionNote(request: WhyRequest, { subject }: Situation): string | undefined {
  const preferred = preferredVersion(request);
  const asked = request.subject.apiVersion;
  if (preferred === undefined || apiGroup(asked) === '') return undefined;
  const other = asked !== preferred ? asked : subject.apiVersion;
  if (other === preferred) return undefined;
  return `Karmada sees each kind only in the API server's preferred version, here ${preferred}. The version ${other} of a manifest is converted; a selector in a policy that says ${other} matches nothing, and nothing tells.`;
}

const permanentIds = [
  'propagationpolicy.karmada.io/permanent-id',
  'clusterpropagationpolicy.karmada.io/permanent-id',
];

/** The scheduler passes over bindings without the id (`resourceBindingEventFilter` of `pkg/scheduler/event_handler.go`). */
function permanentIdNote({ template, binding }: Situation): string | undefined {
  if (!template || !binding || binding.scheduled) return undefined;
  const labels = memberAt(template.object, 'metadata', 'labels');
  const isEmpty = permanentIds.some(
    (key) => isObject(labels) && Object.hasOwn(labels, key) && stringMember(labels, key) === '',
  );
  return isEmpty
    ? "The policy has no permanent id, so the scheduler passes the binding over: Karmada's webhook did not run when the policy was written. Write the policy again once the webhook runs."
    : undefined;
}

function keptNote({ simulation, binding }: Situation): string | undefined {
  if (!binding || simulation?.claim.type !== 'lost') return undefined;
  return 'Its policy is gone or no longer selects it. That alone removes nothing: binding, Works and what the clusters hold stay until the template is deleted or claimed anew.';
}

function failingNote({ binding, renderErrors }: Situation, fates: readonly Fate[]) {
  const isHidden = binding?.fullyApplied?.status === 'True';
  return isHidden && fates.some(({ cluster }) => renderErrors.has(cluster))
    ? 'The binding says FullyApplied although an override fails: it counts the Works that are there, and those of before are.'
    : undefined;
}

function templateStatusNote({ template, binding, subject }: Situation): string | undefined {
  if (!template || !binding || !isFlux(subject.apiVersion)) return undefined;
  const status = member(template.object, 'status');
  const isEmpty = !isObject(status) || Object.keys(status).every((k) => k === 'observedGeneration');
  return isEmpty
    ? "The template's own status stays empty, which is normal: Karmada does not collect the status of this kind there. What counts is what the clusters report."
    : undefined;
}

const unreadyFates: ReadonlySet<Fate['type']> = new Set([
  'failed',
  'stalled',
  'waitingForFlux',
] as const);

function healthNote({ binding, subject }: Situation, fates: readonly Fate[]): string | undefined {
  if (!binding || !isFlux(subject.apiVersion)) return undefined;
  return fates.some(({ type }) => unreadyFates.has(type))
    ? "Karmada's health of this kind is always Healthy, whatever Flux does. What counts is the Ready condition."
    : undefined;
}

function requestedNote({ works }: Situation, cluster: string | undefined): string | undefined {
  const asked = cluster === undefined ? [...works.values()] : [works.get(cluster)];
  return asked.some(requestsReconcile)
    ? 'The template carries reconcile.fluxcd.io/requestedAt. Karmada keeps that value on every cluster, so asking a single cluster to reconcile has no effect.'
    : undefined;
}

function renamedNote({ works, subject }: Situation): string | undefined {
  const isRenamed = [...works.values()].some(
    ({ manifest }) =>
      manifest !== undefined &&
      (manifest.name !== subject.name ||
        manifest.namespace !== subject.namespace ||
        manifest.kind !== subject.kind ||
        manifest.apiVersion !== subject.apiVersion),
  );
  return isRenamed
    ? 'An override renames the object, so that Karmada collects no status for the binding.'
    : undefined;
}
