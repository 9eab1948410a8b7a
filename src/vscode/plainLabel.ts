/** A text as a label shows it letter by letter: VS Code draws an icon for `$(bug)`, which a context may be named. */
export function plainLabel(text: string): string {
  return text.replaceAll('$(', '$\u200b(');
}
