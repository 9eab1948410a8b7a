import type { LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import { registerHandlers } from '../commands.ts';
import { waveCommandIds } from '../names.ts';
import type { Pushes } from '../push/pushes.ts';

/** Registers pushes in waves and holds of dispatch; their code is loaded when the first of them runs. */
export function registerWaveCommands(pushes: Pushes, log: LogOutputChannel): Disposable {
  return registerHandlers(
    waveCommandIds,
    {
      pushInWaves: async (args) => (await import('./pushInWaves.ts')).pushInWaves(pushes, args),
      holdDispatch: async (args) => (await loadDispatch())(pushes, 'hold', args),
      resumeDispatch: async (args) => (await loadDispatch())(pushes, 'resume', args),
    },
    log,
  );
}

async function loadDispatch() {
  return (await import('./dispatchCommand.ts')).changeDispatch;
}
