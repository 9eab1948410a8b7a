import { isSecret } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { readJournals } from '../readJournals.ts';
import type { JournalStore } from '../ports.ts';
import { isSameReference } from '../run/stepHistory.ts';
import { uidOf } from '../run/standing.ts';
import { driftedValues } from './driftedValues.ts';
import { writtenObjects } from './writtenObjects.ts';
import type { WrittenObject } from './writtenObjects.ts';

/** What pushes have made of a Secret since one of them created it. */
export interface LaterWrites {
  /** As the last of them left it. */
  readonly last: JsonObject;
  /** Titles of those that wrote values, oldest first. */
  readonly titles: readonly string[];
}

/** Finds the later writes of an object; `undefined` where they do not matter. */
export type FindLaterWrites = (
  written: WrittenObject,
  now: JsonObject | undefined,
) => Promise<LaterWrites | undefined>;

/**
 * Looks in the journals there are for what was written of a Secret after a push created it. One write is known to follow
 * another where nobody has come to own a value in between: the values themselves are in no journal. Journals are read
 * when they are needed first.
 */
export function createLaterWrites(journals: JournalStore | undefined): FindLaterWrites {
  let kept: Promise<readonly Write[]> | undefined;
  return async ({ reference, before, pushed }, now) => {
    const isMeant = journals && !before && pushed && now && isSecret(now);
    if (!isMeant || hasSameValues(pushed, now)) return undefined;
    const left = new Set(await (kept ??= readWrites(journals)));
    const titles: string[] = [];
    let last = pushed;
    for (;;) {
      const next = [...left].find(
        (one) => isSameReference(one.reference, reference) && hasSameValues(last, one.before),
      );
      if (!next) return { last, titles };
      left.delete(next);
      if (!hasSameValues(last, next.pushed)) titles.push(next.title);
      last = next.pushed;
    }
  };
}

interface Write extends Required<Pick<WrittenObject, 'reference' | 'before' | 'pushed'>> {
  readonly title: string;
}

async function readWrites(journals: JournalStore): Promise<readonly Write[]> {
  return (await readJournals(journals))
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .flatMap((journal) =>
      writtenObjects(journal).flatMap(({ reference, before, pushed }) =>
        before && pushed ? [{ reference, before, pushed, title: journal.review.title }] : [],
      ),
    );
}

/** Whether a Secret has the values that it had, as far as their owners tell. */
function hasSameValues(a: JsonObject, b: JsonObject): boolean {
  return uidOf(a) === uidOf(b) && driftedValues(a, b).length === 0;
}
