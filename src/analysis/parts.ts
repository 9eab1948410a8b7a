import { clusterVerdicts, deepEqual, stringMember } from '../engine/index.ts';
import type {
  ClusterFacts,
  JsonObject,
  Schedule,
  Simulation,
  StoredPolicy,
  Variant,
  Verdict,
} from '../engine/index.ts';
import type { EntryState } from './api.ts';
import { memberSide } from './displayManifest.ts';
import { fateOf, movementOf } from './live/movement.ts';
import { listName } from './listName.ts';
import { inFleetOrder } from './clusterSet.ts';
import { naturalOrder } from './naturalOrder.ts';
import { listClusters } from './previewText.ts';
import { refusalText } from './refusalText.ts';
import type { Template } from './snapshot.ts';

/** One part of a template's preview: clusters with the same result, and what there is to say about it. */
export interface Part {
  readonly state: EntryState;
  /** In natural order; the first one stands for all. Empty when the part speaks of no cluster. */
  readonly clusters: readonly string[];
  /** Absent when the clusters get nothing. */
  readonly variant?: Variant;
  readonly manifest?: JsonObject;
  /** What is the matter, in the user's terms, then Karmada's own words; one sentence each. */
  readonly remarks: readonly string[];
}

const order: readonly EntryState[] = [
  'refused',
  'unclaimed',
  'failed',
  'lost',
  'changed',
  'unchanged',
  'undecided',
  'unscheduled',
];

/** By simulation, or by the refusal of a template that has none: both outlive an edit elsewhere. */
const known = new WeakMap<object, readonly Part[]>();

/** The parts of a template's preview, those first that need attention. Never empty. */
export function partsOf(template: Template): readonly Part[] {
  const source = template.simulation ?? template.item.refusal ?? template;
  const answered = known.get(source);
  if (answered) return answered;
  const parts = findParts(template).toSorted(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      naturalOrder(a.clusters[0] ?? '', b.clusters[0] ?? ''),
  );
  known.set(source, parts);
  return parts;
}

function findParts({ item, simulation }: Template): readonly Part[] {
  if (item.refusal) {
    const remarks = [
      'The API server refuses this object, so no cluster gets it.',
      refusalText(item.refusal),
    ];
    return [{ state: 'refused', clusters: [], remarks }];
  }
  if (!simulation) return [];
  const { claim, schedule, outcome } = simulation;
  if (claim.type !== 'claimed')
    return [
      {
        state: 'unclaimed',
        clusters: [],
        remarks: [...unclaimed(simulation), ...staying(simulation)],
      },
    ];
  if (!schedule) {
    const remarks = [
      `${policyName(claim.policy)} names another scheduler than default-scheduler, which decides where this goes.`,
      ...staying(simulation),
    ];
    return [{ state: 'undecided', clusters: [], remarks }];
  }
  const delivered = outcome.variants.reduce<readonly Part[]>(
    (parts, variant) => addVariant(parts, variant, simulation),
    [],
  );
  const [left] = lostPart(simulation);
  const others = leftOut(simulation, delivered.length > 0, left?.clusters ?? []);
  return [...delivered, ...(left ? [left] : []), ...others];
}

const reasonsOfLoss = new WeakMap<Schedule, readonly string[]>();

/** The clusters that have the template now and no longer would. */
function lostPart(simulation: Simulation): readonly Part[] {
  const { schedule, template } = simulation;
  const { lost } = movementOf(schedule);
  if (!schedule || lost.length === 0) return [];
  let reasons = reasonsOfLoss.get(schedule);
  if (!reasons) {
    const gone = new Set(lost);
    const sentences = clusterVerdicts(schedule)
      .filter(({ cluster }) => gone.has(cluster))
      .map((verdict) => verdictSentence(verdict, template));
    reasons = [...new Set(sentences)];
    reasonsOfLoss.set(schedule, reasons);
  }
  const fate = fateOf(simulation);
  const remarks = [`${fate.charAt(0).toUpperCase()}${fate.slice(1)}.`, ...reasons];
  return [{ state: 'lost', clusters: lost, remarks }];
}

/**
 * Karmada takes nothing away for want of a policy: binding, Works and members' objects stay
 * (`pkg/detector/detector.go`, `HandlePropagationPolicyDeletion`).
 */
function staying({ previous }: Simulation): readonly string[] {
  const names = previous?.clusters.map(({ name }) => name).sort(naturalOrder) ?? [];
  return names.length === 0 ? [] : [`It stays where it is now: ${listClusters(names)}.`];
}

function policyName({ kind, namespace, name }: StoredPolicy): string {
  return listName(kind, namespace, name);
}

/** `PropagationPolicy apps/podinfo` of a policy's id, `PropagationPolicy/apps/podinfo`. */
function nameOfId(id: string): string {
  return id.replace('/', ' ');
}

function unclaimed({ claim, outcome }: Simulation): readonly string[] {
  switch (claim.type) {
    case 'waiting':
      return [
        `${policyName(claim.policy)} waits for ${claim.missing.join(', ')}, which dependentOverrides names and which is not here.`,
        outcome.error ?? '',
      ];
    case 'lost':
      return [
        {
          'policy-not-found': `It carries the claim of ${nameOfId(claim.policyId)}, which is not here; Karmada then removes the claim and looks again.`,
          'policy-deleting': `It is claimed by ${nameOfId(claim.policyId)}, which is being deleted.`,
          'selectors-no-longer-match': `It is claimed by ${nameOfId(claim.policyId)}, whose selectors do not match it any more.`,
        }[claim.reason],
      ];
    case 'skipped':
      return [
        {
          'skipped-namespace': 'Karmada is told to propagate nothing from this namespace.',
          'reserved-namespace': 'Karmada propagates nothing from its own namespaces.',
          'skipped-api': 'Karmada does not propagate objects of this API.',
          'apiserver-authentication': 'Karmada never propagates this object.',
          'multi-cluster-service': 'A MultiClusterService owns this object.',
        }[claim.reason],
      ];
    case 'unclaimed':
    case 'claimed':
      return [
        'No policy claims it, so no cluster gets it. A PropagationPolicy in its namespace or a ClusterPropagationPolicy has to select its apiVersion and kind.',
      ];
  }
}

function addVariant(
  parts: readonly Part[],
  variant: Variant,
  simulation: Simulation,
): readonly Part[] {
  const fleet = simulation.schedule?.request.clusters ?? [];
  const clusters = inFleetOrder(variant.clusters, fleet);
  if (variant.error !== undefined) {
    const { error } = variant;
    const remarks = [
      'An override fails, so Karmada writes no Work: a cluster without the release gets nothing, one that has it keeps it as it is.',
      error,
    ];
    const twin = parts.find((part) => part.state === 'failed' && part.variant?.error === error);
    return twin
      ? parts.map((part) => (part === twin ? joined(part, clusters, fleet) : part))
      : [...parts, { state: 'failed', clusters, variant, remarks }];
  }
  const { manifest } = variant;
  if (!manifest) return parts;
  const shown = memberSide(manifest);
  const twin = parts.find(
    (part) =>
      part.manifest && (part.manifest === manifest || deepEqual(memberSide(part.manifest), shown)),
  );
  if (twin) return parts.map((part) => (part === twin ? joined(part, clusters, fleet) : part));
  const isUnchanged = deepEqual(memberSide(simulation.template), shown);
  const state = isUnchanged ? 'unchanged' : 'changed';
  const remarks = simulation.schedule?.isEstimated
    ? ['How the replicas divide is decided on the control plane, from the free capacity it sees.']
    : [];
  return [...parts, { state, clusters, variant, manifest, remarks }];
}

function joined(part: Part, clusters: readonly string[], fleet: readonly ClusterFacts[]): Part {
  return { ...part, clusters: inFleetOrder([...part.clusters, ...clusters], fleet) };
}

/** Clusters that get nothing, by reason. Those that the affinity is not meant for are told only when no cluster fits. */
function leftOut(
  { schedule, template }: Simulation,
  isPlaced: boolean,
  lost: readonly string[],
): readonly Part[] {
  if (!schedule) return [];
  const parts = leftOutBy(schedule, isPlaced, lost, template);
  if (parts.length > 0 || isPlaced || lost.length > 0) return parts;
  const remarks = ['The scheduler chooses no cluster.', schedule.error ?? ''];
  return [
    { state: 'unscheduled', clusters: [], remarks: remarks.filter((remark) => remark !== '') },
  ];
}

/** By schedule, which templates that go the same way share: for those that arrive somewhere, and for the others. */
const partsLeftOut = {
  placed: new WeakMap<Schedule, readonly Part[]>(),
  nowhere: new WeakMap<Schedule, readonly Part[]>(),
};

function leftOutBy(
  schedule: Schedule,
  isPlaced: boolean,
  lost: readonly string[],
  template: JsonObject,
): readonly Part[] {
  const remembered = partsLeftOut[isPlaced ? 'placed' : 'nowhere'];
  const answered = remembered.get(schedule);
  if (answered) return answered;
  const gone = new Set(lost);
  const groups = new Map<string, { verdict: Verdict; clusters: string[] }>();
  for (const verdict of clusterVerdicts(schedule)) {
    const isMeant = !verdict.reasons.some(({ code }) => code === 'affinity');
    if (verdict.code === 'chosen' || (isPlaced && !isMeant)) continue;
    if (gone.has(verdict.cluster)) continue;
    const group = groups.get(verdict.text);
    if (group) group.clusters.push(verdict.cluster);
    else groups.set(verdict.text, { verdict, clusters: [verdict.cluster] });
  }
  const parts = [...groups.values()].map(({ verdict, clusters }): Part => {
    const remarks = [verdictSentence(verdict, template), verdict.text, schedule.error ?? ''];
    return {
      state: 'unscheduled',
      clusters: inFleetOrder(clusters, schedule.request.clusters),
      remarks: [...new Set(remarks)].filter((remark) => remark !== ''),
    };
  });
  remembered.set(schedule, parts);
  return parts;
}

/** Why a cluster is left out, a sentence. */
export function verdictSentence({ code }: Verdict, template: JsonObject): string {
  const api = `${stringMember(template, 'apiVersion')} ${stringMember(template, 'kind')}`;
  switch (code) {
    case 'chosen':
      return '';
    case 'affinity':
      return "Not scheduled: the policy's affinity does not choose this cluster.";
    case 'api':
      return `Not scheduled: the cluster does not serve ${api}.`;
    case 'taint':
      return 'Not scheduled: the policy does not tolerate a taint of the cluster.';
    case 'provider':
    case 'region':
    case 'zones':
      return `Not scheduled: a spread constraint needs the ${code} of the cluster, and it has none.`;
    case 'eviction':
      return 'Not scheduled: the template is being evicted from the cluster.';
    case 'deleting':
      return 'Not scheduled: the cluster is being deleted.';
    case 'spread':
      return 'Not scheduled: the spread constraints leave the cluster out.';
    case 'no-replicas':
      return 'Not scheduled: the division of replicas leaves none for the cluster.';
    case 'scheduling-failed':
      return 'Not scheduled: the cluster fits, but scheduling as a whole fails.';
  }
}
