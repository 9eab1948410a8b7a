import { EventEmitter, Uri, workspace, type CancellationToken } from 'vscode';
import { fromPreviewQuery, toPreviewQuery } from '../analysis/index.ts';
import type { PreviewRequest } from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import type { Documents } from './documents.ts';
import { previewScheme } from './names.ts';
import { inSlices } from './timing.ts';

/**
 * The URI of a preview text. It is a pure function of its arguments, and ends in a real file name below the
 * namespace and name of the template, which is what tabs and the multi-file diff show.
 */
export function toPreviewUri(request: PreviewRequest, label: string): Uri {
  const [kind = '', namespace = '', name = ''] = request.template.split('/').slice(-3);
  const folder = kind === 'HelmRelease' ? name : `${name} (${kind})`;
  const segments = [namespace, folder, `${label.replaceAll(/[/\\]/g, '-')}.yaml`];
  const path = segments.filter((segment) => segment !== '').join('/');
  return Uri.from({ scheme: previewScheme, path: `/${path}`, query: toPreviewQuery(request) });
}

/** The request of a preview's URI; `undefined` for any other URI. */
export function fromPreviewUri(uri: Uri): PreviewRequest | undefined {
  return uri.scheme === previewScheme ? fromPreviewQuery(uri.query) : undefined;
}

/** Serves the texts of previews and keeps those that are open in step with the documents. */
export function registerPreviewDocuments(documents: Documents): Disposable {
  const store = new DisposableStore();
  const didChange = store.add(new EventEmitter<Uri>());
  const given = new Map<string, { readonly uri: Uri; text: string }>();
  let round = 0;

  const textOf = (uri: Uri): string => {
    const request = fromPreviewUri(uri);
    if (!request) return '# This preview was made by another version and cannot be shown.\n';
    return documents.workspace.previewText(request);
  };

  /** Only texts that really differ are announced: an announced document is fetched and compared anew. */
  const follow = async () => {
    const mine = ++round;
    const announce = ({ uri, text }: { uri: Uri; text: string }) => {
      if (textOf(uri) !== text) didChange.fire(uri);
    };
    await inSlices([...given.values()], announce, () => mine === round && !store.isDisposed);
  };

  store.add(documents.onDidChange(() => void follow()));
  store.add(
    workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === previewScheme) given.delete(uri.toString());
    }),
  );
  store.add(
    workspace.registerTextDocumentContentProvider(previewScheme, {
      onDidChange: didChange.event,
      async provideTextDocumentContent(uri: Uri, token: CancellationToken) {
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        const text = textOf(uri);
        given.set(uri.toString(), { uri, text });
        return text;
      },
    }),
  );
  return store;
}
