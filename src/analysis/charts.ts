import { isObject, memberAt, stringMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { valueOf } from './cursor.ts';
import type { OpenFile, Snapshot } from './snapshot.ts';

/** A Helm chart whose files are among the documents. */
export interface LocalChart {
  readonly name: string;
  readonly version: string;
  /** URI of its folder, with the slash at the end. */
  readonly folder: string;
  readonly valuesFile?: OpenFile;
  /** The defaults. */
  readonly values?: JsonValue;
  /** JSON schema of the values. */
  readonly schema?: JsonValue;
}

const known = new WeakMap<Snapshot, readonly LocalChart[]>();

/** The charts of the workspace: every folder with a `Chart.yaml`. */
export function localCharts(snapshot: Snapshot): readonly LocalChart[] {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const charts = findCharts(snapshot.chartFiles);
  known.set(snapshot, charts);
  return charts;
}

const chartFileNames = new Set(['Chart.yaml', 'values.yaml', 'values.schema.json']);

/** Whether a file describes a chart or its values. Objects may be in files of any name. */
export function isChartFile({ uri, source }: Pick<OpenFile, 'uri' | 'source'>): boolean {
  if (!chartFileNames.has(uri.slice(uri.lastIndexOf('/') + 1))) return false;
  return source.documents.every((document) => stringMember(valueOf(document), 'kind') === '');
}

function findCharts(files: readonly OpenFile[]): readonly LocalChart[] {
  const byUri = new Map(files.map((file) => [file.uri, file]));
  const named = files.filter(({ uri }) => /(?:^|\/)Chart\.yaml$/.test(uri));
  return named.flatMap((file): LocalChart[] => {
    const chart = firstValue(file);
    const name = stringMember(chart, 'name');
    if (name === '') return [];
    const folder = file.uri.slice(0, -'Chart.yaml'.length);
    const valuesFile = byUri.get(`${folder}values.yaml`);
    const values = firstValue(valuesFile);
    const schema = firstValue(byUri.get(`${folder}values.schema.json`));
    return [
      {
        name,
        version: stringMember(chart, 'version'),
        folder,
        ...(valuesFile ? { valuesFile } : {}),
        ...(isObject(values) ? { values } : {}),
        ...(isObject(schema) ? { schema } : {}),
      },
    ];
  });
}

function firstValue(file: OpenFile | undefined): JsonValue | undefined {
  const document = file?.source.documents[0];
  return document && valueOf(document);
}

/**
 * The chart of a release, if its files are in the workspace: by path for a chart in a Git repository or bucket, else
 * by name.
 */
export function chartOf(snapshot: Snapshot, release: JsonObject): LocalChart | undefined {
  const charts = localCharts(snapshot);
  if (charts.length === 0) return undefined;
  const spec = memberAt(release, 'spec', 'chart', 'spec');
  const chart = stringMember(spec, 'chart');
  const version = stringMember(spec, 'version');
  const path = chart.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const kind = stringMember(memberAt(spec, 'sourceRef'), 'kind');
  if (kind === 'GitRepository' || kind === 'Bucket') {
    return path === ''
      ? undefined
      : charts.find(({ folder }) => folder === `${path}/` || folder.endsWith(`/${path}/`));
  }
  const name = chart || stringMember(memberAt(release, 'spec', 'chartRef'), 'name');
  const named = charts.filter((candidate) => candidate.name === name);
  return named.find((candidate) => candidate.version === version) ?? named[0];
}
