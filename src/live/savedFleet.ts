import { arrayMember, isObject, member, memberAt, stringMember } from '../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../engine/index.ts';
import { printYaml } from '../yaml/index.ts';

/**
 * The text of a fleet file: the clusters as `kubectl get clusters -o yaml` prints them, less what previews do not read
 * and what should not lie in a repository: endpoints, names of Secrets, ids, times. APIs that several clusters serve
 * are written once and referred to by a YAML alias; a large fleet is a document for every few clusters, for YAML
 * readers refuse a document that is mostly aliases.
 */
export function savedFleet(clusters: readonly JsonObject[]): string {
  const trimmed = clusters.map(savedCluster).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return inDocuments(trimmed).map(documentText).join('---\n');
}

/** Characters of APIs that one document may stand for. */
const longestDocument = 2_000_000;

function inDocuments(clusters: readonly JsonObject[]): readonly (readonly JsonObject[])[] {
  const documents: JsonObject[][] = [];
  let length = Infinity;
  for (const cluster of clusters) {
    const more = enablementsText(cluster).length;
    if (length + more > longestDocument) {
      documents.push([]);
      length = 0;
    }
    length += more;
    documents.at(-1)?.push(cluster);
  }
  return documents.length === 0 ? [[]] : documents;
}

function documentText(clusters: readonly JsonObject[]): string {
  const head = 'apiVersion: v1\nkind: List\nitems:';
  if (clusters.length === 0) return `${head} []\n`;
  const shared = sharedEnablements(clusters);
  return [head, ...clusters.map((cluster) => itemText(cluster, shared)), ''].join('\n');
}

/** A Cluster with what previews read of it. Its keys are in the order of kubectl's output. */
function savedCluster(cluster: JsonObject): JsonObject {
  const metadata = member(cluster, 'metadata');
  const spec = member(cluster, 'spec');
  const status = member(cluster, 'status');
  return {
    apiVersion: stringMember(cluster, 'apiVersion') || 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: picked(metadata, ['deletionTimestamp', 'labels', 'name']),
    spec: picked(spec, ['provider', 'region', 'syncMode', 'taints', 'zone', 'zones'], savedTaint),
    status: {
      ...picked(status, ['apiEnablements']),
      conditions: arrayMember(status, 'conditions').map((condition) =>
        picked(condition, ['reason', 'status', 'type']),
      ),
      ...picked(status, ['kubernetesVersion', 'nodeSummary', 'resourceSummary'], savedSummary),
    },
  };
}

/** The members of an object that are there, in the order given. */
function picked(
  object: JsonValue | undefined,
  keys: readonly string[],
  change: (key: string, value: JsonValue) => JsonValue = (_key, value) => value,
): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = isObject(object) ? member(object, key) : undefined;
      return value === undefined || value === null ? [] : [[key, change(key, value)]];
    }),
  );
}

function savedTaint(key: string, value: JsonValue): JsonValue {
  if (key !== 'taints' || !Array.isArray(value)) return value;
  return (value as JsonArray).map((taint) => picked(taint, ['effect', 'key', 'value']));
}

/** Without the counts by resource model, which no preview reads. */
function savedSummary(key: string, value: JsonValue): JsonValue {
  return key === 'resourceSummary'
    ? picked(value, ['allocatable', 'allocated', 'allocating'])
    : value;
}

interface SharedList {
  readonly anchor: string;
  isWritten: boolean;
}

/** The lists of APIs that more than one cluster serves, by their text. */
function sharedEnablements(clusters: readonly JsonObject[]): ReadonlyMap<string, SharedList> {
  const counts = new Map<string, number>();
  for (const cluster of clusters) {
    const text = enablementsText(cluster);
    if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const repeated = [...counts].filter(([, count]) => count > 1);
  return new Map(repeated.map(([text], i) => [text, { anchor: `apis${i + 1}`, isWritten: false }]));
}

const texts = new WeakMap<JsonArray, string>();

/** One list of objects shared by many clusters is printed once. */
function enablementsText(cluster: JsonObject): string {
  const list = memberAt(cluster, 'status', 'apiEnablements');
  if (!Array.isArray(list) || list.length === 0) return '';
  let text = texts.get(list as JsonArray);
  if (text === undefined) texts.set(list as JsonArray, (text = printYaml(list as JsonArray)));
  return text;
}

const place = '\n  apiEnablements: []\n';

/** A list item in kubectl's columns. */
function itemText(cluster: JsonObject, shared: ReadonlyMap<string, SharedList>): string {
  const apis = enablementsText(cluster);
  const status = member(cluster, 'status');
  const emptied =
    apis === '' || !isObject(status)
      ? cluster
      : { ...cluster, status: { ...status, apiEnablements: [] } };
  const text = printYaml(emptied);
  const written = apis === '' ? text : text.replace(place, () => apisText(apis, shared.get(apis)));
  return `- ${indented(written).trimStart()}`;
}

function apisText(apis: string, list: SharedList | undefined): string {
  if (list?.isWritten) return `\n  apiEnablements: *${list.anchor}\n`;
  if (list) list.isWritten = true;
  return `\n  apiEnablements:${list ? ` &${list.anchor}` : ''}\n${indented(apis)}\n`;
}

/** Two columns to the right. The line break at the end is left to the caller. */
function indented(text: string): string {
  return text.replace(/\n$/, '').replaceAll(/^(?=.)/gm, '  ');
}

function nameOf(cluster: JsonObject): string {
  return stringMember(member(cluster, 'metadata'), 'name');
}
