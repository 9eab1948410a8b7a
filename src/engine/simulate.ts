import {
  isOverride,
  isSameList,
  readControlPlane,
  templateKey,
  type ControlPlane,
} from './controlPlane.ts';
import { isObject, member, stringMember } from './json.ts';
import {
  isTouchedBy,
  overrideChanges,
  overridesAfter,
  relevantOverrides,
  type OverrideChanges,
} from './relevantOverrides.ts';
import { render } from './render.ts';
import { readPlacement } from './scheduling/placement.ts';
import {
  schedule,
  type PreviousPlacement,
  type Schedule,
  type ScheduleRequest,
} from './scheduling/schedule.ts';
import { divideByWeight, type TargetCluster } from './scheduling/webster.ts';
import {
  completionsOf,
  isWorkload,
  reviseCompletions,
  reviseReplicas,
  workloadOf,
} from './scheduling/workload.ts';
import { applyClaim, isSameClaimant } from './selection/applyClaim.ts';
import { claimTemplate, type Claim, type ClaimedBy } from './selection/claim.ts';
import type { ClusterFacts } from './selection/clusterFacts.ts';
import { compileSkips, type SkipOptions, type SkipTest } from './selection/skipped.ts';
import type { StoredPolicy } from './selection/storedPolicy.ts';
import type { JsonObject, Outcome } from './types.ts';

export interface SimulateOptions extends SkipOptions {
  /** Schedulers that run; a policy that names another is never scheduled. `default-scheduler` unless told. */
  readonly schedulerNames?: readonly string[];
  /** Feature gates of Karmada that are switched, by name. Only PropagationPolicyPreemption matters here. */
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** What the ResourceBindings of a running control plane say, by template key. */
  readonly previous?: ReadonlyMap<string, PreviousPlacement>;
}

/** What becomes of one template, and everything needed to explain it. */
export interface Simulation {
  readonly key: string;
  readonly template: JsonObject;
  readonly claim: Claim;
  /** The template with the claim's labels and annotations, as overrides see it. Absent when nothing claims it. */
  readonly claimed?: JsonObject;
  /** For a workload, the claimed template with each cluster's share of the replicas, by cluster. */
  readonly prepared?: ReadonlyMap<string, JsonObject>;
  /** Absent when nothing claims the template or when another scheduler would place it. */
  readonly schedule?: Schedule;
  /** What the binding says of a template without a schedule, which stays as it is. */
  readonly previous?: PreviousPlacement;
  /** The override policies that may touch it, ClusterOverridePolicies in front. Absent without a schedule. */
  readonly overrides?: readonly StoredPolicy[];
  readonly outcome: Outcome;
}

/** All templates of a control plane. */
export interface SimulationRun {
  readonly controlPlane: ControlPlane;
  readonly simulations: readonly Simulation[];
}

/** Simulates a control plane; called again with mostly the same objects it reuses every answer that cannot differ. */
export type Simulator = (
  objects: readonly JsonObject[],
  options?: SimulateOptions,
) => SimulationRun;

interface Remembered {
  readonly simulation: Simulation;
  readonly overrides: readonly StoredPolicy[];
  /** What the binding said when it was simulated. */
  readonly previous?: PreviousPlacement | undefined;
}

/** What one run shares between its templates. */
interface Run {
  readonly controlPlane: ControlPlane;
  readonly facts: ReadonlyMap<string, ClusterFacts>;
  readonly overrides: readonly StoredPolicy[];
  readonly skips: SkipTest;
  readonly options: SimulateOptions;
  /** What has changed since the run before; `undefined` when nearly everything may have. */
  readonly changes: OverrideChanges | undefined;
}

/** A run that is remembered. */
interface Moment {
  readonly run: Run;
  /** By template, the latest in front. The others are of runs with the same policies on the same clusters. */
  readonly answers: ReadonlyMap<string, readonly Remembered[]>;
}

/** Who goes back and forth has a template in two states, and its binding in two places. */
const answersKept = 4;

/**
 * Makes a simulator of the path from template to manifests: claim, schedule, render. An answer is reused when the
 * template, the claiming policy, the chosen clusters and the overrides that may touch it are all the same objects.
 *
 * @param runsKept how many runs are remembered: more than the last one for who goes back and forth between policies
 */
export function createSimulator(runsKept = 1): Simulator {
  let moments: readonly Moment[] = [];
  return (objects, options = {}) => {
    const { run, before } = nextRun(objects, options, moments);
    const { controlPlane } = run;
    const isAlike =
      run.changes !== undefined && before?.run.controlPlane.policies === controlPlane.policies;
    const answers = new Map<string, readonly Remembered[]>();
    const simulations: Simulation[] = [];
    for (const [templateId, template] of controlPlane.templates) {
      const previous = options.previous?.get(templateId);
      const known = before?.answers.get(templateId) ?? noAnswers;
      const again = isAlike && known.find((one) => isAnswerTo(one, template, previous));
      const answer = again || simulateTemplate(run, template, known[0], previous);
      answers.set(templateId, isAlike && runsKept > 1 ? inFront(known, answer) : [answer]);
      simulations.push(answer.simulation);
    }
    // A run with the same policies replaces the one that it started from.
    const others = moments.filter(
      (one) => one !== before || one.run.controlPlane.policies !== controlPlane.policies,
    );
    moments = [{ run, answers }, ...others].slice(0, runsKept);
    return { controlPlane, simulations };
  };
}

const noAnswers: readonly Remembered[] = [];

function inFront(known: readonly Remembered[], answer: Remembered): readonly Remembered[] {
  if (answer === known[0]) return known;
  return [answer, ...known.filter((one) => one !== answer)].slice(0, answersKept);
}

function isAnswerTo(
  { simulation, previous: before }: Remembered,
  template: JsonObject,
  previous: PreviousPlacement | undefined,
): boolean {
  return simulation.template === template && before === previous;
}

/** The run, and which one it starts from: one with the same policies if there is any, else the latest. */
function nextRun(
  objects: readonly JsonObject[],
  options: SimulateOptions,
  moments: readonly Moment[],
): { readonly run: Run; readonly before: Moment | undefined } {
  const planes = moments.map(({ run }) => run.controlPlane);
  const controlPlane = readControlPlane(objects, planes);
  const { policies, clusters } = controlPlane;
  const before =
    moments[
      Math.max(
        0,
        planes.findIndex((one) => one.policies === policies),
      )
    ];
  const last = before?.run;
  const isSameSkips = last && skipKey(last.options) === skipKey(options);
  const isSameFleet = last?.controlPlane.clusters === clusters;
  const run = {
    controlPlane,
    facts: isSameFleet ? last.facts : new Map(clusters.map((cluster) => [cluster.name, cluster])),
    overrides: policies.filter(isOverride),
    skips: isSameSkips ? last.skips : compileSkips(options),
    options,
  };
  const changes = last && isSameFleet ? changesSince(last, run) : undefined;
  return { run: { ...run, changes }, before };
}

function skipKey({ skippedNamespaces, skippedApis }: SimulateOptions): string {
  return JSON.stringify([skippedNamespaces, skippedApis]);
}

function changesSince(last: Run, now: Omit<Run, 'changes'>): OverrideChanges | undefined {
  const isSame =
    last.skips === now.skips &&
    last.controlPlane.index === now.controlPlane.index &&
    last.options.schedulerNames === now.options.schedulerNames &&
    last.options.featureGates === now.options.featureGates;
  if (!isSame) return undefined;
  return overrideChanges(last.overrides, now.overrides);
}

/** The same claim on the same clusters, with what has become of the overrides. */
function renderAgain(run: Run, before: Remembered, changes: OverrideChanges): Remembered {
  const { simulation } = before;
  const { claim, claimed, schedule: placed } = simulation;
  if (claim.type !== 'claimed' || !claimed || !placed) return before;
  const overrides = overridesAfter(changes, before.overrides, claimed, run.overrides);
  const { key } = simulation;
  const prepared = simulation.prepared ?? noTemplates;
  const outcome = toOutcome(run, { key, claimed, policy: claim.policy, placed, prepared });
  return { ...before, simulation: { ...simulation, overrides, outcome }, overrides };
}

function simulateTemplate(
  run: Run,
  template: JsonObject,
  before: Remembered | undefined,
  previous: PreviousPlacement | undefined,
): Remembered {
  if (before && run.changes && isAnswerTo(before, template, previous)) {
    const { claimed } = before.simulation;
    const isTouched = claimed && isTouchedBy(run.changes, before.overrides, claimed);
    return isTouched ? renderAgain(run, before, run.changes) : before;
  }
  return { ...simulateAnew(run, template, before, previous), previous };
}

function simulateAnew(
  run: Run,
  template: JsonObject,
  before: Remembered | undefined,
  previous: PreviousPlacement | undefined,
): Remembered {
  const key = templateKey(template) ?? '';
  const claim = claimTemplate(template, run.controlPlane.index, run.skips, {
    preempts: run.options.featureGates?.['PropagationPolicyPreemption'] === true,
  });
  const kept = previous ? { previous } : {};
  if (claim.type !== 'claimed') {
    const outcome = { template: key, variants: [], ...waitingPolicy(claim) };
    return { simulation: { key, template, claim, outcome, ...kept }, overrides: [] };
  }
  const { policy } = claim;
  const alike = before && isSameClaim(before, template, policy) ? before : undefined;
  const claimed = alike?.simulation.claimed ?? applyClaim(template, policy);
  const schedulerName = stringMember(policy.spec, 'schedulerName') || 'default-scheduler';
  if (!(run.options.schedulerNames ?? ['default-scheduler']).includes(schedulerName)) {
    const outcome = { template: key, policy: policy.id, variants: [] };
    return { simulation: { key, template, claim, claimed, outcome, ...kept }, overrides: [] };
  }
  const placed = place(run, template, policy, previous);
  const overrides = relevantOverrides(run.overrides, claimed);
  if (alike && isSameResult(alike, policy, placed, overrides, run.facts)) {
    const isSame = alike.simulation.schedule === placed && isSameKind(alike.simulation, claim);
    if (isSame) return alike;
    return { simulation: { ...alike.simulation, claim, schedule: placed, overrides }, overrides };
  }
  const prepared = placed.error === undefined ? preparedTemplates(claimed, placed) : noTemplates;
  const outcome = toOutcome(run, { key, claimed, policy, placed, prepared });
  const base = { key, template, claim, claimed, schedule: placed, overrides, outcome };
  return { simulation: prepared.size > 0 ? { ...base, prepared } : base, overrides };
}

/** A policy that waits for its overrides has not claimed the template. */
function waitingPolicy(claim: Claim): { error?: string } {
  return claim.type === 'waiting' ? { error: 'waiting for dependent overrides' } : {};
}

const noTemplates: ReadonlyMap<string, JsonObject> = new Map();

function isSameKind({ claim }: Simulation, now: ClaimedBy): boolean {
  if (claim.type !== 'claimed') return false;
  return claim.policy === now.policy && claim.isExisting === now.isExisting;
}

/** Whether a policy claims the same template as before, and leaves the same claim on it. */
function isSameClaim(
  { simulation }: Remembered,
  template: JsonObject,
  policy: StoredPolicy,
): boolean {
  const { claim } = simulation;
  return (
    simulation.template === template &&
    claim.type === 'claimed' &&
    isSameClaimant(claim.policy, policy)
  );
}

function place(
  run: Run,
  template: JsonObject,
  policy: StoredPolicy,
  previous: PreviousPlacement | undefined,
): Schedule {
  const placement = member(policy.spec, 'placement');
  return schedule({
    placement: isObject(placement) ? placement : emptyPlacement,
    clusters: run.controlPlane.clusters,
    apiVersion: stringMember(template, 'apiVersion'),
    kind: stringMember(template, 'kind'),
    workload: workloadOf(template),
    ...(previous ? { previous } : {}),
  });
}

const emptyPlacement: JsonObject = {};

function isSameResult(
  before: Remembered,
  policy: StoredPolicy,
  placed: Schedule,
  overrides: readonly StoredPolicy[],
  facts: ReadonlyMap<string, ClusterFacts>,
): boolean {
  const { schedule: last, claim, prepared } = before.simulation;
  if (!last || !isSameList(before.overrides, overrides)) return false;
  // A Job's completions may be divided otherwise although its replicas are not.
  if (prepared && claim.type === 'claimed' && claim.policy !== policy) return false;
  if (last === placed) return true;
  if (last.error !== placed.error || last.affinity !== placed.affinity) return false;
  const isSameFleet = last.request.clusters === placed.request.clusters;
  if (isSameFleet && last.clusters === placed.clusters) return true;
  const lastFacts = new Map(last.request.clusters.map((cluster) => [cluster.name, cluster]));
  return (
    last.clusters.length === placed.clusters.length &&
    last.clusters.every(({ name, replicas }, i) => {
      const now = placed.clusters[i];
      return (
        now?.name === name && now.replicas === replicas && facts.get(name) === lastFacts.get(name)
      );
    })
  );
}

/** A claimed template and where it goes. */
interface Delivery {
  readonly key: string;
  readonly claimed: JsonObject;
  readonly policy: StoredPolicy;
  readonly placed: Schedule;
  readonly prepared: ReadonlyMap<string, JsonObject>;
}

function toOutcome(run: Run, delivery: Delivery): Outcome {
  const { key, claimed, policy, placed, prepared } = delivery;
  const outcome = {
    template: key,
    policy: policy.id,
    ...(placed.affinity === undefined ? {} : { affinity: placed.affinity }),
  };
  if (placed.error !== undefined) return { ...outcome, error: placed.error, variants: [] };
  const chosen = chosenBy(placed);
  const { clusterObjects, overrides } = run.controlPlane;
  const variants = render(claimed, clusterObjects, overrides, { chosen, prepared });
  return { ...outcome, clusters: chosen, variants };
}

const chosenLists = new WeakMap<Schedule, readonly string[]>();

/** The clusters of a schedule; the same list for all templates that share it. */
function chosenBy(placed: Schedule): readonly string[] {
  let chosen = chosenLists.get(placed);
  if (!chosen) chosenLists.set(placed, (chosen = placed.clusters.map(({ name }) => name)));
  return chosen;
}

/** The template with each cluster's share of the replicas; one object per distinct share (`ensureWork`). */
function preparedTemplates(
  claimed: JsonObject,
  { clusters, request }: Schedule,
): ReadonlyMap<string, JsonObject> {
  const prepared = new Map<string, JsonObject>();
  if (!isWorkload(request.workload)) return prepared;
  const completions = divideCompletions(claimed, clusters, request);
  const byShare = new Map<string, JsonObject>();
  for (const { name, replicas = 0 } of clusters) {
    const share = completions?.get(name);
    const key = `${replicas} ${share ?? ''}`;
    let template = byShare.get(key);
    if (!template) {
      const revised = reviseReplicas(claimed, replicas);
      template = share === undefined ? revised : reviseCompletions(revised, share);
      byShare.set(key, template);
    }
    prepared.set(name, template);
  }
  return prepared;
}

/** Each cluster's share of a Job's completions when its replicas are divided. */
function divideCompletions(
  template: JsonObject,
  clusters: readonly TargetCluster[],
  { placement, previous }: ScheduleRequest,
): ReadonlyMap<string, number> | undefined {
  const completions = completionsOf(template);
  const isDivided = readPlacement(placement).replicaScheduling?.type === 'Divided';
  if (completions === undefined || !isDivided) return undefined;
  const weights = clusters.map(({ name, replicas = 0 }) => ({ name, votes: replicas }));
  const shares = divideByWeight(completions, weights, previous?.uid ?? '');
  return new Map(shares.map(({ name, replicas }) => [name, replicas]));
}
