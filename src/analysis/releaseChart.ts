import {
  arrayMember,
  isObject,
  member,
  memberAt,
  parseVersion,
  parseVersionRange,
  satisfies,
  stringMember,
} from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { localCharts } from './charts.ts';
import type { LocalChart } from './charts.ts';
import type { Snapshot } from './snapshot.ts';
import { findTemplate } from './templateIndex.ts';

/** The schema and defaults of a chart that certainly is the one of a release. */
export interface ReleaseChart {
  readonly name: string;
  readonly version: string;
  readonly schema: JsonObject;
  readonly defaults: JsonObject;
  /** Whether the values of a release and the defaults are all that the schema is applied to. */
  readonly isWhole: boolean;
}

/**
 * The chart of a release with its schema, where there is no doubt about it: the only one in the workspace at the path
 * of a Git repository or bucket, or the only one of its name whose version is in the range that the release asks for.
 */
export function releaseChart(snapshot: Snapshot, release: JsonObject): ReleaseChart | undefined {
  const charts = localCharts(snapshot);
  if (charts.length === 0) return undefined;
  const spec = memberAt(release, 'spec', 'chart', 'spec');
  const found = isObject(spec)
    ? chartsOfSpec(charts, spec)
    : chartsOfReference(snapshot, charts, release);
  const [chart] = found;
  return chart && found.length === 1 ? readChart(snapshot, chart, spec) : undefined;
}

function chartsOfSpec(charts: readonly LocalChart[], spec: JsonObject): readonly LocalChart[] {
  const chart = stringMember(spec, 'chart');
  const sourceKind = stringMember(member(spec, 'sourceRef'), 'kind');
  if (sourceKind === 'HelmRepository') {
    return charts.filter(
      ({ name, version }) => name === chart && isIn(version, stringMember(spec, 'version')),
    );
  }
  const path = chart.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.') return [];
  return charts.filter(({ folder }) => folder === `${path}/` || folder.endsWith(`/${path}/`));
}

/** An OCIRepository names a chart by the last part of its address. */
function chartsOfReference(
  snapshot: Snapshot,
  charts: readonly LocalChart[],
  release: JsonObject,
): readonly LocalChart[] {
  const ref = memberAt(release, 'spec', 'chartRef');
  if (stringMember(ref, 'kind') !== 'OCIRepository') return [];
  const own = stringMember(member(release, 'metadata'), 'namespace');
  const source = findTemplate(snapshot, {
    group: 'source.toolkit.fluxcd.io',
    kind: 'OCIRepository',
    namespace: stringMember(ref, 'namespace') || own,
    name: stringMember(ref, 'name'),
  });
  const spec = member(source?.item.source, 'spec');
  const chart = stringMember(spec, 'url').split('/').at(-1) ?? '';
  const wanted = member(spec, 'ref');
  const range = stringMember(wanted, 'semver') || stringMember(wanted, 'tag');
  // A digest, or the tag `latest`, may be any version.
  if (range === '' || stringMember(wanted, 'digest') !== '') return [];
  return charts.filter(({ name, version }) => name === chart && isIn(version, range));
}

function isIn(version: string, range: string): boolean {
  if (range === '' || range === '*' || range === version) return true;
  const parsed = parseVersion(version);
  const constraint = parseVersionRange(range);
  return 'value' in parsed && 'value' in constraint && satisfies(parsed.value, constraint.value);
}

/** Read from documents without mistakes only: half a schema refuses what the whole one takes. */
function readChart(
  { chartFiles }: Snapshot,
  { folder, name, version }: LocalChart,
  spec: JsonValue | undefined,
): ReleaseChart | undefined {
  const read = (file: string): JsonValue | undefined =>
    chartFiles.find(({ uri }) => uri === folder + file)?.source.documents[0]?.value;
  const schema = read('values.schema.json');
  const defaults = read('values.yaml');
  if (!isObject(schema)) return undefined;
  const isWhole =
    isObject(defaults) &&
    arrayMember(spec, 'valuesFiles').length === 0 &&
    arrayMember(read('Chart.yaml'), 'dependencies').length === 0;
  return { name, version, schema, defaults: isObject(defaults) ? defaults : {}, isWhole };
}
