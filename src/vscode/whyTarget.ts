import { Uri, type Position, type TextDocument } from 'vscode';
import {
  fromLiveQuery,
  toLiveUri,
  type LiveObjectName,
  type Workspace,
} from '../analysis/index.ts';
import { objectKey, type FleetModel, type ObjectReference } from '../live/index.ts';
import { toRange } from './convert.ts';
import { liveScheme, whyScheme } from './names.ts';

/** The URI of the text that explains an object. It is a pure function of its argument; tabs show `NAME.md`. */
export function toWhyUri(object: LiveObjectName): Uri {
  const uri = Uri.parse(toLiveUri(object), true);
  return uri.with({ scheme: whyScheme, path: uri.path.replace(/\.yaml$/, '.md') });
}

/** The URI of the text of a live object. */
export function toObjectUri(object: LiveObjectName): Uri {
  return Uri.parse(toLiveUri(object), true);
}

/** The object that a URI of ours names. */
export function objectOfUri(uri: Uri): LiveObjectName | undefined {
  return uri.scheme === whyScheme || uri.scheme === liveScheme
    ? fromLiveQuery(uri.query)
    : undefined;
}

/** Where the files hold a draft of an object, whatever its version. */
export function findDraft(
  workspace: Workspace,
  { kind, namespace, name }: Pick<ObjectReference, 'kind' | 'namespace' | 'name'>,
): Uri | undefined {
  const container = namespace === '' ? kind : `${kind} ${namespace}`;
  const found = workspace
    .workspaceSymbols(`${kind}${namespace}/${name}`)
    .find((symbol) => symbol.name === name && symbol.container === container);
  if (!found) return undefined;
  const { line, character } = found.range.start;
  return Uri.parse(found.uri, true).with({ fragment: `L${line + 1},${character + 1}` });
}

/** The object that stands at a place of a manifest, as the control plane has it. */
export function objectAt(
  workspace: Workspace,
  model: FleetModel,
  document: TextDocument,
  position: Position,
): ObjectReference | undefined {
  const uri = document.uri.toString();
  const symbol = workspace
    .documentSymbols(uri)
    .find(({ range }) => toRange(range).contains(position));
  if (!symbol) return undefined;
  const place = workspace
    .workspaceSymbols(`${symbol.detail}/${symbol.name}`)
    .find(
      (other) =>
        other.uri === uri &&
        other.range.start.line === symbol.selection.start.line &&
        other.range.start.character === symbol.selection.start.character,
    );
  const [kind = symbol.detail, namespace = ''] = place?.container.split(' ') ?? [];
  const object = { kind, namespace, name: symbol.name };
  const apiVersion =
    model.objects.get(objectKey(object))?.apiVersion ?? versionOf(workspace, object);
  return { apiVersion, ...object };
}

function versionOf(
  workspace: Workspace,
  { kind, namespace, name }: Omit<ObjectReference, 'apiVersion'>,
): string {
  const template = workspace
    .templates()
    .find((info) => info.kind === kind && info.namespace === namespace && info.name === name);
  return template?.apiVersion ?? 'policy.karmada.io/v1alpha1';
}
