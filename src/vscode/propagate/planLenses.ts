import { CodeLens, EventEmitter, languages, Range, type TextDocument } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { isAnalysed } from '../analysed.ts';
import { toRange } from '../convert.ts';
import type { Documents } from '../documents.ts';
import { overrideScheme, planCommandIds } from '../names.ts';
import { plainLabel } from '../plainLabel.ts';
import { readSettings } from '../settings.ts';
import { createDebouncer } from '../timing.ts';
import type { OverrideDrafts } from './overrideDrafts.ts';

/** A lens above each HelmRelease that propagates it, and one above a manifest that is edited for an override. */
export function registerPlanLenses(documents: Documents, drafts: OverrideDrafts): Disposable {
  const store = new DisposableStore();
  const didChange = store.add(new EventEmitter<void>());
  const later = store.add(createDebouncer(150, () => didChange.fire()));
  store.add(documents.onDidChange(later.request));
  store.add(
    languages.registerCodeLensProvider(
      { language: 'yaml' },
      {
        onDidChangeCodeLenses: didChange.event,
        async provideCodeLenses(document, token) {
          if (!isAnalysed(document) || !readSettings().hasCodeLenses) return [];
          await documents.whenReady;
          return token.isCancellationRequested ? [] : releaseLenses(documents, document);
        },
      },
    ),
  );
  store.add(
    languages.registerCodeLensProvider(
      { scheme: overrideScheme },
      { provideCodeLenses: (document) => draftLenses(drafts, document) },
    ),
  );
  return store;
}

function releaseLenses(documents: Documents, { uri }: TextDocument): CodeLens[] {
  const analysis = documents.workspace;
  const name = uri.toString();
  const lenses = analysis.lenses(name);
  return analysis
    .templates()
    .filter((info) => info.uri === name && info.kind === 'HelmRelease')
    .flatMap(({ key, range }) => {
      const lens = lenses.findLast((one) => one.range.start.line <= range.start.line);
      if (!lens) return [];
      const command = {
        title: 'Propagate to Clusters…',
        command: planCommandIds.propagate,
        arguments: [{ templates: [key] }],
      };
      return [new CodeLens(toRange(lens.range), command)];
    });
}

function draftLenses(drafts: OverrideDrafts, { uri }: TextDocument): CodeLens[] {
  const draft = drafts.draftOf(uri);
  if (!draft) return [];
  const command = {
    title: plainLabel(`Create Override for ${draft.where}`),
    command: planCommandIds.createOverride,
    arguments: [uri],
  };
  return [new CodeLens(new Range(0, 0, 0, 0), command)];
}
