import { commands, Uri } from 'vscode';
import { commandIds } from './names.ts';

/** Opens the page about a code, which comes with the extension, as a preview. Anything but a code does nothing. */
export async function explainFinding(extension: Uri, [code]: readonly unknown[]): Promise<void> {
  if (typeof code !== 'string' || !/^[a-z0-9-]+$/.test(code)) return;
  const page = Uri.joinPath(extension, 'docs', 'diagnostics', `${code}.md`);
  await commands.executeCommand('markdown.showPreview', page);
}

/** The link behind a code. It is a command, so that the page is found offline and wherever the extension lies. */
export function explanationOf(code: string): Uri {
  const query = encodeURIComponent(JSON.stringify([code]));
  return Uri.parse(`command:${commandIds.explainFinding}?${query}`);
}
