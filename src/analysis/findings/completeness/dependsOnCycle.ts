import { apiGroup, arrayMember, member, memberAt, references } from '../../../engine/index.ts';
import type { JsonObject } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import type { Snapshot, Template } from '../../snapshot.ts';
import { templatesOfKind } from '../../templateIndex.ts';
import type { Finding } from '../finding.ts';

const helmReleases = 'helm.toolkit.fluxcd.io/HelmRelease';

/** One entry of `dependsOn`. */
interface Wait {
  readonly path: SourcePath;
  /** `NAMESPACE/NAME` */
  readonly on: string;
}

interface Step {
  readonly from: Template;
  readonly path: SourcePath;
}

/**
 * `depends-on-cycle`: releases that wait for one another, which Flux never ends. One finding a cycle, on its first
 * release, with the other entries as related places.
 */
export function dependsOnCycle(snapshot: Snapshot): readonly Finding[] {
  const releases = templatesOfKind(snapshot, helmReleases);
  const waiting = new Map<string, readonly Wait[]>();
  for (const [name, { item }] of releases) {
    const waits = waitsOf(item.source, item.namespace).filter(({ on }) => releases.has(on));
    if (waits.length > 0) waiting.set(name, waits);
  }
  dropFree(waiting);
  const findings: Finding[] = [];
  for (const name of waiting.keys()) {
    const [first, ...others] = cycleFrom(name, waiting, releases);
    if (first) findings.push(toFinding(first, others));
  }
  return findings;
}

const waitsBySource = new WeakMap<JsonObject, readonly Wait[]>();

/** What a release waits for. An entry with an expression of its own may well become ready. */
function waitsOf(source: JsonObject, namespace: string): readonly Wait[] {
  const answered = waitsBySource.get(source);
  if (answered) return answered;
  const entries = arrayMember(memberAt(source, 'spec'), 'dependsOn');
  const waits =
    entries.length === 0
      ? []
      : references(source).flatMap(({ path, namespace: other, name, group }): Wait[] => {
          const index = path[2];
          if (path[1] !== 'dependsOn' || typeof index !== 'number') return [];
          if (group !== apiGroup(helmReleases)) return [];
          if (member(entries[index], 'readyExpr') !== undefined) return [];
          return [{ path: [...path, 'name'], on: `${other || namespace}/${name}` }];
        });
  waitsBySource.set(source, waits);
  return waits;
}

/** Drops releases until each that is left waits for another that is left. */
function dropFree(waiting: Map<string, readonly Wait[]>): void {
  const left = new Map([...waiting].map(([name, waits]) => [name, waits.length]));
  const waiters = new Map<string, string[]>();
  const free: string[] = [];
  for (const [name, waits] of waiting) {
    for (const { on } of waits) {
      if (!waiting.has(on)) free.push(on);
      const list = waiters.get(on);
      if (list) list.push(name);
      else waiters.set(on, [name]);
    }
  }
  const done = new Set(free);
  for (const name of done) {
    waiting.delete(name);
    for (const waiter of waiters.get(name) ?? []) {
      const count = (left.get(waiter) ?? 0) - 1;
      left.set(waiter, count);
      // A set goes on with what is added while it is walked.
      if (count === 0) done.add(waiter);
    }
  }
}

/** The cycle that is met from a release, whose releases then count as told; empty when it was told already. */
function cycleFrom(
  start: string,
  waiting: Map<string, readonly Wait[]>,
  releases: ReadonlyMap<string, Template>,
): readonly Step[] {
  const visited = new Map<string, Step>();
  let name = start;
  for (;;) {
    if (visited.has(name)) break;
    const wait = waiting.get(name)?.find(({ on }) => waiting.has(on));
    const from = releases.get(name);
    if (!wait || !from) {
      for (const seen of visited.keys()) waiting.delete(seen);
      return [];
    }
    visited.set(name, { from, path: wait.path });
    name = wait.on;
  }
  const names = [...visited.keys()];
  const cycle = names.slice(names.indexOf(name));
  for (const seen of visited.keys()) waiting.delete(seen);
  return cycle.flatMap((each) => visited.get(each) ?? []);
}

const shownNames = 6;

function toFinding(first: Step, others: readonly Step[]): Finding {
  const names = [first, ...others].map(({ from }) => `${from.item.namespace}/${from.item.name}`);
  const chain = names.length > shownNames ? [...names.slice(0, shownNames), '…'] : names;
  const round = [...chain, names[0]].join(' → ');
  const message =
    others.length === 0
      ? `HelmRelease ${names[0]} waits for itself, so Flux never installs it; remove this entry.`
      : `These releases wait for one another, so Flux installs none of them: ${round}; remove one of the entries.`;
  const related = others.map(({ from, path }) => ({
    item: from.item,
    path,
    message: `${from.item.namespace}/${from.item.name} waits here.`,
  }));
  return {
    code: 'depends-on-cycle',
    item: first.from.item,
    path: first.path,
    message,
    ...(related.length > 0 ? { related } : {}),
  };
}
