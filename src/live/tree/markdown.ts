/** A text as Markdown shows it letter by letter: no markup, links, HTML or line breaks come out of it. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+\-.!~|>$:@]/g, '\\$&');
}

/** Longer messages are for documents; a tooltip shows how they begin. */
const longest = 600;

/** Lines of a name and a value; those without a value are left out. */
export function factLines(facts: readonly (readonly [string, string])[]): string {
  return facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `**${escapeMarkdown(name)}**: ${escapeMarkdown(shortened(value))}`)
    .join('  \n');
}

/** A headline and paragraphs below it. */
export function page(headline: string, ...paragraphs: readonly string[]): string {
  return [`**${escapeMarkdown(headline)}**`, ...paragraphs]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
