import { fileName } from './assumptions.ts';
import type { Range } from './diagnostic.ts';
import { entryName, entryPath, itemOfEntry } from './effects.ts';
import { failingEntry } from './findings/overrides/failedOverrides.ts';
import { diagnosticsOf } from './findings/index.ts';
import { listName } from './listName.ts';
import { liveScheme } from './liveUri.ts';
import type { Part } from './parts.ts';
import { keyRangeAt, rangeAt } from './place.ts';
import type { Item, Snapshot, Template } from './snapshot.ts';

/** Where the user would mend what is wrong with a part. */
export interface MendingPlace {
  /** `OverridePolicy default/x, rule 1, plaintext 1` */
  readonly name: string;
  readonly uri: string;
  readonly range: Range;
}

/** The place to mend a part that gets nothing, `undefined` when there is none or nothing is wrong. */
export function mendingPlace(
  snapshot: Snapshot,
  template: Template,
  part: Part,
): MendingPlace | undefined {
  switch (part.state) {
    case 'failed':
      return failedPlace(snapshot, template, part);
    case 'refused':
      return refusedPlace(snapshot, template.item);
    case 'lost':
    case 'unscheduled':
    case 'undecided':
      return policyPlace(snapshot, template);
    case 'unclaimed':
    case 'changed':
    case 'unchanged':
      return undefined;
  }
}

/** The place as a line of a preview text. */
export function mendingLine({ name, uri, range }: MendingPlace): string {
  // A live object has no place where it could be mended.
  if (uri.startsWith(`${liveScheme}:`)) return `See ${name} on the control plane`;
  return `See ${name} (${fileName(uri)}:${range.start.line + 1})`;
}

function failedPlace(snapshot: Snapshot, template: Template, part: Part): MendingPlace | undefined {
  const entry = failingEntry(snapshot, template, part.clusters[0] ?? '');
  const item = entry && itemOfEntry(snapshot, entry);
  if (!item) return undefined;
  return { name: entryName(entry), uri: item.file.uri, range: rangeAt(item, entryPath(entry)) };
}

function refusedPlace(snapshot: Snapshot, item: Item): MendingPlace {
  const own = rangeAt(item, []);
  const first = (diagnosticsOf(snapshot).get(item.file.uri) ?? []).find(
    ({ range }) => range.start.line >= own.start.line,
  );
  const name = listName(item.kind, item.namespace, item.name);
  return { name, uri: item.file.uri, range: first?.range ?? own };
}

function policyPlace({ itemOf }: Snapshot, { simulation }: Template): MendingPlace | undefined {
  const claim = simulation?.claim;
  const item = claim?.type === 'claimed' ? itemOf.get(claim.policy.source) : undefined;
  if (!item) return undefined;
  return {
    name: listName(item.kind, item.namespace, item.name),
    uri: item.file.uri,
    range: keyRangeAt(item, ['spec', 'placement']),
  };
}
