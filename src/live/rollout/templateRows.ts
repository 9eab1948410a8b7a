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
  /** By cluster, of events since the version that was asked for. */
  readonly overrideErrors: ReadonlyMap<string, string>;
  /** The resourceVersion of the latest event about it; 0 for none. */
  readonly latestEvent: number;
}

/** @param since the resourceVersion of the latest event that does not count */
export function templateRows(
  model: FleetModel,
  template: ObjectReference,
  since = 0,
): TemplateRows {
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
    // Also where all clusters but one are mended: the event of another one does not make old ones new.
    overrideErrors: overrideErrors(events.filter((event) => versionOf(event) > since)),
    latestEvent: Math.max(0, ...events.map(versionOf)),
  };
}

function versionOf({ resourceVersion }: EventRow): number {
  return Number(resourceVersion) || 0;
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
