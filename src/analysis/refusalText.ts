import type { Validation } from '../engine/index.ts';

/** The server's refusal on one line: its message, or its causes when the message only repeats them. */
export function refusalText({ message, causes }: Validation): string {
  if (message !== undefined && message !== '') return message;
  return (causes ?? []).map(({ field, message: text }) => `${field}: ${text}`).join('; ');
}
