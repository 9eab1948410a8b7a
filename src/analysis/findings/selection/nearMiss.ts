import {
  apiGroup,
  compileLabelSelector,
  labelsOf,
  member,
  nearestName,
} from '../../../engine/index.ts';
import { isFluxGroup } from '../placement/plainKinds.ts';
import type { Snapshot, Template } from '../../snapshot.ts';
import { templateIndex, templatesOfKind } from '../../templateIndex.ts';
import { neverMatches } from './policyNeverMatches.ts';
import { idleSelectors } from './selectorUses.ts';
import { unfinishedKinds } from './unfinishedKinds.ts';
import type { IdleSelector } from './selectorUses.ts';

/** What a selector that matches nothing was probably meant for. */
export type Miss =
  /** Only the version differs, or the server refuses the template: that is told there. */
  | { readonly type: 'version'; readonly meant: readonly Template[] }
  | { readonly type: 'name'; readonly meant: readonly Template[]; readonly name: string }
  | { readonly type: 'namespace'; readonly meant: readonly Template[]; readonly namespace: string }
  | { readonly type: 'kind'; readonly meant: readonly Template[]; readonly kind: string }
  /** Nothing of the kind in its scope fits. */
  | { readonly type: 'nothing'; readonly meant: readonly Template[]; readonly ofKind: number };

export interface MissedSelector {
  readonly idle: IdleSelector;
  readonly miss: Miss;
}

const known = new WeakMap<Snapshot, readonly MissedSelector[]>();
/** Looking for near names is dear; a workspace with more wrong selectors has another problem. */
const mostSuggestions = 50;
const none: readonly never[] = [];

/** The selectors that match nothing although they could, with what they miss. Worked out once a snapshot. */
export function missedSelectors(snapshot: Snapshot): readonly MissedSelector[] {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const missed = idleSelectors(snapshot)
    .filter((idle) => idle.lost.length === 0 && !neverMatches(snapshot, idle))
    .slice(0, mostSuggestions)
    .map((idle) => ({ idle, miss: missOf(snapshot, idle) }));
  known.set(snapshot, missed);
  return missed;
}

function missOf(snapshot: Snapshot, idle: IdleSelector): Miss {
  const { group, kind, namespace, name } = idle;
  const ofKind = [...templatesOfKind(snapshot, `${group}/${kind}`).values()];
  const inScope = ofKind.filter(({ item }) => namespace === '' || item.namespace === namespace);
  const unversioned = inScope.filter((template) => fits(idle, template));
  if (unversioned.length > 0) return { type: 'version', meant: unversioned };
  const elsewhere = ofKind.filter((template) => fits(idle, template));
  const other = elsewhere[0]?.item.namespace;
  if (name !== '' && other !== undefined) {
    return { type: 'namespace', meant: elsewhere, namespace: other };
  }
  const near = name === '' ? undefined : nearTemplate(name, inScope);
  if (near) return { type: 'name', meant: [near], name: near.item.name };
  return misspelledKind(snapshot, idle) ?? { type: 'nothing', meant: none, ofKind: ofKind.length };
}

/** The template whose name is closest, rather one that nothing claims. */
function nearTemplate(name: string, templates: readonly Template[]): Template | undefined {
  for (const candidates of [templates.filter(isUnclaimed), templates]) {
    const near = nearestName(
      name,
      candidates.map(({ item }) => item.name),
    );
    if (near !== undefined) return candidates.find(({ item }) => item.name === near);
  }
  return undefined;
}

/** Whether no policy claims a template. */
export function isUnclaimed({ simulation }: Template): boolean {
  return simulation?.claim.type === 'unclaimed';
}

/** Whether a template fits in name or labels. */
function fits({ name, selector }: IdleSelector, { item }: Template): boolean {
  if (name !== '') return item.name === name;
  const labels = member(selector, 'labelSelector') ?? null;
  return labels === null || (compileLabelSelector(labels)?.(labelsOf(item.source)) ?? false);
}

/** A kind of the same group whose name is close, of which there is a template that fits. */
function misspelledKind(snapshot: Snapshot, idle: IdleSelector): Miss | undefined {
  const { byKind } = templateIndex(snapshot);
  if (byKind.has(`${idle.group}/${idle.kind}`)) return undefined;
  const kinds = [...byKind.keys()]
    .filter((groupKind) => groupKind.startsWith(`${idle.group}/`))
    .map((groupKind) => groupKind.slice(idle.group.length + 1));
  const kind = nearestName(idle.kind, kinds);
  if (kind === undefined) return undefined;
  const meant = [...templatesOfKind(snapshot, `${idle.group}/${kind}`).values()].filter(
    (template) =>
      (idle.namespace === '' || template.item.namespace === idle.namespace) && fits(idle, template),
  );
  return meant.length > 0 ? { type: 'kind', meant, kind } : undefined;
}

/**
 * Whether a selector should have found something here. Objects of other kinds often come from elsewhere: Secrets,
 * ConfigMaps made by generators, Namespaces.
 */
export function isExpectedHere(snapshot: Snapshot, { idle, miss }: MissedSelector): boolean {
  if (miss.type === 'version' || unfinishedKinds(snapshot).has(idle.kind)) return false;
  if (!isFluxGroup(idle.group)) return miss.meant.some(isUnclaimed);
  if (miss.type !== 'nothing') return true;
  const isNamed = idle.name !== '';
  if (miss.ofKind > 0) return true;
  const groupKinds = [...templateIndex(snapshot).byKind.keys()];
  return isNamed && groupKinds.some((groupKind) => isFluxGroup(apiGroup(groupKind)));
}
