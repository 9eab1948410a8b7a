import type { AccountLine, Journal } from '../../push/index.ts';
import { headline } from './pushTexts.ts';

const words: Readonly<Record<AccountLine['state']['type'], string>> = {
  done: 'Done',
  failed: 'Failed',
  running: 'Not known',
  waiting: 'Not begun',
  dropped: 'Given up',
};

/** The account of a push as a text that can be read, kept and sent: what is done and what is not. */
export function accountText(journal: Journal, account: readonly AccountLine[]): string {
  const { review, startedAt, state } = journal;
  const isRunning = state === 'running';
  const lines = account.map(({ state: step, label, detail }, index) => {
    const word = step.type === 'running' && isRunning ? 'Running' : words[step.type];
    const at = step.type === 'done' || step.type === 'failed' ? `${timeText(step.at)}  ` : '';
    const said = detail === '' ? '' : `\n     ${detail}`;
    return `${String(index + 1).padStart(3)}. ${word.padEnd(9)}  ${at}${label}${said}`;
  });
  const about = [
    `# ${headline(review)}: ${stateText(journal)}`,
    `# ${review.title}`,
    `# ${review.server}`,
    `# Begun ${timeText(startedAt)}`,
  ];
  return `${about.join('\n')}\n\n${lines.join('\n')}\n`;
}

/** How a push ended, or that it did not. */
export function stateText({ state, states }: Pick<Journal, 'state' | 'states'>): string {
  if (state === 'stopped') {
    return states.some(({ type }) => type === 'failed') ? 'failed' : 'interrupted';
  }
  return { running: 'running', done: 'done', undone: 'undone', dropped: 'given up' }[state];
}

/** `2026-11-23 14:05:09`, in the user's own time. */
export function timeText(at: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const date = new Date(at);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
