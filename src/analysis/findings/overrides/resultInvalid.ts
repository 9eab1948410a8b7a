import {
  checkSchema,
  findSchema,
  isObject,
  pruneManifest,
  staysValid,
  stringMember,
} from '../../../engine/index.ts';
import type {
  ClusterFacts,
  FluxMinor,
  JsonObject,
  KindSchema,
  SchemaProblem,
  TraceEvent,
} from '../../../engine/index.ts';
import { fluxVersionOf } from '../../fleet.ts';
import { isSecret, maskErrorText } from '../../maskSecret.ts';
import { overrideTraces } from '../../overrideTraces.ts';
import type { OverrideTrace } from '../../overrideTraces.ts';
import type { Circumstances } from '../../circumstances.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { perTemplate } from '../perTemplate.ts';
import type { Simulated } from '../perTemplate.ts';
import { findingsOfFacts } from './entryFacts.ts';
import type { EntryFact } from './entryFacts.ts';

interface BadResult extends EntryFact {
  readonly type: 'refused' | 'dropped' | 'failed';
}

const badResults = perTemplate<BadResult>(
  (template, snapshot) => [
    ...refusedResults(snapshot, template),
    ...failedResults(snapshot, template),
  ],
  (_template, { circumstances }) => [circumstances],
);

/**
 * `result-invalid` on the entry that makes of a valid template something that the API server of a member cluster
 * refuses, by the schemas of the Flux release that the cluster shows; `override-no-effect` on one that sets a field that
 * the schema does not have, which the API server drops.
 */
export function resultInvalid(snapshot: Snapshot): readonly Finding[] {
  const found = badResults(snapshot);
  if (found.length === 0) return [];
  const of = (type: BadResult['type']): readonly BadResult[] =>
    found.filter((result) => result.type === type);
  return [
    ...findingsOfFacts(
      snapshot,
      of('refused'),
      'result-invalid',
      ({ first, templates, clusters }) => ({
        message: `With this, the API server of ${clusters} refuses ${templates}: ${first.about}`,
      }),
    ),
    ...findingsOfFacts(
      snapshot,
      of('failed'),
      'result-invalid',
      ({ first, templates, clusters }) => ({
        message: `With this, Karmada cannot make a manifest of ${templates} for ${clusters} and delivers nothing new there: ${first.about}`,
      }),
    ),
    ...findingsOfFacts(
      snapshot,
      of('dropped'),
      'override-no-effect',
      ({ first, templates, clusters }) => ({
        message: `${first.about}, so the API server of ${clusters} drops this from ${templates}.`,
      }),
    ),
  ];
}

function refusedResults(snapshot: Snapshot, template: Simulated): readonly BadResult[] {
  const { claimed, outcome, overrides } = template.simulation;
  if (!claimed || !overrides?.length) return [];
  const { common, byCluster } = fluxOf(snapshot);
  const found: BadResult[] = [];
  for (const { clusters, manifest } of outcome.variants) {
    if (!manifest) continue;
    const groups =
      byCluster.size === 0
        ? [[common, clusters] as const]
        : groupByFlux(clusters, byCluster, common);
    for (const [flux, names] of groups) {
      const table = tableOf(manifest, flux);
      if (table && !staysValid(claimed, manifest, table)) {
        found.push(...causesOf(snapshot, template, names, table));
      }
    }
  }
  return found;
}

function tableOf(manifest: JsonObject, flux: FluxMinor): KindSchema | undefined {
  return findSchema(stringMember(manifest, 'apiVersion'), stringMember(manifest, 'kind'), flux);
}

/** The Flux releases of the fleet. */
interface FleetFlux {
  /** On every cluster that is not in the map. */
  readonly common: FluxMinor;
  readonly byCluster: ReadonlyMap<string, FluxMinor>;
}

const fleetFlux = new WeakMap<Circumstances, WeakMap<readonly ClusterFacts[], FleetFlux>>();

/** The release in force, and where a cluster shows another one by its APIs; a setting is for all of them. */
function fluxOf({ run, circumstances }: Snapshot): FleetFlux {
  let known = fleetFlux.get(circumstances);
  if (!known) fleetFlux.set(circumstances, (known = new WeakMap()));
  const { clusters } = run.controlPlane;
  let found = known.get(clusters);
  if (!found) {
    const { version: common, origin } = circumstances.flux;
    const byCluster = new Map<string, FluxMinor>();
    for (const { name, object } of origin === 'setting' ? [] : clusters) {
      const shown = fluxVersionOf([object]);
      if (shown !== undefined && shown !== common) byCluster.set(name, shown);
    }
    found = { common, byCluster };
    known.set(clusters, found);
  }
  return found;
}

function groupByFlux(
  clusters: readonly string[],
  byCluster: ReadonlyMap<string, FluxMinor>,
  common: FluxMinor,
): ReadonlyMap<FluxMinor, readonly string[]> {
  const groups = new Map<FluxMinor, string[]>();
  for (const name of clusters) {
    const minor = byCluster.get(name) ?? common;
    const group = groups.get(minor);
    if (group) group.push(name);
    else groups.set(minor, [name]);
  }
  return groups;
}

/** What is wrong with a result and was not before an entry; what is wrong with the template itself is no business here. */
function causesOf(
  snapshot: Snapshot,
  template: Simulated,
  clusters: readonly string[],
  table: KindSchema,
): readonly BadResult[] {
  const trace = traceOn(snapshot, template, clusters);
  const last = trace?.events.findLast(({ after }) => after !== undefined)?.after;
  if (!trace || !isObject(last)) return [];
  const known = new Map<TraceEvent, ReadonlySet<string>>();
  return problemsOf(last, table).flatMap((problem): BadResult[] => {
    const key = keyOf(problem);
    const culprit = trace.events.findLast(
      (event) => event.type === 'applied' && brings(event, key, table, known),
    );
    if (!culprit) return [];
    const { code, field, message, nearest } = problem;
    const base = { entry: culprit.entry, template, clusters };
    if (code !== 'unknown-field')
      return [{ ...base, type: 'refused', about: `${field}: ${message}` }];
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    return [{ ...base, type: 'dropped', about: `There is no field ${field}${hint}` }];
  });
}

function traceOn(
  snapshot: Snapshot,
  template: Simulated,
  [first = '']: readonly string[],
): OverrideTrace | undefined {
  return overrideTraces(snapshot, template).find(({ clusters }) => clusters.includes(first));
}

/** What the object as it is delivered is refused for. */
function problemsOf(object: JsonObject, table: KindSchema): readonly SchemaProblem[] {
  const manifest = pruneManifest(object);
  return 'error' in manifest ? [] : checkSchema(manifest.value, table);
}

function keyOf({ code, field }: SchemaProblem): string {
  return `${code} ${field}`;
}

/** Whether a problem is there after an entry and was not before. */
function brings(
  event: TraceEvent,
  key: string,
  table: KindSchema,
  known: Map<TraceEvent, ReadonlySet<string>>,
): boolean {
  const { before, after } = event;
  if (!isObject(before) || !isObject(after)) return false;
  let added = known.get(event);
  if (!added) {
    const old = new Set(problemsOf(before, table).map(keyOf));
    const now = problemsOf(after, table).map(keyOf);
    added = new Set(now.filter((problem) => !old.has(problem)));
    known.set(event, added);
  }
  return added.has(key);
}

/** Results of which Karmada cannot make a manifest, although every override went through. */
function failedResults(snapshot: Snapshot, template: Simulated): readonly BadResult[] {
  return template.simulation.outcome.variants.flatMap(({ clusters, error }): BadResult[] => {
    if (error === undefined) return [];
    const events = traceOn(snapshot, template, clusters)?.events ?? [];
    if (events.some(({ type }) => type === 'failed')) return [];
    const entry = events.findLast(breaks)?.entry;
    const { stored } = template.item;
    const about = stored && isSecret(stored) ? maskErrorText(error) : error;
    return entry ? [{ entry, template, clusters, about, type: 'failed' }] : [];
  });
}

function breaks({ before, after }: TraceEvent): boolean {
  return (
    isObject(before) &&
    isObject(after) &&
    'error' in pruneManifest(after) &&
    'value' in pruneManifest(before)
  );
}
