import type { WorkRow } from '../rows.ts';

const none: ReadonlyMap<string, readonly WorkRow[]> = new Map();

/** Works by the binding that they are made from and the cluster that they are for. */
export interface WorkIndex {
  change(before: WorkRow | undefined, after: WorkRow | undefined): void;
  /** By cluster. An override that renames leaves the Work of the old name behind, so there may be several. */
  of(binding: string): ReadonlyMap<string, readonly WorkRow[]>;
  /** The Work that counts on a cluster. */
  on(binding: string, cluster: string): WorkRow | undefined;
}

export function createWorkIndex(): WorkIndex {
  const byBinding = new Map<string, Map<string, readonly WorkRow[]>>();
  return {
    change(before, after) {
      if (before && before.binding !== '') remove(byBinding, before);
      if (!after || after.binding === '') return;
      const works = byBinding.get(after.binding) ?? new Map<string, readonly WorkRow[]>();
      byBinding.set(after.binding, works);
      works.set(after.cluster, [...(works.get(after.cluster) ?? []), after].sort(compareWorks));
    },
    of: (binding) => byBinding.get(binding) ?? none,
    on: (binding, cluster) => byBinding.get(binding)?.get(cluster)?.[0],
  };
}

function remove(
  byBinding: Map<string, Map<string, readonly WorkRow[]>>,
  { key, binding, cluster }: WorkRow,
): void {
  const works = byBinding.get(binding);
  const left = works?.get(cluster)?.filter((work) => work.key !== key) ?? [];
  if (left.length > 0) works?.set(cluster, left);
  else works?.delete(cluster);
  if (works?.size === 0) byBinding.delete(binding);
}

/** Those that stay before those that go, the newest first. */
function compareWorks(a: WorkRow, b: WorkRow): number {
  const going = Number(a.deletedAt !== '') - Number(b.deletedAt !== '');
  if (going !== 0) return going;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.key < b.key ? -1 : 1;
}
