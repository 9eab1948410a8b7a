import { KubeError } from '../../live/index.ts';

/**
 * A text as a header's value: Go sends its UTF-8 bytes, Node those of Latin-1. Throws a `KubeError` when a header
 * cannot hold it, with `what` in the place of the text.
 */
export function headerText(text: string, what: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  if (/[^\t\x20-\x7e\x80-\xff]/.test(bytes)) {
    throw new KubeError('credentials', `${what} has characters that no header can hold.`);
  }
  return bytes;
}

/** The header's value for a token. `of` is whose it is. */
export function bearer(token: string, of: string): string {
  return `Bearer ${headerText(token, `The token of ${of}`)}`;
}
