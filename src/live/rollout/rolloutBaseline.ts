import { setOwn } from '../../base/setOwn.ts';
import { objectKey, reportOn, type FleetModel } from '../model/index.ts';
import type { ObjectReference, WorkRow } from '../rows.ts';
import { lineKey } from './lineKey.ts';
import { templateRows, type TemplateRows } from './templateRows.ts';
import type { BaselineWork, RolloutBaseline } from './types.ts';

/** What there is before a push: to be taken before the first object is written. */
export function rolloutBaseline(
  model: FleetModel,
  templates: readonly ObjectReference[],
): RolloutBaseline {
  const works: Record<string, BaselineWork> = {};
  const events: Record<string, number> = {};
  for (const template of templates) {
    const rows = templateRows(model, template);
    setOwn(events, objectKey(template), rows.latestEvent);
    for (const [cluster, work] of rows.works) {
      setOwn(works, lineKey(template, cluster), baselineWork(rows, work));
    }
  }
  return { works, events };
}

function baselineWork({ binding }: TemplateRows, work: WorkRow): BaselineWork {
  const report = binding && reportOn({ work, binding, cluster: work.cluster });
  const isApplied = work.applied?.status === 'True';
  const reported = Math.max(report?.seenGeneration ?? 0, report?.observedGeneration ?? 0);
  return {
    uid: work.uid,
    generation: work.generation ?? 0,
    // What was applied has a generation, also when nothing was reported of it yet.
    memberGeneration: Math.max(reported, isApplied ? 1 : 0),
    failure: failureOf(work),
  };
}

/** Names one failure to apply, so that the same one is not taken for a new one; '' for none. */
export function failureOf({ applied }: WorkRow): string {
  return applied?.status === 'False' ? `${applied.since} ${applied.message}` : '';
}
