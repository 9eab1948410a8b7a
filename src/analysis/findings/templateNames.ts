import { listName } from '../listName.ts';
import type { Template } from '../snapshot.ts';

/** `HelmRelease apps/podinfo`, or `HelmRelease apps/podinfo and 3 more`. */
export function nameTemplates(templates: readonly Template[]): string {
  const [first] = templates;
  if (!first) return 'nothing';
  const { kind, namespace, name } = first.item;
  const more = templates.length - 1;
  return listName(kind, namespace, name) + (more > 0 ? ` and ${more} more` : '');
}
