import { workspace, type TextDocument, type Uri } from 'vscode';

const schemes = new Set(['file', 'untitled', 'vscode-vfs']);

/** Whether a place can hold manifests: the user's own files and unsaved ones, never previews, git or output. */
export function isAnalysedUri(uri: Uri): boolean {
  if (schemes.has(uri.scheme)) return true;
  return workspace.workspaceFolders?.some((folder) => folder.uri.scheme === uri.scheme) ?? false;
}

/** Whether an open document is YAML of the user's own. */
export function isAnalysed(document: TextDocument): boolean {
  return document.languageId === 'yaml' && isAnalysedUri(document.uri);
}

/** A generated bundle larger than this is left alone, in bytes or characters. */
export const largestText = 10_000_000;

/** Whether a text may hold Kubernetes objects: looked at before anything is parsed. */
function looksLikeManifest(text: string): boolean {
  return text.length <= largestText && text.includes('apiVersion');
}

/** Whether a file says what values a Helm chart has. */
export function isChartValues(uri: Uri): boolean {
  return /\/values\.(?:yaml|schema\.json)$/.test(uri.path);
}

/** Whether a file says which patches kustomize makes; it may do without an apiVersion. */
function isKustomization(uri: Uri): boolean {
  return /\/kustomization\.ya?ml$/.test(uri.path);
}

/** Whether the analysis has a use for a text. */
export function isOfUse(uri: Uri, text: string): boolean {
  const isKnownName = isChartValues(uri) || isKustomization(uri);
  return looksLikeManifest(text) || (isKnownName && text.length <= largestText);
}

/** Whether a text speaks of Karmada or Flux: reason enough to start. */
export function mentionsKarmadaOrFlux(text: string): boolean {
  return text.includes('karmada.io') || text.includes('toolkit.fluxcd.io');
}

/** Whether a text may hold a policy, without parsing it. */
export function looksLikePolicy(text: string): boolean {
  return text.includes('policy.karmada.io');
}
