import { languages, LanguageStatusSeverity, window, type TextDocument } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import type { Documents } from './documents.ts';
import { previewScheme } from './names.ts';
import { createDebouncer } from './timing.ts';

/** Names the versions in force and where the clusters come from, for documents that we have read. */
export function registerLanguageStatus(documents: Documents): Disposable {
  const store = new DisposableStore();
  const item = store.add(languages.createLanguageStatusItem('karmada.versions', nothing));
  item.name = 'Karmada';
  item.command = {
    title: 'Settings',
    command: 'workbench.action.openSettings',
    arguments: ['@ext:karmada-flux.karmada-flux'],
  };

  const show = () => {
    const document = window.activeTextEditor?.document;
    item.selector = document && isOurs(document) ? ours : nothing;
    item.busy = !documents.isReady;
    if (!documents.isReady || item.selector === nothing) return;
    const { karmadaVersion, fluxVersion, fleet, context, doubts } = documents.workspace.versions();
    const place = context === undefined ? '' : ` · ${context}`;
    item.text = `Karmada ${karmadaVersion} · Flux ${fluxVersion}${place}`;
    item.detail = [doubts, fleet.replace(/\.$/, '')].filter(Boolean).join(' ');
    item.severity = LanguageStatusSeverity.Information;
  };
  const isOurs = (document: TextDocument) =>
    document.uri.scheme === previewScheme ||
    (isAnalysed(document) && documents.texts.has(document.uri.toString()));

  const later = store.add(createDebouncer(200, show));
  store.add(documents.onDidChange(later.request));
  store.add(window.onDidChangeActiveTextEditor(show));
  void documents.whenReady.then(later.request);
  return store;
}

const ours = { language: 'yaml' };
const nothing = { scheme: 'karmada-nothing' };
