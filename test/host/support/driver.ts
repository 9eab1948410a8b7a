// What a suite can ask of the runner that drives the window from outside: pictures, keys, the mouse, the text shown.
// The requests go over a local HTTP address that the runner passes in the environment.
import * as vscode from 'vscode';

/** How one test ended. */
export interface Result {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** In milliseconds. */
  readonly duration: number;
  readonly error?: string;
  /** Why it was skipped. */
  readonly why?: string;
}

const themes = {
  light: { name: 'Default Light Modern', type: vscode.ColorThemeKind.Light },
  dark: { name: 'Default Dark Modern', type: vscode.ColorThemeKind.Dark },
} as const;

/** Takes a picture of the window in the light and in the dark theme: out/screenshots/<theme>/<name>.png. */
export async function screenshot(name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await useTheme(theme);
    await ask('screenshot', { name, theme });
  }
}

/** Takes a picture of a failure as it is, in no hurry: what the window shows a moment after it. */
export async function failurePicture(title: string): Promise<void> {
  await ask('screenshot', { name: `failed ${title}`.slice(0, 120), theme: 'failures' });
}

/** Changes the colour theme and waits until the window shows it. */
export async function useTheme(theme: keyof typeof themes): Promise<void> {
  const { name, type } = themes[theme];
  const settings = vscode.workspace.getConfiguration('workbench');
  if (settings.get('colorTheme') !== name) {
    await settings.update('colorTheme', name, vscode.ConfigurationTarget.Global);
  }
  await waitFor(`the ${theme} theme`, () => vscode.window.activeColorTheme.kind === type);
}

/** Presses keys in the window, written as Playwright writes them: `Control+Shift+P`, `Enter`, `a`. */
export async function press(keys: string): Promise<void> {
  await ask('press', { keys });
}

/** Types text into whatever has the focus. */
export async function type(text: string): Promise<void> {
  await ask('type', { text });
}

/** Clicks the first visible element that a CSS selector finds, in the window or in one of its frames. */
export async function click(selector: string): Promise<void> {
  await ask('click', { selector });
}

/** Likewise with the right button, which opens a menu. */
export async function clickRight(selector: string): Promise<void> {
  await ask('click', { selector, button: 'right' });
}

/** Rests the mouse on the first visible element that a CSS selector finds. */
export async function hover(selector: string): Promise<void> {
  await ask('hover', { selector });
}

/** Ends the API server beside the window at once, connections and all. */
export async function killApiServer(): Promise<void> {
  await ask('killApiServer', {});
}

/** Brings it back on the same port with the same data. */
export async function restartApiServer(): Promise<void> {
  await ask('restartApiServer', {});
}

/** Reads the text of every visible element that a CSS selector finds, in the window and its frames. */
export async function domText(selector: string): Promise<string[]> {
  return (await ask('domText', { selector })) as string[];
}

/** Tells the runner that the extension host is up and the tests begin. */
export async function begin(): Promise<void> {
  await ask('begin', {});
}

/** Tells the runner how the tests ended. */
export async function report(results: readonly Result[]): Promise<void> {
  await ask('report', { results });
}

/** Waits until a condition holds; fails with a sentence when it does not in time. */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeout = 20_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${timeout / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(action: string, parameters: unknown): Promise<unknown> {
  const address = process.env.KARMADA_TEST_DRIVER;
  if (!address)
    throw new Error('KARMADA_TEST_DRIVER is not set: start the host tests with scripts/host.mjs');
  const response = await fetch(`${address}/${action}`, {
    method: 'POST',
    body: JSON.stringify(parameters),
  });
  const answer = (await response.json()) as { value?: unknown; error?: string };
  if (answer.error !== undefined) throw new Error(`${action}: ${answer.error}`);
  return answer.value;
}
