import { workspace } from 'vscode';

/** Whether this extension host is a web worker, where there is no Node and so no kubeconfig. */
export function isWeb(): boolean {
  return globalThis.process?.versions?.node === undefined;
}

/** Why no control plane may be contacted here, a sentence; undefined when it may. */
export function obstacle(): string | undefined {
  if (isWeb()) return 'Connecting needs VS Code on a machine or a remote one.';
  if (workspace.isTrusted) return undefined;
  return 'Connecting needs a trusted workspace: a kubeconfig may start programs.';
}
