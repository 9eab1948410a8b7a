import { apiGroup } from '../../engine/index.ts';
import type { PreviousPlacement } from '../../engine/index.ts';
import { isCopiedWhole } from '../findings/placement/plainKinds.ts';
import { versionPreferred } from './servedVersions.ts';
import type { VersionsInForce } from './servedVersions.ts';

type Placements = ReadonlyMap<string, PreviousPlacement>;

/** Reads what bindings say; the same map, and the same placements in it, while nothing in them changes. */
export type PlacementReader = (given: Placements, inForce: VersionsInForce) => Placements;

/**
 * A binding names its template in the version that it was made for, which an upgrade of Flux may have left behind: it
 * is found in the version of today. What has no replicas is placed by the names of clusters alone, so that all that go
 * to the same ones share one placement, and with it one answer of the scheduler.
 */
export function createPlacementReader(): PlacementReader {
  const contents = new WeakMap<PreviousPlacement, string>();
  // Who goes back and forth between control planes comes with placements that were read before.
  const answers = new WeakMap<PreviousPlacement, PreviousPlacement>();
  let shared: ReadonlyMap<string, PreviousPlacement> = new Map();
  let last: { given: Placements; inForce: VersionsInForce; answer: Placements } | undefined;
  return (given, inForce) => {
    if (last?.given === given && last.inForce === inForce) return last.answer;
    const next = new Map<string, PreviousPlacement>();
    const placements = new Map<string, PreviousPlacement>();
    for (const [key, placement] of given) {
      const { apiVersion, kind, rest } = partsOf(key);
      const current = versionPreferred(apiGroup(apiVersion), kind, inForce);
      const now = current === undefined ? apiVersion : `${apiGroup(apiVersion)}/${current}`;
      placements.set(
        `${now}/${kind}/${rest}`,
        isCopiedWhole(now, kind) ? share(placement) : placement,
      );
    }
    function share(placement: PreviousPlacement): PreviousPlacement {
      let content = contents.get(placement);
      if (content === undefined) contents.set(placement, (content = contentOf(placement)));
      const known =
        next.get(content) ??
        shared.get(content) ??
        answers.get(placement) ??
        withNamesOnly(placement);
      next.set(content, known);
      answers.set(placement, known);
      return known;
    }
    shared = next;
    const answer = last && isSameMap(last.answer, placements) ? last.answer : placements;
    last = { given, inForce, answer };
    return answer;
  };
}

function partsOf(key: string): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly rest: string;
} {
  const parts = key.split('/');
  const rest = parts.slice(-2).join('/');
  return { apiVersion: parts.slice(0, -3).join('/'), kind: parts.at(-3) ?? '', rest };
}

function contentOf(placement: PreviousPlacement): string {
  const { clusters, affinity = '', evicting = [], preserves } = placement;
  const names = clusters.map(({ name }) => name).sort();
  return JSON.stringify([names, affinity, [...evicting].sort(), preserves]);
}

/** Without what only divides replicas. */
function withNamesOnly(placement: PreviousPlacement): PreviousPlacement {
  const { clusters, affinity, evicting, preserves } = placement;
  return {
    clusters: clusters.map(({ name }) => ({ name })),
    ...(affinity === undefined ? {} : { affinity }),
    ...(evicting ? { evicting } : {}),
    ...(preserves === undefined ? {} : { preserves }),
  };
}

function isSameMap(a: Placements, b: Placements): boolean {
  return a.size === b.size && [...b].every(([key, placement]) => a.get(key) === placement);
}
