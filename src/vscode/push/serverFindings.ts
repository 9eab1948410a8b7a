import { Diagnostic, DiagnosticSeverity, languages, Uri, workspace } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { PushReview } from '../../push/index.ts';
import { toRange } from '../convert.ts';
import type { Documents } from '../documents.ts';
import type { Pushes } from './pushes.ts';

const source = 'Karmada (server)';

/** Shows on its fields what the server says of a document, until the document changes or the review is over. */
export function registerServerFindings(pushes: Pushes): Disposable {
  const store = new DisposableStore();
  const collection = store.add(languages.createDiagnosticCollection(source));
  let shown: PushReview | undefined;
  const follow = async () => {
    const { stage } = pushes;
    if (stage.type === 'running') return;
    const review = stage.type === 'review' ? stage.review : undefined;
    if (review === shown) return;
    shown = review;
    const found = review && diagnosticsOf(review, await pushes.parts.documents());
    if (shown !== review) return;
    collection.clear();
    for (const [uri, list] of found ?? []) collection.set(Uri.parse(uri), list);
  };
  store.add(pushes.onDidChange(() => void follow()));
  store.add(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) collection.delete(document.uri);
    }),
  );
  return store;
}

function diagnosticsOf(
  review: PushReview,
  documents: Documents,
): ReadonlyMap<string, Diagnostic[]> {
  const byDocument = new Map<string, Diagnostic[]>();
  for (const { source: written, verdicts } of review.changes) {
    if (!written) continue;
    for (const { severity, message, field } of verdicts) {
      const range = toRange(documents.workspace.fieldRange(written.uri, written.item, field));
      const level = severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
      const diagnostic = new Diagnostic(range, message, level);
      diagnostic.source = source;
      const known = byDocument.get(written.uri) ?? [];
      byDocument.set(written.uri, [...known, diagnostic]);
    }
  }
  return byDocument;
}
