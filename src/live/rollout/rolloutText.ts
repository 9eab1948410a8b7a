import { joined, type NodeIcon } from '../tree/node.ts';
import type { RolloutLine, Stage } from './types.ts';

const icons: Readonly<Record<Stage, NodeIcon>> = {
  waiting: { id: 'clock' },
  scheduled: { id: 'clock' },
  written: { id: 'cloud-upload' },
  applied: { id: 'inbox' },
  reconciling: { id: 'sync' },
  ready: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'list.errorForeground' },
  held: { id: 'debug-pause', color: 'list.warningForeground' },
  leaving: { id: 'trash' },
  gone: { id: 'pass', color: 'testing.iconPassed' },
};

/** The picture of a stage; the words beside it say the same. */
export function stageIcon(stage: Stage): NodeIcon {
  return icons[stage];
}

const words: Readonly<Record<Stage, string>> = {
  waiting: 'waiting for Karmada',
  scheduled: 'scheduled',
  written: 'sent',
  applied: 'applied',
  reconciling: 'reconciling',
  ready: 'ready',
  failed: 'failed',
  held: 'held',
  leaving: 'being removed',
  gone: 'removed',
};

/** A stage in the user's words. */
export function stageTitle(stage: Stage): string {
  const text = words[stage];
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `ready after 42 s`, `failed after 1 min 3 s`, `failed, tried again`, `reconciling`. */
export function lineText({ stage, reached, since, isRetried }: RolloutLine, began: number): string {
  const text = words[stage];
  if (isRetried === true) return `${text}, tried again`;
  const ended =
    stage === 'ready' || stage === 'gone' ? reached[stage] : stage === 'failed' ? since : undefined;
  return ended === undefined ? text : `${text} after ${elapsedText(ended - began)}`;
}

/** `ready 12/14, 1 failed, 1 reconciling`; what is removed counts for itself. */
export function rolloutSummary(lines: readonly Pick<RolloutLine, 'stage'>[]): string {
  const count = (stage: Stage): number => lines.filter((line) => line.stage === stage).length;
  const leaving = count('leaving') + count('gone');
  const staying = lines.length - leaving;
  const others: readonly Stage[] = [
    'failed',
    'held',
    'waiting',
    'scheduled',
    'written',
    'applied',
    'reconciling',
  ];
  return joined(
    [
      staying > 0 ? `ready ${count('ready')}/${staying}` : '',
      ...others.map((stage) => (count(stage) > 0 ? `${count(stage)} ${words[stage]}` : '')),
      leaving > 0 ? `removed ${count('gone')}/${leaving}` : '',
    ],
    ', ',
  );
}

/** `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined([`${minutes} min`, part(seconds % 60, 's')], ' ');
  return joined([`${Math.floor(minutes / 60)} h`, part(minutes % 60, 'min')], ' ');
}

function part(count: number, unit: string): string {
  return count === 0 ? '' : `${count} ${unit}`;
}
