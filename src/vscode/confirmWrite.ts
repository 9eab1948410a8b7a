import { window } from 'vscode';
import { showWarning } from './messages.ts';
import { plainLabel } from './plainLabel.ts';
import { plainMessage } from './plainMessage.ts';

/** What is asked before something is written. */
export interface WriteQuestion {
  /** Names the context. */
  readonly question: string;
  readonly detail: string;
  readonly verb: string;
}

/** Where it would be written. */
export interface WritePlace {
  readonly context: string;
  readonly isProtected: boolean;
}

/** Asks before something is written, and for the name of a protected context. */
export async function confirmWrite(
  { question, detail, verb }: WriteQuestion,
  { context, isProtected }: WritePlace,
): Promise<boolean> {
  const whole = withProtection(detail, context, isProtected);
  if ((await showWarning(question, { modal: true, detail: whole }, verb)) !== verb) return false;
  return isProtected ? confirmByName(context, verb) : true;
}

/** What a question says below, marked where the context is protected: a dialog has no colours. */
export function withProtection(detail: string, context: string, isProtected: boolean): string {
  const mark = isProtected ? `⚠ ${context} is a protected context.` : '';
  return [mark, detail].filter(Boolean).join('\n\n');
}

/** Asks for the name of a protected context. */
export async function confirmByName(context: string, verb: string): Promise<boolean> {
  const typed = await window.showInputBox({
    title: plainLabel(`${verb} on the protected context ${context}`),
    prompt: plainMessage(`Type ${context} to go on.`),
    placeHolder: context,
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' || context.startsWith(text) ? undefined : 'Another name'),
  });
  return typed === context;
}
