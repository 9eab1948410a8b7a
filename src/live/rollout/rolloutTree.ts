import { sortNaturally } from '../../analysis/index.ts';
import { groupBy } from '../../base/groupBy.ts';
import { adviceFor } from '../advice.ts';
import { isReleaseKind, objectKey } from '../model/index.ts';
import type { ObjectReference } from '../rows.ts';
import { factLines, page } from '../tree/markdown.ts';
import { idParts, joined, nodeId, oneLine, type Node, type Tree } from '../tree/node.ts';
import { elapsedText, lineText, rolloutSummary, stageIcon, stageTitle } from './rolloutText.ts';
import { countStages } from './rolloutOf.ts';
import { milestones, type Rollout, type RolloutLine, type Stage } from './types.ts';

/** More clusters than this below one release are grouped by stage. */
const mostUngrouped = 200;

/** What needs a look comes first, what is done last. */
const order: readonly Stage[] = [
  'failed',
  'held',
  'waiting',
  'scheduled',
  'written',
  'applied',
  'reconciling',
  'leaving',
  'gone',
  'ready',
];

const nothing: Rollout = { since: 0, lines: [], counts: countStages([]), isSettled: false };

/**
 * A rollout as lines: `template KEY`; below it `template KEY cluster NAME`, or `template KEY stage STAGE` with these
 * below where they are many.
 */
export function createRolloutTree(rollout: Rollout = nothing, problemsOnly = false): Tree {
  const shown = rollout.lines.filter(({ stage }) => !problemsOnly || stage === 'failed');
  const byTemplate = groupBy(shown, ({ template }) => objectKey(template));
  const isGrouped = (key: string): boolean => (byTemplate.get(key)?.length ?? 0) > mostUngrouped;
  const inStage = (key: string, stage: string): readonly RolloutLine[] =>
    byTemplate.get(key)?.filter((line) => line.stage === stage) ?? [];
  const below = (key: string): readonly Node[] => {
    if (!isGrouped(key)) return lineNodes(rollout, byTemplate.get(key) ?? []);
    return order.flatMap((stage) => stageNodes(key, stage, inStage(key, stage).length));
  };
  const node = (id: string): Node | undefined => {
    const [, key = '', type = '', name = ''] = idParts(id);
    const lines = byTemplate.get(key);
    if (!lines) return undefined;
    if (type === '') return templateNode(rollout, key, lines);
    if (type === 'stage') return stageNodes(key, name as Stage, inStage(key, name).length)[0];
    const line = lines.find(({ cluster }) => cluster === name);
    return line && lineNode(rollout, line);
  };
  return {
    roots: () => [...byTemplate].map(([key, lines]) => templateNode(rollout, key, lines)),
    node,
    children(id) {
      const [, key = '', type = '', name = ''] = idParts(id);
      if (type === '') return below(key);
      return type === 'stage' ? lineNodes(rollout, inStage(key, name)) : [];
    },
    parent(id) {
      const [, key = '', type = '', name = ''] = idParts(id);
      if (type === '') return undefined;
      if (type === 'stage' || !isGrouped(key)) return nodeId('template', key);
      const line = byTemplate.get(key)?.find(({ cluster }) => cluster === name);
      return line && nodeId('template', key, 'stage', line.stage);
    },
    tooltip(id) {
      const [, key = '', type = '', name = ''] = idParts(id);
      const line = byTemplate.get(key)?.find(({ cluster }) => cluster === name);
      return type === 'cluster' && line ? lineTooltip(rollout, line) : '';
    },
  };
}

function templateNode(rollout: Rollout, key: string, lines: readonly RolloutLine[]): Node {
  const all = rollout.lines.filter(({ template }) => objectKey(template) === key);
  const [first] = lines;
  const summary = rolloutSummary(all);
  const worst = order.find((stage) => all.some((line) => line.stage === stage)) ?? 'ready';
  const { kind = '', namespace = '', name = '' } = first?.template ?? {};
  return {
    id: nodeId('template', key),
    label: name,
    description: joined([kind === 'HelmRelease' ? '' : kind, namespace, summary]),
    icon: stageIcon(worst),
    contextValue: `${typeWord(first?.template, 'release')} ${kind} rollout`,
    collapsible: 'expanded',
    accessibilityLabel: joined([name, kind, `in ${namespace}`, summary], ', '),
    ...(first ? { reference: first.template } : {}),
  };
}

/** Only releases and sources can be explained. */
function typeWord(
  template: ObjectReference | undefined,
  word: 'release' | 'onCluster',
): 'release' | 'onCluster' | 'other' {
  return template && isReleaseKind(template) ? word : 'other';
}

function stageNodes(key: string, stage: Stage, count: number): readonly Node[] {
  if (count === 0) return [];
  const label = stageTitle(stage);
  return [
    {
      id: nodeId('template', key, 'stage', stage),
      label,
      description: `${count}`,
      icon: stageIcon(stage),
      contextValue: 'stage',
      collapsible: stage === 'failed' ? 'expanded' : 'collapsed',
      accessibilityLabel: `${label}, ${count}`,
    },
  ];
}

function lineNodes(rollout: Rollout, lines: readonly RolloutLine[]): readonly Node[] {
  const failed = lines.filter(({ stage }) => stage === 'failed');
  const others = lines.filter(({ stage }) => stage !== 'failed');
  return [failed, others].flatMap((part) =>
    sortNaturally(part, ({ cluster }) => cluster).map((line) => lineNode(rollout, line)),
  );
}

function lineNode(rollout: Rollout, line: RolloutLine): Node {
  const { template, cluster, stage, message } = line;
  const text = lineText(line, rollout.since);
  const said = stage === 'ready' ? '' : oneLine(message);
  return {
    id: nodeId('template', objectKey(template), 'cluster', cluster),
    label: cluster,
    description: joined([text, said]),
    icon: stageIcon(stage),
    contextValue: `${typeWord(template, 'onCluster')} ${template.kind} rollout`,
    collapsible: 'none',
    accessibilityLabel: joined([cluster, text, said], ', '),
    reference: template,
    cluster,
  };
}

function lineTooltip(rollout: Rollout, line: RolloutLine): string {
  const { template, cluster, message, stage, reached } = line;
  const times = milestones.map((milestone): readonly [string, string] => [
    stageTitle(milestone),
    reached[milestone] === undefined
      ? ''
      : `after ${elapsedText(reached[milestone] - rollout.since)}`,
  ]);
  const advice = stage === 'failed' ? adviceFor('', message) : undefined;
  return page(
    `${joined([template.namespace, template.name], '/')} on ${cluster}`,
    factLines([
      ['Stage', stageTitle(stage)],
      ['Message', oneLine(message)],
      ['Meaning', advice?.meaning ?? ''],
      ['What to do', advice?.action ?? ''],
      ...times,
    ]),
  );
}
