import { arrayMember, memberAt, parseQuantity, stringMember } from '../../engine/index.ts';
import type { ClusterRow, TaintRow } from '../rows.ts';
import { fluxText } from './fluxText.ts';
import { factLines } from './markdown.ts';
import { joined, nodeId, oneLine, type Node, type NodeIcon } from './node.ts';

/** One line below a cluster and what its tooltip says. */
export interface ClusterDetail {
  readonly node: Node;
  readonly tooltip: string;
}

/** The lines below a cluster that have something to say. */
export function clusterDetails(cluster: ClusterRow): readonly Node[] {
  return details.flatMap(({ type }) => clusterDetail(cluster, type)?.node ?? []);
}

/** One of these lines; `undefined` when it says nothing, and for a type that is none. */
export function clusterDetail(cluster: ClusterRow, type: string): ClusterDetail | undefined {
  const detail = details.find((entry) => entry.type === type);
  const facts = detail?.facts(cluster) ?? [];
  if (!detail || facts.length === 0) return undefined;
  const description = facts.map(([name, value]) => detail.short(name, value)).join(', ');
  return {
    node: {
      id: nodeId('cluster', cluster.name, type),
      label: detail.label,
      description,
      icon: detail.icon,
      contextValue: 'clusterDetail',
      collapsible: 'none',
      accessibilityLabel: `${detail.label}, ${description}`,
      cluster: cluster.name,
    },
    tooltip: factLines(facts),
  };
}

type Fact = readonly [name: string, value: string];

interface DetailType {
  readonly type: string;
  readonly label: string;
  readonly icon: NodeIcon;
  readonly facts: (cluster: ClusterRow) => readonly Fact[];
  readonly short: (name: string, value: string) => string;
}

const valueAlone = (_name: string, value: string): string => value;
const spaced = (name: string, value: string): string => joined([name, value], ' ');

const details: readonly DetailType[] = [
  {
    type: 'conditions',
    label: 'Conditions',
    icon: { id: 'warning', color: 'list.warningForeground' },
    facts: unmetConditions,
    short: (name, value) => `${name} ${value}`,
  },
  {
    type: 'taints',
    label: 'Taints',
    icon: { id: 'circle-slash' },
    facts: ({ taints }) => taints.map((taint) => [taintName(taint), taint.effect]),
    short: (name, value) => `${name}:${value}`,
  },
  { type: 'flux', label: 'Flux', icon: { id: 'sync' }, facts: fluxText, short: spaced },
  {
    type: 'location',
    label: 'Location',
    icon: { id: 'location' },
    facts: ({ provider, region, zones }) =>
      withValue([
        ['Provider', provider],
        ['Region', region],
        ['Zones', zones.join(', ')],
      ]),
    short: valueAlone,
  },
  {
    type: 'labels',
    label: 'Labels',
    icon: { id: 'tag' },
    facts: ({ labels }) => Object.entries(labels),
    short: (name, value) => (value === '' ? name : `${name}=${value}`),
  },
  {
    type: 'nodes',
    label: 'Nodes',
    icon: { id: 'server' },
    facts: ({ nodes }) => (nodes ? [['', `${nodes.ready} of ${nodes.total} ready`]] : []),
    short: valueAlone,
  },
  {
    type: 'resources',
    label: 'Resources',
    icon: { id: 'dashboard' },
    facts: resources,
    short: spaced,
  },
];

function withValue(facts: readonly Fact[]): readonly Fact[] {
  return facts.filter(([, value]) => value !== '');
}

/** Conditions other than True: Ready with its message, the rest with their reason. */
function unmetConditions({ object, ready }: ClusterRow): readonly Fact[] {
  return arrayMember(memberAt(object, 'status'), 'conditions')
    .filter((condition) => stringMember(condition, 'status') !== 'True')
    .map((condition) => {
      const type = stringMember(condition, 'type');
      const message = type === 'Ready' ? oneLine(ready.message) : '';
      const status = stringMember(condition, 'status');
      return [type, joined([status, stringMember(condition, 'reason'), message])];
    });
}

function taintName({ key, value }: TaintRow): string {
  return value === '' ? key : `${key}=${value}`;
}

/** Common resources first; those that a cluster has none of are left out. */
function resources({ allocatable, allocated }: ClusterRow): readonly Fact[] {
  const known = ['cpu', 'memory', 'pods'];
  const names = [
    ...known,
    ...Object.keys(allocatable)
      .filter((name) => !known.includes(name))
      .sort(),
  ];
  return names
    .filter((name) => Object.hasOwn(allocatable, name))
    .map((name): Fact => {
      const all = allocatable[name] ?? '';
      const used = Object.hasOwn(allocated, name) ? (allocated[name] ?? '') : '0';
      return [name, usageText(used, all)];
    })
    .filter(([, value]) => value !== '');
}

function usageText(used: string, all: string): string {
  const whole = parseQuantity(all);
  const part = parseQuantity(used);
  if (whole === undefined || part === undefined) return `${used} of ${all}`;
  return whole === 0n ? '' : `${(part * 100n) / whole}% of ${all}`;
}
