import { listClusters } from '../../analysis/index.ts';
import type { NodeIcon } from '../../live/index.ts';
import type { Effect } from '../../push/index.ts';
import { colours, line, type PushLine } from './pushLine.ts';
import { count, templateName } from './pushTexts.ts';

const looks: Readonly<
  Record<Effect['type'], { readonly words: string; readonly icon: NodeIcon; readonly rank: number }>
> = {
  removed: { words: 'removed', icon: { id: 'trash', color: colours.bad }, rank: 0 },
  reinstalls: { words: 'installed anew', icon: { id: 'sync', color: colours.bad }, rank: 1 },
  fails: {
    words: 'override fails, stays as it is',
    icon: { id: 'error', color: colours.bad },
    rank: 2,
  },
  orphaned: {
    words: 'stays, with no policy any more',
    icon: { id: 'debug-disconnect', color: colours.doubtful },
    rank: 3,
  },
  kept: {
    words: 'Work goes, the object stays',
    icon: { id: 'archive', color: colours.doubtful },
    rank: 4,
  },
  appears: { words: 'appears', icon: { id: 'diff-added', color: colours.added }, rank: 5 },
  changes: { words: 'changes', icon: { id: 'diff-modified', color: colours.changed }, rank: 6 },
  unchanged: { words: 'unchanged', icon: { id: 'circle-outline' }, rank: 7 },
};

/** What members get of each template, the severe first; what stays as it is is only counted. */
export function effectsLine(
  effects: readonly Effect[],
  collapsible: PushLine['collapsible'],
): PushLine | undefined {
  const shown = effects.filter(({ type }) => type !== 'unchanged');
  if (shown.length === 0) return undefined;
  const templates = new Map<string, Effect[]>();
  for (const effect of shown) {
    const known = templates.get(effect.template);
    if (known) known.push(effect);
    else templates.set(effect.template, [effect]);
  }
  const children = [...templates].map(([template, list]) => templateLine(template, list));
  const order = (a: PushLine, b: PushLine) => rankOf(a) - rankOf(b);
  const clusters = new Set(shown.flatMap((effect) => effect.clusters)).size;
  return line('effects', 'On Clusters', {
    description: count(clusters, 'cluster'),
    collapsible,
    children: children.toSorted(order),
  });
}

function templateLine(template: string, effects: readonly Effect[]): PushLine {
  const [kind = '', namespace = '', name = ''] = template.split('/').slice(-3);
  const id = `effects ${template}`;
  const rank = (effect: Effect) => looks[effect.type].rank + (effect.isPassing ? 0.5 : 0);
  const sorted = effects.toSorted((a, b) => rank(a) - rank(b));
  return line(id, name, {
    description: namespace === '' ? kind : `${kind} · ${namespace}`,
    tooltip: templateName(template),
    children: sorted.map((effect, index) => effectLine(`${id} ${index}`, effect)),
  });
}

function effectLine(id: string, effect: Effect): PushLine {
  const { clusters, type, reason = '', isPassing = false, isDelayed } = effect;
  const { words, icon } = looks[type];
  const when = isDelayed ? 'perhaps' : 'for a moment';
  const what = isPassing ? `${when}: ${words}` : words;
  return line(id, listClusters(clusters), {
    description: [what, reason].filter(Boolean).join(' · '),
    tooltip: [`${clusters.join(', ')}: ${what}.`, reason].filter(Boolean).join('\n'),
    icon: isPassing ? { ...icon, id: 'history' } : icon,
    contextValue: `effect ${type}`,
    target: { type: 'effect', effect },
  });
}

function rankOf({ children }: PushLine): number {
  const ranks = children.map(({ target }) =>
    target?.type === 'effect' ? looks[target.effect.type].rank : looks.unchanged.rank,
  );
  return Math.min(...ranks);
}
