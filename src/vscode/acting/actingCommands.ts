import type { LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import { registerHandlers } from '../commands.ts';
import { actingCommandIds } from '../names.ts';
import type { ActingParts } from './acting.ts';

/** Registers what the user can do about clusters and releases; its code is loaded when the first of it runs. */
export function registerActingCommands(parts: ActingParts, log: LogOutputChannel): Disposable {
  return registerHandlers(
    actingCommandIds,
    {
      cordon: async (args) => (await loadCordon())(parts, 'cordoned', args),
      uncordon: async (args) => (await loadCordon())(parts, 'schedulable', args),
      reconcile: async (args) => (await loadReconcile())(parts, args),
      // The line says release and cluster, so it asks nothing and its title has no "…".
      reconcileThere: async (args) => (await loadReconcile())(parts, args),
      suspend: async (args) => (await loadSuspend())(parts, 'suspend', args),
      resume: async (args) => (await loadSuspend())(parts, 'resume', args),
      saveFleet: async () => (await import('./saveFleet.ts')).saveFleet(parts),
    },
    log,
  );
}

async function loadCordon() {
  return (await import('./clusterCommands.ts')).cordonClusters;
}

async function loadReconcile() {
  return (await import('./reconcileCommand.ts')).reconcileNow;
}

async function loadSuspend() {
  return (await import('./suspendCommand.ts')).suspendReleases;
}
