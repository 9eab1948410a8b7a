import { listClusters } from '../../analysis/index.ts';
import type { NodeIcon, ObjectReference } from '../../live/index.ts';
import type { AccountLine, PushStep, StepState } from '../../push/index.ts';
import { colours, line, type PushLine } from './pushLine.ts';

const icons: Readonly<Record<StepState['type'], NodeIcon>> = {
  waiting: { id: 'circle-outline' },
  running: { id: 'sync~spin' },
  done: { id: 'pass', color: colours.good },
  failed: { id: 'error', color: colours.bad },
  dropped: { id: 'circle-slash' },
};

interface StepsPicture {
  readonly stage: 'review' | 'running' | 'stopped';
  readonly now: number;
  /** What the step at work waits for. */
  readonly waitingFor: readonly string[];
}

/** The steps in their order, each with how far it is. */
export function stepsLine(account: readonly AccountLine[], picture: StepsPicture): PushLine {
  const { stage } = picture;
  const done = account.filter(({ state }) => state.type === 'done').length;
  // Another id where it begins to run: VS Code keeps a line folded that it knows.
  return line(`steps ${stage === 'review'}`, 'Steps', {
    description: stage === 'review' ? String(account.length) : `${done} of ${account.length} done`,
    collapsible: stage === 'review' ? 'collapsed' : 'expanded',
    children: account.map((entry, index) => stepLine(entry, index, picture)),
  });
}

function stepLine(
  { step, state, label, detail }: AccountLine,
  index: number,
  { stage, now, waitingFor }: StepsPicture,
): PushLine {
  const reason = 'reason' in step ? step.reason : '';
  const isWait = step.type === 'settle' || step.type === 'ready';
  const isIdle = stage === 'review' || (stage === 'running' && state.type === 'waiting');
  const waits = state.type === 'running' && stage === 'running' ? waitingFor.join(', ') : '';
  const said = isIdle ? reason : waits || detail || reason;
  const time = state.type === 'running' ? secondsText(now - state.since) : '';
  const at = state.type === 'done' || state.type === 'failed' ? clockText(state.at) : '';
  const { title, object } = inBrief(step, label);
  return line(`step ${step.id} ${index}`, title, {
    description: [object, time, at, said].filter(Boolean).join(' · '),
    tooltip: [label, said === reason ? '' : said.replaceAll(', ', '\n'), reason]
      .filter(Boolean)
      .join('\n'),
    icon: icons[state.type],
    contextValue: `step ${state.type} ${isWait ? 'wait' : 'write'}`,
    target: { type: 'step', id: step.id },
  });
}

/** What is done and to what, its name in front: a view is narrow. */
function inBrief(
  step: PushStep,
  label: string,
): { readonly title: string; readonly object: string } {
  const brief = (verb: string, { kind, namespace, name }: ObjectReference, after = '') => ({
    title: [verb, name, after].filter(Boolean).join(' '),
    object: [kind, namespace].filter(Boolean).join(' · '),
  });
  switch (step.type) {
    case 'apply':
      return brief('Write', step.change.reference);
    case 'restore':
      return brief('Put back', step.change.reference);
    case 'delete':
      return brief('Delete', step.change.reference);
    case 'hold':
      if (step.hold.clusters !== 'none') return brief('Hold', step.hold.policy);
      return step.hold.preserves === undefined
        ? brief('Let', step.hold.policy, 'go')
        : brief('Prepare', step.hold.policy);
    case 'settle':
      return { title: label, object: '' };
    case 'ready':
      return { title: `Ready on ${listClusters(step.clusters)}`, object: '' };
  }
}

/** `12s`, `3m`. */
function secondsText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 120 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`;
}

/** The time of day, `14:05:09`. */
function clockText(at: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}
