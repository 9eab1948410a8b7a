import { overrideErrors } from '../model/eventIndex.ts';
import { objectKey, type FleetModel } from '../model/index.ts';
import type { BindingRow, EventRow, ObjectReference, ObjectRow, WorkRow } from '../rows.ts';

/** Everything that a rollout reads of one template. */
export interface TemplateRows {
  readonly row: ObjectRow | undefined;
  readonly binding: BindingRow | undefined;
  /** Where it is wanted: scheduled there, or needed there by another binding. */
  readonly wanted: ReadonlySet<string>;
  /** The Work that counts, by cluster. */
  readonly works: ReadonlyMap<string, WorkRow>;
  readonly overrideErrors: ReadonlyMap<string, string>;
  /** The resourceVersion of the latest event about it; 0 for none. */
  readonly latestEvent: number;
}

export function templateRows(model: FleetModel, template: ObjectReference): TemplateRows {
  const row = model.objects.get(objectKey(template));
  const binding = model.bindingOf(template);
  const works = new Map<string, WorkRow>();
  for (const work of binding ? model.worksOf(binding) : []) {
    if (!works.has(work.cluster)) works.set(work.cluster, work);
  }
  const events = eventsOf(model, template, { row, binding });
  return {
    row,
    binding,
    wanted: new Set([
      ...(binding?.clusters.map(({ name }) => name) ?? []),
      ...(binding?.requiredBy ?? []),
    ]),
    works,
    overrideErrors: overrideErrors(events),
    latestEvent: Math.max(0, ...events.map(({ resourceVersion }) => Number(resourceVersion) || 0)),
  };
}

function eventsOf(
  model: FleetModel,
  template: ObjectReference,
  { row, binding }: Pick<TemplateRows, 'row' | 'binding'>,
): readonly EventRow[] {
  const about = model.eventsAbout(template, row?.uid ?? binding?.template.uid);
  if (!binding) return about;
  const kind = binding.namespace === '' ? 'ClusterResourceBinding' : 'ResourceBinding';
  return [...about, ...model.eventsAbout({ ...binding, kind }, binding.uid)];
}
