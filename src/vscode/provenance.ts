import {
  DocumentLink,
  EventEmitter,
  Hover,
  InlayHint,
  languages,
  MarkdownString,
  Position,
  Range,
  Uri,
  type TextDocument,
} from 'vscode';
import type { ProvenanceNote } from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { toRange } from './convert.ts';
import type { Documents } from './documents.ts';
import { commandIds, previewScheme } from './names.ts';
import { fromPreviewUri } from './previewDocuments.ts';

/** Says at each changed line of a preview which rule of which policy set it, and leads there. */
export function registerProvenance(documents: Documents): Disposable {
  const store = new DisposableStore();
  const selector = { scheme: previewScheme };
  const notesOf = (document: TextDocument): readonly ProvenanceNote[] => {
    const request = fromPreviewUri(document.uri);
    return request ? documents.workspace.provenance(request) : [];
  };
  const didChange = store.add(new EventEmitter<void>());
  store.add(documents.onDidChange(() => didChange.fire()));
  store.add(
    languages.registerInlayHintsProvider(selector, {
      onDidChangeInlayHints: didChange.event,
      provideInlayHints: (document, range) =>
        notesOf(document)
          .filter((note) => note.label !== '' && range.intersection(toRange(note.range)))
          .map((note) => toHint(note, document)),
    }),
  );
  store.add(
    languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: (document) =>
        notesOf(document)
          .filter((note) => note.label === '')
          .map(toLink)
          .filter((link) => link !== undefined),
    }),
  );
  store.add(
    languages.registerHoverProvider(selector, {
      provideHover(document, position) {
        const notes = notesOf(document).filter((note) => {
          if (note.label === '') return false;
          const { start, end } = toRange(note.range);
          return position.line >= start.line && position.line <= end.line;
        });
        if (notes.length === 0) return undefined;
        return new Hover(notes.map(toMarkdown), document.lineAt(position.line).range);
      },
    }),
  );
  return store;
}

/** A comment that names the place to mend leads there itself. */
function toLink({ range, detail, target }: ProvenanceNote): DocumentLink | undefined {
  if (!target) return undefined;
  const { start } = target.range;
  const fragment = `L${start.line + 1},${start.character + 1}`;
  const link = new DocumentLink(toRange(range), Uri.parse(target.uri).with({ fragment }));
  link.tooltip = `Go to ${detail}`;
  return link;
}

function toHint(note: ProvenanceNote, document: TextDocument): InlayHint {
  const line = Math.min(note.range.start.line, document.lineCount - 1);
  const hint = new InlayHint(new Position(line, document.lineAt(line).text.length), note.label);
  hint.paddingLeft = true;
  hint.tooltip = toMarkdown(note);
  return hint;
}

/** Names come from the user's documents, so they are escaped; the only link allowed is our own. */
function toMarkdown({ detail, target }: ProvenanceNote): MarkdownString {
  const markdown = new MarkdownString().appendText(detail);
  if (!target) return markdown;
  const { start, end } = target.range;
  const place = [target.uri, start.line, start.character, end.line, end.character];
  const query = encodeURIComponent(JSON.stringify(place));
  markdown.appendMarkdown(`\n\n[Go to override](command:${commandIds.revealPlace}?${query})`);
  markdown.isTrusted = { enabledCommands: [commandIds.revealPlace] };
  return markdown;
}

/** The arguments of the link above as a place; `undefined` when they are not of that form. */
export function fromLinkArguments(
  args: readonly unknown[],
): { readonly uri: Uri; readonly range: Range } | undefined {
  const [uri, ...numbers] = args;
  if (typeof uri !== 'string') return undefined;
  const [startLine, startCharacter, endLine, endCharacter] = numbers.map(Number);
  if (![startLine, startCharacter, endLine, endCharacter].every(Number.isInteger)) return undefined;
  return {
    uri: Uri.parse(uri),
    range: new Range(startLine ?? 0, startCharacter ?? 0, endLine ?? 0, endCharacter ?? 0),
  };
}
