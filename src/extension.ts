import { commands, type ExtensionContext } from 'vscode';

/** Starts the extension: registers its commands. */
export function activate(context: ExtensionContext): void {
  context.subscriptions.push(commands.registerCommand('karmada.preview.refresh', () => undefined));
}
