import { arrayMember, isArray, isObject, member, memberAt, setOwn } from '../../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../../engine/index.ts';
import { localCharts } from '../../charts.ts';
import { overrideTraces } from '../../overrideTraces.ts';
import { valueBelow } from '../../pointer.ts';
import { releaseChart } from '../../releaseChart.ts';
import type { ReleaseChart } from '../../releaseChart.ts';
import type { Snapshot } from '../../snapshot.ts';
import { templatesOfKind } from '../../templateIndex.ts';
import { checkValues } from '../../valuesSchema.ts';
import type { ValuesProblem } from '../../valuesSchema.ts';
import type { Finding } from '../finding.ts';
import { perTemplate } from '../perTemplate.ts';
import type { Simulated } from '../perTemplate.ts';
import { findingsOfFacts } from './entryFacts.ts';
import type { EntryFact } from './entryFacts.ts';

interface RefusedValue extends EntryFact {
  readonly chart: ReleaseChart;
}

type Found =
  | { readonly type: 'written'; readonly finding: Finding }
  | { readonly type: 'overridden'; readonly fact: RefusedValue };

const refusals = perTemplate<Found>(
  (template, snapshot) => {
    const chart = chartOf(template, snapshot);
    return chart ? refusalsOf(template, snapshot, chart) : [];
  },
  (_template, snapshot) => readsOf(snapshot),
);

/**
 * `result-values-invalid` on values that the schema of a chart in the workspace refuses: on the value of the release, or
 * on the override that sets it. Helm checks them before it installs or upgrades (`pkg/chart/common/util/jsonschema.go`).
 */
export function resultValuesInvalid(snapshot: Snapshot): readonly Finding[] {
  if (localCharts(snapshot).length === 0) return [];
  const found = refusals(snapshot);
  const facts = found.flatMap((one) => (one.type === 'overridden' ? [one.fact] : []));
  return [
    ...found.flatMap((one) => (one.type === 'written' ? [one.finding] : [])),
    ...findingsOfFacts(
      snapshot,
      facts,
      'result-values-invalid',
      ({ first: { chart, about }, templates, clusters }) => ({
        message: `With this, the schema of chart ${nameOf(chart)} refuses the values of ${templates}, so Helm fails on ${clusters}: ${about}.`,
      }),
    ),
  ];
}

const reads = new WeakMap<Snapshot, readonly unknown[]>();

/** Everything beside the template that the answer depends on. */
function readsOf(snapshot: Snapshot): readonly unknown[] {
  let known = reads.get(snapshot);
  if (!known) {
    const sources = templatesOfKind(snapshot, 'source.toolkit.fluxcd.io/OCIRepository').values();
    known = [
      ...snapshot.chartFiles.map(({ source }) => source),
      ...[...sources].map(({ item }) => item.source),
    ];
    reads.set(snapshot, known);
  }
  return known;
}

function nameOf({ name, version }: ReleaseChart): string {
  return version === '' ? name : `${name} ${version}`;
}

function chartOf({ item, simulation }: Simulated, snapshot: Snapshot): ReleaseChart | undefined {
  if (item.kind !== 'HelmRelease') return undefined;
  const spec = member(simulation.template, 'spec');
  const isOff = ['install', 'upgrade'].some(
    (action) => memberAt(spec, action, 'disableSchemaValidation') === true,
  );
  return isOff ? undefined : releaseChart(snapshot, simulation.template);
}

function refusalsOf(
  template: Simulated,
  snapshot: Snapshot,
  chart: ReleaseChart,
): readonly Found[] {
  const { template: object, claimed = object, outcome } = template.simulation;
  const results = outcome.variants.flatMap(({ manifest }) => (manifest ? [manifest] : []));
  const own = problemsOf(object, chart);
  // An override may be what makes the values whole.
  const isEverywhere = ({ message }: ValuesProblem): boolean =>
    results.every((result) => problemsOf(result, chart).some((other) => other.message === message));
  const written = own
    .filter(isEverywhere)
    .map((problem): Found => ({ type: 'written', finding: findingOf(template, chart, problem) }));
  if (results.every((result) => memberAt(result, 'spec', 'values') === valuesOf(claimed))) {
    return written;
  }
  return [...written, ...overriddenOf(template, snapshot, chart, own)];
}

function overriddenOf(
  template: Simulated,
  snapshot: Snapshot,
  chart: ReleaseChart,
  own: readonly ValuesProblem[],
): readonly Found[] {
  const known = new Set(own.map(({ message }) => message));
  const has = (value: JsonValue | undefined, about: string): boolean =>
    isObject(value) && problemsOf(value, chart).some(({ message }) => message === about);
  return overrideTraces(snapshot, template).flatMap(({ clusters, events }) => {
    const last = events.findLast(({ after }) => after !== undefined)?.after;
    if (!isObject(last) || events.some(({ type }) => type === 'failed')) return [];
    return problemsOf(last, chart).flatMap(({ message: about }): Found[] => {
      const culprit = known.has(about)
        ? undefined
        : events.findLast(({ before, after }) => has(after, about) && !has(before, about));
      if (!culprit) return [];
      const fact = { entry: culprit.entry, template, clusters, about, chart };
      return [{ type: 'overridden', fact }];
    });
  });
}

function findingOf(template: Simulated, chart: ReleaseChart, problem: ValuesProblem): Finding {
  const { item } = template;
  const written = writtenSteps(valuesOf(item.source), problem.steps);
  const value = valueBelow(valuesOf(item.source), written);
  const isScalar = written.length === problem.steps.length && typeof value !== 'object';
  const message = `The schema of chart ${nameOf(chart)} refuses this, so Helm fails: ${problem.message}.`;
  const path = ['spec', 'values', ...numbered(valuesOf(item.source), written)];
  return {
    code: 'result-values-invalid',
    item,
    path,
    on: isScalar || typeof path.at(-1) === 'number' ? 'value' : 'key',
    message,
  };
}

/** As far as values go along some steps. */
function writtenSteps(values: JsonObject, steps: readonly string[]): readonly string[] {
  const missing = steps.findIndex(
    (_, i) => valueBelow(values, steps.slice(0, i + 1)) === undefined,
  );
  return missing < 0 ? steps : steps.slice(0, missing);
}

/** Steps with the items of lists as numbers. */
function numbered(values: JsonValue, steps: readonly string[]): readonly (string | number)[] {
  return steps.map((step, i) =>
    isArray(valueBelow(values, steps.slice(0, i))) ? Number(step) : step,
  );
}

function valuesOf(release: JsonObject): JsonObject {
  const values = memberAt(release, 'spec', 'values');
  return isObject(values) ? values : nothing;
}

const nothing: JsonObject = {};
const composed = new WeakMap<JsonObject, WeakMap<JsonObject, JsonObject>>();

/** What the schema refuses in the values of a release over the defaults of its chart. */
function problemsOf(release: JsonObject, chart: ReleaseChart): readonly ValuesProblem[] {
  const values = valuesOf(release);
  let byDefaults = composed.get(values);
  if (!byDefaults) composed.set(values, (byDefaults = new WeakMap()));
  let all = byDefaults.get(chart.defaults);
  if (!all) byDefaults.set(chart.defaults, (all = mergeValues(chart.defaults, values)));
  const isWhole = chart.isWhole && arrayMember(member(release, 'spec'), 'valuesFrom').length === 0;
  return checkValues(chart.schema, all).filter(({ steps, isOpen }) =>
    isOpen ? isWhole : valueBelow(values, steps) !== undefined,
  );
}

/** As Helm lays values over defaults: mappings are merged, a null takes a default away. */
function mergeValues(defaults: JsonObject, values: JsonObject, depth = 0): JsonObject {
  const merged: Record<string, JsonValue> = { ...defaults };
  for (const [key, value] of Object.entries(values)) {
    const old = member(defaults, key);
    if (value === null) delete merged[key];
    else if (isObject(value) && depth < deepest) {
      setOwn(merged, key, mergeValues(isObject(old) ? old : nothing, value, depth + 1));
    } else setOwn(merged, key, value);
  }
  return merged;
}

const deepest = 200;
