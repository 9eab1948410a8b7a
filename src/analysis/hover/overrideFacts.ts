import type {
  EntryEffects,
  JsonValue,
  OverrideEntry,
  ProvenanceChange,
} from '../../engine/index.ts';
import { briefValue } from '../briefValue.ts';
import { selected } from '../completion/templates.ts';
import type { Cursor } from '../cursor.ts';
import { documentChanges } from '../documentChanges.ts';
import type { DocumentChange } from '../documentChanges.ts';
import { changesOn, effectsOn } from '../effects.ts';
import { listName } from '../listName.ts';
import { codeSpan, escapeMarkdown } from '../markdown.ts';
import { isSecret, maskErrorText } from '../maskSecret.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { escapeStep } from '../pointer.ts';
import { listClusters } from '../previewText.ts';
import type { Item, Snapshot, Template } from '../snapshot.ts';

const mostTemplates = 10;
const mostChanges = 8;

/** What the override entry around the cursor does: before and after, per template and group of clusters. */
export function overrideFacts(
  snapshot: Snapshot,
  cursor: Cursor,
  item: Item | undefined,
): readonly string[] {
  const place = entryAt(cursor);
  if (!place || !item) return [];
  const about = selected({ snapshot, object: cursor.object }).flatMap(({ item: { key } }) => {
    const template = snapshot.templates.get(key);
    const entry =
      template && effectsOn(snapshot, template).find((one) => isEntry(one, place, item));
    const isMeant = entry?.effects.some(({ type }) => type !== 'notTargeted');
    return template && entry && isMeant ? [{ template, entry }] : [];
  });
  if (about.length === 0)
    return ['Changes nothing: no cluster that it is for gets a selected object.'];
  const texts = about.slice(0, mostTemplates).map(({ template, entry }) => {
    const { kind, namespace, name } = template.item;
    const lines = effectLines(snapshot, template, entry);
    return [
      `On ${codeSpan(listName(kind, namespace, name))}`,
      ...lines.map((line) => `- ${line}`),
    ].join('\n');
  });
  const more = about.length - mostTemplates;
  return more > 0 ? [...texts, `And ${more} more objects.`] : texts;
}

type EntryPlace = Pick<OverrideEntry, 'rule' | 'item'> & { readonly overrider: string };

function entryAt({ path }: Cursor): EntryPlace | undefined {
  const [spec, list, ...rest] = path;
  if (spec !== 'spec') return undefined;
  const isOld = list === 'overriders';
  const [rule, field, ...inner] = isOld ? [-1, 'overriders', ...rest] : rest;
  const [overrider, index] = inner;
  const isEntry = (isOld || list === 'overrideRules') && field === 'overriders';
  if (!isEntry || typeof rule !== 'number' || typeof index !== 'number') return undefined;
  return { rule, overrider: String(overrider), item: index };
}

function isEntry(
  entry: OverrideEntry,
  place: EntryPlace,
  { kind, name, namespace }: Item,
): boolean {
  const { policy } = entry;
  return (
    entry.rule === place.rule &&
    entry.item === place.item &&
    entry.overrider === place.overrider &&
    policy.kind === kind &&
    policy.name === name &&
    (policy.namespace ?? '') === namespace
  );
}

function effectLines(
  snapshot: Snapshot,
  template: Template,
  entry: EntryEffects,
): readonly string[] {
  const groups = new Map<string, string[]>();
  const add = (text: string, clusters: readonly string[]): void => {
    const known = groups.get(text);
    if (known) known.push(...clusters);
    else groups.set(text, [...clusters]);
  };
  const secret = template.item.stored !== undefined && isSecret(template.item.stored);
  for (const { type, clusters, error = '' } of entry.effects) {
    if (type === 'applied') {
      for (const group of sameResult(template, clusters)) {
        add(changeText(snapshot, template, entry, group[0] ?? '', secret), group);
      }
    } else if (type === 'noEffect') add('no change, it is so already', clusters);
    else if (type === 'failed') {
      add(`fails: ${escapeMarkdown(secret ? maskErrorText(error) : error)}`, clusters);
    } else if (type === 'notReached') add('not reached, an earlier entry fails', clusters);
  }
  return [...groups].map(([text, clusters]) => {
    const places = listClusters(clusters.toSorted(naturalOrder));
    return `${escapeMarkdown(places)}: ${text}`;
  });
}

/** Clusters that get the same object, together. */
function sameResult(
  template: Template,
  clusters: readonly string[],
): readonly (readonly string[])[] {
  const variants = template.simulation?.outcome.variants ?? [];
  return variants
    .map((variant) => clusters.filter((name) => variant.clusters.includes(name)))
    .filter((group) => group.length > 0);
}

function changeText(
  snapshot: Snapshot,
  template: Template,
  entry: EntryEffects,
  cluster: string,
  secret: boolean,
): string {
  const changes = changesOn(snapshot, template, cluster).filter(
    (change) =>
      change.rule === entry.rule &&
      change.overrider === entry.overrider &&
      change.item === entry.item &&
      change.policy.kind === entry.policy.kind &&
      change.policy.name === entry.policy.name,
  );
  if (changes.length === 0) return 'changed here, and again by a later entry';
  const shown = changes.slice(0, mostChanges).map((change) => changeLine(change, secret));
  const more = changes.length > mostChanges ? [`and ${changes.length - mostChanges} more`] : [];
  return [...shown, ...more].join(', ');
}

function changeLine({ path, before, after }: ProvenanceChange, secret: boolean): string {
  const pointer = path.map((step) => `/${escapeStep(step)}`).join('');
  const hides = secret && ['data', 'stringData', 'metadata'].includes(path[0] ?? '');
  const text = (value: JsonValue | undefined): string =>
    value === undefined ? 'not set' : codeSpan(hides ? '***' : briefValue(value));
  const inner = hides ? undefined : documentChanges(before, after);
  if (inner && inner.length > 0) {
    const steps = inner.slice(0, mostChanges).map((change) => innerText(change, text));
    const more = inner.length > mostChanges ? ` and ${inner.length - mostChanges} more` : '';
    return `in ${codeSpan(pointer)} ${steps.join(', ')}${more}`;
  }
  const result = after === undefined ? 'removed' : text(after);
  return `${codeSpan(pointer)} ${text(before)} → ${result}`;
}

function innerText(
  { pointer, before, after }: DocumentChange,
  text: (value: JsonValue | undefined) => string,
): string {
  return `${codeSpan(pointer)} ${text(before)} → ${after === undefined ? 'removed' : text(after)}`;
}
