import { listClusters, sortNaturally } from '../../analysis/index.ts';
import type { AccountLine, Journal, StepState } from '../journal.ts';
import type { Hold, PushStep } from '../types.ts';
import { nameOf } from './writeStep.ts';
import { templateName } from './templateName.ts';

/** What became of each step, in order, in plain words: done, not done, or not known. */
export function accountOf(journal: Journal): readonly AccountLine[] {
  return journal.review.steps.map((step, index) => {
    const state = journal.states[index] ?? { type: 'waiting' };
    return { step, state, label: labelOf(step), detail: detailOf(step, state, journal) };
  });
}

/** Such as `OverridePolicy default/podinfo`, `Wait for member1 and member2`. */
export function labelOf(step: PushStep): string {
  switch (step.type) {
    case 'apply':
    case 'restore':
    case 'delete':
      return nameOf(step.change.reference);
    case 'hold':
      return nameOf(step.hold.policy);
    case 'settle':
      return waitLabel([...new Set(step.works.flatMap(({ clusters }) => clusters))]);
    case 'ready':
      return `${step.templates.map(templateName).join(', ')} ready on ${listClusters(inOrder(step.clusters))}`;
  }
}

function waitLabel(clusters: readonly string[]): string {
  return clusters.length === 0 ? 'Wait a moment' : `Wait for ${listClusters(inOrder(clusters))}`;
}

function detailOf(step: PushStep, state: StepState, { state: whole }: Journal): string {
  switch (state.type) {
    case 'waiting':
      return isWait(step) ? 'Not waited for yet.' : 'Not begun, nothing written.';
    case 'running':
      return whole === 'running'
        ? isWait(step)
          ? 'Waiting.'
          : 'Being written.'
        : doubtOf(step, state);
    case 'done':
      return state.note === undefined
        ? doneText(step, state)
        : `${doneText(step, state)} ${state.note}`;
    case 'failed':
      return isWait(step) ? state.message : `Not written: ${uncapitalized(state.message)}`;
    case 'dropped':
      return isWait(step) ? 'Not waited for any more.' : 'Given up.';
  }
}

function isWait(step: PushStep): boolean {
  return step.type === 'settle' || step.type === 'ready';
}

function doubtOf(step: PushStep, { message }: StepState & { type: 'running' }): string {
  if (isWait(step)) return 'Was waiting when the push ended.';
  const why = message === undefined ? 'the push ended in the middle of it' : uncapitalized(message);
  return `Not known whether it was written; the server is asked on resuming and on undoing. Why: ${why}`;
}

function uncapitalized(text: string): string {
  // Names of kinds and addresses stay as they are.
  return /^(?:The|This|A|An|No|Another|You) /.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}

function doneText(step: PushStep, { before }: StepState & { type: 'done' }): string {
  switch (step.type) {
    case 'apply':
      return before ? 'Changed.' : 'Created.';
    case 'restore':
      return before ? 'Put back.' : 'Created again.';
    case 'delete':
      return 'Deleted.';
    case 'hold':
      return heldText(step.hold);
    case 'settle':
      return 'As expected.';
    case 'ready':
      return 'Ready.';
  }
}

function heldText({ clusters, preserves }: Hold): string {
  const said = preserves === undefined ? '' : `preserveResourcesOnDeletion is ${preserves}.`;
  if (clusters === 'none') return said || 'Dispatch let go.';
  const held =
    clusters === 'all' ? 'Dispatch held.' : `Dispatch held on ${listClusters(clusters)}.`;
  return [held, said].filter(Boolean).join(' ');
}

function inOrder(clusters: readonly string[]): readonly string[] {
  return sortNaturally(clusters, (name) => name);
}
