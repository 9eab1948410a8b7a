import { claimCandidates } from '../../../engine/index.ts';
import type { CandidateCode, JsonObject, Simulation, StoredPolicy } from '../../../engine/index.ts';
import { listName } from '../../listName.ts';
import type { Snapshot, Template } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { nameTemplates } from '../templateNames.ts';
import { selectorNode } from './selectorNode.ts';
import { idleSelectors } from './selectorUses.ts';
import type { IdleSelector } from './selectorUses.ts';

/**
 * `policy-shadowed` on a selector whose templates all go to other policies. A selector without a name that gives way to
 * a more particular or more urgent policy is a fallback, which is what such selectors are for.
 */
export function policyShadowed(snapshot: Snapshot): readonly Finding[] {
  return idleSelectors(snapshot).flatMap((idle) => {
    if (idle.lost.length === 0) return [];
    const { policy } = idle;
    const before = known.get(idle.selector);
    const isSame =
      before?.policy === policy &&
      before.lost.length === idle.lost.length &&
      idle.lost.every(({ simulation }, i) => simulation === before.lost[i]);
    if (isSame) return before.findings;
    const finding = shadowed(snapshot, idle);
    const findings = finding ? [finding] : [];
    known.set(idle.selector, {
      policy,
      lost: idle.lost.map(({ simulation }) => simulation),
      findings,
    });
    return findings;
  });
}

interface Remembered {
  readonly policy: StoredPolicy;
  readonly lost: readonly (Simulation | undefined)[];
  readonly findings: readonly Finding[];
}

const known = new WeakMap<JsonObject, Remembered>();

/** One template that the selector loses, and to whom. */
interface Loss {
  readonly template: Template;
  readonly winner: StoredPolicy;
  readonly code: CandidateCode;
}

function shadowed(snapshot: Snapshot, idle: IdleSelector): Finding | undefined {
  const { item, policy, index, selector, lost } = idle;
  const losses = lost.flatMap((template) => lossOf(idle, template) ?? []);
  const [first] = losses;
  if (!first || losses.length < lost.length) return undefined;
  if (idle.name === '' && losses.every((loss) => isFallback(policy, loss))) return undefined;
  const { winner, code } = first;
  const winnerName = listName(winner.kind, winner.namespace, winner.name);
  const names = nameTemplates(losses.map(({ template }) => template));
  const others = new Set(losses.map((loss) => loss.winner)).size - 1;
  const message = `${winnerName}${others > 0 ? ' and other policies claim' : ' claims'} ${names}, ${reasons[code] ?? ''}, so this selector propagates nothing; remove it or raise the priority.`;
  const winnerItem = snapshot.itemOf.get(winner.source);
  return {
    code: 'policy-shadowed',
    ...selectorNode(item, index, selector),
    message:
      code === 'namespaced-policy-wins' ? message.replace(/ or raise the priority/, '') : message,
    ...(winnerItem
      ? {
          related: [
            { item: winnerItem, path: ['metadata', 'name'], message: `${winnerName} wins.` },
          ],
        }
      : {}),
  };
}

function lossOf({ policy }: IdleSelector, template: Template): Loss | undefined {
  const { simulation } = template;
  if (!simulation || !('policy' in simulation.claim)) return undefined;
  const { claim } = simulation;
  const [candidate] = claimCandidates(simulation.template, [policy], claim);
  if (!candidate || candidate.code === 'claims') return undefined;
  return { template, winner: claim.policy, code: candidate.code };
}

function isFallback(policy: StoredPolicy, { winner, code }: Loss): boolean {
  if (code === 'namespaced-policy-wins') return policy.priority <= winner.priority;
  return code === 'weaker-match' || code === 'lower-priority';
}

const reasons: { readonly [code in CandidateCode]?: string } = {
  'namespaced-policy-wins':
    'since a PropagationPolicy comes before every ClusterPropagationPolicy whatever the priority',
  'lower-priority': 'which has the higher priority',
  'weaker-match': 'whose selector matches more closely',
  'later-name': 'whose name comes first in the alphabet',
  'already-claimed': 'whose claim the template carries',
};
