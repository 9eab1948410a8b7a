import { apiGroup, arrayMember, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import { locate } from '../../yaml/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { DocumentSymbol, SymbolType, WorkspaceSymbol } from '../api.ts';
import { listName } from '../listName.ts';
import { rangeAt, toRange } from '../place.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { wholeRange } from './location.ts';
import { navigationIndex } from './navigationIndex.ts';

/** The objects of a document, each with the parts that it is found by. */
export function documentSymbolsOf(snapshot: Snapshot, uri: string): readonly DocumentSymbol[] {
  const items = navigationIndex(snapshot).ofFile.get(uri) ?? [];
  return items.map((item) => ({
    name: item.name,
    detail: item.kind,
    type: typeOf(item),
    range: wholeRange(item),
    selection: rangeAt(item, ['metadata', 'name']),
    children: partsOf(item).flatMap((part) => partSymbol(item, part)),
  }));
}

/** More would only slow the list down. */
const mostSymbols = 1000;

/** The objects whose kind, namespace and name hold the letters of a query in their order. */
export function workspaceSymbolsOf(snapshot: Snapshot, query: string): readonly WorkspaceSymbol[] {
  const letters = query.toLowerCase().replaceAll(/\s/g, '');
  return snapshot.items
    .filter(({ kind, namespace, name }) =>
      holds(`${kind}${namespace}/${name}`.toLowerCase(), letters),
    )
    .slice(0, mostSymbols)
    .map((item) => ({
      name: item.name,
      container: item.namespace === '' ? item.kind : listName(item.kind, '', item.namespace),
      type: typeOf(item),
      uri: item.file.uri,
      range: rangeAt(item, ['metadata', 'name']),
    }));
}

function holds(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function typeOf({ role, kind, apiVersion }: Item): SymbolType {
  if (role !== 'template') return role;
  const group = apiGroup(apiVersion);
  if (kind === 'HelmRelease' && group === 'helm.toolkit.fluxcd.io') return 'release';
  if (group === 'source.toolkit.fluxcd.io') return 'source';
  return group === '' && (kind === 'ConfigMap' || kind === 'Secret') ? 'data' : 'object';
}

interface Part {
  readonly path: SourcePath;
  readonly name: string;
}

function partsOf({ role, source }: Item): readonly Part[] {
  const spec = memberAt(source, 'spec');
  switch (role) {
    case 'cluster':
      return [];
    case 'propagation':
      return [...selectors(spec), ...affinities(spec)];
    case 'override':
      return [
        ...selectors(spec),
        ...arrayMember(spec, 'overrideRules').map((rule, i) => ({
          path: ['spec', 'overrideRules', i],
          name: `rule ${i + 1}${clustersIn(memberAt(rule, 'targetCluster'))}`,
        })),
      ];
    case 'template':
      return [
        'chart',
        'chartRef',
        'dependsOn',
        'valuesFrom',
        'values',
        'data',
        'stringData',
      ].flatMap((key): Part[] => [
        { path: ['spec', key], name: key },
        { path: [key], name: key },
      ]);
  }
}

function selectors(spec: JsonValue | undefined): readonly Part[] {
  return arrayMember(spec, 'resourceSelectors').map((selector, i) => {
    const name = stringMember(selector, 'name');
    const what = name === '' ? stringMember(selector, 'kind') : name;
    return { path: ['spec', 'resourceSelectors', i], name: what || `selector ${i + 1}` };
  });
}

function affinities(spec: JsonValue | undefined): readonly Part[] {
  const placement = memberAt(spec, 'placement');
  const single = memberAt(placement, 'clusterAffinity');
  return [
    {
      path: ['spec', 'placement', 'clusterAffinity'],
      name: `clusterAffinity${clustersIn(single)}`,
    },
    ...arrayMember(placement, 'clusterAffinities').map((term, i) => ({
      path: ['spec', 'placement', 'clusterAffinities', i],
      name: stringMember(term, 'affinityName') || `affinity ${i + 1}`,
    })),
  ];
}

const shownClusters = 3;

function clustersIn(affinity: JsonValue | undefined): string {
  const names = arrayMember(affinity, 'clusterNames').filter((name) => typeof name === 'string');
  if (names.length === 0) return '';
  const more = names.length > shownClusters ? ', …' : '';
  return `: ${names.slice(0, shownClusters).join(', ')}${more}`;
}

/** Parts that are not there have no symbol. */
function partSymbol(item: Item, { path, name }: Part): readonly DocumentSymbol[] {
  const { file, document } = item;
  const place = locate(document, [...item.path, ...path]);
  if (!place) return [];
  const start = place.key?.[0] ?? place.value[0];
  const end = Math.max(place.key?.[1] ?? 0, place.value[1]);
  const range = toRange(file, start, end);
  const selection = toRange(file, ...(place.key ?? ([start, end] as const)));
  return [{ name, detail: '', type: 'part', range, selection, children: [] }];
}
