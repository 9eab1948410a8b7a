import { stringMember } from '../../engine/index.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { allTemplates } from '../templateIndex.ts';
import type { Goal } from './goals.ts';
import { needsOf } from './needs.ts';
import { reachOf } from './reach.ts';

/**
 * What leaves clusters together with some templates: what they need there and nothing else does. Releases that they
 * depend on stay; whether these are of use by themselves is not for us to say.
 */
export function withLeavingNeeds(snapshot: Snapshot, goals: readonly Goal[]): readonly Goal[] {
  const all = new Map(goals.map((goal) => [goal.key, goal]));
  const usedBy = usersOf(snapshot);
  const wantedOf = (template: Template): ReadonlySet<string> =>
    all.get(template.key)?.wanted ?? reachOf(snapshot, template);
  const queue = [...goals];
  for (let goal = queue.shift(); goal; goal = queue.shift()) {
    const { template, before, wanted, chosen } = goal;
    const left = new Set([...before].filter((name) => !wanted.has(name)));
    if (left.size === 0) continue;
    for (const needed of needsOf(snapshot, template, left).templates) {
      if (!isSupply(needed)) continue;
      const own = all.get(needed.key);
      if (own?.isChosen) continue;
      const has = reachOf(snapshot, needed);
      const users = usedBy.get(needed.key) ?? [];
      const kept = [...has].filter(
        (name) =>
          (own?.wanted.has(name) ?? true) &&
          (!left.has(name) || users.some((user) => wantedOf(user).has(name))),
      );
      const wishes = new Set(
        [...kept, ...(own?.wanted ?? [])].filter((name) => kept.includes(name) || !has.has(name)),
      );
      if (wishes.size === (own?.wanted.size ?? has.size)) continue;
      const next: Goal = {
        ...{ key: needed.key, template: needed, before: has, wanted: wishes },
        ...{ isChosen: false, chosen },
      };
      all.set(needed.key, next);
      queue.push(next);
    }
  }
  return [...all.values()];
}

/** Sources and data, which do nothing without a release. */
function isSupply({ item }: Template): boolean {
  const { kind, stored, source } = item;
  const apiVersion = stringMember(stored ?? source, 'apiVersion');
  return (
    apiVersion.startsWith('source.toolkit.fluxcd.io/') ||
    (apiVersion === 'v1' && (kind === 'ConfigMap' || kind === 'Secret'))
  );
}

/** Every template that refers to another, by the other's key. */
function usersOf(snapshot: Snapshot): ReadonlyMap<string, readonly Template[]> {
  const users = new Map<string, Template[]>();
  for (const template of allTemplates(snapshot)) {
    for (const needed of needsOf(snapshot, template, reachOf(snapshot, template)).templates) {
      const list = users.get(needed.key);
      if (list) list.push(template);
      else users.set(needed.key, [template]);
    }
  }
  return users;
}
