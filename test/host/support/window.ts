// What the suites read of a window: lines of trees, notifications, dialogs, the text of editors.
import * as vscode from 'vscode';
import { click, clickRight, domText, hover, press, waitFor } from './driver.ts';

/** Runs a command. */
export const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);

/** The lines that can be seen in both views: the texts of each as one. */
export async function treeLines(): Promise<readonly string[]> {
  const texts = await domText('.pane-body .monaco-list-row .monaco-icon-label-container');
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** Waits for a line whose text fits. */
export async function line(what: RegExp, timeout?: number): Promise<string> {
  return waitFor(
    `a line ${String(what)}`,
    async () => (await treeLines()).find((text) => what.test(text)),
    timeout,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; there is\n${(await treeLines()).join('\n')}`);
  });
}

/** Waits until no line's text fits. */
export async function noLine(what: RegExp): Promise<void> {
  await waitFor(`no line ${String(what)}`, async () =>
    (await treeLines()).every((text) => !what.test(text)),
  );
}

/** A selector of the line that begins with a name. */
export function lineOf(name: string): string {
  return `.pane-body .monaco-list-row:has(.label-name :text-is("${name}"))`;
}

/** Waits for a text in one of the elements that a selector finds. */
export async function shown(selector: string, what: RegExp, timeout?: number): Promise<string> {
  return waitFor(
    `${String(what)} in ${selector}`,
    async () => (await domText(selector)).find((text) => what.test(text)),
    timeout,
  );
}

/** Waits for a notification. */
export async function notified(what: RegExp): Promise<void> {
  await waitFor(`${String(what)} in the notifications`, async () => {
    await run('notifications.showList');
    return (await domText('.notifications-center')).some((text) => what.test(text));
  });
}

/** Chooses an item of the menu of whatever a selector finds. */
export async function chooseFromMenu(selector: string, item: string): Promise<void> {
  await clickRight(selector);
  await hover(`.monaco-menu .action-label:text-is("${item}")`);
  // A menu takes no click in its first moments, but Enter as soon as it shows what is meant.
  await shown('.monaco-menu .action-item.focused', new RegExp(`^\\s*${item}`));
  await press('Enter');
  await waitFor('the menu to go', async () => (await domText('.monaco-menu')).length === 0);
}

/** Waits for a dialog with a text and presses one of its buttons. */
export async function answerDialog(what: RegExp, button: string): Promise<void> {
  await shown('.monaco-dialog-box', what).catch(async (error: unknown) => {
    const texts = await domText('.monaco-dialog-box');
    throw new Error(`${String(error)}; there is ${texts.join('\n') || 'no dialog'}`);
  });
  await click(`.monaco-dialog-box .monaco-button:text-is("${button}")`);
}

/** The text of the active editor once it is of a scheme and has what is looked for. */
export async function editorText(scheme: string, what: RegExp): Promise<string> {
  return waitFor(`${String(what)} in ${scheme}`, () => {
    const document = vscode.window.activeTextEditor?.document;
    const text = document?.uri.scheme === scheme ? document.getText() : '';
    return what.test(text) ? text : undefined;
  }).catch((error: unknown) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    const now = document ? `${document.uri.toString()}:\n${document.getText()}` : 'no editor';
    throw new Error(`${String(error)}; there is ${now}`);
  });
}
