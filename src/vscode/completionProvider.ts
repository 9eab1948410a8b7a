import {
  CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  languages,
  MarkdownString,
  SnippetString,
  TextEdit,
} from 'vscode';
import type { Completion, CompletionKind } from '../analysis/index.ts';
import type { Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toPosition, toRange } from './convert.ts';
import type { Documents } from './documents.ts';

/** Behind a colon or dash comes a blank; in a pointer each slash opens the next step. */
const triggers = [' ', '/', '"', "'"];

/** Proposes fields, values, names and whole objects. */
export function registerCompletions(documents: Documents): Disposable {
  return languages.registerCompletionItemProvider(
    { language: 'yaml' },
    {
      async provideCompletionItems(document, position, token) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        return documents.workspace
          .completions(document.uri.toString(), toPosition(position), document.getText())
          .map(toItem);
      },
    },
    ...triggers,
  );
}

const kinds: { readonly [kind in CompletionKind]: CompletionItemKind } = {
  field: CompletionItemKind.Field,
  value: CompletionItemKind.Value,
  cluster: CompletionItemKind.Reference,
  label: CompletionItemKind.Property,
  object: CompletionItemKind.Reference,
  pointer: CompletionItemKind.Reference,
  snippet: CompletionItemKind.Snippet,
};

function toItem(completion: Completion): CompletionItem {
  const { label, kind, detail, documentation, commit, edits } = completion;
  const item = new CompletionItem(
    detail === undefined ? label : { label, description: detail },
    kinds[kind],
  );
  item.range = toRange(completion.range);
  item.insertText = completion.isSnippet ? new SnippetString(completion.text) : completion.text;
  item.filterText = completion.filter;
  item.sortText = completion.sort;
  // The text is indented already.
  item.keepWhitespace = true;
  if (documentation !== undefined) item.documentation = new MarkdownString(documentation);
  if (commit !== undefined) item.commitCharacters = [commit];
  if (completion.isDeprecated) item.tags = [CompletionItemTag.Deprecated];
  if (edits) {
    item.additionalTextEdits = edits.map(({ range, newText }) =>
      TextEdit.replace(toRange(range), newText),
    );
  }
  if (completion.asksAgain) {
    item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  }
  return item;
}
