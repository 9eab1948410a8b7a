import { escapeMarkdown, shortened } from '../../analysis/index.ts';

/** Longer messages are for documents; a tooltip shows how they begin. */
const longest = 600;

/** Lines of a name and a value; those without a value are left out. */
export function factLines(facts: readonly (readonly [string, string])[]): string {
  return facts
    .filter(([, value]) => value !== '')
    .map(
      ([name, value]) =>
        `**${escapeMarkdown(name)}**: ${escapeMarkdown(shortened(value, longest))}`,
    )
    .join('  \n');
}

/** A headline and paragraphs below it. */
export function page(headline: string, ...paragraphs: readonly string[]): string {
  return [`**${escapeMarkdown(headline)}**`, ...paragraphs]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}
