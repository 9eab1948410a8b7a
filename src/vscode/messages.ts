import { window, type MessageOptions } from 'vscode';
import { plainMessage } from './plainMessage.ts';

/** The actions of a message, behind what may be said besides. */
type Actions = readonly string[] | readonly [MessageOptions, ...(readonly string[])];
type Show = (message: string, ...actions: Actions) => Thenable<string | undefined>;

/** Says what failed; resolves with the action that the user chose. The text may come from anywhere. */
export const showError: Show = (message, ...actions) =>
  window.showErrorMessage(plainMessage(message), ...(actions as readonly string[]));

/** Says what the user should know before going on, likewise. */
export const showWarning: Show = (message, ...actions) =>
  window.showWarningMessage(plainMessage(message), ...(actions as readonly string[]));

/** Says what is so, likewise. */
export const showInformation: Show = (message, ...actions) =>
  window.showInformationMessage(plainMessage(message), ...(actions as readonly string[]));
