import type { Simulation } from '../../engine/index.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import type { Finding, Place } from './finding.ts';

/** A template that Karmada looks at. */
export interface Simulated extends Template {
  readonly simulation: Simulation;
}

interface Remembered<T> {
  readonly reads: readonly unknown[];
  readonly found: readonly T[];
}

const nothing: readonly never[] = [];

/** What all rules remember of a simulation, each in its slot: an edit of a policy may bring hundreds of new ones. */
const known = new WeakMap<Simulation, Remembered<unknown>[]>();
let slots = 0;

/**
 * A rule about each template for itself; what it finds, findings or other things, is put one after the other. It is asked again only when the simulation of the template is another one, or
 * one of the things that it reads beside it: objects that stay identical while nothing in them changes, such as
 * another template's simulation, the list of clusters, or an item's `source`.
 */
export function perTemplate<T = Finding>(
  rule: (template: Simulated, snapshot: Snapshot) => readonly T[],
  readsOf: (template: Simulated, snapshot: Snapshot) => readonly unknown[] = () => nothing,
): (snapshot: Snapshot) => readonly T[] {
  const slot = slots++;
  return (snapshot) => {
    const found: T[] = [];
    for (const template of snapshot.templates.values()) {
      if (!isSimulated(template)) continue;
      const reads = readsOf(template, snapshot);
      let answers = known.get(template.simulation);
      if (!answers) known.set(template.simulation, (answers = []));
      let answer = answers[slot] as Remembered<T> | undefined;
      if (!answer || !isSameList(answer.reads, reads)) {
        answer = { reads, found: rule(template, snapshot) };
        answers[slot] = answer;
      }
      if (answer.found.length > 0) found.push(...answer.found);
    }
    return found;
  };
}

/** Whether Karmada looks at a template; it never sees one that the API server refuses. */
export function isSimulated(template: Template): template is Simulated {
  return template.simulation !== undefined;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** A finding of an earlier snapshot, or of this one, where its objects stand now. */
export function upToDate({ itemOfSource }: Snapshot, finding: Finding): Finding {
  const isCurrent = ({ item }: Place): boolean => itemOfSource.get(item.source) === item;
  const { related } = finding;
  if (isCurrent(finding) && (related === undefined || related.every(isCurrent))) return finding;
  const moved = <P extends Place>(place: P): P => ({
    ...place,
    item: itemOfSource.get(place.item.source) ?? place.item,
  });
  return { ...moved(finding), ...(related ? { related: related.map(moved) } : {}) };
}
