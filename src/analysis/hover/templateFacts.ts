import type { EntryEffects } from '../../engine/index.ts';
import { effectsOn } from '../effects.ts';
import { listName } from '../listName.ts';
import { codeSpan, escapeMarkdown } from '../markdown.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { partsOf } from '../parts.ts';
import type { Part } from '../parts.ts';
import { listClusters } from '../previewText.ts';
import type { Snapshot, Template } from '../snapshot.ts';

const mostRules = 12;

/** Where a template goes, and which rules of which override policies touch it on the way. */
export function templateFacts(snapshot: Snapshot, template: Template): readonly string[] {
  const { kind, namespace, name } = template.item;
  const { outcome } = template.simulation ?? {};
  const by =
    outcome?.policy === undefined ? '' : `, sent by ${codeSpan(policyName(outcome.policy))}`;
  const rules = rulesOn(snapshot, template);
  return [
    [`${codeSpan(listName(kind, namespace, name))}${by}`, ...partsOf(template).map(partLine)].join(
      '\n',
    ),
    ...(rules.length > 0 ? [['Overrides', ...rules].join('\n')] : []),
  ];
}

/** Where an object goes that another one refers to. */
export function referenceFacts(snapshot: Snapshot, template: Template): readonly string[] {
  return templateFacts(snapshot, template).slice(0, 1);
}

/** `KIND/NAMESPACE/NAME` as people write it. */
function policyName(id: string): string {
  const slash = id.indexOf('/');
  return `${id.slice(0, slash)} ${id.slice(slash + 1)}`;
}

const stateTexts = {
  changed: 'changed on',
  unchanged: 'unchanged on',
  failed: 'fails on',
  lost: 'taken from',
  unscheduled: 'not on',
  undecided: 'decided on the control plane for',
  unclaimed: 'not on',
  refused: 'not on',
} as const;

function partLine({ state, clusters, remarks }: Part): string {
  const [remark = ''] = remarks;
  const isExplained = state !== 'changed' && state !== 'unchanged' && remark !== '';
  const reason = isExplained ? escapeMarkdown(remark) : '';
  if (clusters.length === 0) return `- ${reason || 'Goes to no cluster.'}`;
  const places = escapeMarkdown(listClusters(clusters));
  return `- ${stateTexts[state]} ${places}${reason === '' ? '' : `: ${reason}`}`;
}

function rulesOn(snapshot: Snapshot, template: Template): readonly string[] {
  const rules = new Map<string, { applied: Set<string>; failed: Set<string> }>();
  for (const entry of effectsOn(snapshot, template)) {
    const name = ruleName(entry);
    const touched = rules.get(name) ?? { applied: new Set<string>(), failed: new Set<string>() };
    for (const { type, clusters } of entry.effects) {
      const set =
        type === 'applied' ? touched.applied : type === 'failed' ? touched.failed : undefined;
      for (const cluster of clusters) set?.add(cluster);
    }
    if (touched.applied.size + touched.failed.size > 0) rules.set(name, touched);
  }
  const lines = [...rules].map(([name, { applied, failed }]) => {
    const parts = [
      ...(applied.size > 0 ? [`on ${places(applied)}`] : []),
      ...(failed.size > 0 ? [`fails on ${places(failed)}`] : []),
    ];
    return `- ${codeSpan(name)} ${parts.join('; ')}`;
  });
  if (lines.length <= mostRules) return lines;
  return [...lines.slice(0, mostRules), `- and ${lines.length - mostRules} more`];
}

function ruleName({ policy, rule }: EntryEffects): string {
  const name = listName(policy.kind, policy.namespace ?? '', policy.name);
  return rule < 0 ? name : `${name}, rule ${rule + 1}`;
}

function places(clusters: ReadonlySet<string>): string {
  return escapeMarkdown(listClusters([...clusters].sort(naturalOrder)));
}
