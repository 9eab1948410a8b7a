/**
 * A text as a notification shows it letter by letter. VS Code makes a link of `[words](command:…)` in a message, which
 * runs the command when it is clicked; what a server, a program or a file says must not be one.
 */
export function plainMessage(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}
