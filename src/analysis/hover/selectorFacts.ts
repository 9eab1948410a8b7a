import { compileResourceSelectors, isArray, stringMember } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import { reachable } from '../completion/templates.ts';
import { valueAt } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { listName } from '../listName.ts';
import { codeSpan, escapeMarkdown } from '../markdown.ts';
import { namedBy } from '../navigation/named.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { findTemplate } from '../templateIndex.ts';

const mostNames = 10;

/** What the resource selectors around the cursor select, and of that what a propagation policy claims. */
export function selectorFacts(
  snapshot: Snapshot,
  cursor: Cursor,
  item: Item | undefined,
): readonly string[] {
  const { path, object } = cursor;
  const at = path.indexOf('resourceSelectors');
  if (at < 0) return [];
  const index = path[at + 1];
  const selectors =
    typeof index === 'number'
      ? [valueAt(object, path.slice(0, at + 2)) ?? null]
      : valueAt(object, path.slice(0, at + 1));
  if (!isArray(selectors)) return [];
  const found = selectedBy(snapshot, cursor, selectors);
  const isClaiming = stringMember(object, 'kind').endsWith('PropagationPolicy');
  if (!isClaiming || !item) return [`Selects ${named(found)}`];
  const claims = found.filter((template) => claimantOf(snapshot, template)?.item === item);
  const others = found.filter((template) => !claims.includes(template));
  return [
    `Claims ${named(claims)}`,
    ...others.slice(0, mostNames).map((template) => elsewhere(snapshot, template)),
  ];
}

function selectedBy(
  snapshot: Snapshot,
  { object }: Cursor,
  selectors: readonly JsonValue[],
): readonly Item[] {
  const matches = compileResourceSelectors(selectors);
  return reachable({ snapshot, object })
    .filter((template) => matches(template.object) > 0)
    .map(({ item }) => item);
}

function claimantOf(
  snapshot: Snapshot,
  item: Item,
): { readonly item: Item | undefined; readonly name: string } | undefined {
  const about = { ...namedBy(item), namespace: item.namespace };
  const claim = findTemplate(snapshot, about)?.simulation?.claim;
  if (!claim || !('policy' in claim)) return undefined;
  const { kind, namespace, name, source } = claim.policy;
  return { item: snapshot.itemOf.get(source), name: listName(kind, namespace, name) };
}

function elsewhere(snapshot: Snapshot, template: Item): string {
  const name = codeSpan(listName(template.kind, template.namespace, template.name));
  const claimant = claimantOf(snapshot, template);
  return claimant
    ? `Selects ${name} too, which ${codeSpan(claimant.name)} claims.`
    : `Selects ${name} too, which nothing claims.`;
}

function named(items: readonly Item[]): string {
  const isAllReleases = items.length > 0 && items.every(({ kind }) => kind === 'HelmRelease');
  const noun = `${isAllReleases ? 'release' : 'object'}${items.length === 1 ? '' : 's'}`;
  if (items.length === 0) return `no ${noun.replace(/s$/, '')}.`;
  const shown = items
    .slice(0, mostNames)
    .map(({ kind, namespace, name }) =>
      isAllReleases ? listName('', namespace, name).trim() : listName(kind, namespace, name),
    );
  const more = items.length > mostNames ? ` and ${items.length - mostNames} more` : '';
  return `${items.length} ${noun}: ${escapeMarkdown(shown.join(', '))}${more}.`;
}
