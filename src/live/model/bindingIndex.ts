import type { BindingRow } from '../rows.ts';
import { objectKey } from './eventIndex.ts';

/** Bindings by the template that they are for. */
export interface BindingIndex {
  change(before: BindingRow | undefined, after: BindingRow | undefined): void;
  /** The binding of a template (`KIND/NAMESPACE/NAME`) that is meant: kinds of two API groups may share a name. */
  of(
    template: string,
    isMeant: (template: BindingRow['template']) => boolean,
  ): BindingRow | undefined;
}

/** One binding a template is the rule; of several, which a name can bring about, the newest that stays counts. */
export function createBindingIndex(): BindingIndex {
  const byTemplate = new Map<string, readonly BindingRow[]>();
  return {
    change(before, after) {
      if (before) {
        const key = objectKey(before.template);
        const left = byTemplate.get(key)?.filter((binding) => binding.key !== before.key) ?? [];
        if (left.length > 0) byTemplate.set(key, left);
        else byTemplate.delete(key);
      }
      if (!after) return;
      const key = objectKey(after.template);
      byTemplate.set(key, [...(byTemplate.get(key) ?? []), after].sort(compareBindings));
    },
    of: (template, isMeant) =>
      byTemplate.get(template)?.find((binding) => isMeant(binding.template)),
  };
}

function compareBindings(a: BindingRow, b: BindingRow): number {
  const going = Number(a.deletedAt !== '') - Number(b.deletedAt !== '');
  if (going !== 0) return going;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.key < b.key ? -1 : 1;
}
