import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { ProgramOptions } from './runProgram.ts';

const isWindows = process.platform === 'win32';

/**
 * The file of a command as Go's `exec.LookPath` finds it: a path is itself, a name is looked up in the environment's
 * PATH, where only absolute folders count. `undefined` when there is no such program.
 */
export async function lookPath(
  command: string,
  env: NonNullable<ProgramOptions['env']>,
): Promise<string | undefined> {
  const endings = isWindows ? windowsEndings(command, env) : [''];
  const isPath = isAbsolute(command) || (isWindows ? /[/\\:]/ : /\//).test(command);
  const folders = isPath ? [''] : (pathOf(env) ?? '').split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    for (const ending of endings) {
      const file = folder === '' ? command + ending : join(folder, command + ending);
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

/** Windows spells it `Path`, and a copy of its environment minds the case. */
function pathOf(env: NonNullable<ProgramOptions['env']>): string | undefined {
  if (!isWindows) return env['PATH'];
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  return name === undefined ? undefined : env[name];
}

function windowsEndings(
  command: string,
  env: NonNullable<ProgramOptions['env']>,
): readonly string[] {
  const endings = (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';');
  const hasEnding = endings.some(
    (ending) => ending !== '' && command.toLowerCase().endsWith(ending),
  );
  return hasEnding ? ['', ...endings] : endings;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false;
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
