import { compareBytes } from '../json.ts';

/** A region: how many clusters it has, and its score. */
export interface Group {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
}

interface Path {
  readonly groups: readonly Group[];
  readonly weight: number;
  readonly value: number;
}

/**
 * The search is exponential in the number of regions, in Karmada too. Beyond this many steps the best combination
 * found so far is taken.
 */
const stepLimit = 200_000;

/**
 * The best combination of regions (`selectGroups` of `pkg/scheduler/core/spreadconstraint/select_groups.go`): between
 * `min` and `max` regions with at least `target` clusters together, of the highest total score; a combination that
 * begins like the best one but is shorter is preferred. In order of score; empty when there is none.
 */
export function selectGroups(
  groups: readonly Group[],
  min: number,
  max: number,
  target: number,
): readonly Group[] {
  const paths = feasiblePaths(groups, min, max, target);
  let best: Path | undefined;
  // Sorting is stable, so paths that rank alike stay in the order of their discovery.
  for (const path of paths.sort((a, b) => b.weight - a.weight || b.value - a.value)) {
    if (!best || startsWith(best.groups, path.groups)) best = path;
  }
  return best?.groups ?? [];
}

function startsWith(groups: readonly Group[], start: readonly Group[]): boolean {
  return start.length < groups.length && start.every((group, i) => groups[i] === group);
}

function feasiblePaths(groups: readonly Group[], min: number, max: number, target: number): Path[] {
  const sorted = groups.toSorted(
    (a, b) => a.value - b.value || b.weight - a.weight || compareBytes(a.name, b.name),
  );
  const paths: Path[] = [];
  const current: Group[] = [];
  // When all regions are needed, only the path through all of them is looked at.
  const needsAll = sorted.length === min;
  let steps = 0;
  const search = (value: number, begin: number): void => {
    if (value >= target && current.length >= min && current.length <= max) {
      paths.push(toPath(current));
      return;
    }
    if (current.length >= max) return;
    for (let i = begin; i < sorted.length; i++) {
      const group = sorted[i];
      if (!group || ++steps > stepLimit) return;
      current.push(group);
      search(value + group.value, i + 1);
      if (needsAll) return;
      current.pop();
    }
  };
  search(0, 0);
  return paths;
}

function toPath(groups: readonly Group[]): Path {
  return {
    groups: groups.toSorted((a, b) => b.weight - a.weight || compareBytes(a.name, b.name)),
    weight: groups.reduce((sum, group) => sum + group.weight, 0),
    value: groups.reduce((sum, group) => sum + group.value, 0),
  };
}
