import { languages, Uri, window } from 'vscode';
import type { Diagnostic } from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { toDiagnostic } from './convert.ts';
import type { Documents } from './documents.ts';
import { createDebouncer, inSlices } from './timing.ts';

/** How long it must be quiet before findings are shown: none flickers up under the fingers. */
const quiet = 200;

/** Shows the findings of all documents, those in sight first; each edit may change any of them. */
export function registerDiagnostics(documents: Documents): Disposable {
  const store = new DisposableStore();
  const collection = store.add(languages.createDiagnosticCollection('karmada'));
  const shown = new Map<string, string>();
  let round = 0;

  const show = (name: string, findings: readonly Diagnostic[]) => {
    const digest = findings.length === 0 ? '' : JSON.stringify(findings);
    if ((shown.get(name) ?? '') === digest) return;
    if (digest === '') shown.delete(name);
    else shown.set(name, digest);
    collection.set(Uri.parse(name), findings.map(toDiagnostic));
  };

  const publish = async () => {
    const mine = ++round;
    const visible = window.visibleTextEditors.map(({ document }) => document.uri.toString());
    const names = new Set([
      ...visible.filter((name) => documents.texts.has(name)),
      ...documents.texts.keys(),
    ]);
    for (const name of shown.keys()) if (!names.has(name)) show(name, []);
    await inSlices(
      names,
      (name) => show(name, documents.workspace.diagnostics(name)),
      () => mine === round && !store.isDisposed,
    );
  };

  const later = store.add(createDebouncer(quiet, () => void publish()));
  store.add(documents.onDidChange(later.request));
  void documents.whenReady.then(later.request);
  return store;
}
