import type { LogOutputChannel } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { registerCodeActions } from './codeActionProvider.ts';
import { registerCodeLenses } from './codeLens.ts';
import { registerCompletions } from './completionProvider.ts';
import { registerDefinitions } from './definitionProvider.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { registerDocumentLinks } from './documentLinkProvider.ts';
import { Documents } from './documents.ts';
import { registerHovers } from './hoverProvider.ts';
import { registerInlayHints } from './inlayHints.ts';
import { registerLanguageStatus } from './languageStatus.ts';
import { createPreviewCommands, type PreviewCommands } from './previewCommands.ts';
import { createPlanCommands, type PlanCommands } from './propagate/planCommands.ts';
import type { Ground } from './liveGround.ts';
import { registerPreviewContext } from './previewContext.ts';
import { registerPreviewDocuments } from './previewDocuments.ts';
import { registerProvenance } from './provenance.ts';
import { registerReferences } from './referenceProvider.ts';
import { registerRename } from './renameProvider.ts';
import { registerSymbols } from './symbolProvider.ts';

/** Everything that reads documents, running. */
export interface Core extends Disposable {
  readonly documents: Documents;
  readonly commands: PreviewCommands;
  readonly planning: PlanCommands;
}

/** Starts all features; the first document that speaks of Karmada or Flux is the time for it. */
export function createCore(log: LogOutputChannel, connection: Ground): Core {
  const store = new DisposableStore();
  const documents = store.add(new Documents(log, connection));
  store.add(registerPreviewDocuments(documents));
  store.add(registerPreviewContext(documents));
  store.add(registerCodeLenses(documents));
  store.add(registerProvenance(documents));
  store.add(registerDiagnostics(documents));
  store.add(registerLanguageStatus(documents));
  store.add(registerCompletions(documents));
  store.add(registerHovers(documents));
  store.add(registerInlayHints(documents));
  store.add(registerDefinitions(documents));
  store.add(registerReferences(documents));
  store.add(registerRename(documents));
  store.add(registerSymbols(documents));
  store.add(registerDocumentLinks(documents));
  store.add(registerCodeActions(documents));
  return {
    documents,
    commands: createPreviewCommands(documents),
    planning: store.add(createPlanCommands(documents)),
    dispose: () => store.dispose(),
  };
}
