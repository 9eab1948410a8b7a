const entry = /\b\d{3} (?:"(?:[^"\\]|\\.)*"|[^\s",]+) "((?:[^"\\]|\\.)*)"/g;

/**
 * The texts of `Warning` headers (RFC 7234, 5.5), of which Node joins several by commas. API servers write UTF-8, which
 * Node reads as Latin-1.
 */
export function warningsOf(header: string): readonly string[] {
  const text = Buffer.from(header, 'latin1').toString('utf8');
  const texts = [...text.matchAll(entry)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'));
  return [...new Set(texts)];
}
