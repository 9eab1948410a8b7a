import type { LogOutputChannel } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { registerCodeLenses } from './codeLens.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { Documents } from './documents.ts';
import { registerLanguageStatus } from './languageStatus.ts';
import { createPreviewCommands, type PreviewCommands } from './previewCommands.ts';
import { registerPreviewContext } from './previewContext.ts';
import { registerPreviewDocuments } from './previewDocuments.ts';
import { registerProvenance } from './provenance.ts';

/** Everything that reads documents, running. */
export interface Core extends Disposable {
  readonly commands: PreviewCommands;
}

/** Starts all features; the first document that speaks of Karmada or Flux is the time for it. */
export function createCore(log: LogOutputChannel): Core {
  const store = new DisposableStore();
  const documents = store.add(new Documents(log));
  store.add(registerPreviewDocuments(documents));
  store.add(registerPreviewContext(documents));
  store.add(registerCodeLenses(documents));
  store.add(registerProvenance(documents));
  store.add(registerDiagnostics(documents));
  store.add(registerLanguageStatus(documents));
  return { commands: createPreviewCommands(documents), dispose: () => store.dispose() };
}
