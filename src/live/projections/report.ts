import { member, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ConditionRow, ReportRow } from '../rows.ts';
import { readCondition } from './condition.ts';
import type { Shape } from './shape.ts';

const neverInstalled: JsonObject = Object.freeze({});

/** What a member has of an object that did not get there, or that says nothing of itself yet. */
export const silentReports: Readonly<Record<'applied' | 'unapplied', ReportRow>> = {
  applied: silent(true),
  unapplied: silent(false),
};

function silent(applied: boolean): ReportRow {
  return Object.freeze({
    applied,
    appliedMessage: '',
    reconciling: '',
    stalled: '',
    chart: '',
    chartVersion: '',
    appVersion: '',
    releaseRevision: 0,
    revision: '',
    observedGeneration: -1,
    failures: 0,
  });
}

/**
 * The status of a member's object as Karmada hands it on: whole, for kinds that it has no interpreter for
 * (`reflectWholeStatus` of `pkg/resourceinterpreter/default/native/reflectstatus.go`). Empty for none.
 */
export function readReport(
  status: JsonObject,
  applied: boolean,
  appliedMessage: string,
  shape: Shape,
): ReportRow {
  if (appliedMessage === '' && Object.keys(status).length === 0) {
    return applied ? silentReports.applied : silentReports.unapplied;
  }
  const place = 'the member status';
  const conditions = shape.objects(status, 'conditions', place);
  const ready = readCondition(conditions, 'Ready', shape);
  const last = shape.objects(status, 'history', place)[0] ?? neverInstalled;
  const history = 'the member status.history[0]';
  const attempted = shape.text(status, 'lastAttemptedRevision', place);
  return {
    applied,
    appliedMessage,
    ...(ready ? { ready } : {}),
    reconciling: whileTrue(readCondition(conditions, 'Reconciling', shape), 'message'),
    stalled: whileTrue(readCondition(conditions, 'Stalled', shape), 'reason'),
    chart: shape.text(last, 'chartName', history),
    chartVersion: shape.text(last, 'chartVersion', history),
    appVersion: shape.text(last, 'appVersion', history),
    releaseRevision: shape.number(last, 'version', history),
    revision: attempted || shape.text(shape.object(status, 'artifact', place), 'revision', place),
    observedGeneration: shape.number(status, 'observedGeneration', place, -1),
    ...generationsOf(status, conditions),
    failures:
      shape.number(status, 'failures', place) +
      shape.number(status, 'installFailures', place) +
      shape.number(status, 'upgradeFailures', place),
  };
}

/** Flux notes on each condition of which generation it is (`ObservedGeneration` of `metav1.Condition`). */
function generationsOf(
  status: JsonObject,
  conditions: readonly JsonObject[],
): Pick<ReportRow, 'readyGeneration' | 'seenGeneration'> {
  let readyGeneration = 0;
  let seenGeneration = Math.max(
    generationOf(status, 'observedGeneration'),
    generationOf(status, 'lastAttemptedGeneration'),
  );
  for (const condition of conditions) {
    const generation = generationOf(condition, 'observedGeneration');
    if (stringMember(condition, 'type') === 'Ready') readyGeneration = generation;
    seenGeneration = Math.max(seenGeneration, generation);
  }
  return {
    ...(readyGeneration > 0 ? { readyGeneration } : {}),
    ...(seenGeneration > 0 ? { seenGeneration } : {}),
  };
}

function generationOf(object: JsonObject, key: string): number {
  const value = member(object, key);
  return typeof value === 'number' ? value : 0;
}

/** A condition's message or reason while it is True, the other one when that is empty; '' else. */
function whileTrue(condition: ConditionRow | undefined, said: 'message' | 'reason'): string {
  if (condition?.status !== 'True') return '';
  return condition[said] || condition.message || condition.reason || 'True';
}
